"""ChatKit's icon names are all shown, each by a drawing that is there and that no other of its set has."""

import json
import re

import pytest
from django.conf import settings

from widgets.types.chatkit.drawings import DRAWINGS
from widgets.types.chatkit.rules import HEADER_ICONS, PROMPT_ICONS

LUCIDE = settings.BASE_DIR / "static/vendor/lucide"
SPRITE = set(re.findall(r'<symbol id="([^"]+)"', (LUCIDE / "sprite.svg").read_text()))


def test_every_name_has_a_drawing():
    assert DRAWINGS.keys() == {*PROMPT_ICONS, *HEADER_ICONS}


def test_every_drawing_is_there_and_drawn_as_the_style_sheet_knows():
    styled = re.findall(r"\.picture--(\w+) ", (settings.BASE_DIR / "static/css/icons.css").read_text())
    drawings = [drawing.split() for drawing in DRAWINGS.values()]
    assert {name for name, *_ in drawings} <= SPRITE
    assert {way for _, *ways in drawings for way in ways} == set(styled)


@pytest.mark.parametrize("names", [PROMPT_ICONS, HEADER_ICONS])
def test_no_two_of_a_set_share_a_drawing(names):
    assert len({DRAWINGS[name] for name in names}) == len(names)


def test_search_and_sprite_have_the_same_names():
    assert json.loads((LUCIDE / "tags.json").read_text()).keys() == SPRITE
