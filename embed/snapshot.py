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
from embed.loader import render_loader
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
class Show:
    """What a published widget shows and whom it calls."""

    version: int
    configuration: CommonConfiguration
    connection: Any
    loaders: Mapping[str, Asset]  # by the visitors' origin that they are loaded from
    page: FramePage

    def loader(self, origin: str) -> Asset:
        """A host that was verified since then gets the platform's, until this is read anew."""
        return self.loaders.get(origin) or self.loaders[settings.EMBED_URL]


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
    origins = dict.fromkeys((settings.EMBED_URL, embed_url(license.organization)))
    show = Show(
        version=edition.number,
        configuration=configuration,
        connection=connection,
        loaders={
            origin: render_loader(loader_config(license.public_id, widget, configuration, embed=origin))
            for origin in origins
        },
        page=build_frame_page(license.public_id, widget, edition.number, configuration, connection, branding=branding),
    )
    return show, None


def shows_branding(license: License, configuration: CommonConfiguration) -> bool:
    """ "Powered by" goes where the plan lets it, and the widget's owner or the reseller wants it."""
    wanted = configuration.visitors.branding and not brand_of(license.organization).look.hide_powered_by
    return wanted or not license.has(Feature.REMOVE_BRANDING)
