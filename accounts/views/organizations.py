"""The organizations that a person belongs to, and leaving one."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.belonging import here
from accounts.models import Membership, MembershipQuerySet, User
from accounts.team import TeamRefused, leave


def organizations(request: HttpRequest) -> HttpResponse:
    own = _own(request).for_switcher()
    return render(request, "accounts/organizations.html", {"memberships": own})


def leave_organization(request: HttpRequest, slug: str) -> HttpResponse:
    own = _own(request).select_related("organization")
    member = get_object_or_404(own, organization__slug=slug)
    if request.method != "POST":
        return render(request, "accounts/leave.html", {"membership": member})
    try:
        leave(member=member)
    except TeamRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"You have left {member.organization}.")
    return redirect("accounts:organizations")


def _own(request: HttpRequest) -> MembershipQuerySet:
    return Membership.objects.for_user(cast(User, request.user)).filter(here(request))
