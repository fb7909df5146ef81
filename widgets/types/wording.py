"""What pydantic found wrong, said to the person who typed it."""

from pydantic_core import ErrorDetails

from widgets.types.common import ADDRESS

_SENTENCES = {
    "string_too_long": "Use at most {max_length} characters.",
    "string_too_short": "Fill this in.",
    "string_type": "Write a text.",
    "string_pattern_mismatch": "This is not in the form that is needed here.",
    "int_parsing": "Write a whole number.",
    "int_type": "Write a whole number.",
    "int_from_float": "Write a whole number.",
    "bool_parsing": "Choose yes or no.",
    "greater_than_equal": "The least is {ge}.",
    "less_than_equal": "The most is {le}.",
    "literal_error": "Choose one of {expected}.",
    "too_long": "Use at most {max_length}.",
    "too_short": "Add at least {min_length}.",
    "extra_forbidden": "There is no such field.",
    "missing": "Fill this in.",
}
_PATTERNS = {
    "^#[0-9a-fA-F]{6}$": "Write a colour such as #1f5eff.",
    ADDRESS: "Write a path such as /docs/*, or an address such as https://shop.example/*.",
}


def sentence(error: ErrorDetails) -> str:
    """Our own validators already speak to people; their text passes as it is."""
    known = _PATTERNS.get(error.get("ctx", {}).get("pattern", "")) or _SENTENCES.get(error["type"])
    return known.format(**error.get("ctx", {})) if known else error["msg"].removeprefix("Value error, ")
