"""ES modules import each other by relative path; the import map leads these to the hashed files.

Django's own rewriting of imports misses some and breaks others; with the map the sources stay as they are written.
"""

from django import template
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.scriptjson import script_json

register = template.Library()


@register.simple_tag(takes_context=True)
def module_map(context: template.Context, folder: str) -> SafeString:
    """The import map for static files under `folder`; nothing where static files keep their names."""
    hashed: dict[str, str] = getattr(staticfiles_storage, "hashed_files", {})
    plain = getattr(staticfiles_storage, "base_url", "")
    names = sorted(name for name in hashed if name.startswith(folder) and name.endswith(".js"))
    if not names:
        return SafeString("")
    imports = {f"{plain}{name}": static(name) for name in names}
    nonce = context["request"].csp_nonce
    text = mark_safe(script_json({"imports": imports}).decode())  # noqa: S308 (it cannot end the script)
    return format_html('<script type="importmap" nonce="{}">{}</script>', str(nonce), text)
