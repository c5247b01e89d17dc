"""One JSON spelling for everything that is signed or hashed: UTF-8, sorted keys, no spare white space."""

import json
from typing import Any

from whistle.crypto.suite import Refused

UNREADABLE = (Refused, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""All that reading what somebody hostile wrote, or a disk damaged, may raise. A fault of the store is not among it."""


def dumps(value: Any) -> bytes:
    """``value`` (plain JSON types) as its one canonical byte string."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def loads(data: bytes) -> dict[str, Any]:
    """The object in ``data``. Raises ValueError when it is no JSON object."""
    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value
