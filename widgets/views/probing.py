"""The page behind “Test connection”. Its URL belongs to the run-time app that can talk to the other side."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from accounts.brands import embed_url
from accounts.decorators import OrganizationRequest
from accounts.freshness import is_fresh, who_are_you
from accounts.permissions import Permission
from accounts.services import record
from core import ratelimit
from core.codes import Code
from core.http import BadRequest, error_response, json_response, read_json
from widgets.configform import read
from widgets.models import Widget
from widgets.probing import Attempt, Probe, Report, diagnostics, run_probe
from widgets.services import destinations, draft_connection, led_away
from widgets.types.wording import sentence
from widgets.views.scope import widget_page, widget_url, widget_view

View = Callable[..., HttpResponseBase]
_ELSEWHERE: Final = "Enter it again: what is stored is only sent to the host it is for, and this is another one."


class Wrong(Exception):
    """What was typed cannot be tried; `errors`: a field's name → a sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("not valid")
        self.errors = errors


def probe_view(type_id: str, probe: Probe, labels_for: Callable[[Any], Mapping[str, str]]) -> View:
    """POST: the Connection form, or JSON `{"connection"?, "secrets"?: {kind: text}, "consent"?}`.

    → HTML for the page, JSON for JSON. What is left out is taken as it is stored.
    """

    @require_POST
    @widget_view(Permission.CREDENTIAL_SET)
    @fresh_login_told("widgets/probe.html")
    def view(request: OrganizationRequest, widget: Widget) -> HttpResponse:
        if widget.type.id != type_id:
            raise Http404
        as_json = request.content_type == "application/json"
        wait = ratelimit.hit_sync(_limits(request, widget))
        if wait is not None:
            return _too_fast(request, widget, wait, as_json=as_json)
        try:
            attempt = attempt_from_json(request, widget) if as_json else attempt_from_form(request, widget)
        except BadRequest as bad:
            return error_response(bad.code)
        except Wrong as wrong:
            return _wrong(request, widget, wrong.errors, as_json=as_json)
        tell_of_guest(request, widget, "connection.tested", attempt.connection)
        report = async_to_sync(run_probe)(probe, attempt, Report(labels_for(attempt.connection)))
        return _json(widget, report) if as_json else _html(request, widget, report)

    return view


def fresh_login_told(template: str) -> Callable[[View], View]:
    """For a view whose answer is shown within the Connection page: what was typed there stays. A token is no open
    screen."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: OrganizationRequest, widget: Widget) -> HttpResponseBase:
            if hasattr(request, "auth") or is_fresh(request):
                return view(request, widget)
            login_url = who_are_you(request, widget_url("connection", request, widget))
            return widget_page(request, template, widget, "connection", status=403, login_url=login_url)

        return wrapped

    return decorate


def tell_of_guest(request: OrganizationRequest, widget: Widget, action: str, connection: Any) -> None:
    """Nothing is stored, but a guest's trial is told to whose secrets may go along."""
    if request.acting:
        record(
            action=action,
            actor=request.user,
            organization=widget.organization,
            target=widget.public_id,
            secrets_to=destinations(connection),
        )


def _limits(request: OrganizationRequest, widget: Widget) -> list[ratelimit.Limit]:
    events, seconds = settings.RATE_LIMITS["probe"]
    return [ratelimit.Limit(f"probe:{who}", events, seconds) for who in (f"user:{request.user.pk}", widget.public_id)]


def attempt_from_form(request: OrganizationRequest, widget: Widget) -> Attempt:
    """What the Connection form holds, saved or not. Raises Wrong."""
    sent = {kind.id: request.POST.get(f"credential-{kind.id}-secret", "") for kind in widget.type.credentials}
    values = read(widget.type.connection, request.POST) if "revision" in request.POST else None
    return _attempt(widget, values, sent, consent="consent" in request.POST)


def attempt_from_json(request: OrganizationRequest, widget: Widget) -> Attempt:
    """`{"connection"?, "secrets"?: {kind: text}, "consent"?}`. Raises BadRequest, Wrong."""
    body = read_json(request) if request.body else {}
    values, secrets = body.get("connection"), body.get("secrets", {})
    known = {kind.id for kind in widget.type.credentials}
    right = isinstance(values, dict | None) and isinstance(secrets, dict) and set(secrets) <= known
    if not right or not all(isinstance(secret, str) for secret in secrets.values()):
        raise BadRequest(Code.BAD_REQUEST)
    return _attempt(widget, values, secrets, consent=body.get("consent") is True)


def _attempt(widget: Widget, values: Any, sent: Mapping[str, str], *, consent: bool) -> Attempt:
    """Judges what was typed as saving it would. Raises Wrong."""
    errors, typed = {}, {}
    for kind in widget.type.credentials:
        typed[kind.id] = sent.get(kind.id, "").strip()
        try:
            if typed[kind.id]:
                kind.check(typed[kind.id])
        except ValueError as error:
            errors[kind.label] = str(error)
    connection: Any = None
    if values is None:
        connection = draft_connection(widget)
        if connection is None:
            errors["Connection"] = "What is stored cannot be opened. Enter it again, and save."
    else:
        try:
            connection = widget.type.connection.model_validate(values)
        except ValidationError as error:
            errors |= {_name(widget, e["loc"]): sentence(e) for e in error.errors()}
    if connection is not None:
        labels = {kind.id: kind.label for kind in widget.type.credentials}
        errors |= {labels[kind]: _ELSEWHERE for kind in led_away(widget, connection) if not typed[kind]}
    if errors:
        raise Wrong(errors)
    chats = embed_url(widget.license.organization)
    return Attempt(widget.public_id, connection, list(widget.credentials.all()), typed, consent, chats)


def places(widget: Widget, errors: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(id on the Connection page or "", label, sentence) of each."""
    ids = {field.title: f"f-{name}" for name, field in widget.type.connection.model_fields.items()}
    ids |= {kind.label: f"id_credential-{kind.id}-secret" for kind in widget.type.credentials}
    return [(ids.get(label, ""), label, sentence) for label, sentence in errors.items()]


def _name(widget: Widget, place: tuple[Any, ...]) -> str:
    known = widget.type.connection.model_fields.get(str(place[0]))
    return (known.title if known else None) or ".".join(map(str, place))


def _json(widget: Widget, report: Report) -> HttpResponse:
    return json_response(
        {
            "works": report.works,
            "needs_consent": report.needs_consent,
            "steps": report.steps,
            "diagnostics": diagnostics(widget, report),
        }
    )


def _html(request: OrganizationRequest, widget: Widget, report: Report) -> HttpResponse:
    text = diagnostics(widget, report)
    return widget_page(request, "widgets/probe.html", widget, "connection", report=report, diagnostics=text)


def _wrong(request: OrganizationRequest, widget: Widget, errors: dict[str, str], *, as_json: bool) -> HttpResponse:
    if not as_json:
        wrong = places(widget, errors)
        return widget_page(request, "widgets/probe.html", widget, "connection", status=422, wrong=wrong)
    error = {"code": Code.BAD_REQUEST, "message": "Some fields are not valid.", "fields": errors}
    return json_response({"error": error}, 400)


def _too_fast(request: OrganizationRequest, widget: Widget, wait: float, *, as_json: bool) -> HttpResponse:
    response = error_response(Code.RATE_LIMITED, retry_after=wait)
    if as_json:
        return response
    page = widget_page(request, "widgets/probe.html", widget, "connection", status=429, wait=response["Retry-After"])
    page["Retry-After"] = response["Retry-After"]
    return page
