"""The organization's tokens for the REST API."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.apitokens import create_token, revoke_token, scopes_within
from accounts.decorators import OrganizationRequest, organization_view
from accounts.forms.machines import TokenForm
from accounts.freshness import fresh_deeds_required
from accounts.models import ApiToken
from accounts.permissions import Permission


@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def tokens(request: OrganizationRequest) -> HttpResponse:
    scopes = scopes_within(request.membership)
    form = TokenForm(request.POST or None, scopes=scopes)
    if not form.is_valid():
        return _page(request, form, status=422 if request.method == "POST" else 200)
    now, values = timezone.now(), form.cleaned_data
    token, text = create_token(
        membership=request.membership,
        name=values["name"],
        scopes=values["scopes"],
        ip_list=values["ip_list"],
        now=now,
        expires_at=now + timedelta(days=values["days"]),
    )
    # Not after a redirect: there is nowhere to keep the text until then.
    return _page(request, TokenForm(scopes=scopes), status=201, created=token, text=text.reveal())


@require_POST
@organization_view(Permission.TOKEN_MANAGE)
@fresh_deeds_required
def revoke(request: OrganizationRequest, token_id: str) -> HttpResponse:
    own = ApiToken.objects.for_organization(request.organization)
    token = get_object_or_404(own, public_id=token_id)
    revoke_token(actor=request.user, token=token, now=timezone.now())
    messages.success(request, f"“{token.name}” is revoked. Nothing can use it any more.")
    return redirect("accounts:tokens", slug=request.organization.slug)


def _page(request: OrganizationRequest, form: TokenForm, *, status: int, **context: object) -> HttpResponse:
    own = ApiToken.objects.for_organization(request.organization).select_related("created_by")
    context |= {"form": form, "tokens": own[:100], "now": timezone.now()}
    return render(request, "accounts/tokens.html", context, status=status)
