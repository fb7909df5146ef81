"""What every route is, and for whom. A route that is missing here fails the tests: decide who may have it first."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from accounts.permissions import Role as R

CUSTOMERS = {R.OWNER, R.ADMIN, R.EDITOR, R.ANALYST, R.BILLING}
SELLERS = {R.RESELLER_OWNER, R.RESELLER_MANAGER}
RESELLERS = SELLERS | {R.RESELLER_SUPPORT}
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


def _reseller(roles: set[R], *names: str) -> dict[str, Place]:
    return {name: Place("reseller", frozenset(roles)) for name in names}


def _platform(roles: set[R], *names: str) -> dict[str, Place]:
    return {name: Place("platform", frozenset(roles)) for name in names}


# The visitors' contract, and what is open by its nature. Names may have a *.
PUBLIC = {
    *("core:healthz", "core:readyz", "core:metrics", "core:theme", "/admin/login/"),
    *("embed:loader", "embed:preview-host", "embed:frame", "embed:asset", "embed:events", "embed:trial"),
    "embed:shared",  # for whoever has the link
    *("chatkit_sessions:create-session", "chatkit_sessions:backend", "n8n_relay:messages", "n8n_relay:history"),
    *("account_login", "accounts:login", "account_signup", "account_inactive", "account_confirm_*"),
    *("account_email_verification_sent", "account_reset_password*", "mfa_authenticate", "mfa_login_webauthn"),
    *("account_logout", "accounts:logout"),  # also from halfway in
    "accounts:invitation",  # for whoever was sent it
    "/api/v1/<path:rest>",
}
# One's own: any person who is logged in, and nothing of an organization that is not theirs.
PERSONAL = {
    *("accounts:home", "accounts:password", "accounts:search", "accounts:organizations", "accounts:leave"),
    *("accounts:sessions", "accounts:end-acting", "licenses:begin", "api-schema", "api-docs"),
    *("account_reauthenticate", "account_email", "account_change_password", "account_set_password"),
    *("mfa_index", "mfa_reauthenticate*", "mfa_activate_*", "mfa_deactivate_*", "mfa_view_*", "mfa_generate_*"),
    *("mfa_download_*", "mfa_list_*", "mfa_add_*", "mfa_remove_*", "mfa_edit_*"),
}
# Django's admin: people of the platform whom Django calls staff; tests/accounts/test_admin.py.
OPERATORS = {"admin:*"}
# The REST API: tests/matrix/test_api.py.
API = {"accounts-api:*", "licenses-api:*", "api:*"}

TENANT: dict[str, Place] = {
    **_customer(CUSTOMERS, "accounts:enter", "licenses:list", "licenses:detail"),
    **_customer(CUSTOMERS, "licenses:history", "licenses:claim", "licenses:keys", "licenses:keys-file"),
    **_customer(CUSTOMERS, "licenses:licenses-csv", "licenses:usage-csv", "widgets:search"),
    **_customer(READ, "widgets:overview", "widgets:checklist", "widgets:reach"),
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
    **_customer(EDIT, "widgets:bulk", "widgets:plan", "widgets:unplan", "widgets:share", "widgets:unshare"),
    **_customer(EDIT, "widgets:reach-domain", "licenses:domains", "licenses:remove-domain", "licenses:localhost"),
    **_customer(EDIT, "analytics:seen-origins", "analytics:dismiss-origin"),
    **_customer(RUN, "widgets:connection", "chatkit_probe:test", "n8n_probe:test", "previews:trial"),
    **_customer(RUN, "accounts:team", "accounts:member", "accounts:remove-member", "accounts:invitation-do"),
    **_customer(RUN, "accounts:audit", "accounts:audit-csv", "accounts:tokens", "accounts:revoke-token"),
    **_customer(RUN, "accounts:webhooks", "accounts:webhook", "accounts:rotate-webhook", "accounts:switch-webhook"),
    **_customer(RUN, "accounts:delete-webhook", "accounts:test-webhook", "accounts:replay-delivery"),
    **_reseller(RESELLERS, "licenses:customers", "licenses:customer", "licenses:customers-csv", "licenses:pool"),
    **_reseller(SELLERS, "licenses:customer-new", "licenses:import", "licenses:issue", "licenses:plans"),
    **_reseller(SELLERS, "licenses:plan", "licenses:assign", "licenses:renew", "licenses:extend"),
    **_reseller(SELLERS, "licenses:change-plan", "licenses:overrides", "licenses:grace", "licenses:reinstate"),
    **_reseller(SELLERS, "licenses:rotate-key", "licenses:suspend", "licenses:transfer", "licenses:revoke"),
    **_platform({R.PLATFORM_ADMIN, R.PLATFORM_SUPPORT}, "accounts:support", "accounts:support-begin"),
    **_platform({R.PLATFORM_ADMIN}, "licenses:plan-new", "licenses:plan-edit", "licenses:resellers"),
    **_platform({R.PLATFORM_ADMIN}, "licenses:reseller", "licenses:reseller-new", "licenses:reseller-pool"),
}


def classes_of(name: str) -> list[str]:
    """The names of the classes that a route is in: must be exactly one."""
    classes = {"public": PUBLIC, "personal": PERSONAL, "operators": OPERATORS, "tenant": TENANT, "api": API}
    return [title for title, names in classes.items() if any(fnmatchcase(name, one) for one in names)]
