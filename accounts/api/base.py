"""Where every REST call begins and ends: who calls, may they, was it done before, how is it answered."""

import hashlib
from typing import Any, ClassVar, TypeVar, cast

from django.core.exceptions import RequestDataTooBig
from django.db import models
from django.http import Http404
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.api import repeating
from accounts.api.calls import Call, Shown, Strict, call_of
from accounts.api.paging import page_of
from accounts.api.throttle import rate_headers
from accounts.apitokens import Caller
from accounts.models import IdempotentAnswer
from core.api import PreconditionFailed, PreconditionRequired, TooLarge

Row = TypeVar("Row", bound=models.Model)


class ApiView(APIView):
    """Handlers are declared with `@call`. They find `self.caller` and `self.query`, and use `self.body()`."""

    tag: ClassVar[str] = ""
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    metadata_class = None
    call: Call
    caller: Caller = None  # type: ignore[assignment]  # known when a handler runs
    query: dict[str, Any]
    _begun: IdempotentAnswer | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _read(request)
        super().initial(request, *args, **kwargs)
        if not all(str(value).isprintable() for value in kwargs.values()):
            raise Http404
        query = self.call.query(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        self.query = query.validated_data
        if request.method not in SAFE_METHODS:
            self._begun = repeating.begin(request, self.caller.organization)

    def check_permissions(self, request: Request) -> None:
        if not request.user.is_authenticated:
            self.permission_denied(request)
        declared = call_of(self, request.method)
        if declared is None:
            raise MethodNotAllowed(request.method or "")
        self.call, self.caller = declared, cast(Caller, request.auth)
        super().check_permissions(request)

    def handle_exception(self, exc: Exception) -> Response:
        if isinstance(exc, repeating.Repeated):
            return exc.response()
        try:
            return super().handle_exception(exc)
        except Exception:
            repeating.give_up(self._begun)
            raise

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(response, Response) and self._is_current(request, response):
            response.headers["ETag"] = etag(response.data)
        repeating.finish(self._begun, response)
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "no-store")
        for name, value in (rate_headers(request) if self.caller else {}).items():
            final.headers[name] = value
        return final

    def body(self) -> dict[str, Any]:
        """The request's body, as the call takes it. Raises ValidationError."""
        takes = self.call.takes or Strict
        taken = takes(data=self.request.data)
        taken.is_valid(raise_exception=True)
        values: dict[str, Any] = taken.validated_data
        return values

    def page(self, rows: "models.QuerySet[Row]", shown: type[Shown], *, by: str = "created_at") -> Response:
        """The page of `rows` that the query asks for, newest first."""
        found, following = page_of(rows, self.query, by=by, place=f"{self.caller.organization.pk}|{self.request.path}")
        return Response({"data": shown(found, many=True).data, "next": following})

    def require_match(self, representation: Any) -> None:
        """That the caller has seen what is there now. Call it under the row's lock."""
        given = self.request.headers.get("If-Match")
        if given is None:
            raise PreconditionRequired
        if given.strip() != "*" and etag(representation) not in [entry.strip() for entry in given.split(",")]:
            raise PreconditionFailed

    def _is_current(self, request: Request, response: Response) -> bool:
        """Whether this answer is the thing itself, which can then be written with If-Match."""
        writable = any(declared.matches for name in ("patch", "put") if (declared := call_of(self, name)))
        return writable and response.status_code == 200 and request.method in ("GET", "HEAD", "PUT", "PATCH")


def etag(representation: Any) -> str:
    return f'"{hashlib.sha256(JSONRenderer().render(representation)).hexdigest()[:32]}"'


def _read(request: Request) -> None:
    """The whole body, before anybody parses it."""
    try:
        _ = request.body
    except RequestDataTooBig:
        raise TooLarge from None
