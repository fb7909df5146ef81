"""Rules of the house that a machine can check, and where the files are that they are about."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
# From the top floor down; those on one line are on one floor.
FLOORS = (
    ("config",),
    ("chatkit_sessions", "n8n_relay"),
    ("embed",),
    ("analytics",),
    ("widgets",),
    ("licenses",),
    ("accounts",),
    ("core",),
)
APPS = tuple(app for floor in FLOORS for app in floor)


def python_files(*folders: str) -> Iterator[Path]:
    """Our own Python below these folders (default: product and tests), without migrations."""
    for folder in folders or (*APPS, "tests"):
        files = sorted((ROOT / folder).rglob("*.py"))
        yield from (path for path in files if not {"migrations", "node_modules"} & set(path.parts))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))
