"""Every change to a widget."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ValidationError

from accounts.models import User
from accounts.services import record
from accounts.webhooks import emit
from core.crypto import UnsealError, same_sealed, seal, unseal
from licenses.entitlements import UNLIMITED, Feature, Metric
from licenses.models import License
from licenses.pool import within_pool
from licenses.services import LimitReached, announce, lock_license
from widgets.models import Credential, JSONDict, PlannedPublication, Widget, WidgetVersion, connection_context
from widgets.types import get_type
from widgets.types.base import STORED
from widgets.types.common import CommonConfiguration
from widgets.types.wording import sentence

Part = Literal["configuration", "connection"]  # of a draft

SECRETS_KEPT = timedelta(minutes=15)  # sessions at OpenAI last ten at most, and ending them takes the key
ROW_KEPT = timedelta(days=33)  # its visitors' sessions stay counted against the month's quota


class NotEntitled(Exception):
    """The licence's plan does not include this kind of widget."""


class InvalidConfiguration(Exception):
    """`errors`: dotted path of a field → what is wrong with it and what to do."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{path}: {text}" for path, text in errors.items()))
        self.errors = errors


class StaleDraft(Exception):
    """Somebody else saved in the meantime; `widget` holds theirs."""

    def __init__(self, widget: Widget) -> None:
        super().__init__("The widget was changed by someone else in the meantime.")
        self.widget = widget


class NotReady(Exception):
    """What is missing before publishing, each with what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def create_widget(*, actor: User | None, license: License, widget_type: str, name: str) -> Widget:
    """A new widget with its type's defaults. Raises UnknownType, NotEntitled, LimitReached, PoolExceeded."""
    with within_pool(license.issuer, now=timezone.now()):
        return _create_widget(actor, license, widget_type, name)


def _create_widget(actor: User | None, license: License, widget_type: str, name: str) -> Widget:
    kind = get_type(widget_type)
    license = lock_license(license)
    if license.organization is None or not license.has(kind.feature):
        raise NotEntitled(f"The plan does not include the type “{kind.label}”.")
    limit, count = license.limit(Metric.WIDGETS), license.widgets.count()
    if limit != UNLIMITED and count >= limit:
        raise LimitReached(Metric.WIDGETS, limit)
    widget = Widget(
        organization=license.organization,
        license=license,
        widget_type=kind.id,
        name=name,
        is_default=not license.widgets.filter(is_default=True).exists(),
        draft=kind.configuration().model_dump(mode="json"),
    )
    widget.draft_connection = _sealed(widget, kind.connection())
    widget.save()
    tell(actor, widget, "widget.created", type=kind.id)
    return widget


@transaction.atomic
def save_draft(
    *,
    actor: User | None,
    widget: Widget,
    configuration: JSONDict | None = None,
    connection: JSONDict | None = None,
    revision: int | None = None,
    connection_mark: str | None = None,
    anew: Collection[str] | None = None,
) -> Widget:
    """Validate and store what is being edited; sites do not change. The draft must still be of this `revision`, or its
    connection alone of this mark, where one is given. Raises InvalidConfiguration, StaleDraft.

    anew: where `actor` may replace secrets and not get at them, the kinds just stored: no other goes to a new address.
    """
    current = lock_widget(widget)
    refuse_stale(current, revision)
    if connection_mark is not None and connection_mark != current.connection_mark:
        raise StaleDraft(current)
    draft, sealed = current.draft, current.draft_connection
    if configuration is not None:
        draft = valid_configuration(current, configuration).model_dump(mode="json")
    if connection is not None:
        valid = validated(current.type.connection, connection)
        if anew is not None:
            _keep_secrets_here(current, valid, anew)
        if valid != draft_connection(current):  # sealing anew would look like a change
            sealed = _sealed(current, valid)
    return store_draft(current, draft, sealed)


def store_draft(widget: Widget, configuration: JSONDict, connection: str) -> Widget:
    """For a locked widget: a new revision, if that is a change. `connection` as it was sealed."""
    if configuration != widget.draft or not same_sealed(connection, widget.draft_connection):
        widget.draft, widget.draft_connection = configuration, connection
        widget.draft_revision += 1
        _save(widget, "draft", "draft_connection", "draft_revision")
    return widget


