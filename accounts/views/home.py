from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.models import Membership, User
from accounts.permissions import Permission, permissions_of


def home(request: HttpRequest) -> HttpResponse:
    """To the organization that the person joined first."""
    membership = (
        Membership.objects.for_user(cast(User, request.user)).select_related("organization").order_by("id").first()
    )
    return _first_page(membership) if membership else render(request, "accounts/no_organization.html")


def enter(request: HttpRequest, slug: str) -> HttpResponse:
    membership = Membership.objects.for_user(cast(User, request.user)).filter(organization__slug=slug).first()
    if membership is None:
        raise Http404
    return _first_page(membership)


def _first_page(membership: Membership) -> HttpResponse:
    """The first that the role may see. By name: those apps are above this one."""
    may_see_widgets = Permission.WIDGET_READ in permissions_of(membership.role)
    name = "widgets:overview" if may_see_widgets else "licenses:list"
    return redirect(reverse(name, kwargs={"slug": membership.organization.slug}))
