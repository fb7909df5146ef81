"""The registry of widget types: one sub-package each, found by name, exposing `TYPE`."""

import importlib
import pkgutil

from widgets.types.declaration import WidgetType


class UnknownType(LookupError):
    """No widget type has this id."""


_types: dict[str, WidgetType] = {}


def register(widget_type: WidgetType) -> WidgetType:
    _types[widget_type.id] = widget_type
    return widget_type


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
