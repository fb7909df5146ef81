"""The manner of every public view: no cookie, no CSRF token, no login, own security headers, errors as JSON."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestAborted, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from core import metrics
from core.codes import Code
from core.hosts import is_embed_host
from core.http import ERROR_HEADER, BadRequest, error_response
from embed.visitors import Refused

answers = metrics.counter("chatdock_requests_total", "Answers of the public paths.", "view", "status", "code")
_CODE = ERROR_HEADER.lower()
_CLASSES = ("", "1xx", "2xx", "3xx", "4xx", "5xx")

PublicView = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def public(*methods: str) -> Callable[[PublicView], PublicView]:
    """Admit these HTTP methods; turn refusals into the error that a frame understands."""

    def decorate(view: PublicView) -> PublicView:
        name = view.__name__

        @wraps(view)
        async def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                response = await _answer(view, methods, request, *args, **kwargs)
            except RequestAborted:
                raise
            except Exception:
                answers[name, "5xx", Code.INTERNAL] += 1
                raise
            # `_store`: looking a header up in the mapping itself costs more than all the rest of this.
            _, code = response.headers._store.get(_CODE, ("", "ok"))
            answers[name, _CLASSES[response.status_code // 100], code] += 1
            if token := getattr(request, "visitor_token", ""):  # admission set it; a failed call carries it too
                response["X-Chatdock-Visitor"] = token
            return response

        wrapped: PublicView = csrf_exempt(login_not_required(wrapper))
        return wrapped

    return decorate


async def _answer(
    view: PublicView, methods: tuple[str, ...], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    try:
        if not is_embed_host(request):
            return error_response(Code.NOT_FOUND)
        if request.method not in methods:
            return _wrong_method(methods)
        return _own_headers(await view(request, *args, **kwargs))
    except Refused as refused:
        return error_response(refused.code, retry_after=refused.retry_after)
    except BadRequest as bad:
        return error_response(bad.code)
    except (SuspiciousOperation, MultiPartParserError) as error:
        return error_response(Code.TOO_LARGE if isinstance(error, RequestDataTooBig) else Code.BAD_REQUEST)


def _own_headers(response: HttpResponseBase) -> HttpResponseBase:
    """Django's own would forbid what these pages are for; a second policy would intersect with ours."""
    response.xframe_options_exempt = True  # type: ignore[attr-defined]
    response._csp_exempt = True  # type: ignore[attr-defined]
    return response


def _wrong_method(methods: tuple[str, ...]) -> HttpResponseBase:
    response = error_response(Code.BAD_REQUEST)
    response.status_code = 405
    response["Allow"] = ", ".join(methods)
    return response
