"""Open sign-up: a person without an organization names one, and has a licence to try it all with."""

import logging
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.models import AuditEvent, Membership, Organization, User
from accounts.permissions import Role
from accounts.services import add_member, create_organization, record
from licenses.models import Plan
from licenses.services.issuing import issue_license

log = logging.getLogger(__name__)
_BEGAN = "trial.began"


class TrialRefused(Exception):
    """Not everybody may, and nobody twice."""


@transaction.atomic
def begin_trial(*, actor: User, name: str, now: datetime) -> Organization:
    """The person's own organization, with a licence of the plan settings.TRIAL_PLAN. Raises TrialRefused."""
    User.objects.select_for_update().get(pk=actor.pk)  # of two at once, one begins
    if not may_begin(actor):
        raise TrialRefused("You have had an organization already.")
    organization = create_organization(actor=actor, name=name)
    add_member(actor=actor, organization=organization, user=actor, role=Role.OWNER)
    plan = Plan.objects.newest().filter(code=settings.TRIAL_PLAN).first()
    if plan:
        issue_license(actor=None, plan=plan, organization=organization, allow_localhost=True, now=now)
    else:
        log.error("There is no plan %r (TRIAL_PLAN): an organization begins without a licence.", settings.TRIAL_PLAN)
    record(action=_BEGAN, actor=actor, organization=organization, target=organization.public_id)
    return organization


def may_begin(person: User) -> bool:
    """Who belongs or belonged to an organization has no other trial."""
    if settings.SIGNUP != "open" or Membership.objects.filter(user=person).exists():
        return False
    return not AuditEvent.objects.filter(actor=person, action__in=(_BEGAN, "member.left")).exists()
