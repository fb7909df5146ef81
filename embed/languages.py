"""Which of a widget's languages a visitor gets: the loader asks page and browser, the frame's address says it."""

import re
from collections.abc import Sequence


def pattern(languages: Sequence[str]) -> str:
    """A regular expression, for JavaScript and Python, whose group finds the first of these languages in a list of
    wanted ones (",de-AT,en-US,en"): "de" for "de-AT", "pt-BR" before "pt". For the default, which is the first of
    them, it finds "".
    """
    tags = _tags(languages)
    default = languages[0]
    found = (rf"(?={_either_case(tag)}\b)" if tags[tag] == default else _either_case(tag) for tag in tags)
    return rf",({'|'.join(found)})\b"


def choose(languages: Sequence[str], wanted: str) -> str:
    """The language for `wanted`: a tag, a list of them, or an Accept-Language header (browsers send it in order).
    The default, the first of `languages`, where none fits."""
    found = re.search(pattern(languages), "," + wanted.replace(" ", ""))
    known = {tag.lower(): language for tag, language in _tags(languages).items()}
    return known.get(found[1].lower(), languages[0]) if found else languages[0]


def _tags(languages: Sequence[str]) -> dict[str, str]:
    """What is looked for → the language that it stands for, the longest first. The only Portuguese that there is is for
    all who want one."""
    firsts = [language.partition("-")[0] for language in languages]
    pairs = zip(firsts, languages, strict=True)
    tags = {first if firsts.count(first) == 1 else language: language for first, language in pairs}
    return dict(sorted(tags.items(), key=lambda pair: -len(pair[0])))


def _either_case(tag: str) -> str:
    """People write "pt-br" too."""
    return re.sub("[A-Z]", lambda letter: f"[{letter[0]}{letter[0].lower()}]", tag)
