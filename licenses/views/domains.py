"""The websites on which a licence's widgets may appear."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.decorators import OrganizationRequest
from accounts.permissions import Permission
from licenses.domains import Rule, describe_rule, parse_many, suggestions
from licenses.entitlements import Metric
from licenses.forms import DomainsForm
from licenses.models import DomainRule, License
from licenses.services import LimitReached, add_domains, remove_domain, set_allow_localhost
from licenses.views.scope import license_view, speaker


@dataclass(frozen=True, slots=True)
class Row:
    rule: DomainRule
    words: str
    suggested: list[str]  # the twins that nothing covers yet
    covered: str  # by which other entry, so that this one may go


@license_view(Permission.DOMAIN_EDIT)
def domains(request: OrganizationRequest, license: License) -> HttpResponse:
    if license.organization is None:  # in the pool: websites are its holder's
        raise Http404
    form = DomainsForm(request.POST or None)
    remarks: list[tuple[str, str]] = []
    if form.is_valid():
        rules, remarks = form.parsed()
        try:
            added = add_domains(actor=speaker(request), license=license, rules=rules)
        except LimitReached as error:
            form.add_error("domains", f"{error} Nothing was added.")
        else:
            if added:
                messages.success(request, f"Added {len(added)} domain{'s' if len(added) > 1 else ''}.")
            elif rules:
                messages.info(request, "All of these are on the list already.")
            if not remarks:
                return redirect("licenses:domains", slug=request.organization.slug, license_id=license.public_id)
            form = DomainsForm(
                initial={"domains": "\n".join(entry for entry, _ in remarks if not parse_many(entry)[0])}
            )
    context = {
        "license": license,
        "form": form,
        "remarks": remarks,
        "rows": _rows(license),
        "limit": license.limit(Metric.DOMAINS),
    }
    return render(request, "licenses/domains.html", context, status=422 if form.errors or remarks else 200)


def _rows(license: License) -> list[Row]:
    rows = list(license.domain_rules.all())
    present = [row.rule for row in rows]

    def missing(twin: Rule) -> bool:
        return twin not in present and not any(rule.covers(twin) for rule in present)

    return [
        Row(
            row,
            describe_rule(row.rule),
            suggested=[twin.unicode for twin in suggestions(row.rule) if missing(twin)],
            covered=next((rule.unicode for rule in present if rule.covers(row.rule)), ""),
        )
        for row in rows
    ]


@license_view(Permission.DOMAIN_EDIT)
def remove(request: OrganizationRequest, license: License, rule_id: int) -> HttpResponse:
    """Asks first. How many would notice is told by a floor above."""
    rule = get_object_or_404(license.domain_rules, pk=rule_id)
    if request.method != "POST":
        reach = reverse("widgets:reach-domain", args=[request.organization.slug, rule.pk])
        return render(request, "licenses/remove_domain.html", {"license": license, "rule": rule, "reach": reach})
    remove_domain(actor=speaker(request), rule=rule)
    messages.success(request, f"{rule} is removed. The chat no longer appears there.")
    return redirect("licenses:domains", slug=request.organization.slug, license_id=license.public_id)


@require_POST
@license_view(Permission.DOMAIN_EDIT)
def localhost(request: OrganizationRequest, license: License) -> HttpResponse:
    allowed = request.POST.get("allowed") == "on"
    set_allow_localhost(actor=speaker(request), license=license, allowed=allowed)
    messages.success(request, "Localhost is allowed." if allowed else "Localhost is no longer allowed.")
    return redirect("licenses:domains", slug=request.organization.slug, license_id=license.public_id)
