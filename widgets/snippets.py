"""What a site owner copies: the tag in its variants, and how to say who the visitor is."""

from dataclasses import dataclass

from django.conf import settings

from widgets.models import Widget


@dataclass(frozen=True, slots=True)
class Snippet:
    id: str
    title: str
    help: str
    code: str


def tag(widget: Widget, attributes: str = "") -> str:
    source = f"{settings.EMBED_URL}/api/widget/{widget.license.public_id}/chat-widget.js?widget={widget.public_id}"
    return f'<script async fetchpriority="low" referrerpolicy="origin" src="{source}"{attributes}></script>'


def install_snippets(widget: Widget, chat_url: str) -> list[Snippet]:
    inline = '<div id="chat" class="chat"></div>\n' + tag(widget, ' data-mode="inline" data-target="#chat"')
    calls = (
        "window.Chatdock = window.Chatdock || [];\n"
        'Chatdock.push(["open"]);\n'
        'Chatdock.push(["prefill", "I have a question about …"]);\n'
        'Chatdock.push(["on", "message", (detail) => console.log(detail.role)]);'
    )
    return [
        Snippet("popup", "Popup", "A button in the corner. Put the tag before </body> on every page.", tag(widget)),
        Snippet(
            "inline", "In the page", "The chat fills an element, which needs a height, such as 600 pixels.", inline
        ),
        Snippet("link", "Full page", "A link for e-mails, QR codes and menus.", chat_url),
        Snippet("calls", "From JavaScript", "Works before and after the tag has loaded: calls wait in a queue.", calls),
    ]


def csp_lines() -> str:
    return f"script-src {settings.EMBED_URL};\nframe-src {settings.EMBED_URL};"


def identity_snippets(widget: Widget) -> list[Snippet]:
    """The claims that `embed.visitors` asks for."""
    python = (
        "import time\nimport jwt  # PyJWT\n\n"
        "token = jwt.encode(\n"
        f'    {{"aud": "{widget.public_id}", "sub": str(user.id), "exp": int(time.time()) + 600}},\n'
        '    os.environ["CHATDOCK_IDENTITY_SECRET"],\n    algorithm="HS256",\n)'
    ).replace("import time", "import os\nimport time")
    node = (
        'import { SignJWT } from "jose";\n\n'
        "const secret = new TextEncoder().encode(process.env.CHATDOCK_IDENTITY_SECRET);\n"
        "const token = await new SignJWT({})\n"
        '  .setProtectedHeader({ alg: "HS256" })\n'
        f'  .setAudience("{widget.public_id}")\n'
        '  .setSubject(String(user.id))\n  .setExpirationTime("10m")\n  .sign(secret);'
    )
    page = 'window.Chatdock = window.Chatdock || [];\nChatdock.push(["identify", token]);'
    return [
        Snippet("python", "Python", "On your server, for the person who is signed in.", python),
        Snippet("node", "Node.js", "The same with the package jose.", node),
        Snippet("identify", "In the page", "Hand the token to the chat.", page),
    ]
