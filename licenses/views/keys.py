"""New keys: shown once, and once more as a file."""

from collections.abc import Sequence
from time import time

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from core.csvfile import csv_file
from licenses import freshkeys
from licenses.models import License
from licenses.views.scope import place_url


def to_keys(request: OrganizationRequest, licenses: Sequence[License]) -> HttpResponse:
    """To the page that shows them: reloading it cannot make them again."""
    freshkeys.keep(request.session, licenses, user_id=request.user.pk, now=time())
    return redirect(place_url(request, "keys"))


@require_GET
@organization_view(Permission.LICENSE_READ)
def keys(request: OrganizationRequest) -> HttpResponse:
    rows = freshkeys.show(request.session, user_id=request.user.pk, now=time())
    return render(request, "licenses/keys.html", {"rows": rows})


@require_POST
@organization_view(Permission.LICENSE_READ)
def keys_file(request: OrganizationRequest) -> HttpResponse:
    rows = freshkeys.take(request.session, user_id=request.user.pk, now=time())
    if not rows:
        messages.error(request, "These keys have been downloaded already, or were shown too long ago.")
        return redirect(place_url(request, "keys"))
    return csv_file("licence-keys", freshkeys.HEAD, rows)
