"""Vectors of the label table, KDF, padding, HPKE and signatures."""

from hashlib import sha256

from tests.vectors.inputs import DUAL_SEED, HPKE_SEED, KEY, Vectors, flip, kept
from whistle.crypto import padding, signing, suite
from whistle.crypto.suite import LABELS, lp


def labels(_: Vectors) -> Vectors:
    return {"about": "Every label by its short name.", "vectors": [{k: v.decode() for k, v in LABELS.items()}]}


def kdf(_: Vectors) -> Vectors:
    lists = [[], [b""], [b"", b""], [b"ab", b"c"], [b"a", b"bc"], [bytes(300)]]
    derived = [("entry-key", b"", 32), ("session-id", b"", 16), ("token-key", b"receipt", 32)]
    return {
        "about": "lp(fields) and KDF(key, label, context, length).",
        "vectors": [{"fields": [f.hex() for f in some], "lp": lp(*some).hex()} for some in lists]
        + [
            {
                "key": KEY.hex(),
                "label": LABELS[name].decode(),
                "context": context.hex(),
                "length": length,
                "derived": suite.hkdf(KEY, LABELS[name], context, length).hex(),
            }
            for name, context, length in derived
        ],
    }


def padded(_: Vectors) -> Vectors:
    sizes = [0, 1, 4095, 4096, 4097, 8192, 8193, 131073, 262144, 262145, 270336, 270337, 1_000_000, 10_485_760]
    bodies = [b"", b"a", b"\x80", b"\x80\x00", bytes(4094), bytes(4095), bytes(4096)]
    pads = [(body, padding.pad(body)) for body in bodies]
    return {
        "about": "bucket(size), and pad(data) by its length and SHA-256. `refused` does not unpad.",
        "vectors": [{"size": size, "bucket": padding.bucket(size)} for size in sizes]
        + [{"data": d.hex(), "padded_length": len(p), "padded_sha256": sha256(p).hexdigest()} for d, p in pads],
        "refused": [
            {"why": "no marker", "padded": bytes(4096).hex()},
            {"why": "something behind the marker", "padded": (b"a\x80" + bytes(4093) + b"\x01").hex()},
            {"why": "not the smallest bucket", "padded": (b"a\x80" + bytes(8190)).hex()},
            {"why": "no bucket", "padded": (b"a\x80" + bytes(4095)).hex()},
        ],
    }


def hpke(old: Vectors) -> Vectors:
    public, info, text = suite.hpke_public(HPKE_SEED), b"any info", b"any plaintext"
    sealed = kept(
        old,
        ("vectors", 0, "sealed"),
        lambda: suite.hpke_seal(public, text, info),
        lambda value: suite.hpke_open(HPKE_SEED, value, info),
    )
    common = {"seed": HPKE_SEED.hex(), "info": info.hex()}
    return {
        "about": "HPKE base mode, KEM 0x647a (X-Wing), KDF 0x0001, AEAD 0x0002, empty aad. sealed = enc || ct.",
        "vectors": [{**common, "public": public.hex(), "plaintext": text.hex(), "sealed": sealed.hex()}],
        "refused": [
            {"why": "a bit of ctM", **common, "sealed": flip(sealed, 5).hex()},
            {"why": "a bit of ctX", **common, "sealed": flip(sealed, 1100).hex()},
            {"why": "a bit of the tag", **common, "sealed": flip(sealed, len(sealed) - 1).hex()},
            {"why": "cut", **common, "sealed": sealed[:-1].hex()},
            {"why": "another info", **common, "info": b"any inf".hex(), "sealed": sealed.hex()},
        ],
    }


def signature(old: Vectors) -> Vectors:
    public, label, message = signing.dual_public(DUAL_SEED), LABELS["manifest"], b'{"sequence":1}'
    signed = kept(
        old,
        ("vectors", 1, "signature"),
        lambda: signing.dual_sign(DUAL_SEED, label, message),
        lambda value: signing.dual_verify(public, label, message, value),
    )
    single = {"public": public[:32].hex(), "label": LABELS["audit"].decode(), "message": message.hex()}
    dual = {"public": public.hex(), "label": label.decode(), "message": message.hex()}
    ed25519 = signing.sign(DUAL_SEED[:32], LABELS["audit"], message)
    return {
        "about": "Ed25519 alone (public of 32 bytes), and Ed25519 || ML-DSA-65, over lp(label, message).",
        "vectors": [
            {**single, "seed": DUAL_SEED[:32].hex(), "signature": ed25519.hex()},
            {**dual, "seed": DUAL_SEED.hex(), "signature": signed.hex()},
        ],
        "refused": [
            {"why": "another label", **single, "label": LABELS["head"].decode(), "signature": ed25519.hex()},
            {"why": "the Ed25519 half is wrong", **dual, "signature": flip(signed, 3).hex()},
            {"why": "the ML-DSA half is wrong", **dual, "signature": flip(signed, 1000).hex()},
            {"why": "half a signature", **dual, "signature": signed[:64].hex()},
        ],
    }