def refuse_stale(widget: Widget, revision: int | None) -> None:
    """For a locked widget. Raises StaleDraft."""
    if revision is not None and revision != widget.draft_revision:
        raise StaleDraft(widget)


@transaction.atomic
def publish_widget(*, actor: User | None, widget: Widget, note: str = "", revision: int | None = None) -> WidgetVersion:
    """Make the draft, which must still be of this revision, a new version and show it on the sites. Raises NotReady,
    StaleDraft."""
    current = lock_widget(widget)
    refuse_stale(current, revision)
    return publish_content(
        actor=actor, widget=current, configuration=current.draft, connection=current.draft_connection, note=note
    )


def publish_content(
    *, actor: User | None, widget: Widget, configuration: JSONDict, connection: str, note: str
) -> WidgetVersion:
    """For a locked widget: what it held at some time (`connection` as it was sealed) becomes its new version. Raises
    NotReady."""
    problems = problems_of(widget, configuration, connection)
    if problems:
        raise NotReady(problems)
    last = widget.versions.first()
    version = WidgetVersion.objects.create(
        organization_id=widget.organization_id,
        widget=widget,
        number=last.number + 1 if last else 1,
        configuration=configuration,
        connection=connection,
        author=actor,
        note=note,
    )
    widget.published = version
    _save(widget, "published")
    tell(actor, widget, "widget.published", version=version.number)
    return version


@transaction.atomic
def unpublish_widget(*, actor: User | None, widget: Widget) -> Widget:
    return _change(actor, widget, "widget.unpublished", published=None)


@transaction.atomic
def set_enabled(*, actor: User | None, widget: Widget, enabled: bool) -> Widget:
    return _change(actor, widget, "widget.enabled" if enabled else "widget.disabled", enabled=enabled)


@transaction.atomic
def rename_widget(*, actor: User | None, widget: Widget, name: str) -> Widget:
    return _change(actor, widget, "widget.renamed", name=name)


@transaction.atomic
def delete_widget(*, actor: User | None, widget: Widget) -> None:
    """Gone for everybody at once; what hangs on its row ends before the row does."""
    current = lock_widget(widget)
    current.deleted_at, current.enabled, current.is_default = timezone.now(), False, False
    current.save(update_fields=["deleted_at", "enabled", "is_default"])
    tell(actor, current, "widget.deleted", name=current.name)


@transaction.atomic
def purge_deleted_widgets(*, now: datetime) -> None:
    gone = Widget.every.filter(deleted_at__lt=now - SECRETS_KEPT)
    Credential.objects.filter(widget__in=gone).delete()
    WidgetVersion.objects.filter(widget__in=gone).delete()
    PlannedPublication.objects.filter(widget__in=gone).delete()
    gone.update(draft_connection="")
    gone.filter(deleted_at__lt=now - ROW_KEPT).delete()


def what_is_missing(widget: Widget) -> list[str]:
    """Of the draft, before it can be published."""
    return problems_of(widget, widget.draft, widget.draft_connection)


def problems_of(widget: Widget, values: JSONDict, sealed: str) -> list[str]:
    """Why these could not be published now, each with what to do."""
    return [sentence for _, sentence in gaps(widget, values, sealed)]


def gaps(widget: Widget, values: Mapping[str, Any], sealed: str) -> list[tuple[Part, str]]:
    """The same, each with the part of the widget where it is mended."""
    connection, configuration = _opened(widget, sealed), _read(widget, values)
    if connection is None:
        return [("connection", "The stored connection cannot be opened. Enter it again under Connection.")]
    if configuration is None:
        return [("configuration", "The draft is of an older form. Look through it under Configuration and save it.")]
    lacking = list(connection.problems())
    stored = set(widget.credentials.values_list("kind", flat=True))
    labels = {kind.id: kind.label for kind in widget.type.credentials}
    needed = list(connection.required_credentials())
    if configuration.visitors.identity != "off":
        needed.append("identity_secret")
    lacking += [f"Store the {labels[kind]} under Connection." for kind in needed if kind not in stored]
    # Where the plan ends later, the line comes back and the chat stays; so it is no feature of the running widget.
    hidden = set() if configuration.visitors.branding else {Feature.REMOVE_BRANDING}
    used = sorted(widget.type.features(configuration, connection) | hidden)
    excluded = [feature.label for feature in used if not widget.license.has(feature)]
    told = [f"The plan does not include “{label}”. Switch it off or change the plan." for label in excluded]
    return [*(("connection", sentence) for sentence in lacking), *(("configuration", sentence) for sentence in told)]


