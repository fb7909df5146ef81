"""Every static option of ChatKit with its true range (npm @openai/chatkit 1.9.0): the element refuses anything else."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from widgets.types.base import Section, option
from widgets.types.chatkit.icons import PROMPT_ICONS, PromptIcon
from widgets.types.chatkit.locales import LOCALES, Locale
from widgets.types.common import Color, CommonConfiguration, Name

Text = Annotated[str, StringConstraints(max_length=1000)]
ShortText = Annotated[str, StringConstraints(max_length=120)]
FontName = Annotated[str, StringConstraints(max_length=200)]


class Grayscale(Section):
    enabled: bool = option(False, "Tint the greys")
    hue: int = option(220, "Hue", "Degrees.", control="range", ge=0, le=360)
    tint: int = option(6, "Tint", control="range", ge=0, le=9)
    shade: int = option(0, "Shade", control="range", ge=-4, le=4)


class Accent(Section):
    enabled: bool = option(False, "Use an accent colour")
    primary: Color = option("#1f5eff", "Accent", control="color")
    level: int = option(1, "Strength", control="range", ge=0, le=3)


class Surface(Section):
    enabled: bool = option(False, "Set the surface colours")
    background: Color = option("#ffffff", "Background", control="color")
    foreground: Color = option("#f7f7f8", "Raised surface", control="color")


class FontSource(Section):
    family: FontName = option("", "Family", min_length=1)
    src: Annotated[str, StringConstraints(max_length=500, pattern=r"^https://")] = option("", "Address", min_length=1)
    weight: Literal[100, 200, 300, 400, 500, 600, 700, 800, 900] = option(400, "Weight")
    style: Literal["normal", "italic", "oblique"] = option("normal", "Style")
    display: Literal["auto", "block", "swap", "fallback", "optional"] = option("swap", "While loading")


class Typography(Section):
    base_size: Literal[14, 15, 16, 17, 18] = option(16, "Text size", "In pixels.")
    font_family: FontName = option("", "Font", "A CSS font stack. Empty uses ChatKit's own.")
    font_family_mono: FontName = option("", "Code font", "A CSS font stack.")
    font_sources: list[FontSource] = option(list, "Font files", control="rows", max_length=8)


class Theme(Section):
    scheme: Literal["auto", "light", "dark"] = option("auto", "Colour scheme", "Auto follows the visitor's system.")
    radius: Literal["pill", "round", "soft", "sharp"] = option("pill", "Corners")
    density: Literal["compact", "normal", "spacious"] = option("normal", "Density")
    accent: Accent = option(Accent, "Accent")
    grayscale: Grayscale = option(Grayscale, "Greys")
    surface: Surface = option(Surface, "Surface")
    typography: Typography = option(Typography, "Typography")


class Header(Section):
    enabled: bool = option(True, "Show the header")
    title_enabled: bool = option(True, "Show a title")
    title: ShortText = option("", "Title", "Empty shows the conversation's name.")


class History(Section):
    enabled: bool = option(True, "Show earlier conversations")
    show_delete: bool = option(True, "Visitors may delete")
    show_rename: bool = option(True, "Visitors may rename")


class Prompt(Section):
    label: ShortText = option("", "Label", min_length=1)
    prompt: Text = option("", "Message", min_length=1)
    icon: PromptIcon = option("", "Icon", control="icon", examples=list(PROMPT_ICONS))


class StartScreen(Section):
    greeting: ShortText = option("What can I help with today?", "Greeting")
    prompts: list[Prompt] = option(list, "Starter prompts", control="rows", max_length=12)


class Attachments(Section):
    enabled: bool = option(False, "Visitors may attach files", "Also allow file upload under Connection.")
    max_mb: int = option(20, "Largest file", "In megabytes.", control="range", ge=1, le=100)
    max_count: int = option(5, "Files per message", control="range", ge=1, le=20)


class Tool(Section):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,64}$")] = option("", "Id")
    label: ShortText = option("", "Label", min_length=1)
    icon: PromptIcon = option("bolt", "Icon", control="icon", examples=list(PROMPT_ICONS))
    short_label: ShortText = option("", "Short label")
    placeholder: ShortText = option("", "Placeholder while chosen")
    pinned: bool = option(False, "Pinned")
    persistent: bool = option(False, "Stays chosen")


class Model(Section):
    id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")] = option("", "Id")
    label: ShortText = option("", "Label", min_length=1)
    description: ShortText = option("", "Description")
    disabled: bool = option(False, "Disabled")
    default: bool = option(False, "Chosen at first")


class Composer(Section):
    placeholder: ShortText = option("Message the assistant", "Placeholder")
    dictation: bool = option(False, "Dictation")
    attachments: Attachments = option(Attachments, "Attachments")
    tools: list[Tool] = option(list, "Tools", "Custom backend only.", control="rows", max_length=12)
    models: list[Model] = option(list, "Models", "Custom backend only.", control="rows", max_length=12)


class Thread(Section):
    feedback: bool = option(False, "Thumbs up and down")
    retry: bool = option(False, "Retry an answer")
    auto_scroll: bool = option(False, "Scroll with the answer")


class Disclaimer(Section):
    text: Annotated[str, StringConstraints(max_length=300)] = option("", "Text", "Below the composer; Markdown.")
    high_contrast: bool = option(False, "High contrast")


class ChatKitConfiguration(CommonConfiguration):
    title: Name = option("Chat", "Name of the chat", "For screen readers and the browser tab.", min_length=1)
    locale: Locale = option("", "Language of ChatKit", "Empty follows the visitor's browser.", examples=list(LOCALES))
    theme: Theme = option(Theme, "Appearance")
    header: Header = option(Header, "Header")
    history: History = option(History, "History")
    start_screen: StartScreen = option(StartScreen, "Start screen")
    composer: Composer = option(Composer, "Composer")
    thread: Thread = option(Thread, "Answers")
    disclaimer: Disclaimer = option(Disclaimer, "Disclaimer")
