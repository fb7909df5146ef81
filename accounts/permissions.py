"""What each role may do. Constants, not rows: a role means the same everywhere."""

from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    WIDGET_READ = "widget.read"
    WIDGET_EDIT = "widget.edit"
    CREDENTIAL_SET = "credential.set"
    DOMAIN_EDIT = "domain.edit"
    LICENSE_READ = "license.read"
    LICENSE_MANAGE = "license.manage"  # issue and everything after: within the reseller's pool, or the platform's
    ANALYTICS_READ = "analytics.read"
    CONVERSATION_READ = "conversation.read"
    MEMBER_MANAGE = "member.manage"  # people, roles, invitations
    TOKEN_MANAGE = "token.manage"  # API tokens and webhooks  # noqa: S105
    AUDIT_READ = "audit.read"
    GRANT_MANAGE = "grant.manage"  # what the reseller may see and do here
    CUSTOMER_READ = "customer.read"
    CUSTOMER_MANAGE = "customer.manage"
    BRANDING_EDIT = "branding.edit"
    PLAN_MANAGE = "plan.manage"
    RESELLER_MANAGE = "reseller.manage"  # the platform alone


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    EDITOR = "editor", "Editor"
    ANALYST = "analyst", "Analyst"
    BILLING = "billing", "Billing"
    RESELLER_OWNER = "reseller_owner", "Reseller owner"
    RESELLER_MANAGER = "reseller_manager", "Reseller manager"
    RESELLER_SUPPORT = "reseller_support", "Reseller support"
    PLATFORM_ADMIN = "platform_admin", "Platform admin"
    PLATFORM_SUPPORT = "platform_support", "Platform support"


ROLES_OF: dict[str, frozenset[Role]] = {
    "customer": frozenset({Role.OWNER, Role.ADMIN, Role.EDITOR, Role.ANALYST, Role.BILLING}),
    "reseller": frozenset({Role.RESELLER_OWNER, Role.RESELLER_MANAGER, Role.RESELLER_SUPPORT}),
    "platform": frozenset({Role.PLATFORM_ADMIN, Role.PLATFORM_SUPPORT}),
}

_P = Permission
_READING = frozenset({_P.WIDGET_READ, _P.LICENSE_READ, _P.ANALYTICS_READ})
_EDITING = _READING | {_P.WIDGET_EDIT, _P.DOMAIN_EDIT, _P.CONVERSATION_READ}
_RUNNING = _EDITING | {_P.CREDENTIAL_SET, _P.MEMBER_MANAGE, _P.TOKEN_MANAGE, _P.AUDIT_READ, _P.GRANT_MANAGE}
_SELLING = (_RUNNING - {_P.GRANT_MANAGE}) | {_P.LICENSE_MANAGE, _P.CUSTOMER_READ, _P.CUSTOMER_MANAGE, _P.PLAN_MANAGE}

_ROLES: dict[str, frozenset[Permission]] = {
    Role.OWNER: _RUNNING,
    Role.ADMIN: _RUNNING,
    Role.EDITOR: _EDITING,
    Role.ANALYST: _READING,
    Role.BILLING: frozenset({_P.LICENSE_READ}),
    Role.RESELLER_OWNER: _SELLING | {_P.BRANDING_EDIT},
    Role.RESELLER_MANAGER: _SELLING - {_P.MEMBER_MANAGE, _P.TOKEN_MANAGE},
    Role.RESELLER_SUPPORT: _READING | {_P.CUSTOMER_READ},
    Role.PLATFORM_ADMIN: _SELLING | {_P.BRANDING_EDIT, _P.RESELLER_MANAGE},
    Role.PLATFORM_SUPPORT: _READING | {_P.CUSTOMER_READ, _P.AUDIT_READ},
}


def permissions_of(role: str) -> frozenset[Permission]:
    """An unknown role may do nothing."""
    return _ROLES.get(role, frozenset())
