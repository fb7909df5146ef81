"""Every static option of ChatKit with its true range (npm @openai/chatkit 1.9.0): the element refuses anything else."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from widgets.types.base import Section, option
from widgets.types.chatkit.accept import FileKind
from widgets.types.chatkit.names import HeaderIcon, Locale, PromptIcon
from widgets.types.chatkit.rules import HEADER_ICONS, LOCALES, PROMPT_ICONS
from widgets.types.common import Color, CommonConfiguration, LinkUrl, Name
from widgets.types.languages import EntryLanguage, entry_language

Text = Annotated[str, StringConstraints(max_length=1000)]
ShortText = Annotated[str, StringConstraints(max_length=120)]
_PROMPT_ICONS = [*PROMPT_ICONS, "lucide:rocket"]
FontName = Annotated[str, StringConstraints(max_length=200)]


class Grayscale(Section):
    enabled: bool = option(False, "Tint the greys", "Gives ChatKit's greys a touch of a colour.")
    hue: int = option(220, "Hue", "Degrees.", control="range", ge=0, le=360)
    tint: int = option(6, "Tint", "How much colour: 0 is plain grey, 9 the most.", control="range", ge=0, le=9)
    shade: int = option(0, "Shade", "Darker below 0, lighter above, by up to four steps.", control="range", ge=-4, le=4)


class Accent(Section):
    enabled: bool = option(False, "Use an accent colour", "Otherwise ChatKit stays black and white.")
    primary: Color = option("#1f5eff", "Accent", "Of buttons and of what is chosen.", control="color")
    level: int = option(
        1, "Strength", "How much of the chat takes the accent: 0 the least, 3 the most.", control="range", ge=0, le=3
    )


class Surface(Section):
    enabled: bool = option(False, "Set the surface colours", "Replaces ChatKit's own grounds, in light and dark alike.")
    background: Color = option("#ffffff", "Background", "The ground of the whole chat.", control="color")
    foreground: Color = option(
        "#f7f7f8", "Raised surface", "The ground of what lies on it, such as the message field.", control="color"
    )


Weight = Annotated[str, StringConstraints(pattern=r"^(normal|bold|[1-9][0-9]{0,2}( [1-9][0-9]{0,2})?)$")]
_RANGE = r"^(U\+[0-9A-Fa-f?]+(-[0-9A-Fa-f]+)?(, ?)?)*$"
UnicodeRange = Annotated[str, StringConstraints(max_length=300, pattern=_RANGE)]


class FontSource(Section):
    family: FontName = option("", "Family", "The name by which “Font” or “Code font” calls this file.", min_length=1)
    src: Annotated[str, StringConstraints(max_length=500, pattern=r"^https://")] = option(
        "", "Address", "Of the font file; begins with https://.", min_length=1
    )
    weight: Weight = option("400", "Weight", "Such as 400, or 100 900 for a variable font.")
    style: Literal["normal", "italic", "oblique"] = option("normal", "Style", "The style that this file holds.")
    display: Literal["auto", "block", "swap", "fallback", "optional"] = option(
        "swap", "While loading", "What is shown until the file is there. Swap: the next font of the stack."
    )
    unicode_range: UnicodeRange = option("", "Characters", "A CSS unicode-range, such as U+0000-00FF. Empty: all.")


class Typography(Section):
    base_size: Literal[14, 15, 16, 17, 18] = option(16, "Text size", "In pixels.")
    font_family: FontName = option("", "Font", "A CSS font stack. Empty uses ChatKit's own.")
    font_family_mono: FontName = option("", "Code font", "A CSS font stack.")
    font_sources: list[FontSource] = option(
        list, "Font files", "Loaded from where they are, for the fonts above.", control="rows", max_length=8
    )


class Theme(Section):
    scheme: Literal["auto", "light", "dark"] = option("auto", "Colour scheme", "Auto follows the visitor's system.")
    radius: Literal["pill", "round", "soft", "sharp"] = option(
        "pill", "Corners", "From wholly round (pill) to square (sharp)."
    )
    density: Literal["compact", "normal", "spacious"] = option(
        "normal", "Density", "How much room there is between things."
    )
    accent: Accent = option(Accent, "Accent")
    grayscale: Grayscale = option(Grayscale, "Greys")
    surface: Surface = option(Surface, "Surface")
    typography: Typography = option(Typography, "Typography")


class HeaderAction(Section):
    """ChatKit draws the button; what it does is ours to say (static/frame/chatkit/actions.js)."""

    icon: HeaderIcon = option("", "Icon", "Empty: no button.", control="icon", examples=list(HEADER_ICONS))
    does: Literal["new_chat", "history", "close", "link", "event"] = option(
        "new_chat", "Does", "Event: tells the site’s own code, as “action”."
    )
    url: LinkUrl = option("", "Address", "Where a link leads, in a new tab.", control="url", when={"does": ["link"]})

    @property
    def is_shown(self) -> bool:
        return bool(self.icon) and (self.does != "link" or bool(self.url))


class Header(Section):
    enabled: bool = option(True, "Show the header", "The bar at the top with title and buttons.")
    title_enabled: bool = option(True, "Show a title", "In the header.")
    title: ShortText = option("", "Title", "Empty shows the conversation's name.", translate=True)
    left: HeaderAction = option(HeaderAction, "Left button")
    right: HeaderAction = option(HeaderAction, "Right button")


class History(Section):
    enabled: bool = option(
        True,
        "Show earlier conversations",
        "Visitors may go back to what they wrote before.",
    )
    show_delete: bool = option(True, "Visitors may delete", "Conversations of their own, out of the history.")
    show_rename: bool = option(True, "Visitors may rename", "Conversations of their own, in the history.")


class Prompt(Section):
    label: ShortText = option("", "Label", "What the button says.", min_length=1)
    prompt: Text = option("", "Message", "What is sent for the visitor who presses it.", min_length=1)
    icon: PromptIcon = option("", "Icon", "Beside the label. Empty: none.", control="icon", examples=_PROMPT_ICONS)
    language: EntryLanguage = entry_language()


class StartScreen(Section):
    greeting: ShortText = option(
        "What can I help with today?", "Greeting", "The large line on the empty chat.", translate=True
    )
    prompts: list[Prompt] = option(list, "Starter prompts", "Buttons on the empty chat.", control="rows", max_length=36)


class Attachments(Section):
    enabled: bool = option(
        False,
        "Visitors may attach files",
        "Hosted backend only: our relay carries no files to a ChatKit server of your own.",
    )
    max_mb: int = option(20, "Largest file", "In megabytes.", control="range", ge=1, le=100)
    max_count: int = option(
        5, "Files per message", "How many a visitor can send at a time.", control="range", ge=1, le=20
    )
    accept: list[FileKind] = option(
        list,
        "Accepted kinds",
        "One a line: the media type and its endings, such as image/jpeg .jpg .jpeg. Empty: all that OpenAI takes.",
        control="lines",
        max_length=20,
    )


class Tool(Section):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = option(
        "", "Id", "What your server is told."
    )
    label: ShortText = option("", "Label", "In the menu of tools.", min_length=1)
    icon: PromptIcon = option("bolt", "Icon", "Beside the label.", control="icon", examples=_PROMPT_ICONS)
    short_label: ShortText = option("", "Short label", "In the message field, while it is chosen. Empty: the label.")
    placeholder: ShortText = option(
        "", "Placeholder while chosen", "Instead of the message field's own. Empty: that one."
    )
    pinned: bool = option(False, "Pinned", "Stands beside the message field, not only in the menu.")
    persistent: bool = option(False, "Stays chosen", "Also for the next message, until it is put away.")
    language: EntryLanguage = entry_language()


class Model(Section):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")] = option(
        "", "Id", "What your server is told."
    )
    label: ShortText = option("", "Label", "In the menu of models.", min_length=1)
    description: ShortText = option("", "Description", "A line below the label.")
    disabled: bool = option(False, "Disabled", "Shown, but cannot be chosen.")
    default: bool = option(False, "Chosen at first", "The model that a new conversation begins with.")
    language: EntryLanguage = entry_language()


class Composer(Section):
    placeholder: ShortText = option(
        "Message the assistant", "Placeholder", "Stands in the empty message field.", translate=True
    )
    dictation: bool = option(
        False, "Dictation", "A microphone button: what is said is written. The browser asks permission."
    )
    attachments: Attachments = option(Attachments, "Attachments")
    tools: list[Tool] = option(list, "Tools", "Custom backend only.", control="rows", max_length=36)
    models: list[Model] = option(list, "Models", "Custom backend only.", control="rows", max_length=36)


class Thread(Section):
    feedback: bool = option(
        False, "Thumbs up and down", "Visitors may say whether an answer was good. OpenAI, or your server, receives it."
    )
    retry: bool = option(False, "Retry an answer", "A button that asks for another answer.")
    auto_scroll: bool = option(False, "Scroll with the answer", "Follows an answer while it is written.")


class Disclaimer(Section):
    text: Annotated[str, StringConstraints(max_length=300)] = option(
        "", "Text", "Below the composer; Markdown.", translate=True
    )
    high_contrast: bool = option(False, "High contrast", "Darker, easier to read.")


class ChatKitConfiguration(CommonConfiguration):
    title: Name = option(
        "Chat", "Name of the chat", "For screen readers and the browser tab.", min_length=1, translate=True
    )
    locale: Locale = option("", "Language of ChatKit", "Of its own buttons. Empty: the chat's.", examples=list(LOCALES))
    theme: Theme = option(Theme, "Appearance")
    header: Header = option(Header, "Header")
    history: History = option(History, "History")
    start_screen: StartScreen = option(StartScreen, "Start screen")
    composer: Composer = option(Composer, "Composer")
    thread: Thread = option(Thread, "Answers")
    disclaimer: Disclaimer = option(Disclaimer, "Disclaimer")
