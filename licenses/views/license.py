from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import OrganizationRequest, organization_view
from accounts.permissions import Permission
from core.lists import Column, Filter, List
from licenses.entitlements import Feature
from licenses.models import License
from licenses.states import State, derive, valid_until
from licenses.views.scope import license_view
from licenses.wording import in_words, meters, words_of

COLUMNS = (
    Column("plan", "Plan", Lower("plan__name")),
    Column("id", "Id"),
    Column("state", "State"),
    Column("ends", "Ends", "expires_at"),
)


@require_safe
@organization_view(Permission.LICENSE_READ)
def license_list(request: OrganizationRequest) -> HttpResponse:
    now = timezone.now()
    own = License.objects.for_organization(request.organization).with_facts()
    states = [(state.value, words_of(state).word) for state in State if state is not State.POOL]
    kind = List(
        nouns=("licence", "licences"),
        columns=COLUMNS,
        sort="plan",
        filters=[Filter("state", "State", states, partial(_in_state, now=now))],
        search=["plan__name__icontains", "public_id"],
    )
    shown = kind.read(request.GET, own)
    rows = [(license, in_words(license, now)) for license in shown]
    return render(request, "licenses/list.html", {"list": shown, "rows": rows})


def _in_state(rows: "QuerySet[License]", state: str, *, now: datetime) -> "QuerySet[License]":
    """A customer has few licences, and their state is the clock's, not a column's."""
    return rows.filter(pk__in=[license.pk for license in rows if derive(license.facts(), now) == state])


@require_safe
@license_view(Permission.LICENSE_READ)
def detail(request: OrganizationRequest, license: License) -> HttpResponse:
    now = timezone.now()
    context = {
        "license": license,
        "words": in_words(license, now),
        "meters": meters(license, now),
        "runs_until": valid_until(license.facts()),
        "features": [(feature.label, license.has(feature)) for feature in Feature],
    }
    return render(request, "licenses/detail.html", context)
