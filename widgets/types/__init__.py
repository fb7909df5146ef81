"""The registry of widget types: one sub-package each, found by name, exposing `TYPE`."""

import importlib
import pkgutil
from dataclasses import replace

from widgets.types.declaration import WidgetType
from widgets.types.languages import translated


class UnknownType(LookupError):
    """No widget type has this id."""


_types: dict[str, WidgetType] = {}


def register(widget_type: WidgetType) -> WidgetType:
    """Every type gets languages, whatever it declares."""
    known = replace(widget_type, configuration=translated(widget_type.configuration))
    _types[known.id] = known
    return known


def get_type(type_id: str) -> WidgetType:
    try:
        return all_types()[type_id]
    except KeyError:
        raise UnknownType(type_id) from None


def all_types() -> dict[str, WidgetType]:
    if not _types:
        for module in pkgutil.iter_modules(__path__):
            if module.ispkg:
                register(importlib.import_module(f"{__name__}.{module.name}").TYPE)
    return _types
