"""Looks that an organization keeps."""

from django.db import transaction

from accounts.models import User
from accounts.services import record
from widgets.editions import look_of
from widgets.models import Preset, Widget

MOST = 50  # of one organization and type


class TooMany(Exception):
    """The organization keeps as many looks as it may."""


@transaction.atomic
def save_preset(*, actor: User | None, widget: Widget, name: str) -> Preset:
    """Keep the draft's look under a name; one of the same name is replaced. Raises TooMany."""
    own = Preset.objects.for_organization(widget.organization).filter(widget_type=widget.widget_type)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise TooMany(f"There are {MOST} looks already. Delete one first.")
    preset, _ = Preset.objects.update_or_create(
        organization=widget.organization,
        widget_type=widget.widget_type,
        name=name,
        defaults={"values": look_of(widget.draft)},
    )
    record(action="preset.saved", actor=actor, organization=widget.organization, target=widget.public_id, name=name)
    return preset


@transaction.atomic
def delete_preset(*, actor: User | None, preset: Preset) -> None:
    record(action="preset.deleted", actor=actor, organization=preset.organization, target=str(preset.pk))
    preset.delete()
