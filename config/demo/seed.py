"""The demo's data: a café with an n8n and a ChatKit widget, a neighbour who has not allowed the demo site, and whoever
sells it: see config.demo.business."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.utils import timezone

from accounts.models import Membership, Organization, User
from accounts.permissions import Role
from accounts.services import add_member, create_organization
from config.demo.business import seed_business
from licenses.domains import parse_rule
from licenses.entitlements import UNLIMITED, Feature, Metric
from licenses.models import License, Plan
from licenses.services import add_domains, create_plan, issue_license
from widgets.credentials import set_credential
from widgets.models import Widget
from widgets.services import create_widget, open_connection, publish_widget, save_draft

EMAIL = "demo@example.com"
CAFE, NEIGHBOUR = "Harbour Coffee", "Corner Bakery"
DEMO_WEBHOOK = "/n8n/webhook/demo/chat"
LIMITS = {
    Metric.WIDGETS: 10,
    Metric.DOMAINS: 10,
    Metric.WILDCARD_DOMAINS: 10,
    Metric.SESSIONS_DAY: 1000,
    Metric.SESSIONS_MONTH: 10_000,
    Metric.CONCURRENT_SESSIONS: UNLIMITED,
    Metric.MESSAGES_MONTH: UNLIMITED,
    Metric.MEMBERS: 10,
    Metric.UPLOAD_MB: 10,
    Metric.ANALYTICS_DAYS: 90,
}
TRIAL_LIMITS = {
    Metric.WIDGETS: 2,
    Metric.DOMAINS: 2,
    Metric.WILDCARD_DOMAINS: 0,
    Metric.SESSIONS_MONTH: 200,
    Metric.MEMBERS: 3,
}
PROMPTS = [
    {"label": "What do you roast?", "prompt": "Which coffees do you roast at the moment?"},
    {"label": "When are you open?", "prompt": "When are you open this week?"},
    {"label": "Show me a table", "prompt": "Show me your brewing guide as a table, please."},
]


def seed() -> dict[str, Any]:
    """Make what is missing; run at every start. → what the box prints, and what the demo site needs."""
    user = User.objects.filter(email=EMAIL).first() or User.objects.create_superuser(EMAIL)
    user.set_password(os.environ["DEMO_PASSWORD"])
    user.save()
    user.confirm_email()
    plan = Plan.objects.filter(code="demo").first() or create_plan(
        actor=None,
        code="demo",
        name="Demo",
        limits={metric.value: limit for metric, limit in LIMITS.items()},
        features=[feature.value for feature in Feature],
    )
    _trial_plan()
    cafe = _license(user, CAFE, plan, allow_localhost=True)
    neighbour = _license(user, NEIGHBOUR, plan, allow_localhost=False)
    site = {
        "embed_url": settings.EMBED_URL,
        "license": cafe.public_id,
        "n8n_widget": _n8n(user, cafe, "Coffee guide").public_id,
        "chatkit_widget": _chatkit(user, cafe).public_id,
        "other_license": neighbour.public_id,
        "other_widget": _n8n(user, neighbour, "Bakery guide").public_id,
    }
    password = os.environ["DEMO_PASSWORD"]
    return {"email": EMAIL, "password": password, "site": site, "others": seed_business(password)}


def _trial_plan() -> None:
    """What somebody who signs up gets."""
    if not Plan.objects.filter(code="trial").exists():
        create_plan(
            actor=None,
            code="trial",
            name="Trial",
            limits={metric.value: limit for metric, limit in (LIMITS | TRIAL_LIMITS).items()},
            features=[feature.value for feature in Feature if feature is not Feature.REMOVE_BRANDING],
            duration_days=14,
        )


def _license(user: User, name: str, plan: Plan, *, allow_localhost: bool) -> License:
    organization = Organization.objects.filter(name=name).first() or create_organization(actor=None, name=name)
    if not Membership.objects.filter(organization=organization, user=user).exists():
        add_member(actor=None, organization=organization, user=user, role=Role.OWNER)
    license = organization.licenses.first()
    if license is None:
        license = issue_license(actor=None, organization=organization, plan=plan, allow_localhost=allow_localhost)
        add_domains(actor=None, license=license, rules=[parse_rule("example.com"), parse_rule("*.example.com")])
    return license


def _n8n(user: User, license: License, name: str) -> Widget:
    widget = license.widgets.filter(name=name).first() or create_widget(
        actor=user, license=license, widget_type="n8n", name=name
    )
    draft = dict(widget.draft)
    if widget.published is None:
        draft["texts"] |= {
            "title": license.organization.name if license.organization else name,
            "subtitle": "Usually answers at once",
            "greeting": ["Hello! I know our coffees, our hours and our brewing guides.", "What can I do for you?"],
        }
        draft |= {
            "prompts": PROMPTS,
            "launcher": draft["launcher"] | {"color": "#a3562a", "label": "Ask about coffee"},
            "theme": draft["theme"] | {"accent": "#a3562a"},
            "teaser": {"text": "Questions about coffee?", "delay": 4},
        }
    return _connect(user, widget, draft, {"url": f"{settings.DEMO_UPSTREAM_URL}{DEMO_WEBHOOK}"})


def _chatkit(user: User, license: License) -> Widget:
    widget = license.widgets.filter(widget_type="chatkit").first()
    if widget is None:
        widget = create_widget(actor=user, license=license, widget_type="chatkit", name="Barista agent")
        key = "sk-demo-" + secrets.token_urlsafe(24)  # the stand-in takes any key that begins like this
        set_credential(actor=user, widget=widget, kind="openai_key", secret=key, now=timezone.now())
    draft = dict(widget.draft)
    if widget.published is None:
        accent = {"enabled": True, "primary": "#0f7d74", "level": 2}
        draft |= {
            "title": "Barista agent",
            "launcher": draft["launcher"] | {"color": "#0f7d74", "icon": "spark", "label": "Ask the barista"},
            "theme": draft["theme"] | {"accent": accent, "radius": "round"},
            "start_screen": {"greeting": "What shall we brew?", "prompts": [p | {"icon": "sparkle"} for p in PROMPTS]},
            "disclaimer": {"text": "An agent answers here; it can be wrong.", "high_contrast": False},
        }
    return _connect(user, widget, draft, {"backend": "hosted", "workflow_id": "wf_demo"})


def _connect(user: User, widget: Widget, draft: dict[str, Any], connection: dict[str, Any]) -> Widget:
    """Publish on the first start, and when the stand-ins listen elsewhere now; else what people changed stays."""
    if widget.published is None or _stand_ins_moved(widget):
        widget = save_draft(actor=user, widget=widget, configuration=draft, connection=connection)
        publish_widget(actor=user, widget=widget, note="First version")
    return widget


def _stand_ins_moved(widget: Widget) -> bool:
    url: str = getattr(open_connection(widget, widget.draft_connection), "url", "")
    return url.endswith(DEMO_WEBHOOK) and not url.startswith(settings.DEMO_UPSTREAM_URL)
