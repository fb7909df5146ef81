from typing import Annotated, Literal

from pydantic import StringConstraints

from widgets.types.base import Section, option
from widgets.types.common import Color, CommonConfiguration, ImageUrl, Line, Name
from widgets.types.languages import EntryLanguage, entry_language

FONTS = {
    "system": "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
    "serif": "Georgia, 'Times New Roman', serif",
    "rounded": "ui-rounded, 'SF Pro Rounded', 'Hiragino Maru Gothic ProN', Quicksand, system-ui, sans-serif",
    "mono": "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
}
ACCEPTED = ["image/*", "application/pdf", "text/plain", "text/csv"]


class Texts(Section):
    title: Name = option("How can we help?", "Title", "At the top of the chat.", min_length=1, translate=True)
    subtitle: Annotated[str, StringConstraints(max_length=120)] = option(
        "", "Subtitle", "A line below the title, such as when somebody answers.", translate=True
    )
    greeting: list[Line] = option(
        lambda: ["Hello! What would you like to know?"],
        "Greeting",
        "One message a line.",
        control="lines",
        max_length=5,
        translate=True,
    )
    placeholder: Name = option(
        "Write a message", "Placeholder", "Stands in the empty message field.", min_length=1, translate=True
    )
    disclaimer: Annotated[str, StringConstraints(max_length=300)] = option(
        "", "Disclaimer", "Below the composer. Markdown links are allowed.", translate=True
    )


class Prompt(Section):
    label: Name = option("", "Label", "What the button says.", min_length=1)
    prompt: Annotated[str, StringConstraints(max_length=1000)] = option(
        "", "Message", "What is sent for the visitor who presses it.", min_length=1
    )
    language: EntryLanguage = entry_language()


class Theme(Section):
    scheme: Literal["auto", "light", "dark"] = option("auto", "Colour scheme", "Auto follows the visitor's system.")
    accent: Color = option("#1f5eff", "Accent", "Of the visitor's messages and of the send button.", control="color")
    accent_ink: Color = option("#ffffff", "Text on accent", "Must be easy to read on the accent.", control="color")
    radius: int = option(16, "Corner radius", "In pixels.", control="range", ge=0, le=28)
    font_size: int = option(15, "Text size", "In pixels.", control="range", ge=13, le=20)
    font: Literal["system", "serif", "rounded", "mono"] = option(
        "system", "Font", "All are on the visitor's device already: nothing is loaded."
    )


class Header(Section):
    enabled: bool = option(True, "Show a header", "With title and picture. Without it the chat begins at the top.")
    avatar: ImageUrl = option("", "Picture", "An https address.", control="url")


class Files(Section):
    enabled: bool = option(False, "Visitors may attach files", "Needs a plan that allows it.")
    max_count: int = option(
        3, "Files per message", "How many a visitor can send at a time.", control="range", ge=1, le=10
    )
    max_mb: int = option(5, "Largest file", "In megabytes.", control="range", ge=1, le=15)
    accept: list[Annotated[str, StringConstraints(pattern=r"^[a-z]+/([a-z0-9.+-]+|\*)$")]] = option(
        lambda: list(ACCEPTED), "Accepted kinds", "One media type a line.", control="lines", min_length=1, max_length=20
    )


class N8nConfiguration(CommonConfiguration):
    texts: Texts = option(Texts, "Texts")
    prompts: list[Prompt] = option(list, "Starter prompts", "Buttons on the empty chat.", control="rows", max_length=24)
    theme: Theme = option(Theme, "Appearance")
    header: Header = option(Header, "Header")
    files: Files = option(Files, "Files")
