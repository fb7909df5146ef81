"""Words of the chat itself in the languages that we speak: `words/<language>.json`, English is in the scripts.

The keys are those that the scripts ask for; for what the server says to visitors (core/codes.py) and for the loader
they are the English sentence itself.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson

_FOLDER = Path(__file__).parent / "words"
_SPOKEN = frozenset(path.stem for path in _FOLDER.glob("*.json"))
FAILED = "The chat cannot be reached right now."  # the loader's, when the frame does not come up


def strings_for(language: str) -> dict[str, str]:
    """What replaces the English words; nothing for English and for a language that we do not speak."""
    spoken = language.partition("-")[0]
    return _read(spoken) if spoken in _SPOKEN else {}


@cache
def _read(language: str) -> dict[str, str]:
    return dict(orjson.loads((_FOLDER / f"{language}.json").read_bytes()))


def words_of_loader(language: str) -> dict[str, Any]:
    """`close` and `failed` for embed.loader.LoaderConfig; nothing where its own English holds."""
    strings = strings_for(language)
    return {"close": strings.get("close"), "failed": strings.get(FAILED)}
