"""Every change to plans, licences and resellers. Each one tells all web processes, which then read it anew."""

from licenses.authority import Actor, Authority, Deed, NotAllowed, authority_of, authority_of_member
from licenses.entitlements import InvalidTerms, LimitReached, PoolExceeded
from licenses.pool import allocation
from licenses.services.common import PlanNotAllowed, announce, lock_license
from licenses.services.customers import rename_customer
from licenses.services.domains import add_domains, remove_domain, set_allow_localhost
from licenses.services.issuing import (
    UnknownKey,
    assign_license,
    claim_license,
    find_by_key,
    issue_license,
    issue_licenses,
)
from licenses.services.keys import rotate_key
from licenses.services.members import require_room_for_member
from licenses.services.plans import create_plan, edit_plan
from licenses.services.resellers import (
    InvalidReference,
    InvalidReseller,
    create_customer,
    create_reseller,
    set_pool,
)
from licenses.services.standing import reinstate_license, revoke_license, suspend_license
from licenses.services.terms import (
    OverLimits,
    change_plan,
    extend_license,
    over_limits,
    renew_license,
    set_grace,
    set_overrides,
)
from licenses.services.transfer import transfer_license
from licenses.services.trial import TrialRefused, begin_trial, may_begin

__all__ = [
    "Actor",
    "Authority",
    "Deed",
    "InvalidReference",
    "InvalidReseller",
    "InvalidTerms",
    "LimitReached",
    "NotAllowed",
    "OverLimits",
    "PlanNotAllowed",
    "PoolExceeded",
    "TrialRefused",
    "UnknownKey",
    "add_domains",
    "allocation",
    "announce",
    "assign_license",
    "authority_of",
    "authority_of_member",
    "begin_trial",
    "change_plan",
    "claim_license",
    "create_customer",
    "create_plan",
    "create_reseller",
    "edit_plan",
    "extend_license",
    "find_by_key",
    "issue_license",
    "issue_licenses",
    "lock_license",
    "may_begin",
    "over_limits",
    "reinstate_license",
    "remove_domain",
    "rename_customer",
    "renew_license",
    "require_room_for_member",
    "revoke_license",
    "rotate_key",
    "set_allow_localhost",
    "set_grace",
    "set_overrides",
    "set_pool",
    "suspend_license",
    "transfer_license",
]
