"""Vectors of the one byte string in which a sealed report travels. What is inside is made up: nobody opens it here."""

from typing import Any

from tests.sealer import FIELDS, joined
from tests.vectors.inputs import CASE, HPKE_SEED, INSTALLATION, READER, SIGN_SEED, Vectors, fixed
from whistle.crypto.signing import ed25519_public
from whistle.crypto.suite import hpke_public

SIZES = {"sealed": 4124, "identity": 4124, "summary": 2048}


def report(_: Vectors) -> Vectors:
    grants = [bytes([chain]) + reader + fixed(f"grant {chain} {reader.hex()}", 1168) for chain, reader in _places()]
    fields = {name: fixed(f"report {name}", SIZES.get(name, 32)) for name in FIELDS} | {
        "installation": INSTALLATION,
        "sequence": (7).to_bytes(4, "big"),
        "day": b"2026-11-02",
        "hpke": hpke_public(HPKE_SEED),
        "sign": ed25519_public(SIGN_SEED),
        "case": CASE,
        "entry": fixed("report entry", 16),
        "grants": b"".join(grants),
    }
    changes = {
        "no day": {"day": b"2026-11-31"},
        "another spelling of the day": {"day": b"2026-W45-1"},
        "a short id": {"case": CASE[:15]},
        "an entry of no bucket": {"sealed": fields["sealed"] + b"\0"},
        "an entry without its nonce": {"sealed": b""},
        "a key that nobody can seal to": {"hpke": b"\xff" * 1216},
        "a summary of another size": {"summary": fields["summary"][:-1]},
        "grants in another order": {"grants": b"".join(reversed(grants))},
        "a grant twice": {"grants": grants[0] + b"".join(grants)},
        "a grant cut short": {"grants": fields["grants"][:-1]},
        "too many grants": {"grants": b"".join(b"\1" + bytes([n]) * 16 + bytes(1168) for n in range(65))},
    }
    ids = sorted(fixed(f"attached {n}", 16) for n in range(2))
    changes |= {
        "file ids in another order": {"files": b"".join(reversed(ids))},
        "a file id twice": {"files": ids[0] * 2},
        "a file id cut short": {"files": b"".join(ids)[:-1]},
        "too many file ids": {"files": b"".join(bytes([n]) * 16 for n in range(51))},
    }
    with_files = fields | {"files": b"".join(ids)}
    return {
        "about": "A sealed report: its fields and its bytes. `refused` exchanges one field, or ends otherwise.",
        "vectors": [{"fields": _hex(one), "report": joined(one).hex()} for one in (fields, with_files)],
        "refused": [{"why": why, "fields": _hex(change)} for why, change in changes.items()]
        + [
            {"why": "a byte more", "ends": [0, "00"]},
            {"why": "a field more", "ends": [0, "00000000"]},
            {"why": "a byte less", "ends": [1, ""]},
        ],
    }


def _places() -> list[tuple[int, bytes]]:
    readers = (bytes(16), READER, b"recovery-inner\0\0")
    return sorted([*((1, reader) for reader in readers), *((3, reader) for reader in readers[1:])])


def _hex(fields: dict[str, bytes]) -> dict[str, Any]:
    return {name: value.hex() for name, value in fields.items()}
