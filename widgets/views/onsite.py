"""Looking at a page of the owner's site for the tag."""

from asgiref.sync import async_to_sync
from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.brands import embed_url
from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from core import ratelimit
from core.codes import Code
from core.http import error_response
from widgets.forms import LookForm
from widgets.models import Widget
from widgets.onsite import NotLooked, Verdict, judge, look
from widgets.views.scope import widget_page, widget_view


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def look_at_page(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    """`address`: a page on one of the licence's domains. As often as connections are tested."""
    form = LookForm(request.POST, rules=widget.license.rule_set())
    if not form.is_valid():
        return _page(request, widget, status=422, errors=form.errors["address"])
    events, seconds = settings.RATE_LIMITS["probe"]
    who = f"user:{request.user.pk}", widget.public_id
    wait = ratelimit.hit_sync([ratelimit.Limit(f"look:{one}", events, seconds) for one in who])
    if wait is not None:
        told = error_response(Code.RATE_LIMITED, retry_after=wait)
        page = _page(request, widget, status=429, wait=told["Retry-After"])
        page["Retry-After"] = told["Retry-After"]
        return page
    url = form.cleaned_data["address"]
    try:
        seen = async_to_sync(look)(url, form.rules)
    except NotLooked as error:
        verdict = Verdict("attention", "The page could not be checked", [str(error)])
    else:
        url, verdict = seen.url, judge(widget, embed_url(widget.license.organization), seen)
    return _page(request, widget, url=url, verdict=verdict)


def _page(request: OrganizationRequest, widget: Widget, *, status: int = 200, **context: object) -> HttpResponse:
    return widget_page(request, "widgets/onsite.html", widget, "install", status=status, **context)
