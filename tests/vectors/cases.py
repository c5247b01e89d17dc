"""Vectors of what a case consists of: entries, grants, summary, identity."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.inputs import (
    BODY,
    CASE,
    DUAL_SEED,
    HPKE_SEED,
    INSTALLATION,
    KEY,
    OTHER_KEY,
    READER,
    SIGN_SEED,
    Vectors,
    fixed,
    flip,
    kept,
    shown,
)
from whistle.crypto import envelope, padding, signing, suite
from whistle.crypto.envelope import Chain, GrantPlace, Place, SummaryPlace
from whistle.crypto.suite import LABELS


def entry(_: Vectors) -> Vectors:
    """A chain of three: two of epoch 0, the first of epoch 1; the second is long enough for the next bucket."""
    vectors: list[dict[str, Any]] = []
    prev = bytes(32)
    for number, (key, epoch, body) in enumerate(((KEY, 0, BODY), (KEY, 0, BODY * 50), (OTHER_KEY, 1, b""))):
        id_ = fixed(f"entry {number}", 16)
        place = Place(INSTALLATION, CASE, Chain.THREAD, epoch, id_, number, envelope.commitment(key), prev)
        sealed = envelope.seal_entry(key, place, body, SIGN_SEED)
        prev = envelope.entry_hash(place, sealed)
        vectors.append(
            {
                "epoch_key": key.hex(),
                "place": shown(place),
                "aad": place.aad().hex(),
                "author": signing.ed25519_public(SIGN_SEED).hex(),
                "author_seed": SIGN_SEED.hex(),
                "body": body.hex(),
                "sealed": sealed.hex(),
                "hash": prev.hex(),
            }
        )
    blinding, first = fixed("blinding", 32), vectors[0]
    leaf = envelope.leaf_hash(blinding, bytes.fromhex(first["hash"]))
    return {
        "about": "A chain of three entries over two epochs. The last item is the case's leaf in the log.",
        "vectors": [*vectors, {"blinding": blinding.hex(), "hash": first["hash"], "leaf": leaf.hex()}],
        "refused": [*_moved(first), *_forged(first)],
    }


def _moved(first: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The first entry at every other place."""
    others: dict[str, Any] = {
        "installation": fixed("other", 16).hex(),
        "case": fixed("other", 16).hex(),
        "chain": 2,
        "epoch": 1,
        "entry": fixed("other", 16).hex(),
        "place": 1,
        "commitment": envelope.commitment(OTHER_KEY).hex(),
        "prev": fixed("other", 32).hex(),
    }
    base = {name: first[name] for name in ("epoch_key", "author", "sealed")}
    for name, value in others.items():
        yield {"why": f"another {name}", **base, "place": {**first["place"], name: value}}


def _forged(first: dict[str, Any]) -> Iterator[dict[str, Any]]:
    base = {name: first[name] for name in ("epoch_key", "author", "sealed", "place")}
    sealed = bytes.fromhex(first["sealed"])
    yield {"why": "a bit of the nonce", **base, "sealed": flip(sealed, 0).hex()}
    yield {"why": "a bit of the ciphertext", **base, "sealed": flip(sealed, 100).hex()}
    yield {"why": "cut", **base, "sealed": sealed[:-1].hex()}
    yield {"why": "another epoch key", **base, "epoch_key": OTHER_KEY.hex()}
    yield {"why": "another author", **base, "author": signing.ed25519_public(DUAL_SEED[:32]).hex()}
    values: dict[str, Any] = {k: bytes.fromhex(v) if isinstance(v, str) else v for k, v in first["place"].items()}
    place = Place(**values)
    key, aad = suite.hkdf(KEY, LABELS["entry-key"]), place.aad()
    other = signing.sign(SIGN_SEED, b"peluit/v2/entry-signature", aad + BODY)
    yield {
        "why": "signed under another label",
        **base,
        "sealed": suite.aead_seal(key, padding.pad(other + BODY), aad).hex(),
    }
    own = signing.sign(SIGN_SEED, LABELS["entry-signature"], aad + BODY)
    wide = padding.pad_to(own + BODY, 8192)
    yield {"why": "padded to a larger bucket", **base, "sealed": suite.aead_seal(key, wide, aad).hex()}


