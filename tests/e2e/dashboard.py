"""What tests of the dashboard share: being logged in, and a page for every situation."""

from datetime import UTC, datetime

from django.conf import settings
from django.test import Client

from accounts.models import User
from analytics.incidents import Report, write_reports
from tests.build import make_license, make_organization, make_user, make_widget
from tests.e2e.server import Product
from widgets.models import Widget

LONG = "A very long name that somebody typed without ever thinking of small screens"


def log_in(context, product: Product, user: User) -> None:
    client = Client()
    client.force_login(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": product.dashboard}])


def fill(alice: User) -> dict[str, str]:
    """Rows for every page → name of a page: its path."""
    shop = make_organization("Alice's shop", alice)
    make_organization("Bob's very long and winding organization name", alice)
    license = make_license(
        shop, domains=("shop.test", "*.shop.example.com"), limits={"widgets": 4, "sessions_day": 100}
    )
    spoken = {"prompts": [{"label": "Hours?", "prompt": "When?"}], "translations": [{"language": "de"}]}
    n8n = make_widget(license, name="Coffee guide", configuration=spoken)
    make_widget(license, name=LONG, publish=False)
    prompts = [{"label": "Hello", "prompt": "Say hello", "icon": "sparkle"}]
    chatkit = make_widget(license, "chatkit", name="Agent", configuration={"start_screen": {"prompts": prompts}})
    _trouble(n8n)
    one, other = f"/o/{shop.slug}/widgets/{n8n.public_id}/", f"/o/{shop.slug}/widgets/{chatkit.public_id}/"
    return {
        "list": f"/o/{shop.slug}/widgets/",
        "search": f"/o/{shop.slug}/widgets/?q=nothing",
        "empty": "/o/bobs-very-long-and-winding-organization-name/widgets/",
        "create": f"/o/{shop.slug}/widgets/new/",
        "edit": one,
        "edit-chatkit": other,
        "connection": f"{other}connection/",
        "publish": f"{one}publish/",
        "versions": f"{one}versions/",
        "install": f"{other}install/",
        "problems": f"{one}problems/",
        "settings": f"{one}settings/",
        "licenses": f"/o/{shop.slug}/licenses/",
        "license": f"/o/{shop.slug}/licenses/{license.public_id}/",
        "domains": f"/o/{shop.slug}/licenses/{license.public_id}/domains/",
        "password": "/password/",
        "absent": "/o/nowhere/widgets/",
    }


def _trouble(widget: Widget) -> None:
    now = datetime.now(UTC)
    for code, detail in (("n8n_workflow_failed", "Error in node “Answer”: 429"), ("quota_exceeded", "")):
        write_reports([Report(widget.organization_id, widget.pk, code, detail, now)])


__all__ = ["fill", "log_in", "make_user"]
