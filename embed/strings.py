"""Words of the chat itself in the languages that we speak: `words/<language>.json`, English is in the scripts.

The keys are those that the scripts ask for; for what the server says to visitors (core/codes.py) they are the English
sentence itself. The loader's second stage has a script per language, see LOADER_WORDS.
"""

from functools import cache
from pathlib import Path

import orjson

_FOLDER = Path(__file__).parent / "words"
_SPOKEN = frozenset(path.stem for path in _FOLDER.glob("*.json"))
FAILED = "The chat cannot be reached right now."
LOADER_WORDS = {"Close": "close", FAILED: FAILED}  # in its script as they stand here → key


def strings_for(language: str) -> dict[str, str]:
    """What replaces the English words; nothing for English and for a language that we do not speak."""
    spoken = spoken_tag(language)
    return _read(spoken) if spoken else {}


def spoken_tag(language: str) -> str:
    """ "pt" of "pt-BR"; "" for English and for a language that we do not speak."""
    tag = language.partition("-")[0]
    return tag if tag in _SPOKEN else ""


@cache
def _read(language: str) -> dict[str, str]:
    return dict(orjson.loads((_FOLDER / f"{language}.json").read_bytes()))


def translate_loader(script: str, language: str) -> str:
    strings = strings_for(language)
    for english, key in LOADER_WORDS.items():
        script = script.replace(f'"{english}"', orjson.dumps(strings[key]).decode())
    return script
