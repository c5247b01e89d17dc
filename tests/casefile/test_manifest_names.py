"""A manifest's names stand beside what anybody may read, and are signed all the same."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.casefile.test_manifest import (
    DEPUTY,
    DEPUTY_PUBLIC,
    INNER,
    ROOT,
    ROOT_PUBLIC,
    delegated,
    first,
    followed,
    reader,
    with_reader,
)
from whistle.casefile import canon
from whistle.casefile.manifest import ManifestRefused, SignedManifest, sign_manifest, verify_chain


def two() -> list[SignedManifest]:
    chain = delegated()
    return followed(chain, DEPUTY, DEPUTY_PUBLIC, **with_reader(chain, reader("baru", "triase"), "biasa"))


def test_the_body_holds_no_name_and_is_verified_without_any() -> None:
    chain = [replace(signed, names=b"") for signed in two()]
    directory = verify_chain(chain, ROOT_PUBLIC, 2, named=False)
    assert [(r.login, r.name) for r in directory.current.readers] == [("", "")] * 5
    assert {r.id: r.hpke for r in directory.current.readers}[INNER[0].id] == INNER[0].hpke
    for signed in two():
        assert b"rahma" not in signed.body.lower() and b"baru" not in signed.body.lower()


def test_what_was_read_without_names_is_not_signed_without_them() -> None:
    with pytest.raises(ManifestRefused, match="without its officers' names"):
        two()[0].manifest(named=False).to_bytes()


def renamed(names: bytes) -> bytes:
    return names.replace(b'"Rahma"', b'"Rahmi"')


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "gone": lambda names: b"",
    "another name": renamed,
    "another salt": lambda names: names.replace(b"00", b"01", 1),
    "another's": lambda names: two()[0].names,
}


@pytest.mark.parametrize("change", sorted(CHANGES))
def test_names_that_were_not_signed_are_refused(change: str) -> None:
    before, newest = two()
    changed = replace(newest, names=CHANGES[change](newest.names))
    assert changed != newest
    with pytest.raises(ManifestRefused, match="names"):
        verify_chain([before, changed], ROOT_PUBLIC, 1)


@pytest.mark.parametrize("how", ["spelling", "short salt", "one too many", "one too few"])
def test_names_that_even_the_root_signed_have_one_form(how: str) -> None:
    honest = first()
    value = canon.loads(honest.names())
    if how == "short salt":
        value["salt"] = "00"
    if how == "one too many":
        value["readers"]["00" * 16] = {"login": "x", "name": "X"}
    if how == "one too few":
        del value["readers"][INNER[0].id.hex()]
    names = canon.dumps(value) + (b" " if how == "spelling" else b"")
    body = canon.loads(honest.to_bytes()) | {"names": hashlib.sha256(names).hexdigest()}
    signed = sign_manifest(honest, ROOT, ROOT_PUBLIC)
    with pytest.raises(ManifestRefused):
        replace(signed, body=canon.dumps(body), names=names).manifest()
    assert replace(signed, body=canon.dumps(body)).manifest(named=False)


def test_the_salt_goes_on_and_hides_who_is_named() -> None:
    """What is looked at and what is signed a moment later are the same bytes; another salt, another hash."""
    assert {signed.manifest().salt for signed in two()} == {bytes(32)}
    assert first().names() != first(salt=bytes([1]) * 32).names()


def test_two_officers_of_one_login_are_refused_by_whoever_has_the_names() -> None:
    twice = first(readers=(*first().readers, replace(reader("x", "triase"), login="rahma")))
    with pytest.raises(ManifestRefused, match="login"):
        verify_chain([sign_manifest(twice, ROOT, ROOT_PUBLIC)], ROOT_PUBLIC, 1)
