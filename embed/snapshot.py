"""A widget as the public paths need it: plain values, no rows, no opened secret."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from pydantic import ValidationError

from accounts.brands import brand_of, dashboard_url, embed_url
from accounts.models import Organization
from core.codes import Code
from core.crypto import UnsealError
from embed.assets import Asset
from embed.frames import FramePage, build_frame_page
from embed.languages import choose
from embed.loader import render_loader, render_words
from embed.loader_config import loader_config
from licenses.domains import RuleSet
from licenses.entitlements import Feature, Metric
from licenses.models import License, ResellerAccount
from licenses.states import Facts
from widgets.models import Widget, WidgetVersion
from widgets.services import open_connection
from widgets.types.base import STORED
from widgets.types.common import CommonConfiguration
from widgets.types.declaration import WidgetType
from widgets.types.languages import languages_of, localized

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SealedCredential:
    public_id: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Edition:
    """What is shown of a widget: a published version, or (number 0) its draft."""

    number: int
    configuration: Mapping[str, Any]
    connection: str  # sealed

    @classmethod
    def of_draft(cls, widget: Widget) -> "Edition":
        return cls(0, widget.draft, widget.draft_connection)

    @classmethod
    def of_version(cls, version: WidgetVersion | None) -> "Edition | None":
        return cls(version.number, version.configuration, version.connection) if version else None


@dataclass(frozen=True, slots=True)
class SharedPool:
    reseller_pk: int
    sessions_month: int


@dataclass(frozen=True, slots=True)
class Scripts:
    """Stage 1, and what differs of it in each of several languages."""

    loader: Asset
    words: Mapping[str, Asset]

    def words_in(self, wanted: str) -> Asset | None:
        return self.words[choose(tuple(self.words), wanted)] if self.words else None


@dataclass(frozen=True, slots=True)
class Show:
    """What a published widget shows and whom it calls.

    pages: by language, the default one first. words: of the loader, where there are several languages.
    """

    version: int
    configuration: CommonConfiguration
    connection: Any
    scripts: Mapping[str, Scripts]  # by the visitors' origin that they are loaded from
    pages: Mapping[str, FramePage]

    def page(self, wanted: str = "") -> FramePage:
        """In the language that fits (see embed.languages.choose)."""
        return self.pages[choose(tuple(self.pages), wanted)]

    def scripts_at(self, origin: str) -> Scripts:
        """A host that was verified since then gets the platform's, until this is read anew."""
        return self.scripts.get(origin) or self.scripts[settings.EMBED_URL]


@dataclass(frozen=True, slots=True)
class Snapshot:
    license_id: str
    widget_id: str
    license_pk: int
    widget_pk: int
    organization_pk: int | None
    reseller_pk: int | None  # whose customer the organization is
    dashboards: tuple[str, ...]  # origins that may frame it beside its websites
    topics: tuple[str, ...]  # version messages that end this snapshot
    type: WidgetType
    enabled: bool
    facts: Facts
    entitled: bool
    rules: RuleSet
    limits: Mapping[Metric, int]
    anchor_day: int  # of the month, on which the licence's counts begin anew
    pool: SharedPool | None  # a reseller's, in which every session of its customers counts
    credentials: Mapping[str, SealedCredential]
    show: Show | None  # None: never published
    broken: Code | None = None  # why the published version cannot be shown


def load_snapshot(license_id: str, widget_id: str) -> Snapshot | None:
    """Read it all; five queries, six under a reseller."""
    license = License.objects.with_facts().filter(public_id=license_id).first()
    if license is None:
        return None
    mine = license.widgets.with_state()
    widget = (mine.filter(public_id=widget_id) if widget_id else mine.filter(is_default=True)).first()
    return take_snapshot(license, widget, Edition.of_version(widget.published)) if widget else None


def take_snapshot(license: License, widget: Widget, edition: Edition | None) -> Snapshot:
    show, broken = _show(license, widget, edition)
    organization = license.organization
    topics = [organization.public_id] if organization else []
    resellers = {organization.parent if organization else None, license.issuer} - {None}
    topics += sorted(reseller.public_id for reseller in resellers if reseller)
    return Snapshot(
        license_id=license.public_id,
        widget_id=widget.public_id,
        license_pk=license.pk,
        widget_pk=widget.pk,
        organization_pk=license.organization_id,
        reseller_pk=organization.parent_id if organization else None,
        dashboards=tuple(dict.fromkeys((settings.DASHBOARD_URL, dashboard_url(organization)))),
        topics=tuple(topics),
        type=widget.type,
        enabled=widget.enabled,
        facts=license.facts(),
        entitled=all(license.has(feature) for feature in _features(widget, show)),
        rules=license.rule_set(),
        limits={metric: license.limit(metric) for metric in Metric},
        anchor_day=license.anchor_day,
        pool=_pool(license),
        credentials={c.kind: SealedCredential(c.public_id, c.sealed) for c in widget.credentials.all()},
        show=show,
        broken=broken,
    )


def _pool(license: License) -> SharedPool | None:
    if license.issuer is None or license.issuer.kind != Organization.Kind.RESELLER:
        return None
    usage = ResellerAccount.objects.for_organization(license.issuer).filter(mode=ResellerAccount.Mode.USAGE).first()
    return SharedPool(license.issuer.pk, usage.limits().sessions_month) if usage else None


def _features(widget: Widget, show: Show | None) -> set[Feature]:
    needed = {widget.type.feature}
    return needed | widget.type.features(show.configuration, show.connection) if show else needed


def _show(license: License, widget: Widget, edition: Edition | None) -> tuple[Show | None, Code | None]:
    if edition is None:
        return None, Code.WIDGET_UNPUBLISHED
    try:
        connection = open_connection(widget, edition.connection)
        configuration = widget.type.configuration.model_validate(edition.configuration, context=STORED)
    except UnsealError:
        return None, Code.CREDENTIAL_UNREADABLE
    except ValidationError as error:  # its own text would show what is stored: a webhook's address is a secret
        fields = [".".join(map(str, fault["loc"])) for fault in error.errors(include_input=False)]
        log.error("What %s has published cannot be read: %s", widget.public_id, ", ".join(fields))  # noqa: TRY400
        return None, Code.CONFIGURATION_OUTDATED
    branding = shows_branding(license, configuration)
    ids, number = (license.public_id, widget), edition.number
    spoken = {language: localized(configuration, language) for language in languages_of(configuration)}
    pages = {name: build_frame_page(*ids, number, one, connection, branding=branding) for name, one in spoken.items()}
    origins = dict.fromkeys((settings.EMBED_URL, embed_url(license.organization)))
    show = Show(
        version=number,
        configuration=configuration,
        connection=connection,
        scripts={origin: _scripts(license, widget, spoken, origin) for origin in origins},
        pages=pages,
    )
    return show, None


def _scripts(license: License, widget: Widget, spoken: Mapping[str, CommonConfiguration], origin: str) -> Scripts:
    configs = {
        name: loader_config(license.public_id, widget, one, tuple(spoken), embed=origin) for name, one in spoken.items()
    }
    words = {name: render_words(one) for name, one in configs.items()} if len(configs) > 1 else {}
    return Scripts(render_loader(next(iter(configs.values()))), words)


def shows_branding(license: License, configuration: CommonConfiguration) -> bool:
    """“Powered by” goes where the plan lets it, and the widget's owner or the reseller wants it."""
    wanted = configuration.visitors.branding and not brand_of(license.organization).look.hide_powered_by
    return wanted or not license.has(Feature.REMOVE_BRANDING)
