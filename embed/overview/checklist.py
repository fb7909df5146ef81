"""The way from a licence to the first conversation, and where on it one is."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse

from accounts.models import Organization
from accounts.permissions import Permission
from embed.models import VisitorSession
from licenses.models import License
from widgets.models import Widget
from widgets.services import what_is_missing
from widgets.snippets.embed import Options, make_embed, tag


@dataclass(frozen=True, slots=True)
class Step:
    label: str
    help: str
    done: bool
    link: str  # "" where another has to act, or the role may not
    action: str
    code: str = ""  # what is copied there and then


@dataclass(frozen=True, slots=True)
class Checklist:
    steps: list[Step]

    @property
    def done(self) -> list[Step]:
        return [step for step in self.steps if step.done]

    @property
    def left(self) -> list[Step]:
        return [step for step in self.steps if not step.done]


def checklist(
    organization: Organization,
    permissions: Collection[Permission],
    licenses: Sequence[License],
    widgets: Sequence[Widget],
    totals: Mapping[str, int],
) -> Checklist:
    """`licenses`: with their domain rules. `widgets`: some, with_state(). `totals`: see WidgetQuerySet.totals()."""
    facts = _Facts(organization, permissions, licenses, widgets, totals)
    return Checklist([*_before_publishing(facts), *_from_then_on(facts)])


@dataclass(frozen=True, slots=True)
class _Facts:
    organization: Organization
    permissions: Collection[Permission]
    licenses: Sequence[License]
    widgets: Sequence[Widget]
    totals: Mapping[str, int]

    def link(self, permission: Permission, name: str, *args: str) -> str:
        return reverse(name, args=[self.organization.slug, *args]) if permission in self.permissions else ""

    def of_license(self, permission: Permission, name: str) -> str:
        return self.link(permission, name, self.licenses[0].public_id) if self.licenses else ""

    @property
    def nearest(self) -> Widget | None:
        """To done."""
        return max(self.widgets, key=lambda each: (each.published_id is not None, each.pk), default=None)

    def of_widget(self, permission: Permission, name: str) -> str:
        return self.link(permission, name, self.nearest.public_id) if self.nearest else ""

    def tag(self) -> str:
        return tag(make_embed(self.nearest, "", Options())) if self.nearest and self.nearest.published_id else ""

    def domain_allowed(self) -> bool:
        return any(license.allow_localhost or license.domain_rules.all() for license in self.licenses)

    def connected(self) -> bool:
        """What was ever published was complete then."""
        if any(widget.ever_published for widget in self.widgets):
            return True
        return any(not what_is_missing(widget) for widget in self.widgets[:1])

    def conversation(self) -> bool:
        return VisitorSession.objects.for_organization(self.organization).counted().exists()


def _before_publishing(facts: _Facts) -> Iterator[Step]:
    may = Permission
    yield Step("Have a licence", "Whoever runs the chats for you issues it.", bool(facts.licenses), "", "")
    yield Step(
        "Allow your website",
        "The chat appears on the domains you list, and nowhere else.",
        facts.domain_allowed(),
        facts.of_license(may.DOMAIN_EDIT, "licenses:domains"),
        "Add a domain",
    )
    yield Step(
        "Create a widget",
        "One chat: an n8n workflow or an OpenAI agent.",
        facts.totals["all"] > 0,
        facts.link(may.WIDGET_EDIT, "widgets:create") if facts.licenses else "",
        "Create a widget",
    )
    yield Step(
        "Connect it",
        "Say where it gets its answers, and test the connection.",
        facts.connected(),
        facts.of_widget(may.CREDENTIAL_SET, "widgets:connection"),
        "Open Connection",
    )


def _from_then_on(facts: _Facts) -> Iterator[Step]:
    may = Permission
    yield Step(
        "Publish it",
        "Until then only you see it, in the preview.",
        facts.totals["published"] > 0,
        facts.of_widget(may.WIDGET_EDIT, "widgets:publish"),
        "Publish",
    )
    yield Step(
        "Put it on your site",
        "Paste one tag. It is done once the chat was seen there.",
        facts.totals["seen"] > 0,
        facts.of_widget(may.WIDGET_READ, "widgets:install"),
        "Open Install",
        facts.tag(),
    )
    yield Step(
        "Have the first conversation",
        "Open your site and say hello.",
        facts.conversation(),
        facts.of_widget(may.WIDGET_READ, "widgets:install"),
        "See where it is",
    )
