"""The fixed inputs of the vectors, and how values are written."""

from collections.abc import Callable
from dataclasses import fields
from hashlib import shake_256
from typing import Any

from whistle.crypto.suite import Refused

FORMAT = "peluit/v1"
Vectors = dict[str, Any]


def fixed(name: str, length: int) -> bytes:
    """Bytes that look random and are the same in every run."""
    return shake_256(f"{FORMAT} vectors: {name}".encode()).digest(length)


INSTALLATION, CASE, READER = fixed("installation", 16), fixed("case", 16), fixed("reader", 16)
KEY, OTHER_KEY = fixed("epoch key", 32), fixed("another epoch key", 32)
HPKE_SEED, SIGN_SEED, DUAL_SEED = fixed("hpke seed", 32), fixed("signing seed", 32), fixed("dual seed", 64)
BODY = '{"v":1,"kind":"complaint","data":{"story":"Diminta Rp50.000 di loket — tanpa kuitansi 😶"}}'.encode()


def kept(old: Vectors, path: tuple[str | int, ...], make: Callable[[], bytes], holds: Callable[[bytes], Any]) -> bytes:
    """The value at ``path`` of the file that is there, when it still holds; else a new one."""
    value: Any = old
    try:
        for step in path:
            value = value[step]
        value = bytes.fromhex(value)
        holds(value)
    except (KeyError, IndexError, TypeError, ValueError, Refused):
        return make()
    return bytes(value)


def flip(sealed: bytes, at: int) -> bytes:
    return sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]


def shown(place: Any) -> dict[str, Any]:
    """The fields of a place; bytes in hex, the chain as its number."""
    values = {field.name: getattr(place, field.name) for field in fields(place)}
    return {name: value.hex() if isinstance(value, bytes) else int(value) for name, value in values.items()}
