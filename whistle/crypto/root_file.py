"""The file in which the root key lies, on a machine without a network: wrapped like a vault by a passphrase."""

import base64
import hashlib
import json
from typing import Any, Final

from whistle.crypto import typed, vault
from whistle.crypto.fingerprint import fingerprint
from whistle.crypto.receipt import new_receipt
from whistle.crypto.signing import DUAL_SEED, dual_public
from whistle.crypto.suite import Refused

VERSION: Final = 1
KIND: Final = "root-key"
PASSPHRASE_WORDS: Final = 6  # 66 bits, behind Argon2id
# The file may be stolen and guessed at for years; nobody waits for it but a ceremony.
PARAMS: Final = vault.KdfParams(memory_kib=262_144, iterations=4, lanes=1)
_MOST_TYPED: Final = 200


def new_passphrase() -> str:
    """Six random words, to be written down and kept apart from the file."""
    return "-".join(new_receipt().words[:PASSPHRASE_WORDS])


def wrap(seed: bytes, passphrase: str, params: vault.KdfParams) -> tuple[bytes, bytes]:
    """The file of a root key (64-byte dual seed): its bytes, and the dual public key (1,984 B)."""
    public = dual_public(seed)
    record, vault_key = vault.create_vault(_as_made(passphrase), params)
    value = {
        "v": VERSION,
        "kind": KIND,
        "public": base64.b64encode(public).decode(),
        "root": base64.b64encode(vault.lock(vault_key, "root", seed, public)).decode(),
        "vault": json.loads(record.to_bytes()),
    }
    return _dumps(value) + b"\n", public


def fingerprint_of(public: bytes) -> tuple[tuple[str, ...], str]:
    """Six words and the SHA-256 in hexadecimal of the root's public key, to be compared with what stands on paper."""
    return fingerprint(public, b"", b""), hashlib.sha256(public).hexdigest()


def public_of(file: bytes) -> bytes:
    """The dual public key that the file names. Raises Refused for anything but a root key's file."""
    return _parts(file)[0]


def unlock(file: bytes, passphrase: str) -> bytes:
    """The root's 64-byte seed. Raises Refused: the passphrase is another one, or the file was changed."""
    public, locked, record = _parts(file)
    seed = vault.unlock(vault.open_vault(record, _as_made(passphrase)), "root", locked, public)
    if len(seed) != DUAL_SEED or dual_public(seed) != public:
        raise Refused("the root key is not the one that its file names")
    return seed


def _as_made(passphrase: str) -> str:
    """As it was made, however it was typed: capitals, spaces and numbering do not count."""
    return "-".join(typed.tokens(passphrase, _MOST_TYPED))


def _parts(file: bytes) -> tuple[bytes, bytes, vault.VaultRecord]:
    try:
        value = json.loads(file)
        if (value["v"], value["kind"]) != (VERSION, KIND):
            raise Refused("this is no root key's file")
        public, locked = (base64.b64decode(value[name], validate=True) for name in ("public", "root"))
        return public, locked, vault.VaultRecord.from_bytes(_dumps(value["vault"]))
    except (ValueError, TypeError, KeyError):
        raise Refused("this is no root key's file") from None


def _dumps(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
