"""Both implementations run every vector: the package, and the one written from docs/envelope.md alone."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from shamir_mnemonic.wordlist import WORDLIST

from tests.crypto import reference, reference_shares
from tests.vectors import generate
from whistle.crypto import envelope, padding, receipt, root_file, shares, signing, stream, suite, tokens, vault
from whistle.crypto.fingerprint import fingerprint
from whistle.crypto.recovery import RecoveryKeys

Item = dict[str, Any]
B = bytes.fromhex


def of(name: str, *keys: str, refused: bool = False) -> list[Item]:
    """The items of a file that have these keys."""
    items = json.loads((generate.HERE / f"{name}.json").read_text("utf-8"))["refused" if refused else "vectors"]
    found = [item for item in items if all(key in item for key in keys)]
    assert found, f"{name}.json holds no such vector"
    return found


def placed(kind: type[Any], item: Item) -> Any:
    return kind(**{name: B(value) if isinstance(value, str) else value for name, value in item["place"].items()})


def package_entry(item: Item) -> bytes:
    opened = envelope.open_entry(B(item["epoch_key"]), placed(envelope.Place, item), B(item["sealed"]))
    opened.check(B(item["author"]))
    return opened.body


def package_file(item: Item, stored: bytes) -> bytes:
    opener = stream.FileOpener(
        B(item["file_key"]), stream.FilePlace(B(item["installation"]), B(item["file"])), item["size"]
    )
    starts = [opener.where(index)[0] for index in range(opener.chunks)]
    return b"".join(
        opener.open(index, stored[start:stop]) for index, (start, stop) in enumerate(pairwise([*starts, len(stored)]))
    )


OPENERS: dict[tuple[str, tuple[str, ...], str], tuple[Callable[[Item], Any], Callable[[Item], Any]]] = {
    ("hpke", ("sealed",), "plaintext"): (
        lambda i: suite.hpke_open(B(i["seed"]), B(i["sealed"]), B(i["info"])),
        lambda i: reference.hpke_open(B(i["seed"]), B(i["sealed"]), B(i["info"])),
    ),
    ("entry", ("sealed",), "body"): (
        package_entry,
        lambda i: reference.open_entry(B(i["epoch_key"]), i["place"], B(i["author"]), B(i["sealed"])),
    ),
    ("grant", ("sealed",), "epoch_key"): (
        lambda i: envelope.open_grant(B(i["seed"]), B(i["sealed"]), placed(envelope.GrantPlace, i)),
        lambda i: reference.open_grant(B(i["seed"]), i["place"], B(i["sealed"])),
    ),
    ("grant", ("wrapped",), "epoch_key"): (
        lambda i: envelope.unwrap_grant(B(i["grants_key"]), B(i["wrapped"]), placed(envelope.GrantPlace, i)),
        lambda i: reference.unwrap_grant(B(i["grants_key"]), i["place"], B(i["wrapped"])),
    ),
    ("summary", ("sealed",), "body"): (
        lambda i: envelope.open_summary(B(i["epoch_key"]), placed(envelope.SummaryPlace, i), B(i["sealed"])),
        lambda i: reference.open_summary(B(i["epoch_key"]), i["place"], B(i["sealed"])),
    ),
    ("identity", ("sealed",), "body"): (
        lambda i: envelope.open_identity(B(i["identity_key"]), B(i["installation"]), B(i["case"]), B(i["sealed"])),
        lambda i: reference.open_identity(B(i["identity_key"]), B(i["installation"]), B(i["case"]), B(i["sealed"])),
    ),
    ("file", ("stored",), "content"): (
        lambda i: package_file(i, B(i["stored"])),
        lambda i: reference.open_file(B(i["file_key"]), B(i["installation"]), B(i["file"]), i["size"], B(i["stored"])),
    ),
    ("vault", ("password",), "vault_key"): (
        lambda i: vault.open_vault(vault.VaultRecord.from_bytes(i["record"].encode()), i["password"]),
        lambda i: reference.open_vault(i["record"], i["password"]),
    ),
    ("token", ("token",), "payload"): (
        lambda i: tokens.open_token(B(i["key"]), i["purpose"], i["token"], B(i["context"])),
        lambda i: reference.open_token(B(i["key"]), i["purpose"], B(i["context"]), i["token"]),
    ),
}
both = pytest.mark.parametrize("which", [0, 1], ids=["package", "reference"])
each = pytest.mark.parametrize("opener", OPENERS, ids=lambda key: f"{key[0]}-{key[1][0]}")


@both
@each
def test_what_is_sealed_in_a_vector_opens(opener: tuple[str, tuple[str, ...], str], which: int) -> None:
    name, keys, result = opener
    for item in of(name, *keys):
        assert OPENERS[opener][which](item) == B(item[result])


@both
@each
def test_what_a_vector_says_is_refused_is_refused(opener: tuple[str, tuple[str, ...], str], which: int) -> None:
    name, keys, _ = opener
    for item in of(name, *keys, refused=True):
        # The reference raises what its primitives raise; the package raises one thing only.
        with pytest.raises(Exception if which else suite.Refused):  # noqa: B017
            OPENERS[opener][which](item)
            pytest.fail(f"{name}: {item['why']}")


@pytest.mark.parametrize("name", generate.FILES)
def test_generating_a_file_again_changes_nothing(name: str) -> None:
    assert generate.render(name) == (generate.HERE / f"{name}.json").read_text("utf-8")


def test_a_file_of_two_chunks() -> None:
    (item,) = of("file", "stored_sha256")
    content = hashlib.shake_256(b"file").digest(item["size"])
    place = stream.FilePlace(B(item["installation"]), B(item["file"]))
    sealer = stream.FileSealer(B(item["file_key"]), place)
    stored = sealer.add(content) + b"".join(sealer.finish())
    assert hashlib.sha256(stored).hexdigest() == item["stored_sha256"]
    assert package_file(item, stored) == content
    assert reference.open_file(B(item["file_key"]), place.installation, place.file, item["size"], stored) == content


def test_labels_are_those_of_the_vectors() -> None:
    assert {name: label.decode() for name, label in suite.LABELS.items()} == of("labels")[0]


def test_fields_and_derived_keys() -> None:
    for item in of("kdf", "fields"):
        some = [B(field) for field in item["fields"]]
        assert suite.lp(*some).hex() == reference.lp(*some).hex() == item["lp"]
    for item in of("kdf", "derived"):
        key, label, context, length = B(item["key"]), item["label"], B(item["context"]), item["length"]
        name = label.removeprefix("peluit/v1/")
        assert suite.hkdf(key, label.encode(), context, length).hex() == item["derived"]
        assert reference.kdf(key, name, context, length).hex() == item["derived"]


def test_padding() -> None:
    for item in of("padding", "bucket"):
        assert padding.bucket(item["size"]) == reference.bucket(item["size"]) == item["bucket"]
    for item in of("padding", "data"):
        padded = padding.pad(B(item["data"]))
        assert len(padded) == item["padded_length"]
        assert hashlib.sha256(padded).hexdigest() == item["padded_sha256"]
        assert padding.unpad(padded) == reference.unpad(padded) == B(item["data"])
    for item in of("padding", "padded", refused=True):
        with pytest.raises(suite.Refused):
            padding.unpad(B(item["padded"]))


def test_public_keys() -> None:
    for item in (*of("hpke", "public"), *of("grant", "public")):
        assert suite.hpke_public(B(item["seed"])) == B(item["public"])
    single, dual = of("signature", "seed")
    assert signing.ed25519_public(B(single["seed"])) == B(single["public"])
    assert signing.dual_public(B(dual["seed"])) == B(dual["public"])


def test_bound_fields_hashes_and_the_leaf() -> None:
    for item in of("entry", "aad"):
        place = placed(envelope.Place, item)
        assert place.aad() == B(item["aad"])
        assert envelope.entry_hash(place, B(item["sealed"])) == B(item["hash"])
        assert reference.entry_hash(item["place"], B(item["sealed"])) == B(item["hash"])
    chain = of("entry", "aad")
    assert [item["place"]["prev"] for item in chain] == ["00" * 32, chain[0]["hash"], chain[1]["hash"]]
    leaf = of("entry", "leaf")[0]
    assert envelope.leaf_hash(B(leaf["blinding"]), B(leaf["hash"])) == B(leaf["leaf"])


def test_signatures() -> None:
    for item in of("signature", "signature"):
        check(item)
        reference.verify(B(item["public"]), item["label"].encode(), B(item["message"]), B(item["signature"]))
    for item in of("signature", "signature", refused=True):
        with pytest.raises(suite.Refused):
            check(item)
        with pytest.raises(Exception):  # noqa: B017
            reference.verify(B(item["public"]), item["label"].encode(), B(item["message"]), B(item["signature"]))


def check(item: Item) -> None:
    public, signature = B(item["public"]), B(item["signature"])
    verify = signing.verify if len(public) == 32 else signing.dual_verify
    verify(public, item["label"].encode(), B(item["message"]), signature)


def test_receipts_and_their_keys() -> None:
    for item in of("receipt", "root"):
        made = receipt.from_entropy(B(item["entropy"]))
        assert str(made) == item["words"]
        keys = receipt.keys_of(made, B(item["installation"]))
        assert keys.root == reference.receipt_root(B(item["entropy"]), B(item["installation"]))
        for name in ("root", "lookup_hash", "hpke_seed", "hpke_public", "signing_seed", "signing_public", "blinding"):
            assert getattr(keys, name).hex() == item[name], name


def test_the_words_of_an_officers_keys() -> None:
    for item in of("fingerprint"):
        keys = (B(item["hpke"]), B(item["sign"]), B(item["dual"]))
        assert list(fingerprint(*keys)) == reference.fingerprint(*keys, receipt.word_list()) == item["words"]


def test_receipts_as_they_are_typed() -> None:
    for item in of("receipt", "typed"):
        assert str(receipt.parse(item["typed"])) == item["words"]
    for item in of("receipt", "typed", refused=True):
        with pytest.raises(receipt.ReceiptError) as caught:
            receipt.parse(item["typed"])
        assert caught.value.kind == item["why"]
        assert (caught.value.position, caught.value.word) == (item.get("position"), item.get("word"))


def test_vault_subkeys_locks_and_sessions() -> None:
    item = of("vault", "subkeys")[0]
    assert {name: vault.subkey(B(item["vault_key"]), name).hex() for name in item["subkeys"]} == item["subkeys"]
    item = of("vault", "purpose")[0]
    key, purpose, context = B(item["vault_key"]), item["purpose"], B(item["context"])
    assert vault.unlock(key, purpose, B(item["locked"]), context) == B(item["plaintext"])
    item = of("vault", "secret")[0]
    assert vault.session_id(B(item["secret"])) == B(item["session_id"])
    assert vault.session_unlock(B(item["secret"]), B(item["locked"]), B(item["context"])) == B(item["vault_key"])


def package_shares(typed: list[str]) -> bytes:
    return shares.combine([shares.parse(one) for one in typed])


def test_recovery_keys_and_shares() -> None:
    item = of("recovery", "public")[0]
    keys = RecoveryKeys(B(item["secret"]))
    assert (keys.signing_seed, keys.public) == (B(item["signing_seed"]), B(item["public"]))
    assert reference.kdf(B(item["secret"]), "recovery-signing") == B(item["signing_seed"])
    for item in of("recovery", "shares"):
        assert package_shares(item["shares"]) == B(item["secret"])
        assert reference_shares.combine(item["shares"], WORDLIST) == B(item["secret"])
    item = of("recovery", "typed")[0]
    assert list(shares.parse(item["typed"]).words) == item["words"]
    for item in of("recovery", "shares", refused=True):
        with pytest.raises(shares.ShareError) as caught:
            package_shares(item["shares"])
        assert caught.value.kind == item["why"]
        with pytest.raises((AssertionError, ValueError)):
            reference_shares.combine(item["shares"], WORDLIST)


def test_the_file_of_the_root_key() -> None:
    item = of("root-file", "seed")[0]
    file = item["file"].encode()
    assert root_file.unlock(file, item["passphrase"]) == B(item["seed"])
    assert root_file.public_of(file) == signing.dual_public(B(item["seed"])) == B(item["public"])
    value = json.loads(file)
    key = reference.open_vault(json.dumps(value["vault"]), item["passphrase"])
    aad = reference.lp(reference.label("vault-lock"), b"root", B(item["public"]))
    assert reference.gcm_open(reference.kdf(key, "vault-root"), b64decode(value["root"]), aad) == B(item["seed"])
    for item in of("root-file", "file", refused=True):
        with pytest.raises(suite.Refused):
            root_file.unlock(item["file"].encode(), item["passphrase"])
