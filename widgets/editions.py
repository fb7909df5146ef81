"""What becomes of whole configurations: restored, brought in from a file or another widget, copied."""

from typing import Any

import orjson
from django.db import transaction
from pydantic import BaseModel

from accounts.models import User
from widgets.models import JSONDict, Widget, WidgetVersion
from widgets.services import (
    create_widget,
    draft_connection,
    lock_widget,
    refuse_stale,
    save_draft,
    store_draft,
    valid_configuration,
    validated,
)
from widgets.types import get_type

FORMAT = "chatdock-widget"  # of an exported file
LOOK = ("theme", "launcher", "window")  # what makes a widget's look, of any type that has it


class Unreadable(Exception):
    """A file that cannot be taken; the message says why."""


@transaction.atomic
def restore_version(*, widget: Widget, number: int, with_connection: bool, revision: int | None = None) -> Widget:
    """Make a version the draft again; sites change when it is published. with_connection: also how the other side is
    reached, for those who may set secrets. Raises WidgetVersion.DoesNotExist, InvalidConfiguration, StaleDraft."""
    current = lock_widget(widget)
    version: WidgetVersion = current.versions.get(number=number)
    refuse_stale(current, revision)
    draft = valid_configuration(current, version.configuration).model_dump(mode="json")
    # As it is sealed: sealed anew it would look like a change.
    return store_draft(current, draft, version.connection if with_connection else current.draft_connection)


def export_widget(widget: Widget) -> bytes:
    """The draft's configuration as a file: no secret, no address of the other side."""
    content = {"format": FORMAT, "type": widget.widget_type, "name": widget.name, "configuration": widget.draft}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def read_export(widget: Widget, data: bytes) -> JSONDict:
    """The configuration in a file, whole and valid for this widget. Raises Unreadable, InvalidConfiguration."""
    try:
        content = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise Unreadable("This is not a JSON file.") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise Unreadable("This is not a file that was exported here.")
    if content.get("type") != widget.widget_type:
        label = widget.type.label
        raise Unreadable(f"The file is of another type of widget. This one is an {label}.")
    if not isinstance(content.get("configuration"), dict):
        raise Unreadable("There is no configuration in this file.")
    return complete(widget.type.configuration, content["configuration"])


def complete(model: type[BaseModel], values: Any) -> JSONDict:
    """Validated, with defaults for what is missing. Raises InvalidConfiguration."""
    return validated(model, values if isinstance(values, dict) else {}).model_dump(mode="json")


def look_of(configuration: JSONDict) -> JSONDict:
    """The parts of a configuration that make a widget's look."""
    return {name: configuration[name] for name in LOOK if name in configuration}


@transaction.atomic
def duplicate_widget(*, actor: User | None, widget: Widget, name: str) -> Widget:
    """A new widget with this one's draft; secrets are not copied. Raises NotEntitled, LimitReached,
    InvalidConfiguration."""
    copy = create_widget(actor=actor, license=widget.license, widget_type=get_type(widget.widget_type).id, name=name)
    connection = draft_connection(widget)
    connected = {} if connection is None else {"connection": connection.model_dump(mode="json")}
    return save_draft(actor=actor, widget=copy, configuration=widget.draft, **connected)
