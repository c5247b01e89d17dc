"""A sender that seals its report by itself, written from docs/envelope.md as a browser's script would have to be.

Of the package it uses nothing; of `tests.crypto.reference`, the second implementation, the parts that both need.
"""

import base64
import datetime
import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.crypto.reference import bucket, kdf, label, labeled_expand, labeled_extract, lp, receipt_root, u32

COMPLAINT = {
    "happened": "uang",
    "service": "kependudukan",
    "office": "DISDUKCAPIL",
    "story": "Petugas loket meminta uang lima puluh ribu supaya KTP cepat selesai.",
}
ANSWERS: dict[str, Any] = {
    "accused": [],
    "amount": None,
    "amount_unknown": False,
    "how": [],
    "in_kind": "",
    "language": "id",
    "paid": "",
    "proof_of_payment": "",
    "relation": "",
    "reported_to": [],
    "when": "",
    "who": "",
    "witnesses": "",
    "worried": "",
}
RECOVERY = {"inner": b"recovery-inner\0\0", "outer": b"recovery-outer\0\0"}


@dataclass
class Sender:
    """One receipt, and what is drawn once for its report. ``told`` is what GET /lapor/kunci answers."""

    told: dict[str, Any]
    entropy: bytes = field(default_factory=lambda: os.urandom(11))
    root: bytes = b""  # the receipt's root, when it was made some other way than by PBKDF2
    track: str = "biasa"
    log: str = "inner"
    case: bytes = field(default_factory=lambda: os.urandom(16))
    entry: bytes = field(default_factory=lambda: os.urandom(16))

    def __post_init__(self) -> None:
        self.installation = bytes.fromhex(self.told["installation"])
        self.manifest = json.loads(self.told["manifests"][-1]["body"])
        self.root = self.root or receipt_root(self.entropy, self.installation)
        self.signing = Ed25519PrivateKey.from_private_bytes(kdf(self.root, "receipt-signing"))
        self.hpke = xwing_public(kdf(self.root, "receipt-hpke"))

    def seal(
        self, complaint: dict[str, Any] | None = None, attached: list[dict[str, Any]] | None = None, **fields: bytes
    ) -> bytes:
        """The report's bytes; ``fields`` replace fields of the report by their names in `FIELDS`.

        ``attached``: its files, as the entry names them.
        """
        thread, identity = os.urandom(32), os.urandom(32)
        sealed_identity = self._identity(identity)
        sealed = self._entry(thread, complaint or COMPLAINT, sealed_identity, attached or [])
        summary = gcm(kdf(thread, "summary-key"), pad_to(dumps(self._summary(complaint or COMPLAINT)), 2020),
                      self._bound("summary-aad", 1, kdf(thread, "commitment")))  # fmt: skip
        hashed = hashlib.sha256(lp(label("entry-hash"), self._aad(thread), sealed)).digest()
        values = {
            "installation": self.installation,
            "sequence": u32(self.told["sequence"]),
            "day": self.told["day"].encode(),
            "lookup": hashlib.sha256(lp(label("receipt-lookup-hash"), kdf(self.root, "receipt-lookup"))).digest(),
            "hpke": self.hpke,
            "sign": self.signing.public_key().public_bytes_raw(),
            "case": self.case,
            "entry": self.entry,
            "commitment": kdf(thread, "commitment"),
            "sealed": sealed,
            "identity_commitment": kdf(identity, "commitment"),
            "identity": sealed_identity,
            "summary": summary,
            "leaf": hashlib.sha256(b"\0" + kdf(self.root, "receipt-blinding") + hashed).digest(),
            "grants": self._grants(thread, identity),
        }
        if attached:
            values["files"] = b"".join(sorted(bytes.fromhex(one["file"]["id"]) for one in attached))
        return joined(values | fields)

    def readers(self, chain: int) -> dict[bytes, bytes]:
        """Reader id -> public key of those whom a key of this chain is sealed to."""
        keys = {bytes.fromhex(one["id"]): base64.b64decode(one["hpke"]) for one in self.manifest["readers"]}
        named = [bytes.fromhex(id_) for id_ in self.manifest["tracks" if chain == 1 else "custodians"][self.track]]
        to = {id_: keys[id_] for id_ in named}
        to[RECOVERY[self.log]] = base64.b64decode(self.manifest["recovery"][self.log])
        if chain == 1:
            to[bytes(16)] = self.hpke
        return to

    def _entry(self, key: bytes, complaint: dict[str, Any], identity: bytes, attached: list[dict[str, Any]]) -> bytes:
        named = self.manifest["tracks"][self.track]
        data = {
            "complaint": ANSWERS | complaint,
            "track": self.track,
            "log": self.log,
            "readers": named,
            "manifest": self.told["sequence"],
            "reporter": {"hpke": self.hpke.hex(), "sign": self.signing.public_key().public_bytes_raw().hex()},
            "identity": hashlib.sha256(identity).hexdigest(),
        }
        if attached:
            data["files"] = attached
        body = dumps({"v": 1, "kind": "complaint", "by": "pelapor", "day": self.told["day"], "data": data})
        aad = self._aad(key)
        signed = self.signing.sign(lp(label("entry-signature"), aad + body)) + body
        return gcm(kdf(key, "entry-key"), pad_to(signed, bucket(len(signed) + 1)), aad)

    def _aad(self, key: bytes) -> bytes:
        place = (bytes([1]), u32(0), self.entry, u32(0), kdf(key, "commitment"), bytes(32))
        return lp(label("entry-aad"), self.installation, self.case, *place)

    def _identity(self, key: bytes) -> bytes:
        aad = lp(label("identity-aad"), self.installation, self.case, kdf(key, "commitment"))
        return gcm(kdf(key, "identity-key"), pad_to(b"", 4096), aad)

    def _summary(self, complaint: dict[str, Any]) -> dict[str, Any]:
        day = datetime.date.fromisoformat(self.told["day"]).toordinal()
        named = {name: complaint[name] for name in ("office", "service", "happened")}
        return {
            **named,
            "received": self.told["day"],
            "track": self.track,
            "title": complaint["story"][:80],
            "moves": {"stages": ["DITERIMA"], "steps": [[day, 0]]},
            "thread_places": 1,
        }

    def _grants(self, thread: bytes, identity: bytes) -> bytes:
        made = b""
        for chain, key in ((1, thread), (3, identity)):
            for reader, public in sorted(self.readers(chain).items()):
                info = self._bound("grant-seal", chain, reader, kdf(key, "commitment"))
                made += bytes([chain]) + reader + hpke_seal(public, key, info)
        return made

    def _bound(self, name: str, chain: int, *rest: bytes) -> bytes:
        return lp(label(name), self.installation, self.case, bytes([chain]), u32(0), *rest)


