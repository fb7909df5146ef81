"""A colour in a table, with what it looks like."""

import re

from django import template

register = template.Library()


@register.filter
def is_colour(text: str) -> bool:
    """As stored: "#rrggbb"."""
    return re.fullmatch("#[0-9a-fA-F]{6}", text) is not None