def grant(old: Vectors) -> Vectors:
    place = GrantPlace(INSTALLATION, CASE, Chain.THREAD, 0, READER, envelope.commitment(KEY))
    public, info = suite.hpke_public(HPKE_SEED), place.bound(LABELS["grant-seal"])
    grants_key = fixed("grants key", 32)
    sealed = kept(
        old,
        ("vectors", 0, "sealed"),
        lambda: envelope.seal_grant(public, KEY, place),
        lambda value: envelope.open_grant(HPKE_SEED, value, place),
    )
    forged = kept(
        old,
        ("refused", 0, "sealed"),
        lambda: suite.hpke_seal(public, OTHER_KEY, info),
        lambda value: suite.hpke_open(HPKE_SEED, value, info),
    )
    common = {"seed": HPKE_SEED.hex(), "place": shown(place)}
    other_reader = {**shown(place), "reader": fixed("other", 16).hex()}
    wrapped = envelope.wrap_grant(grants_key, KEY, place)
    return {
        "about": "An epoch key sealed to a reader (info), and the same under the reader's vault subkey (aad).",
        "vectors": [
            {**common, "public": public.hex(), "info": info.hex(), "epoch_key": KEY.hex(), "sealed": sealed.hex()},
            {
                "grants_key": grants_key.hex(),
                "place": shown(place),
                "aad": place.bound(LABELS["grant-wrap"]).hex(),
                "epoch_key": KEY.hex(),
                "wrapped": wrapped.hex(),
            },
        ],
        "refused": [
            {"why": "another key than the one committed to", **common, "sealed": forged.hex()},
            {"why": "another reader", **common, "place": other_reader, "sealed": sealed.hex()},
            {"why": "another epoch", **common, "place": {**shown(place), "epoch": 1}, "sealed": sealed.hex()},
            {
                "why": "another reader",
                "grants_key": grants_key.hex(),
                "place": other_reader,
                "wrapped": wrapped.hex(),
            },
        ],
    }


def summary(_: Vectors) -> Vectors:
    place = SummaryPlace(INSTALLATION, CASE, Chain.FILE, 2, envelope.commitment(KEY))
    common = {"epoch_key": KEY.hex(), "place": shown(place)}
    bodies = [b"", b'{"title":"Pungutan di loket"}', b"x" * envelope.SUMMARY_ROOM]
    sealed = [envelope.seal_summary(KEY, place, body) for body in bodies]
    return {
        "about": "Summaries: always 2,048 bytes.",
        "vectors": [
            {**common, "aad": place.aad().hex(), "body": body.hex(), "sealed": one.hex()}
            for body, one in zip(bodies, sealed, strict=True)
        ],
        "refused": [
            {"why": "a bit", **common, "sealed": flip(sealed[1], 50).hex()},
            {
                "why": "another case",
                **common,
                "place": {**shown(place), "case": READER.hex()},
                "sealed": sealed[1].hex(),
            },
            {"why": "another size", **common, "sealed": sealed[1][:-1].hex()},
        ],
    }


def identity(_: Vectors) -> Vectors:
    common = {"identity_key": KEY.hex(), "installation": INSTALLATION.hex(), "case": CASE.hex()}
    bodies = [b"", b"Nama: Bunga"]
    sealed = [envelope.seal_identity(KEY, INSTALLATION, CASE, body) for body in bodies]
    return {
        "about": "Identity records: always 4,124 bytes, given or not.",
        "vectors": [
            {**common, "commitment": envelope.commitment(KEY).hex(), "body": body.hex(), "sealed": one.hex()}
            for body, one in zip(bodies, sealed, strict=True)
        ],
        "refused": [{"why": "another case", **common, "case": READER.hex(), "sealed": sealed[1].hex()}],
    }