FIELDS = (
    "installation", "sequence", "day", "lookup", "hpke", "sign", "case", "entry", "commitment", "sealed",
    "identity_commitment", "identity", "summary", "leaf", "grants",
)  # fmt: skip
FILES = "files"  # one more field, of a report that has files


def joined(values: dict[str, bytes]) -> bytes:
    """The fields of a sealed report as it travels."""
    return lp(label("sealed-report"), *(values[name] for name in (*FIELDS, FILES) if name in FIELDS or name in values))


def split(report: bytes) -> dict[str, bytes]:
    """The reverse of `joined`."""
    parts, at = [], 0
    while at < len(report):
        (length,) = struct.unpack_from(">I", report, at)
        parts.append(report[at + 4 : at + 4 + length])
        at += 4 + length
    return dict(zip((*FIELDS, FILES)[: len(parts) - 1], parts[1:], strict=True))


def dumps(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def pad_to(data: bytes, size: int) -> bytes:
    assert len(data) < size
    return (data + b"\x80").ljust(size, b"\0")


def gcm(key: bytes, plaintext: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + AESGCM(key).encrypt(nonce, plaintext, aad)


def xwing_public(seed: bytes) -> bytes:
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def hpke_seal(public: bytes, plaintext: bytes, info: bytes) -> bytes:
    shared_m, ct_m = MLKEM768PublicKey.from_public_bytes(public[:1184]).encapsulate()
    own = X25519PrivateKey.generate()
    ct_x, pk_x = own.public_key().public_bytes_raw(), public[1184:]
    shared_x = own.exchange(X25519PublicKey.from_public_bytes(pk_x))
    secret = hashlib.sha3_256(shared_m + shared_x + ct_x + pk_x + b"\\.//^\\").digest()
    context = b"\x00" + labeled_extract(b"", b"psk_id_hash", b"") + labeled_extract(b"", b"info_hash", info)
    prk = labeled_extract(secret, b"secret", b"")
    key, nonce = labeled_expand(prk, b"key", context, 32), labeled_expand(prk, b"base_nonce", context, 12)
    return ct_m + ct_x + AESGCM(key).encrypt(nonce, plaintext, b"")
