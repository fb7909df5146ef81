"""What all widgets share: the launcher on the site, the window, and who may chat."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, GetJsonSchemaHandler, StringConstraints, ValidationInfo
from pydantic.json_schema import JsonSchemaValue

from core.outbound import OutboundError, check_url
from widgets.types.base import STORED, Contrast, CredentialKind, Section, option
from widgets.types.languages import DefaultLanguage, Translation

_IMAGE = re.compile(
    r"https://[A-Za-z0-9.-]+(:[0-9]+)?/[^\s;,'\"<>\\\\]*"
)  # it also stands in a Content-Security-Policy


def _https_or_empty(value: str) -> str:
    if value and not _IMAGE.fullmatch(value):
        raise ValueError("Enter the address of an image, such as https://example.com/picture.png.")
    return value


def _link_or_empty(value: str) -> str:
    if value and not re.fullmatch(r"https://[^\s/?#@\"<>\\]+([/?#][^\s\"<>\\]*)?", value):
        raise ValueError("Enter an address that begins with https://.")
    return value


def reachable(value: str, info: ValidationInfo) -> str:
    """An address that our server may call: public, https. Judged when it is typed in, and at every call by the guard;
    not when it is read back, or a change of the operator's rules would make stored widgets unreadable."""
    if value and info.context != STORED:
        try:
            check_url(value)
        except OutboundError as error:
            raise ValueError(str(error)) from None
    return value


Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
ImageUrl = Annotated[str, StringConstraints(max_length=500), AfterValidator(_https_or_empty)]
LinkUrl = Annotated[str, StringConstraints(max_length=500), AfterValidator(_link_or_empty)]
Line = Annotated[str, StringConstraints(max_length=200)]
Name = Annotated[str, StringConstraints(max_length=60)]


class Launcher(Section):
    label: Name = option(
        "Chat with us", "Label", "What a screen reader says, and the tooltip.", min_length=1, translate=True
    )
    text: Annotated[str, StringConstraints(max_length=30)] = option(
        "", "Text", "Shown beside the icon.", translate=True
    )
    icon: Literal["chat", "help", "spark"] = option("chat", "Icon", "What the button shows.")
    image: ImageUrl = option("", "Image", "An https address; replaces the icon.", control="url")
    color: Color = option("#1f5eff", "Colour", "Of the button.", control="color")
    ink: Color = option("#ffffff", "Icon colour", "Of the icon, and of the text beside it.", control="color")
    size: int = option(56, "Size", "In pixels.", control="range", ge=44, le=80)
    radius: int = option(28, "Corner radius", "In pixels; half the size is round.", control="range", ge=0, le=40)
    side: Literal["right", "left"] = option(
        "right", "Side", "Where on the page it stands; mirrored on a page that is written from right to left."
    )
    offset_x: int = option(20, "Distance from the side", "In pixels.", control="range", ge=0, le=200)
    offset_y: int = option(20, "Distance from the bottom", "In pixels.", control="range", ge=0, le=200)
    z_index: int = option(2147483000, "Z-index", "Lower it if the launcher covers a dialog.", ge=1, le=2147483647)


class Teaser(Section):
    text: Annotated[str, StringConstraints(max_length=120)] = option(
        "", "Text", "A small bubble beside the launcher. Leave empty for none.", translate=True
    )
    delay: int = option(5, "Delay", "Seconds after the page has loaded.", control="range", ge=0, le=120)


# As the browser has it: ASCII, see embed/loader.py.
ADDRESS = r"^(/|https?://[A-Za-z0-9.*:-]+|[A-Za-z0-9*-]+(\.[A-Za-z0-9*-]+)+)[!#-;=?-\[\]-~]*$"
Address = Annotated[str, StringConstraints(max_length=200, pattern=ADDRESS)]


class Triggers(Section):
    """As the loader reads them, see embed/loader.py."""

    delay: int = option(0, "After", "Seconds on the page; 0 is off.", control="range", ge=0, le=600)
    scroll: int = option(0, "After scrolling", "Percent of the page; 0 is off.", control="range", ge=0, le=100)
    exit: bool = option(
        False, "When the pointer leaves for the address bar", "Opens the chat for who is about to leave the page."
    )
    urls: list[Address] = option(
        list,
        "Only on these addresses",
        "One a line, such as /pricing, /docs/* or https://shop.example/*. With nothing else set, the chat opens there "
        "at once. Empty: on every page.",
        control="lines",
        max_length=20,
    )


class Window(Section):
    width: int = option(400, "Width", "In pixels; never wider than the screen.", control="range", ge=320, le=720)
    height: int = option(640, "Height", "In pixels; never taller than the screen.", control="range", ge=400, le=900)


class Visitors(Section):
    identity: Literal["off", "optional", "required"] = option(
        "off", "Identified visitors", "Your server signs who the visitor is; see the Install page."
    )
    language: DefaultLanguage = option("en", "Default language", "Of the texts above. Others: under Languages.")
    direction: Literal["auto", "ltr", "rtl"] = option("auto", "Direction", "Auto goes by the language.")
    branding: bool = option(True, "Show “Powered by Chatdock”", "Hiding it needs a plan that allows it.")


# Every pair with a colour that is set here. Fixed by our own style sheets, and held there: the teaser and what a panel
# says itself, the number of unread messages, the ring of the focus on the launcher.
# Text beside the icon needs more than an icon, which needs 3.
CONTRASTS = (
    Contrast("Launcher icon on its colour", "launcher.ink", "launcher.color", 3),
    Contrast("Launcher text on its colour", "launcher.ink", "launcher.color", 4.5, {"launcher.text": ""}),
)


def on_the_surface(accent: str, *, light: str, dark: str, unless: Mapping[str, Any]) -> tuple[Contrast, ...]:
    """The accent that lies on the chat's own ground, in each scheme in which it is shown. unless: see Contrast."""
    return (
        Contrast("Accent on the light surface", accent, light, 3, {"theme.scheme": "dark", **unless}),
        Contrast("Accent on the dark surface", accent, dark, 3, {"theme.scheme": "light", **unless}),
    )


class CommonConfiguration(Section):
    """The base of every type's configuration. People read what is the type's own first."""

    launcher: Launcher = option(Launcher, "Launcher", "The button on the site.", view="launcher")
    teaser: Teaser = option(Teaser, "Teaser", "Says hello before anyone clicks.", view="teaser")
    triggers: Triggers = option(Triggers, "Open automatically", "Never on a phone, and once a page at most.")
    window: Window = option(Window, "Window", "The open chat.")
    visitors: Visitors = option(Visitors, "Visitors", "Who chats, in which language.")
    translations: list[Translation] = option(list, "Languages")

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: Any, handler: GetJsonSchemaHandler, /) -> JsonSchemaValue:
        """Form, API, differences and docs take their order from here."""
        schema = handler(core_schema)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name in CommonConfiguration.model_fields:
            if name in properties:
                properties[name] = properties.pop(name)
        return schema


def long_enough(secret: str) -> None:
    if len(secret) < 32:
        raise ValueError("An identity secret needs at least 32 characters.")


IDENTITY_SECRET = CredentialKind(
    "identity_secret",
    "Identity secret",
    "At least 32 characters; signs the tokens of identified visitors (HS256).",
    long_enough,
)
