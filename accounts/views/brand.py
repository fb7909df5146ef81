"""What a brand's pages, mails and hosts need without a login."""

import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.branding import find_logo
from accounts.brands import kept
from accounts.look import stylesheet
from core.clientip import client_ip, ip_prefix
from core.ratelimit import Limit, hit_sync

_FOREVER = "public, max-age=31536000, immutable"  # the address says what is there
_COLOURS = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})(\.preview)?")


@login_not_required
@require_safe
def logo(request: HttpRequest, digest: str) -> HttpResponse:
    picture = find_logo(digest)
    if picture is None:
        raise Http404
    response = HttpResponse(picture, content_type="image/png")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"  # mails
    return _lasting(response)


@login_not_required
@require_safe
def colours(request: HttpRequest, name: str) -> HttpResponse:
    """`<light>-<dark>[.preview]`: a stylesheet that follows from its name."""
    chosen = _COLOURS.fullmatch(name)
    if chosen is None:
        raise Http404
    css = stylesheet(f"#{chosen[1]}", f"#{chosen[2]}", preview=bool(chosen[3]))
    return _lasting(HttpResponse(css, content_type="text/css; charset=utf-8"))


@login_not_required
@require_safe
def hostname_allowed(request: HttpRequest) -> HttpResponse:
    """For the proxy, which asks before it fetches a certificate: 200 for a verified host of a reseller, else 404."""
    wait = hit_sync([Limit(f"ask:{ip_prefix(client_ip(request.META))}", *settings.RATE_LIMITS["ask"])])
    if wait is not None:
        return _plain(429)
    return _plain(200 if request.GET.get("domain", "").lower() in kept.get().hosts else 404)


def _plain(status: int) -> HttpResponse:
    return HttpResponse(status=status, content_type="text/plain", headers={"Cache-Control": "no-store"})


def _lasting(response: HttpResponse) -> HttpResponse:
    response._csp_exempt = True  # type: ignore[attr-defined]
    response["Cache-Control"] = _FOREVER
    return response
