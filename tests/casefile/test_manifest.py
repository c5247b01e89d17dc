"""The chain of manifests: who may sign what, and what a step may change."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest

from whistle.casefile.manifest import (
    Delegation,
    Manifest,
    ManifestRefused,
    Reader,
    SignedManifest,
    dual_hash,
    next_manifest,
    sign_manifest,
    verify_chain,
)
from whistle.crypto.signing import dual_public, ed25519_public
from whistle.crypto.suite import hpke_public

ROOT, DEPUTY = bytes(range(64)), bytes(range(64, 128))
ROOT_PUBLIC, DEPUTY_PUBLIC = dual_public(ROOT), dual_public(DEPUTY)
TODAY = date(2026, 11, 2)


def reader(login: str, unit: str) -> Reader:
    return Reader(
        os.urandom(16),
        login,
        login.title(),
        "penelaah",
        unit,
        hpke_public(os.urandom(32)),
        ed25519_public(os.urandom(32)),
        dual_hash(DEPUTY_PUBLIC),
    )


INNER = [reader("rahma", "triase"), reader("inspektur", "pimpinan")]
OUTER = [reader("prov1", "provinsi"), reader("prov2", "provinsi")]


def first(**changes: object) -> Manifest:
    ids = {"biasa": tuple(r.id for r in INNER), "kepala-daerah": tuple(r.id for r in OUTER)}
    recovery = {"inner": hpke_public(bytes(32)), "outer": hpke_public(bytes([1]) * 32)}
    days = (TODAY, TODAY + timedelta(days=365))
    manifest = Manifest(bytes(16), 1, bytes(32), *days, (*INNER, *OUTER), ids, ids, recovery, salt=bytes(32))
    return replace(manifest, **changes)  # type: ignore[arg-type]


def delegated() -> list[SignedManifest]:
    delegation = Delegation(INNER[1].id, DEPUTY_PUBLIC, ("biasa",), TODAY + timedelta(days=30))
    return [sign_manifest(first(delegations=(delegation,)), ROOT, ROOT_PUBLIC)]


def followed(chain: list[SignedManifest], seed: bytes, signer: bytes, **changes: object) -> list[SignedManifest]:
    return [*chain, sign_manifest(next_manifest(chain[-1], **changes), seed, signer)]


def with_reader(chain: list[SignedManifest], new: Reader, track: str) -> dict[str, object]:
    before = chain[-1].manifest()
    tracks = {**before.tracks, track: (*before.tracks[track], new.id)}
    return {"readers": (*before.readers, new), "tracks": tracks}


def test_a_manifest_survives_its_own_bytes() -> None:
    assert delegated()[0].manifest().to_bytes() == delegated()[0].body


def test_the_roots_chain_is_accepted_and_former_officers_stay_known() -> None:
    chain = [sign_manifest(first(), ROOT, ROOT_PUBLIC)]
    newcomer = reader("baru", "triase")
    chain = followed(chain, ROOT, ROOT_PUBLIC, **with_reader(chain, newcomer, "biasa"))
    before = chain[0].manifest()
    chain = followed(chain, ROOT, ROOT_PUBLIC, readers=before.readers, tracks=before.tracks)
    directory = verify_chain(chain, ROOT_PUBLIC, floor=3)
    assert newcomer.id not in directory.current.by_id
    assert directory.sign_keys[newcomer.id] == (newcomer.sign,)
    assert newcomer.id in directory.track_readers["biasa"]


def test_a_delegate_admits_a_reader_to_the_delegated_track() -> None:
    chain = delegated()
    chain = followed(chain, DEPUTY, DEPUTY_PUBLIC, **with_reader(chain, reader("baru", "triase"), "biasa"))
    assert len(verify_chain(chain, ROOT_PUBLIC, 1).current.readers_of("biasa", TODAY)) == 3


@pytest.mark.parametrize("unit", ["triase", "provinsi"])
def test_a_delegate_cannot_touch_another_track(unit: str) -> None:
    chain = delegated()
    chain = followed(chain, DEPUTY, DEPUTY_PUBLIC, **with_reader(chain, reader("baru", unit), "kepala-daerah"))
    with pytest.raises(ManifestRefused, match="more than its signer may"):
        verify_chain(chain, ROOT_PUBLIC, 1)


def test_a_delegate_cannot_place_somebody_in_a_unit_of_another_track() -> None:
    chain = delegated()
    chain = followed(chain, DEPUTY, DEPUTY_PUBLIC, **with_reader(chain, reader("baru", "provinsi"), "biasa"))
    with pytest.raises(ManifestRefused, match="more than its signer may"):
        verify_chain(chain, ROOT_PUBLIC, 1)


def test_a_delegate_cannot_exchange_the_key_of_an_outside_reader() -> None:
    chain = delegated()
    swapped = replace(OUTER[0], hpke=hpke_public(os.urandom(32)))
    chain = followed(chain, DEPUTY, DEPUTY_PUBLIC, readers=(*INNER, swapped, OUTER[1]))
    with pytest.raises(ManifestRefused, match="more than its signer may"):
        verify_chain(chain, ROOT_PUBLIC, 1)


def test_a_delegate_cannot_exchange_the_key_of_somebody_who_also_reads_another_track() -> None:
    special = reader("gunawan", "irban-khusus")
    ids = {"biasa": tuple(r.id for r in INNER), "inspektorat": (INNER[1].id, special.id)}
    delegation = Delegation(INNER[0].id, DEPUTY_PUBLIC, ("biasa",), TODAY)
    chain = [
        sign_manifest(
            first(readers=(*INNER, special), tracks=ids, custodians=ids, delegations=(delegation,)), ROOT, ROOT_PUBLIC
        )
    ]
    swapped = replace(special, hpke=hpke_public(os.urandom(32)))
    with pytest.raises(ManifestRefused, match="more than its signer may"):
        verify_chain(followed(chain, DEPUTY, DEPUTY_PUBLIC, readers=(*INNER, swapped)), ROOT_PUBLIC, 1)


@pytest.mark.parametrize("name", ["recovery", "delegations"])
def test_recovery_and_delegations_are_the_roots_alone(name: str) -> None:
    chain = delegated()
    changes: dict[str, object] = {
        "recovery": {"inner": hpke_public(os.urandom(32)), "outer": hpke_public(bytes([1]) * 32)},
        "delegations": (),
    }
    with pytest.raises(ManifestRefused, match="more than its signer may"):
        verify_chain(followed(chain, DEPUTY, DEPUTY_PUBLIC, **{name: changes[name]}), ROOT_PUBLIC, 1)


def test_a_delegation_ends_on_its_day() -> None:
    chain = delegated()
    late = {**with_reader(chain, reader("baru", "triase"), "biasa"), "issued": TODAY + timedelta(days=31)}
    with pytest.raises(ManifestRefused, match="nobody whom the root delegated"):
        verify_chain(followed(chain, DEPUTY, DEPUTY_PUBLIC, **late), ROOT_PUBLIC, 1)


def test_a_link_that_is_left_out_or_changed_is_refused() -> None:
    chain = [sign_manifest(first(), ROOT, ROOT_PUBLIC)]
    chain = followed(chain, ROOT, ROOT_PUBLIC, expires=TODAY)
    with pytest.raises(ManifestRefused, match="does not follow"):
        verify_chain(chain[1:], ROOT_PUBLIC, 1)
    other = [sign_manifest(first(expires=TODAY), ROOT, ROOT_PUBLIC), chain[1]]
    with pytest.raises(ManifestRefused, match="does not follow"):
        verify_chain(other, ROOT_PUBLIC, 1)


def test_an_old_manifest_put_back_is_below_the_floor() -> None:
    chain = [sign_manifest(first(), ROOT, ROOT_PUBLIC)]
    with pytest.raises(ManifestRefused, match="floor"):
        verify_chain(chain, ROOT_PUBLIC, floor=2)


def test_a_flipped_byte_in_body_or_signature_is_refused() -> None:
    signed = sign_manifest(first(), ROOT, ROOT_PUBLIC)
    changed = signed.body.replace(b'"penelaah"', b'"irban---"')
    for bad in (
        replace(signed, body=changed),
        replace(signed, signature=bytes([signed.signature[0] ^ 1]) + signed.signature[1:]),
    ):
        with pytest.raises(ManifestRefused, match="signature"):
            verify_chain([bad], ROOT_PUBLIC, 1)


def test_a_track_with_one_reader_is_refused() -> None:
    manifest = first(tracks={"biasa": (INNER[0].id,)})
    with pytest.raises(ManifestRefused, match="fewer than two"):
        verify_chain([sign_manifest(manifest, ROOT, ROOT_PUBLIC)], ROOT_PUBLIC, 1)