def open_connection(widget: Widget, sealed: str) -> Any:
    """The connection model of the widget's type. Raises core.crypto.UnsealError."""
    plain = unseal(sealed, context=connection_context(widget.public_id)).reveal()
    return widget.type.connection.model_validate_json(plain, context=STORED)


def draft_connection(widget: Widget) -> Any | None:
    """None: its sealing key is gone, or the type has changed so much that it cannot be read."""
    return _opened(widget, widget.draft_connection)


def led_away(widget: Widget, connection: Any) -> dict[str, str]:
    """The stored secrets that `connection` would send to an origin to which neither the draft nor the published version
    sends them: kind → the field with the address."""
    stored = set(widget.credentials.values_list("kind", flat=True))
    sealed = [widget.draft_connection, widget.published.connection if widget.published else ""]
    present = [known for text in sealed if (known := _opened(widget, text))]
    usual = {(kind, origin) for known in present for kind, _, origin in _destinations(known)}
    wanted = _destinations(connection)
    return {kind: field for kind, field, origin in wanted if kind in stored and (kind, origin) not in usual}


def destinations(connection: Any) -> list[str]:
    """The origins to which a connection sends secrets."""
    return sorted({origin for _, _, origin in _destinations(connection)})


def _destinations(connection: Any) -> Iterator[tuple[str, str, str]]:
    """Kind of credential, field with the address, origin."""
    for kind, field in connection.sends().items():
        parts = urlsplit(getattr(connection, field))
        if parts.hostname:
            yield (
                kind,
                field,
                f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}",
            )


def _keep_secrets_here(widget: Widget, connection: BaseModel, anew: Collection[str]) -> None:
    labels = {kind.id: kind.label for kind in widget.type.credentials}
    errors = {
        field: f"For another address, enter this anew below: {labels[kind]}."
        for kind, field in led_away(widget, connection).items()
        if kind not in anew
    }
    if errors:
        raise InvalidConfiguration(errors)


def _opened(widget: Widget, sealed: str) -> Any | None:
    try:
        return open_connection(widget, sealed)
    except (UnsealError, ValidationError):
        return None


def _read(widget: Widget, values: Mapping[str, Any]) -> CommonConfiguration | None:
    try:
        return widget.type.configuration.model_validate(values, context=STORED)
    except ValidationError:
        return None


def _sealed(widget: Widget, connection: BaseModel) -> str:
    return seal(connection.model_dump_json(), context=connection_context(widget.public_id))


def validated(model: type[BaseModel], data: JSONDict) -> BaseModel:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidConfiguration({".".join(map(str, e["loc"])): sentence(e) for e in error.errors()}) from None


def valid_configuration(widget: Widget, data: JSONDict) -> BaseModel:
    valid = validated(widget.type.configuration, data)
    refused = widget.type.refused(valid)
    if refused:
        raise InvalidConfiguration(dict(refused))
    return valid


def lock_widget(widget: Widget) -> Widget:
    """Its row as it is now, which nobody else changes before the end of the transaction."""
    return Widget.objects.select_for_update(of=("self",)).with_state().get(pk=widget.pk)


def _change(actor: User | None, widget: Widget, action: str, **values: Any) -> Widget:
    current = lock_widget(widget)
    for name, value in values.items():
        setattr(current, name, value)
    _save(current, *values)
    tell(actor, current, action)
    return current


def _save(widget: Widget, *fields: str) -> None:
    widget.changed_at = timezone.now()
    widget.save(update_fields=[*fields, "changed_at"])


def tell(actor: User | None, widget: Widget, action: str, **details: Any) -> None:
    """The audit line of a change, the message to the web processes, and the webhooks."""
    record(action=action, actor=actor, organization=widget.organization, target=widget.public_id, **details)
    announce(widget.license)
    data = {"widget": widget.public_id, "license": widget.license.public_id, "name": widget.name, **details}
    emit(organization=widget.organization, type=action, data=data)
