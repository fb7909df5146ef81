"""How the owner's server says who the visitor is."""

from dataclasses import dataclass

from widgets.models import Widget


@dataclass(frozen=True, slots=True)
class Snippet:
    id: str
    title: str
    help: str
    code: str


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
