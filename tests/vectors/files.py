"""Vectors of a file: a small one as a whole, and one of two chunks by its hash."""

import hashlib
from typing import Any

from tests.vectors.inputs import INSTALLATION, KEY, Vectors, fixed, flip
from whistle.crypto.stream import CHUNK, FilePlace, FileSealer

FILE = fixed("file", 16)
SMALL = b"foto"
LONG = CHUNK + 5


def file(_: Vectors) -> Vectors:
    """What opens, and what does not: moved to another id, cut, changed, and of another size."""
    small = {**_place(), "content": SMALL.hex(), "size": len(SMALL), "stored": _sealed(SMALL).hex()}
    long = hashlib.shake_256(b"file").digest(LONG)
    by_hash = {**_place(), "size": LONG, "stored_sha256": hashlib.sha256(_sealed(long)).hexdigest()}
    return {
        "about": "Two files: one as a whole, and one of two chunks, SHAKE256 of the ASCII string file to its size.",
        "vectors": [small, by_hash],
        "refused": [
            small | {"why": "another installation", "installation": fixed("other", 16).hex()},
            small | {"why": "another file", "file": fixed("other", 16).hex()},
            small | {"why": "a changed byte", "stored": flip(_sealed(SMALL), 3).hex()},
            small | {"why": "a byte less", "stored": small["stored"][:-2]},
            small | {"why": "the content is said to be longer", "size": len(SMALL) + 1},
            small | {"why": "the content is said to be shorter", "size": len(SMALL) - 1},
        ],
    }


def _place() -> dict[str, Any]:
    return {"installation": INSTALLATION.hex(), "file": FILE.hex(), "file_key": KEY.hex()}


def _sealed(content: bytes) -> bytes:
    sealer = FileSealer(KEY, FilePlace(INSTALLATION, FILE))
    return sealer.add(content) + b"".join(sealer.finish())
