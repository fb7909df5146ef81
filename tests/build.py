"""Builds what a test needs through the product's own services: alice's things, and charlie's, who must not see hers."""

import json
import os
from typing import Any

from django.utils import timezone

from accounts.models import Organization, User
from accounts.permissions import Role
from accounts.services import add_member, create_organization
from licenses.domains import parse_rule
from licenses.entitlements import UNLIMITED, Feature, Metric
from licenses.models import License, Plan
from licenses.services import add_domains, create_plan, issue_license
from widgets.credentials import set_credential
from widgets.models import Widget
from widgets.services import create_widget, publish_widget, save_draft

PASSWORD = "correct horse battery"


def make_user(name: str, **fields: Any) -> User:
    """Somebody whose address is confirmed."""
    user = User.objects.create_user(f"{name}@example.com", PASSWORD, name=name, **fields)
    user.confirm_email()
    return user


def make_organization(name: str, owner: User | None = None, **fields: Any) -> Organization:
    organization = create_organization(actor=None, name=name, **fields)
    if owner:
        role = {"reseller": Role.RESELLER_OWNER, "platform": Role.PLATFORM_ADMIN}.get(organization.kind, Role.OWNER)
        add_member(actor=None, organization=organization, user=owner, role=role)
    return organization


def make_plan(limits: dict[str, int] | None = None, features: list[str] | None = None, code: str = "test") -> Plan:
    generous = dict.fromkeys([metric.value for metric in Metric], UNLIMITED)
    return create_plan(
        actor=None,
        code=code,
        name="Test",
        limits=generous | (limits or {}),
        features=[feature.value for feature in Feature] if features is None else features,
    )


def make_license(
    organization: Organization | None = None,
    *,
    domains: tuple[str, ...] = ("shop.test",),
    limits: dict[str, int] | None = None,
    features: list[str] | None = None,
    **facts: Any,
) -> License:
    organization = organization or make_organization("Alice's shop")
    license = issue_license(actor=None, organization=organization, plan=make_plan(limits, features), **facts)
    add_domains(actor=None, license=license, rules=[parse_rule(domain) for domain in domains])
    return license


def standin_url() -> str:
    return os.environ.get("DEMO_UPSTREAM_URL", "https://n8n.example.com")


def make_widget(
    license: License | None = None,
    widget_type: str = "n8n",
    *,
    name: str = "Helper",
    configuration: dict[str, Any] | None = None,
    connection: dict[str, Any] | None = None,
    secrets: dict[str, str] | None = None,
    publish: bool = True,
) -> Widget:
    """`configuration` and `connection` are merged over the type's defaults, one level deep."""
    license = license or make_license()
    widget = create_widget(actor=None, license=license, widget_type=widget_type, name=name)
    for kind, secret in (secrets or DEFAULT_SECRETS[widget_type]).items():
        set_credential(actor=None, widget=widget, kind=kind, secret=secret, now=timezone.now())
    draft = json.loads(json.dumps(widget.draft))
    for section, values in (configuration or {}).items():
        draft[section] = {**draft[section], **values} if isinstance(values, dict) else values
    widget = save_draft(
        actor=None,
        widget=widget,
        configuration=draft,
        connection={**DEFAULT_CONNECTIONS[widget_type], **(connection or {})},
    )
    if publish:
        publish_widget(actor=None, widget=widget)
        widget.refresh_from_db()
    return widget


DEFAULT_CONNECTIONS: dict[str, dict[str, Any]] = {
    "n8n": {"url": "https://n8n.example.com/webhook/demo/chat"},
    "chatkit": {"workflow_id": "wf_demo"},
}
DEFAULT_SECRETS: dict[str, dict[str, str]] = {"n8n": {}, "chatkit": {"openai_key": "sk-demo-key-of-alice"}}
