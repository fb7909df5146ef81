from django.http import HttpRequest, HttpResponse

from core.codes import Code
from core.http import error_response
from embed.assets import find_asset
from embed.public import public
from embed.views.loader import asset_response


@public("GET", "HEAD")
async def asset(request: HttpRequest, name: str) -> HttpResponse:
    """A file named by its content: browsers keep it for a year. Another release's name gets this release's bytes."""
    found = find_asset(name)
    if found is None:
        return error_response(Code.NOT_FOUND)
    current = found.path == request.path
    return asset_response(request, found, cache="public, max-age=31536000, immutable" if current else "no-cache")
