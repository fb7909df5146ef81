"""What somebody should look at, each with the way there."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format

from accounts.models import Organization
from accounts.permissions import Permission
from analytics.models import Incident, SeenOrigin
from core.codes import MEANINGS, Code
from embed.overview.cards import RECENT
from licenses.domains import LOCALHOST_RULES, RuleSet
from licenses.models import License
from licenses.wording import Meter, Tone, in_words

# The other side does not let us in: nothing but another key, or another right, helps.
CREDENTIALS: Final = (
    Code.CREDENTIAL_MISSING,
    Code.CREDENTIAL_UNREADABLE,
    Code.OPENAI_INVALID_KEY,
    Code.OPENAI_FORBIDDEN,
    Code.N8N_UNAUTHORIZED,
)
MOST: Final = 200  # refused websites that are looked at


@dataclass(frozen=True, slots=True)
class Line:
    tone: Tone
    text: str
    link: str  # "" where the role may not
    action: str


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose page it is, and when. `licenses`: with_facts() and with their domain rules."""

    organization: Organization
    permissions: Collection[Permission]
    licenses: Sequence[License]
    now: datetime

    def link(self, permission: Permission, name: str, public_id: str) -> str:
        return reverse(name, args=[self.organization.slug, public_id]) if permission in self.permissions else ""


def attention(scope: Scope, meters: Mapping[int, Sequence[Meter]]) -> list[Line]:
    """The worst first. `meters`: of each licence. Two queries."""
    lines = [*_licenses(scope, meters), *_credentials(scope), *_origins(scope)]
    return sorted(lines, key=lambda line: line.tone != "bad")


def _licenses(scope: Scope, meters: Mapping[int, Sequence[Meter]]) -> Iterator[Line]:
    for license in scope.licenses:
        link = scope.link(Permission.LICENSE_READ, "licenses:detail", license.public_id)
        words = in_words(license, scope.now)
        if words.tone != "good":
            end = f" on {date_format(license.expires_at, 'j F Y')}" if license.expires_at else ""
            yield Line(words.tone, f"{license.plan.name}: {words.word.lower()}{end}. {words.detail}", link, "Licence")
        for meter in meters[license.pk]:
            if meter.by_visitors and meter.tone != "good":
                yield Line(meter.tone, f"{license.plan.name}: {meter.label.lower()} {meter.text}.", link, "Licence")


def _credentials(scope: Scope) -> Iterator[Line]:
    failing = Incident.objects.for_organization(scope.organization).filter(
        code__in=CREDENTIALS, last_at__gt=scope.now - RECENT
    )
    settled = Q(widget__credentials__updated_at__gt=F("last_at"))
    for incident in failing.exclude(settled).select_related("widget")[:MOST]:
        link = scope.link(Permission.CREDENTIAL_SET, "widgets:connection", incident.widget.public_id)
        yield Line("bad", f"{incident.widget.name}: {MEANINGS[Code(incident.code)].mean}", link, "Connection")


def _origins(scope: Scope) -> Iterator[Line]:
    seen = SeenOrigin.objects.for_organization(scope.organization).filter(
        dismissed=False, last_at__gt=scope.now - RECENT
    )
    refused: dict[int, list[str]] = defaultdict(list)
    for row in seen[:MOST]:
        refused[row.license_id].append(row.origin)
    for license in scope.licenses:
        rules = RuleSet([*(rule.rule for rule in license.domain_rules.all()), *LOCALHOST_RULES])
        waiting = [origin for origin in refused[license.pk] if rules.check(origin)]
        if waiting:
            more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
            text = f"{waiting[0]}{more} tried to show the chat and {'were' if more else 'was'} refused."
            link = scope.link(Permission.DOMAIN_EDIT, "licenses:domains", license.public_id)
            yield Line("attention", text, link, "Domains")
