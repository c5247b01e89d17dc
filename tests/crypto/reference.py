"""A second implementation of docs/envelope.md that only opens: written from the text, sharing nothing with the first.

It is what a browser, or an auditor with a copy of the database and a key, would have to write.
"""

import base64
import hashlib
import hmac
import json
import struct
import unicodedata
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


def lp(*fields: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(field)) + field for field in fields)


def kdf(key: bytes, name: str, context: bytes = b"", length: int = 32) -> bytes:
    return hmac.digest(key, lp(label(name), context) + b"\x01", "sha256")[:length]


def label(name: str) -> bytes:
    return b"peluit/v1/" + name.encode()


def gcm_open(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], aad)


def fingerprint(hpke: bytes, sign: bytes, dual: bytes, words: tuple[str, ...]) -> list[str]:
    digest = hashlib.pbkdf2_hmac("sha256", lp(hpke, sign, dual), lp(label("fingerprint")), 32_768, 9)
    bits = "".join(f"{byte:08b}" for byte in digest)
    return [words[int(bits[at : at + 11], 2)] for at in range(0, 66, 11)]


def unpad(padded: bytes) -> bytes:
    data, mark, zeros = padded.rpartition(b"\x80")
    assert mark
    assert not zeros.strip(b"\0")
    return data


def bucket(size: int) -> int:
    for power in range(12, 19):
        if size <= 1 << power:
            return 1 << power
    exponent = size.bit_length() - 1
    unit = 1 << exponent - exponent.bit_length()
    return -(-size // unit) * unit


def u32(number: int) -> bytes:
    return struct.pack(">I", number)


def bound(name: str, place: dict[str, Any], *rest: str) -> bytes:
    values = [bytes.fromhex(place["installation"]), bytes.fromhex(place["case"])]
    values += [bytes([place["chain"]]), u32(place["epoch"])]
    for field in rest:
        value = place[field]
        values.append(u32(value) if isinstance(value, int) else bytes.fromhex(value))
    return lp(label(name), *values)


def verify(public: bytes, name: bytes, message: bytes, signature: bytes) -> None:
    signed = lp(name, message)
    Ed25519PublicKey.from_public_bytes(public[:32]).verify(signature[:64], signed)
    if len(public) > 32 or len(signature) > 64:
        MLDSA65PublicKey.from_public_bytes(public[32:]).verify(signature[64:], signed)


# HPKE, RFC 9180 section 5.1 in base mode, with the X-Wing KEM (0x647a), HKDF-SHA256 (1), AES-256-GCM (2)

SUITE_ID = b"HPKE" + struct.pack(">HHH", 0x647A, 0x0001, 0x0002)


def labeled_extract(salt: bytes, name: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + SUITE_ID + name + ikm, "sha256")


def labeled_expand(prk: bytes, name: bytes, info: bytes, length: int) -> bytes:
    labeled = struct.pack(">H", length) + b"HPKE-v1" + SUITE_ID + name + info
    return hmac.digest(prk, labeled + b"\x01", "sha256")[:length]


def hpke_open(seed: bytes, sealed: bytes, info: bytes) -> bytes:
    secret = xwing_decapsulate(seed, sealed[:1120])
    context = b"\x00" + labeled_extract(b"", b"psk_id_hash", b"") + labeled_extract(b"", b"info_hash", info)
    prk = labeled_extract(secret, b"secret", b"")
    key = labeled_expand(prk, b"key", context, 32)
    nonce = labeled_expand(prk, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed[1120:], b"")


def xwing_decapsulate(seed: bytes, enc: bytes) -> bytes:
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
    shared_m = mlkem.decapsulate(enc[:1088])
    shared_x = x25519.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    public_x = x25519.public_key().public_bytes_raw()
    return hashlib.sha3_256(shared_m + shared_x + enc[1088:] + public_x + b"\\.//^\\").digest()


# The objects


def open_entry(epoch_key: bytes, place: dict[str, Any], author: bytes, sealed: bytes) -> bytes:
    """The body of an entry whose place, commitment, padding and author hold."""
    assert kdf(epoch_key, "commitment").hex() == place["commitment"]
    aad = bound("entry-aad", place, "entry", "place", "commitment", "prev")
    padded = gcm_open(kdf(epoch_key, "entry-key"), sealed, aad)
    signed = unpad(padded)
    assert len(padded) == bucket(len(signed) + 1)
    verify(author, label("entry-signature"), aad + signed[64:], signed[:64])
    return signed[64:]


def entry_hash(place: dict[str, Any], sealed: bytes) -> bytes:
    aad = bound("entry-aad", place, "entry", "place", "commitment", "prev")
    return hashlib.sha256(lp(label("entry-hash"), aad, sealed)).digest()


def open_grant(seed: bytes, place: dict[str, Any], sealed: bytes) -> bytes:
    key = hpke_open(seed, sealed, bound("grant-seal", place, "reader", "commitment"))
    assert kdf(key, "commitment").hex() == place["commitment"]
    return key


def unwrap_grant(grants_key: bytes, place: dict[str, Any], wrapped: bytes) -> bytes:
    return gcm_open(grants_key, wrapped, bound("grant-wrap", place, "reader", "commitment"))


def open_summary(epoch_key: bytes, place: dict[str, Any], sealed: bytes) -> bytes:
    assert len(sealed) == 2048
    return unpad(gcm_open(kdf(epoch_key, "summary-key"), sealed, bound("summary-aad", place, "commitment")))


def open_identity(identity_key: bytes, installation: bytes, case: bytes, sealed: bytes) -> bytes:
    aad = lp(label("identity-aad"), installation, case, kdf(identity_key, "commitment"))
    assert len(sealed) == 4124
    return unpad(gcm_open(kdf(identity_key, "identity-key"), sealed, aad))


def open_file(key: bytes, installation: bytes, file: bytes, size: int, stored: bytes) -> bytes:
    cipher, aad = AESGCM(kdf(key, "file-key")), lp(label("file-aad"), installation, file)
    parts = [stored[at : at + 2**20 + 16] for at in range(0, len(stored), 2**20 + 16)]
    chunks = []
    for number, part in enumerate(parts):
        nonce = number.to_bytes(11, "big") + bytes([part is parts[-1]])
        chunks.append(cipher.decrypt(nonce, part, aad))
    padded = b"".join(chunks)
    assert len(padded) == bucket(size + 1)
    assert padded[size:] == b"\x80" + bytes(len(padded) - size - 1)
    return padded[:size]


def receipt_root(entropy: bytes, installation: bytes) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", entropy, lp(label("receipt-root"), installation), 32_768)


def open_vault(record: str, password: str) -> bytes:
    value = json.loads(record)
    cost, salt = value["kdf"], base64.b64decode(value["salt"])
    numbers = [cost["memory_kib"], cost["iterations"], cost["lanes"]]
    argon = Argon2id(salt=salt, length=32, memory_cost=numbers[0], iterations=numbers[1], lanes=numbers[2])
    key = argon.derive(unicodedata.normalize("NFC", password).encode())
    aad = lp(label("vault-wrap"), *(u32(number) for number in numbers), salt)
    return gcm_open(key, base64.b64decode(value["wrapped"]), aad)


def open_token(key: bytes, purpose: str, context: bytes, token: str) -> bytes:
    assert "=" not in token
    sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    return gcm_open(kdf(key, "token-key", purpose.encode()), sealed, lp(label("token-aad"), context))
