"""What a site's Content-Security-Policy must allow, and nothing beyond."""

from urllib.parse import urlsplit

from accounts.brands import embed_url
from widgets.models import Widget


def csp_lines(widget: Widget) -> str:
    """One directive a line. The launcher's image comes from where its owner keeps it."""
    image = widget.draft.get("launcher", {}).get("image", "")
    embed = embed_url(widget.license.organization)
    directives = {"script-src": embed, "frame-src": embed}
    if image:
        parts = urlsplit(image)
        directives["img-src"] = f"{parts.scheme}://{parts.netloc}"
    return "\n".join(f"{name} {source};" for name, source in directives.items())
