"""Random chains of manifests: whatever is tried, only a signing key changes who is sealed in, and within its reach."""

import os
from dataclasses import fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from whistle.casefile.chain_rules import tracks_of_unit
from whistle.casefile.manifest import (
    Acting,
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
from whistle.domain.roles import UNITS
from whistle.domain.routes import units_for
from whistle.domain.tracks import TRACKS

TODAY = date(2026, 11, 2)
ROOT = bytes(range(64))


@cache
def seed(name: str) -> bytes:
    return (name.encode() * 64)[:64]


@cache
def public(name: str) -> bytes:
    return dual_public(ROOT if name == "root" else seed(name))


@cache
def reader(login: str, unit: str, key: int = 0) -> Reader:
    """The same login always has the same id; ``key`` other than 0 stands for exchanged keys."""
    secret = (f"{login} {key}".encode() * 32)[:32]
    role = UNITS[unit].role if unit else "admin"
    id_ = login.encode().ljust(16, b".")
    keys = (hpke_public(secret), ed25519_public(secret), dual_hash(public(login)))
    return Reader(id_, login, login.title(), role, unit, *keys)


STAFF = [reader(f"{unit}-{number}", unit) for unit in UNITS for number in (1, 2, 3)] + [reader("admin", "")]


def first(*delegations: Delegation) -> Manifest:
    recovery = {"inner": hpke_public(bytes(32)), "outer": hpke_public(bytes([1]) * 32)}
    signing = {"inner": ed25519_public(bytes(32)), "outer": ed25519_public(bytes([1]) * 32)}
    tracks = {c: tuple(r.id for r in STAFF if r.unit in t.reader_units) for c, t in TRACKS.items()}
    holders = {c: tuple(r.id for r in STAFF if r.unit == t.custodian) for c, t in TRACKS.items()}
    return Manifest(
        bytes(16), 1, bytes(32), TODAY, TODAY + timedelta(days=365), tuple(STAFF), tracks, holders, recovery,
        delegations, (), signing, bytes(32),
    )  # fmt: skip


def delegated(*tracks: str, days: int = 30) -> list[SignedManifest]:
    """A chain of one manifest, which delegates ``tracks`` to the first of pimpinan."""
    one = Delegation(reader("pimpinan-1", "pimpinan").id, public("pimpinan-1"), tracks, TODAY + timedelta(days=days))
    return [sign_manifest(first(one), ROOT, public("root"))]


def followed(chain: list[SignedManifest], name: str, **changes: Any) -> list[SignedManifest]:
    secret = ROOT if name == "root" else seed(name)
    return [*chain, sign_manifest(next_manifest(chain[-1], **changes), secret, public(name))]


def accepted(chain: list[SignedManifest]) -> bool:
    try:
        verify_chain(chain, public("root"), 1)
    except ManifestRefused:
        return False
    return True


units = st.sampled_from(list(UNITS))
tracks = st.sampled_from(list(TRACKS))
people = st.sampled_from(STAFF)


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """What somebody may try to change in the next manifest."""
    kinds = {
        "admit": st.tuples(st.sampled_from(["baru-1", "baru-2"]), units),
        "remove": people,
        "swap": st.tuples(people, st.sampled_from(["hpke", "sign", "dual"])),
        "rename": people,
        "place": st.tuples(tracks, people),
        "displace": st.tuples(tracks, people),
        "hold": st.tuples(tracks, people),
        "act": st.tuples(people, units),
        "recovery": st.sampled_from(["inner", "outer"]),
        "recovery_sign": st.sampled_from(["inner", "outer"]),
        "delegate": st.tuples(people, tracks),
        "role": st.tuples(people, st.sampled_from(["pimpinan", "luar", "admin"])),
    }
    chosen = draw(st.lists(st.sampled_from(list(kinds)), max_size=4))
    return [(kind, draw(kinds[kind])) for kind in chosen]


def edited(manifest: Manifest, tried: list[tuple[str, Any]]) -> Manifest:
    for kind, what in tried:
        manifest = _EDITS[kind](manifest, what)
    return manifest


def _readers(manifest: Manifest, *readers: Reader) -> Manifest:
    known = {**manifest.by_id, **{r.id: r for r in readers}}
    return replace(manifest, readers=tuple(known.values()))


def _admit(manifest: Manifest, what: tuple[str, str]) -> Manifest:
    new = reader(*what)
    places = {c: (*ids, new.id) if new.unit in TRACKS[c].reader_units else ids for c, ids in manifest.tracks.items()}
    return replace(_readers(manifest, new), tracks={c: tuple(dict.fromkeys(ids)) for c, ids in places.items()})


def _remove(manifest: Manifest, who: Reader) -> Manifest:
    def without(places: Any) -> Any:
        return {track: tuple(id_ for id_ in ids if id_ != who.id) for track, ids in places.items()}

    return replace(
        manifest,
        readers=tuple(r for r in manifest.readers if r.id != who.id),
        tracks=without(manifest.tracks),
        custodians=without(manifest.custodians),
        acting=tuple(a for a in manifest.acting if a.officer != who.id),
    )


def _change(manifest: Manifest, who: Reader, **changes: Any) -> Manifest:
    return _readers(manifest, replace(who, **changes)) if who.id in manifest.by_id else manifest


def _place(manifest: Manifest, name: str, track: str, who: Reader) -> Manifest:
    places = dict(getattr(manifest, name))
    places[track] = tuple(dict.fromkeys((*places[track], who.id)))
    return replace(manifest, **{name: places})


def _act(manifest: Manifest, what: tuple[Reader, str]) -> Manifest:
    acting = Acting(what[0].id, what[1], "plt", TODAY, TODAY + timedelta(days=9), "1")
    return replace(manifest, acting=(*manifest.acting, acting))


def _delegate(manifest: Manifest, what: tuple[Reader, str]) -> Manifest:
    new = Delegation(what[0].id, public(what[0].login), (what[1],), TODAY + timedelta(days=30))
    return replace(manifest, delegations=(*manifest.delegations, new))


OTHER = {"hpke": hpke_public(b"\x07" * 32), "sign": ed25519_public(b"\x07" * 32), "dual": b"\x07" * 32}
_EDITS: dict[str, Any] = {
    "admit": _admit,
    "remove": _remove,
    "swap": lambda m, what: _change(m, what[0], **{what[1]: OTHER[what[1]]}),
    "rename": lambda m, who: _change(m, who, name="Orang Lain"),
    "place": lambda m, what: _place(m, "tracks", *what),
    "displace": lambda m, what: replace(
        m, tracks={**m.tracks, what[0]: tuple(i for i in m.tracks[what[0]] if i != what[1].id)}
    ),
    "hold": lambda m, what: _place(m, "custodians", *what),
    "act": _act,
    "recovery": lambda m, log: replace(m, recovery={**m.recovery, log: OTHER["hpke"]}),
    "recovery_sign": lambda m, log: replace(m, recovery_sign={**m.recovery_sign, log: OTHER["sign"]}),
    "delegate": _delegate,
    "role": lambda m, what: _change(m, what[0], role=what[1]),
}


def sealed_to(manifest: Manifest, track: str, day: date) -> set[bytes]:
    """Every key that a report on ``track`` is sealed to on ``day``, identity included."""
    readers = [*manifest.readers_of(track, day), *manifest.custodians_of(track, day)]
    return {r.hpke for r in readers} | {manifest.recovery[TRACKS[track].log]}


def written_with(manifest: Manifest) -> dict[str, Any]:
    """All of ``manifest`` but its place in the chain, to be written into the next one."""
    return {f.name: getattr(manifest, f.name) for f in fields(manifest) if f.name not in ("sequence", "previous")}


steps = st.lists(edits(), min_size=1, max_size=3)
PATIENT = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(steps, st.sampled_from(["admin", "triase-1", "provinsi-1", "baru-1"]))
@PATIENT
def test_no_manifest_of_anybody_without_a_signing_key_is_accepted(tried: list[Any], who: str) -> None:
    """Admin may write into every table: without the root's or a delegate's key nothing that they write counts."""
    chain = delegated("biasa", "inspektorat")
    for step in tried:
        manifest = edited(chain[-1].manifest(), step)
        forged = followed(chain, who, **written_with(manifest))
        assert not accepted(forged)
        claimed = [*chain, replace(forged[-1], signer=public("root"))]
        assert not accepted(claimed)
        delegates = [*chain, replace(forged[-1], signer=public("pimpinan-1"))]
        assert not accepted(delegates)


@given(steps, st.sets(tracks, min_size=1))
@PATIENT
def test_a_delegate_reaches_no_other_track(tried: list[Any], mine: set[str]) -> None:
    """Through any chain of steps that is accepted, every other track is sealed to the very same keys."""
    chain = delegated(*sorted(mine))
    before = chain[0].manifest()
    for step in tried:
        manifest = edited(chain[-1].manifest(), step)
        following = followed(chain, "pimpinan-1", **written_with(manifest))
        if accepted(following):
            chain = following
    after = chain[-1].manifest()
    for day in (TODAY, TODAY + timedelta(days=5), TODAY + timedelta(days=50)):
        for track in TRACKS.keys() - mine:
            assert sealed_to(after, track, day) == sealed_to(before, track, day)
    assert (after.recovery, after.recovery_sign, after.delegations) == (
        before.recovery, before.recovery_sign, before.delegations,
    )  # fmt: skip
    reach = {unit for track in mine for unit in units_for(track)}
    assert {r for r in before.readers if r.unit not in reach} == {r for r in after.readers if r.unit not in reach}
    assert all(tracks_of_unit(acting.unit) <= mine for acting in after.acting)


@given(steps)
@PATIENT
def test_what_the_delegate_may_is_accepted_from_the_root_too(tried: list[Any]) -> None:
    """The rules for delegates only ever take away."""
    chain = delegated("biasa")
    for step in tried:
        manifest = edited(chain[-1].manifest(), step)
        changes = written_with(manifest)
        if accepted(followed(chain, "pimpinan-1", **changes)):
            assert accepted(followed(chain, "root", **changes))
            chain = followed(chain, "pimpinan-1", **changes)


@given(st.integers(1, 5), st.integers(0, 5), st.integers(1, 8))
@PATIENT
def test_a_chain_cut_short_below_the_floor_is_refused(length: int, cut: int, floor: int) -> None:
    chain = delegated("biasa")
    for _ in range(length):
        chain = followed(chain, "root")
    kept = chain[: max(1, len(chain) - cut)]
    if len(kept) < floor:
        with pytest.raises(ManifestRefused, match="floor"):
            verify_chain(kept, public("root"), floor)
    else:
        assert verify_chain(kept, public("root"), floor).current.sequence == len(kept)


def test_a_delegate_admits_nobody_under_the_id_of_a_former_officer_of_another_unit() -> None:
    """Else the newcomer's key would speak for what the former officer signed."""
    chain = delegated("biasa", "inspektorat")
    gone = reader("provinsi-3", "provinsi")
    chain = followed(chain, "root", **written_with(_remove(chain[0].manifest(), gone)))
    assert accepted(chain)
    taken = replace(reader("baru-1", "triase"), id=gone.id)
    manifest = chain[-1].manifest()
    changes = {"readers": (*manifest.readers, taken)}
    assert accepted(followed(chain, "root", **changes))
    assert not accepted(followed(chain, "pimpinan-1", **changes))


@pytest.mark.parametrize("id_", [bytes(16), b"recovery-inner\0\0", b"recovery-outer\0\0", b"short"])
def test_nobody_is_admitted_under_an_id_of_the_format_itself(id_: bytes) -> None:
    chain = delegated("biasa")
    manifest = chain[0].manifest()
    readers = (*manifest.readers, replace(reader("baru-1", "triase"), id=id_))
    assert not accepted(followed(chain, "root", readers=readers))


def test_a_delegation_is_void_once_its_officer_left_or_has_other_keys() -> None:
    chain = delegated("biasa")
    deputy = reader("pimpinan-1", "pimpinan")
    manifest = chain[0].manifest()
    changes = written_with(_admit(manifest, ("baru-1", "triase")))
    assert accepted(followed(chain, "pimpinan-1", **changes))
    for before in (_remove(manifest, deputy), _change(manifest, deputy, dual=os.urandom(32))):
        shorter = followed(chain, "root", **written_with(before))
        assert accepted(shorter)
        after = _admit(shorter[-1].manifest(), ("baru-1", "triase"))
        assert not accepted(followed(shorter, "pimpinan-1", **written_with(after)))


def test_a_manifest_dated_before_the_one_that_it_follows_is_refused() -> None:
    chain = followed(delegated("biasa"), "root", issued=TODAY + timedelta(days=40))
    assert accepted(chain)
    # a delegate whose time is over cannot go back to it
    assert not accepted(followed(chain, "pimpinan-1", issued=TODAY + timedelta(days=30)))
