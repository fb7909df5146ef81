"""Some deeds ask who has been logged in for a while to say again who they are: an open screen is not a person."""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import url_has_allowed_host_and_scheme

View = Callable[..., HttpResponseBase]
_FILLING_IN: Final = 3600  # seconds


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person has shown in the last minutes that it is them. A page once open may be filled in at leisure:
    what it sends is taken for longer."""
    return _age(request) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT if request.method == "GET" else may_send(request)


def may_send(request: HttpRequest) -> bool:
    """Whether what a page that is open would send is taken now."""
    return _age(request) < _FILLING_IN


def _age(request: HttpRequest) -> float:
    """Seconds since they showed it."""
    records = get_authentication_records(request, request.user)
    return time.time() - records[-1]["at"] if records else math.inf


def fresh_deeds_required(view: View) -> View:
    """Inside of `organization_view`: whom it lets in may look, and deeds take a login that is fresh. Nothing that was
    posted is kept: it may be a secret."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and not may_send(request):
            return ask_again(request)
        return view(request, *args, **kwargs)

    return wrapped


def ask_again(request: HttpRequest) -> HttpResponse:
    """To the page that asks, and from there back to the page that one came from."""
    if request.method != "GET":
        messages.info(request, "Nothing was changed yet: first show that it is you, then send it again.")
    return HttpResponseRedirect(who_are_you(request, _page(request)))


def who_are_you(request: HttpRequest, following: str) -> str:
    """The address of the page that asks, and leads on to `following`."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    where = methods[0]["url"] if methods else settings.LOGIN_URL
    return f"{where}?{urlencode({'next': following})}"


def _page(request: HttpRequest) -> str:
    if request.method == "GET":
        return request.get_full_path()
    came_from = request.headers.get("Referer", "")
    known = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    return urlsplit(came_from).path if known else "/"
