from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.belonging import here
from accounts.decorators import enter_organization
from accounts.models import Membership, User
from accounts.permissions import Permission
from core.hosts import own_host


def home(request: HttpRequest) -> HttpResponse:
    """To the organization that the person joined first."""
    own = Membership.objects.for_user(cast(User, request.user)).filter(here(request))
    membership = own.select_related("organization").order_by("id").first()
    if membership:
        return _first_page(membership)
    if settings.SIGNUP == "open" and own_host(request) is None:
        return redirect("licenses:begin")  # by name: it is on a floor above
    return render(request, "accounts/no_organization.html")


def enter(request: HttpRequest, slug: str) -> HttpResponse:
    return _first_page(enter_organization(request, slug).membership)


def _first_page(membership: Membership) -> HttpResponse:
    """The first that the role may see. By name: those apps are above this one."""
    may_see_widgets = membership.may(Permission.WIDGET_READ)
    name = "widgets:overview" if may_see_widgets else "licenses:list"
    return redirect(reverse(name, kwargs={"slug": membership.organization.slug}))
