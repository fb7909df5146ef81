"""Where an invitation's link leads: for who has an account, who has none, and who has another one."""

from typing import cast

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.guest_models import Invitation
from accounts.invitations import InvalidInvitation, accept, find_invitation, is_for
from accounts.models import User
from accounts.team import NoRoom


@login_not_required
@never_cache
def take(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invitation = find_invitation(token, now=timezone.now())
    except InvalidInvitation:
        return render(request, "accounts/invitation.html", status=404)
    if not request.user.is_authenticated:
        # Whoever has the link has read the mail: that address needs no other mail.
        get_adapter().stash_verified_email(request, invitation.email)
        return render(request, "accounts/invitation.html", {"invitation": invitation})
    if request.method == "POST":
        return _join(request, invitation)
    is_yours = is_for(invitation, request.user)
    return render(request, "accounts/invitation.html", {"invitation": invitation, "is_yours": is_yours})


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    try:
        accept(user=cast(User, request.user), invitation=invitation, now=timezone.now())
    except InvalidInvitation:
        return redirect(request.path)
    except NoRoom:
        messages.error(request, f"{invitation.organization} has no room for another member. Tell whoever invited you.")
        return redirect(request.path)
    messages.success(request, f"You are a member of {invitation.organization} now.")
    return redirect("accounts:enter", slug=invitation.organization.slug)
