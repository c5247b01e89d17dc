"""One JSON spelling for everything that is signed or hashed: UTF-8, sorted keys, no spare white space."""

import json
from typing import Any


def dumps(value: Any) -> bytes:
    """``value`` (plain JSON types) as its one canonical byte string."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def loads(data: bytes) -> dict[str, Any]:
    """The object in ``data``. Raises ValueError when it is no JSON object."""
    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value
