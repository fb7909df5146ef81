"""What every route is, and for whom. A route that is missing here fails the tests: decide who may have it first."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from accounts.permissions import Role as R

CUSTOMERS = {R.OWNER, R.ADMIN, R.EDITOR, R.ANALYST, R.BILLING}
READ = {R.OWNER, R.ADMIN, R.EDITOR, R.ANALYST}
EDIT = {R.OWNER, R.ADMIN, R.EDITOR}
RUN = {R.OWNER, R.ADMIN}


@dataclass(frozen=True, slots=True)
class Place:
    """A page or call of one organization: in whose `home` it is tried, and the roles that may have it there."""

    home: str  # "customer" | "reseller" | "platform"
    roles: frozenset[R]
    scope: str = ""  # REST: what a token must have


def _customer(roles: set[R], *names: str) -> dict[str, Place]:
    return {name: Place("customer", frozenset(roles)) for name in names}


# The visitors' contract, and what is open by its nature. Names may have a *.
PUBLIC = {
    *("core:healthz", "core:readyz", "accounts:login", "/admin/login/"),
    *("embed:loader", "embed:preview-host", "embed:frame", "embed:asset", "embed:events"),
    *("chatkit_sessions:create-session", "chatkit_sessions:backend", "n8n_relay:messages", "n8n_relay:history"),
}
# One's own: any person who is logged in, and nothing of an organization.
PERSONAL = {"accounts:home", "accounts:logout", "accounts:password"}
# Django's admin: people of the platform whom Django calls staff; tests/accounts/test_admin.py.
OPERATORS = {"admin:*"}

TENANT: dict[str, Place] = {
    **_customer(CUSTOMERS, "accounts:enter", "licenses:list", "licenses:detail"),
    **_customer(READ, "widgets:list", "widgets:install", "widgets:install-file"),
    **_customer(READ, "analytics:problems", "analytics:sightings"),
    **_customer(EDIT, "widgets:create", "widgets:edit", "widgets:draft", "widgets:looks", "widgets:keep-look"),
    **_customer(
        EDIT,
        "widgets:read-file",
        "widgets:versions",
        "widgets:export",
        "widgets:restore",
        "widgets:duplicate",
        "widgets:publish",
    ),
    **_customer(EDIT, "widgets:unpublish", "widgets:settings", "widgets:switch", "widgets:delete", "previews:config"),
    **_customer(EDIT, "licenses:domains", "licenses:remove-domain", "licenses:localhost"),
    **_customer(EDIT, "analytics:seen-origins", "analytics:dismiss-origin"),
    **_customer(RUN, "widgets:connection", "chatkit_probe:test", "n8n_probe:test"),
}


def classes_of(name: str) -> list[str]:
    """The names of the classes that a route is in: must be exactly one."""
    classes = {"public": PUBLIC, "personal": PERSONAL, "operators": OPERATORS, "tenant": TENANT}
    return [title for title, names in classes.items() if any(fnmatchcase(name, one) for one in names)]
