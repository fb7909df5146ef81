"""The OpenAPI description of /api/v1/, made once per process."""

from functools import lru_cache
from typing import Any

import orjson
from drf_spectacular.generators import SchemaGenerator


@lru_cache(maxsize=1)
def openapi() -> dict[str, Any]:
    schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return schema


@lru_cache(maxsize=1)
def openapi_json() -> bytes:
    return orjson.dumps(openapi())
