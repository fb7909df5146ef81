"""Who acts on a licence, and how far their word goes. Every service that changes a licence asks here first."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from accounts.models import Membership, Organization, User
from accounts.permissions import Permission, Role
from licenses.models import License

Level = License.Level


class NotAllowed(Exception):
    """The licence's state, or the actor's standing, forbids this."""


class Deed(StrEnum):
    ISSUE = "issue"
    ASSIGN = "assign"
    CLAIM = "claim"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"
    RENEW = "renew"
    CHANGE = "change"  # its plan, dates, limits
    TRANSFER = "transfer"
    ROTATE_KEY = "rotate_key"
    RUN_RESELLERS = "run_resellers"
    ADD_CUSTOMER = "add_customer"


@dataclass(frozen=True, slots=True)
class Authority:
    """`actor` None is the system. `organization` is on whose behalf: a reseller's own, or a customer's own."""

    actor: User | None
    level: Level
    organization: Organization | None = None

    def require(self, deed: Deed) -> None:
        """Raises NotAllowed."""
        if deed not in _DEEDS[self.level]:
            raise NotAllowed("Your role does not allow this.")
        if self.level in (Level.RESELLER, Level.SELF):
            if self.organization is None:
                raise NotAllowed("It is not said on whose behalf.")
            if self.organization.suspended_at:
                raise NotAllowed("Your organization is suspended.")

    def require_over(self, license: License, deed: Deed) -> None:
        """A reseller acts on what it issued, a customer on what it holds. Raises NotAllowed."""
        self.require(deed)
        if not self._reaches(license):
            raise NotAllowed("This licence is not yours.")

    def may(self, deed: Deed, license: License | None = None) -> bool:
        try:
            self.require_over(license, deed) if license else self.require(deed)
        except NotAllowed:
            return False
        return True

    def require_customer(self, organization: Organization) -> None:
        """A reseller hands licences to its own customers only. Raises NotAllowed."""
        if organization.kind != Organization.Kind.CUSTOMER:
            raise NotAllowed("A licence belongs to a customer.")
        if self.level == Level.RESELLER and organization.parent_id != self._organization_pk:
            raise NotAllowed("This organization is not your customer.")

    def _reaches(self, license: License) -> bool:
        if self.level == Level.RESELLER:
            holder = license.organization
            own = holder is None or holder.parent_id == self._organization_pk
            return own and license.issuer_id == self._organization_pk
        if self.level == Level.SELF:
            return license.organization_id == self._organization_pk
        return True

    @property
    def _organization_pk(self) -> int:
        return self.organization.pk if self.organization else 0


# A bare user is somebody in the operators' admin; None is the system.
Actor = Authority | User | None


def authority_of(actor: Actor) -> Authority:
    """Operators and the system speak for the platform; whoever else must say for whom. Raises NotAllowed."""
    if isinstance(actor, Authority):
        return actor
    if actor is None or actor.is_superuser:
        return Authority(actor, Level.PLATFORM)
    raise NotAllowed("It is not said on whose behalf.")


def authority_of_member(membership: Membership) -> Authority:
    """What a person may do to licences in the organization they have entered. Raises NotAllowed."""
    organization, user = membership.organization, membership.user
    if organization.kind == Organization.Kind.CUSTOMER:
        if membership.role not in (Role.OWNER, Role.ADMIN) or membership.limited_to is not None:  # or a guest
            raise NotAllowed("Your role does not allow this.")
        return Authority(user, Level.SELF, organization)
    if not membership.may(Permission.LICENSE_MANAGE):
        raise NotAllowed("Your role does not allow this.")
    if organization.kind == Organization.Kind.RESELLER:
        return Authority(user, Level.RESELLER, organization)
    return Authority(user, Level.PLATFORM)


def speaking_for(membership: Membership) -> Authority:
    """For what a permission allows, so that the audit log says on whose behalf it was done."""
    organization = membership.organization
    if organization.kind == Organization.Kind.PLATFORM:
        return Authority(membership.user, Level.PLATFORM)
    level = Level.RESELLER if organization.kind == Organization.Kind.RESELLER else Level.SELF
    return Authority(membership.user, level, organization)


def outranks(level: str, other: str) -> bool:
    """Whether `other` must yield to `level`."""
    return _RANKS.index(Level(level)) > _RANKS.index(Level(other))


_RANKS: Final = [Level.SELF, Level.BILLING, Level.RESELLER, Level.PLATFORM]
_OWN: Final = frozenset({Deed.CLAIM, Deed.SUSPEND, Deed.REINSTATE, Deed.ROTATE_KEY})
_DEEDS: Final = {
    Level.PLATFORM: frozenset(Deed) - {Deed.CLAIM},
    Level.RESELLER: frozenset(Deed) - {Deed.CLAIM, Deed.RUN_RESELLERS},
    Level.BILLING: frozenset({Deed.SUSPEND, Deed.REINSTATE, Deed.RENEW}),  # a payment system, not a person
    Level.SELF: _OWN,
}
