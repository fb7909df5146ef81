from typing import Any

import orjson

_SAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def script_json(data: Any) -> bytes:
    """JSON that cannot end the script block it stands in."""
    return orjson.dumps(data).decode().translate(_SAFE).encode()
