"""ChatKit's own rules for its options: `options.schema.json`, from the types of npm @openai/chatkit 1.9.0."""

import json
from pathlib import Path
from typing import Any

SCHEMA: dict[str, Any] = json.loads((Path(__file__).parent / "options.schema.json").read_text())
PROMPT_ICONS: tuple[str, ...] = tuple(SCHEMA["$defs"]["icon"]["anyOf"][0]["enum"])
HEADER_ICONS: tuple[str, ...] = tuple(SCHEMA["$defs"]["headerIcon"]["enum"])  # another set, and without Lucide
LOCALES: tuple[str, ...] = tuple(SCHEMA["$defs"]["locale"]["enum"])
