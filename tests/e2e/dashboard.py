"""What tests of the dashboard share: being logged in, and a page for every situation."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.apitokens import create_token
from accounts.models import Organization, User
from accounts.webhooks import create_endpoint, send_test
from analytics.incidents import Report, write_reports
from licenses.models import License
from tests.build import make_license, make_organization, make_user, make_widget
from tests.e2e.server import Product
from widgets.models import Widget
from widgets.sharing import share_preview

Pages = dict[str, tuple[str, dict[str, Any]]]  # name of a page → its URL name and what that takes
LONG = "A very long name that somebody typed without ever thinking of small screens"


def log_in(context, product: Product, user: User) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": product.dashboard}])


def fill(alice: User) -> dict[str, str]:
    """Rows for every page → name of a page: its path. Whoever adds a page to the dashboard adds it here,
    or to tests.e2e.business.fill_business.
    """
    shop = make_organization("Alice's shop", alice)
    make_organization("Bob's very long and winding organization name", alice)
    make_organization("Alice's agency", alice, kind="reseller")
    license = make_license(
        shop, domains=("shop.test", "*.shop.example.com"), limits={"widgets": 4, "sessions_day": 100}
    )
    spoken = {"prompts": [{"label": "Hours?", "prompt": "When?"}], "translations": [{"language": "de"}]}
    n8n = make_widget(license, name="Coffee guide", configuration=spoken)
    make_widget(license, name=LONG, publish=False)
    prompts = [{"label": "Hello", "prompt": "Say hello", "icon": "sparkle"}]
    chatkit = make_widget(license, "chatkit", name="Agent", configuration={"start_screen": {"prompts": prompts}})
    _trouble(n8n)
    share_preview(actor=alice, widget=n8n, period="week", now=datetime.now(UTC))
    found = paths(_pages(shop, license, n8n, chatkit))
    return found | {"search": f"{found['list']}?q=nothing", "absent": "/o/nowhere/widgets/"}


def paths(pages: Pages) -> dict[str, str]:
    return {name: reverse(page, kwargs=facts) for name, (page, facts) in pages.items()}


def _pages(shop: Organization, license: License, n8n: Widget, chatkit: Widget) -> Pages:
    own, one, other = {"slug": shop.slug}, {"widget_id": n8n.public_id}, {"widget_id": chatkit.public_id}
    licensed, rule = {"license_id": license.public_id}, {"rule_id": license.domain_rules.first().pk}
    return {
        "overview": ("widgets:overview", own),
        "overview-reseller": ("widgets:overview", {"slug": "alices-agency"}),
        "list": ("widgets:list", own),
        "empty": ("widgets:list", {"slug": "bobs-very-long-and-winding-organization-name"}),
        "create": ("widgets:create", own),
        "edit": ("widgets:edit", own | one),
        "edit-chatkit": ("widgets:edit", own | other),
        "connection": ("widgets:connection", own | other),
        "publish": ("widgets:publish", own | one),
        "versions": ("widgets:versions", own | one),
        "install": ("widgets:install", own | other),
        "problems": ("analytics:problems", own | one),
        "settings": ("widgets:settings", own | one),
        "licenses": ("licenses:list", own),
        "license": ("licenses:detail", own | licensed),
        "domains": ("licenses:domains", own | licensed),
        "remove-domain": ("licenses:remove-domain", own | licensed | rule),
        "password": ("accounts:password", {}),
        "second-factor": ("mfa_index", {}),
        "second-factor-app": ("mfa_activate_totp", {}),
        "second-factor-passkey": ("mfa_add_webauthn", {}),
        "who-are-you": ("account_reauthenticate", {}),
        "email": ("account_email", {}),
        "sessions": ("accounts:sessions", {}),
        "team": ("accounts:team", own),
        "audit": ("accounts:audit", own),
        "tokens": ("accounts:tokens", own),
        "webhooks": ("accounts:webhooks", own),
        "webhook": ("accounts:webhook", own | {"endpoint_id": _webhook(shop)}),
        "api": ("api-docs", {}),
        "restore": ("widgets:restore", own | one | {"number": 1}),
        "unpublish": ("widgets:unpublish", own | one),
        "share": ("widgets:share", own | one),
    }


def violations(page) -> list[str]:
    """What the page's Content-Security-Policy refused, Trusted Types included, from here on."""
    found = []
    page.on("console", lambda message: found.append(message.text) if "Security Policy" in message.text else None)
    return found


def _webhook(shop: Organization) -> str:
    """An endpoint with a log, and a token beside it; its id."""
    create_token(membership=shop.memberships.get(), name="Billing", scopes=["licenses:read"], now=datetime.now(UTC))
    endpoint, _ = create_endpoint(
        actor=None, organization=shop, url="https://hooks.example.com/a/rather/long/address", events=["license.*"]
    )
    send_test(actor=None, endpoint=endpoint)
    return endpoint.public_id


def _trouble(widget: Widget) -> None:
    now = datetime.now(UTC)
    for code, detail in (("n8n_workflow_failed", "Error in node “Answer”: 429"), ("quota_exceeded", "")):
        write_reports([Report(widget.organization_id, widget.pk, code, detail, now)])


__all__ = ["fill", "log_in", "make_user", "paths", "violations"]
