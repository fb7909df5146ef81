"""What each role may do. Constants, not rows: a role means the same everywhere."""

from enum import StrEnum

from django.db import models


class Permission(StrEnum):
    WIDGET_READ = "widget.read"
    WIDGET_EDIT = "widget.edit"
    CREDENTIAL_SET = "credential.set"
    DOMAIN_EDIT = "domain.edit"
    LICENSE_READ = "license.read"
    LICENSE_MANAGE = "license.manage"


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
_EDITING = frozenset({_P.WIDGET_READ, _P.WIDGET_EDIT, _P.DOMAIN_EDIT, _P.LICENSE_READ})
_RUNNING = _EDITING | {_P.CREDENTIAL_SET}
_READING = frozenset({_P.WIDGET_READ, _P.LICENSE_READ})

_ROLES: dict[str, frozenset[Permission]] = {
    Role.OWNER: _RUNNING,
    Role.ADMIN: _RUNNING,
    Role.EDITOR: _EDITING,
    Role.ANALYST: _READING,
    Role.BILLING: frozenset({_P.LICENSE_READ}),
    Role.RESELLER_OWNER: _RUNNING | {_P.LICENSE_MANAGE},
    Role.RESELLER_MANAGER: _RUNNING | {_P.LICENSE_MANAGE},
    Role.RESELLER_SUPPORT: _READING,
    Role.PLATFORM_ADMIN: _RUNNING | {_P.LICENSE_MANAGE},
    Role.PLATFORM_SUPPORT: _READING,
}


def permissions_of(role: str) -> frozenset[Permission]:
    """An unknown role may do nothing."""
    return _ROLES.get(role, frozenset())
