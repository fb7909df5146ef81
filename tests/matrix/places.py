"""What every route is, and for whom. A route that is missing here fails the tests: decide who may have it first."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from accounts.permissions import ROLES_OF
from accounts.permissions import Role as R

READ = {R.OWNER, R.ADMIN, R.EDITOR, R.ANALYST}
EDIT = {R.OWNER, R.ADMIN, R.EDITOR}
RUN = {R.OWNER, R.ADMIN}
CUSTOMERS = READ | {R.BILLING}
LEAD = {R.RESELLER_OWNER}
SELL = {R.RESELLER_OWNER, R.RESELLER_MANAGER}
RESELLERS = SELL | {R.RESELLER_SUPPORT}
RULE = {R.PLATFORM_ADMIN}
PLATFORMS = RULE | {R.PLATFORM_SUPPORT}


@dataclass(frozen=True, slots=True)
class Place:
    """A page of an organization, and who may have it in their own."""

    roles: frozenset[R]

    @property
    def home(self) -> str:
        """In whose organization strangers try it."""
        return next(kind for kind in ("customer", "reseller", "platform") if self.roles & ROLES_OF[kind])


def _places(roles: set[R], *names: str) -> dict[str, Place]:
    return {name: Place(frozenset(roles)) for name in names}


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
    *("accounts:brand-logo", "accounts:brand-colours"),  # login pages and mails have them
    "accounts:hostname-allowed",  # the proxy asks; it tells no more than DNS does
    "/api/v1/<path:rest>",
}
# One's own: any person who is logged in, and nothing of an organization that is not theirs.
PERSONAL = {
    *("accounts:home", "accounts:password", "accounts:search", "accounts:organizations", "accounts:leave"),
    *("accounts:sessions", "accounts:again", "accounts:end-acting", "licenses:begin", "api-schema", "api-docs"),
    *("account_reauthenticate", "account_email", "account_change_password", "account_set_password"),
    *("mfa_index", "mfa_reauthenticate*", "mfa_activate_*", "mfa_deactivate_*", "mfa_view_*", "mfa_generate_*"),
    *("mfa_download_*", "mfa_list_*", "mfa_add_*", "mfa_remove_*", "mfa_edit_*"),
}
# Django's admin: people of the platform whom Django calls staff; tests/accounts/test_admin.py.
OPERATORS = {"admin:*"}
# The REST API: tests/matrix/test_api.py.
API = {"accounts-api:*", "licenses-api:*", "api:*"}

TENANT: dict[str, Place] = {
    **_places(set(R), "accounts:enter", "licenses:list", "licenses:detail", "licenses:history", "licenses:keys"),
    **_places(set(R), "licenses:keys-file", "licenses:licenses-csv", "licenses:usage-csv", "widgets:search"),
    # Of their own organization: without widgets, unless it is a customer.
    **_places(READ | RESELLERS | PLATFORMS, "widgets:overview", "widgets:checklist", "widgets:reach", "widgets:list"),
    **_places(READ | RESELLERS | PLATFORMS, "widgets:csv"),
    **_places(EDIT | SELL | RULE, "widgets:create", "widgets:bulk"),
    # A widget is its customer's: whoever sells the licence does not see it here.
    **_places(READ, "widgets:install", "widgets:install-file", "analytics:problems", "analytics:sightings"),
    **_places(EDIT, "widgets:edit", "widgets:draft", "widgets:looks", "widgets:keep-look", "widgets:read-file"),
    **_places(EDIT, "widgets:versions", "widgets:export", "widgets:restore", "widgets:duplicate", "widgets:publish"),
    **_places(EDIT, "widgets:unpublish", "widgets:settings", "widgets:switch", "widgets:delete", "previews:config"),
    **_places(EDIT, "widgets:check"),
    **_places(EDIT, "widgets:plan", "widgets:unplan", "widgets:share", "widgets:unshare", "widgets:reach-domain"),
    **_places(RUN, "widgets:connection", "chatkit_probe:test", "n8n_probe:test", "previews:trial", "previews:secrets"),
    # The domains of a licence are for both sides.
    **_places(EDIT | SELL | RULE, "licenses:domains", "licenses:remove-domain", "licenses:localhost"),
    **_places(EDIT | SELL | RULE, "analytics:seen-origins", "analytics:dismiss-origin"),
    **_places(RUN | LEAD | RULE, "accounts:team", "accounts:member", "accounts:remove-member"),
    **_places(RUN | LEAD | RULE, "accounts:invitation-do", "accounts:tokens", "accounts:revoke-token"),
    **_places(RUN | LEAD | RULE, "accounts:webhooks", "accounts:webhook", "accounts:rotate-webhook"),
    **_places(RUN | LEAD | RULE, "accounts:switch-webhook", "accounts:delete-webhook", "accounts:test-webhook"),
    **_places(RUN | LEAD | RULE, "accounts:replay-delivery"),
    **_places(RUN | SELL | PLATFORMS, "accounts:audit", "accounts:audit-csv"),
    **_places(RUN, "accounts:grants", "accounts:revoke-grant", "licenses:claim"),
    **_places(SELL, "accounts:act", "licenses:import"),
    **_places(SELL | RULE, "accounts:received"),
    # A customer's owner may rest its licence (level “self”) and replace the key, and nothing else of it.
    **_places(RUN | SELL | RULE, "licenses:suspend", "licenses:reinstate", "licenses:rotate-key"),
    **_places(SELL | RULE, "licenses:issue", "licenses:assign", "licenses:renew", "licenses:extend"),
    **_places(SELL | RULE, "licenses:change-plan", "licenses:overrides", "licenses:grace", "licenses:transfer"),
    **_places(SELL | RULE, "licenses:revoke", "licenses:customer-new", "licenses:plans", "licenses:plan"),
    **_places(RESELLERS | PLATFORMS, "licenses:customers", "licenses:customer", "licenses:customers-csv"),
    **_places(RESELLERS, "licenses:pool"),
    **_places(LEAD | RULE, "licenses:branding", "licenses:name-host"),
    **_places(LEAD, "licenses:verify-host", "licenses:remove-host"),
    **_places(PLATFORMS, "accounts:support", "accounts:support-begin"),
    **_places(RULE, "licenses:plan-new", "licenses:plan-edit", "licenses:resellers", "licenses:reseller"),
    **_places(RULE, "licenses:reseller-new", "licenses:reseller-pool"),
}


def classes_of(name: str) -> list[str]:
    """The names of the classes that a route is in: must be exactly one."""
    classes = {"public": PUBLIC, "personal": PERSONAL, "operators": OPERATORS, "tenant": TENANT, "api": API}
    return [title for title, names in classes.items() if is_named(name, names)]


def is_named(name: str, names: Iterable[str]) -> bool:
    return any(fnmatchcase(name, one) for one in names)
