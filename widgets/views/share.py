"""Links under which others see the draft: making, showing and revoking them."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.brands import embed_url
from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from widgets.forms import ShareForm
from widgets.models import PreviewLink, Widget
from widgets.qr import Picture, qr_picture
from widgets.sharing import TooManyLinks, link_token, revoke_link, share_preview
from widgets.views.scope import widget_page, widget_url, widget_view


@dataclass(frozen=True, slots=True)
class Line:
    link: PreviewLink
    url: str
    qr: Picture


@widget_view(Permission.WIDGET_EDIT)
def share(request: OrganizationRequest, widget: Widget) -> HttpResponse:
    form = ShareForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            share_preview(actor=request.user, widget=widget, period=form.cleaned_data["period"], now=timezone.now())
        except TooManyLinks as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The link is there. Whoever has it sees the draft, without logging in.")
            return redirect(widget_url("share", request, widget))
    live = PreviewLink.objects.for_organization(request.organization).live(timezone.now()).filter(widget=widget)
    embed = embed_url(request.organization)
    lines = [_line(link, embed) for link in live.select_related("created_by")]
    status = 422 if form.errors else 200
    chats, _ = settings.RATE_LIMITS["shared"]
    context = {"form": form, "lines": lines, "chats": chats}
    return widget_page(request, "widgets/share.html", widget, "edit", status=status, **context)


@require_POST
@widget_view(Permission.WIDGET_EDIT)
def unshare(request: OrganizationRequest, widget: Widget, link_id: str) -> HttpResponse:
    own = PreviewLink.objects.for_organization(request.organization).filter(widget=widget)
    revoke_link(actor=request.user, link=get_object_or_404(own, public_id=link_id), now=timezone.now())
    messages.success(request, "The link works no more.")
    return redirect(widget_url("share", request, widget))


def _line(link: PreviewLink, embed: str) -> Line:
    """By name: the page is on a floor above."""
    url = f"{embed}{reverse('embed:shared', args=[link_token(link)])}"
    return Line(link, url, qr_picture(url))
