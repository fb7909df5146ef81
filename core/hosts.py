"""Two faces on two hosts: the dashboard's pages are not on the visitors' host, and the chat is not on the dashboard's.

A chat page loads foreign scripts; on the dashboard's origin it could act as the admin who looks at it. Where both URLs
name one host (a small installation; `check --deploy` warns) nothing is kept apart.

Resellers have hosts of their own for each face. Whoever knows them registers a look-up (`honour`), which must answer
from memory: it is asked on every request that is not for one of the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

PROBES = ("/healthz", "/readyz")
_HSTS = "Strict-Transport-Security"
_OPERATORS = ("/admin/", "/internal/")  # the platform's own host alone


@dataclass(frozen=True, slots=True)
class OwnHost:
    """A verified host of a reseller: there is nothing on it but what belongs to the reseller and its customers."""

    is_embed: bool
    owner: int  # Organization.pk


_look_up: Callable[[str], OwnHost | None] = lambda _: None  # noqa: E731


def honour(look_up: Callable[[str], OwnHost | None]) -> None:
    """`look_up`: host name → whose it is. Called from any thread, also inside an event loop."""
    global _look_up  # noqa: PLW0603
    _look_up = look_up


def own_host(request: HttpRequest) -> OwnHost | None:
    """None on the platform's own hosts. Looked up once in a request: gate, view and middleware all ask."""
    try:
        found: OwnHost | None = request._own_host  # type: ignore[attr-defined]
    except AttributeError:
        found = request._own_host = _find_own_host(request)  # type: ignore[attr-defined]
    return found


def _find_own_host(request: HttpRequest) -> OwnHost | None:
    host = _host(request)
    if host in (_netloc(settings.DASHBOARD_URL), _netloc(settings.EMBED_URL)):
        return None
    name, _, port = host.partition(":")
    own = _look_up(name)
    return own if own and port == _port(_url_of(own)) else None


def admit(request: HttpRequest) -> OwnHost | None:
    """Lets a verified host through Django's own check, which knows ALLOWED_HOSTS only."""
    own = own_host(request)
    if own:
        host = _host(request)
        request.get_host = lambda: host  # type: ignore[method-assign]
    return own


def is_embed_host(request: HttpRequest) -> bool:
    if _host(request) == _netloc(settings.EMBED_URL):
        return True
    own = own_host(request)
    return own is not None and own.is_embed


def is_dashboard_host(request: HttpRequest) -> bool:
    return _host(request) == _netloc(settings.DASHBOARD_URL)


def is_for_visitors_alone(request: HttpRequest) -> bool:
    return is_embed_host(request) and not is_dashboard_host(request)


def embed_origin(request: HttpRequest) -> str:
    """Of a request on a visitors' host: the origin it is on."""
    return settings.EMBED_URL if own_host(request) is None else origin_of(_host(request), embed=True)


def dashboard_origin(request: HttpRequest) -> str:
    """Of a request on a dashboard's host: the origin it is on."""
    return settings.DASHBOARD_URL if own_host(request) is None else origin_of(_host(request), embed=False)


def origin_of(name: str, *, embed: bool) -> str:
    """Of a reseller's host: scheme and port are those of the platform's own."""
    parts = urlsplit(settings.EMBED_URL if embed else settings.DASHBOARD_URL)
    bare = name.partition(":")[0]
    return f"{parts.scheme}://{bare}:{parts.port}" if parts.port else f"{parts.scheme}://{bare}"


def is_ours(name: str) -> bool:
    """Whether this is one of the platform's own names, which nobody else may have."""
    taken = {urlsplit(url).hostname for url in (settings.DASHBOARD_URL, settings.EMBED_URL)}
    return name in taken or any(_covers(known, name) for known in settings.ALLOWED_HOSTS)


def _covers(listed: str, name: str) -> bool:
    """`.example.com` in ALLOWED_HOSTS stands for all below it, too."""
    return name == listed.lstrip(".") or (listed.startswith(".") and name.endswith(listed))


def _url_of(own: OwnHost) -> str:
    return str(settings.EMBED_URL if own.is_embed else settings.DASHBOARD_URL)


def _port(url: str) -> str:
    port = urlsplit(url).port
    return str(port) if port else ""


def _netloc(url: str) -> str:
    return urlsplit(url).netloc


def _host(request: HttpRequest) -> str:
    host: str = request.META.get("HTTP_HOST") or request.get_host()
    return host.lower()


class DashboardHostMiddleware:
    """On a visitors' host there are the public paths and the probes, and on a reseller's no page of the operators."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own = admit(request)
        if is_for_visitors_alone(request) and not request.path.startswith((*settings.PUBLIC_PREFIXES, *PROBES)):
            return _nothing()
        if own and request.path.startswith(_OPERATORS):
            return _nothing()
        response = self.get_response(request)
        if own and _HSTS in response.headers:  # what else is below a reseller's host is not ours to decide on
            response.headers[_HSTS] = f"max-age={settings.SECURE_HSTS_SECONDS}"
        return response


def _nothing() -> HttpResponse:
    return HttpResponseNotFound("There is nothing here.", content_type="text/plain")
