"""What a widget type declares. Form, validation, API schema, preview, import/export and docs derive from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from licenses.entitlements import Feature
from widgets.types.base import Connection, Contrast, CredentialKind, FrameSources, IconNames, Look
from widgets.types.common import CONTRASTS, CommonConfiguration


def _nothing_more(configuration: Any, connection: Any) -> set[Feature]:
    return set()


def _nothing_refused(configuration: Any) -> dict[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class WidgetType:
    """One kind of chat.

    id: stands in URLs and in the database, never changes. feature: what a plan must include.
    configuration: what the site shows; visible to anyone who opens the chat. connection: how the other side is
    reached; sealed at rest, never sent to a browser. frame_config: both → the JSON that static/frame/<id>.js reads.
    fixed: parts of that JSON that a running frame cannot change. frame_sources: connection → what the frame page may
    load. api: name → URL name of the calls that the frame makes.
    probe: URL name of the page that tries the connection (widgets/views/probing.py); "" for a type that has none.
    refused: configuration → what the other side would refuse although it fits the declaration (path → sentence).
    frame_script: the frame's entry module, its style sheet beside it; None: static/frame/<id>.js.
    allowlist: heading and sentence about where our host must be named. preview_note: what its preview does not show.
    """

    id: str
    label: str
    description: str
    feature: Feature
    configuration: type[CommonConfiguration]
    connection: type[Connection]
    credentials: tuple[CredentialKind, ...]
    frame_config: Callable[[Any, Any], dict[str, Any]]
    frame_sources: Callable[[Any], FrameSources]
    api: Mapping[str, str]
    fixed: tuple[str, ...] = ()
    contrasts: tuple[Contrast, ...] = CONTRASTS
    looks: tuple[Look, ...] = ()
    icons: IconNames = field(default_factory=IconNames)
    probe: str = ""
    extra_features: Callable[[Any, Any], set[Feature]] = _nothing_more
    notices: tuple[str, ...] = ()
    refused: Callable[[Any], Mapping[str, str]] = _nothing_refused
    frame_script: Path | None = None
    allowlist: tuple[str, str] | None = None
    preview_note: str = ""

    def features(self, configuration: CommonConfiguration, connection: Connection) -> set[Feature]:
        """What a plan must include for this configuration to run."""
        identified = {Feature.IDENTIFIED_USERS} if configuration.visitors.identity != "off" else set()
        return {self.feature} | identified | self.extra_features(configuration, connection)
