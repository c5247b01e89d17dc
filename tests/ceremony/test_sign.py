"""The root looks at what a manifest changes, and signs: as a real process, with what a server could try."""

import os
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.ceremony.test_new import BARE, CEREMONY
from tests.typist import Talk, papers, talk, typed_back
from whistle.casefile.manifest import (
    Delegation,
    Manifest,
    Reader,
    SignedManifest,
    dual_hash,
    next_manifest,
    sign_manifest,
)
from whistle.casefile.manifest_files import Request, signed_from_bytes
from whistle.casefile.recipients import Acting
from whistle.crypto import root_file, shares
from whistle.crypto.fingerprint import fingerprint
from whistle.crypto.recovery import RecoveryKeys, halves
from whistle.crypto.shares import Split
from whistle.crypto.signing import dual_public, ed25519_public
from whistle.crypto.suite import hpke_public
from whistle.crypto.vault import KdfParams
from whistle.domain.tracks import TRACKS

ROOT = os.urandom(64)
PASSPHRASE = "pagar-sungai-meja-langit-batu-daun"
RECOVERY = {log: RecoveryKeys(os.urandom(32)) for log in ("inner", "outer")}
TODAY = date(2026, 11, 2)
DUAL = dual_public(os.urandom(64))


def reader(login: str, role: str, unit: str) -> Reader:
    keys = (hpke_public(os.urandom(32)), ed25519_public(os.urandom(32)), dual_hash(DUAL))
    return Reader(os.urandom(16), login, login.title(), role, unit, *keys)


PEOPLE = (
    reader("rahma", "penelaah", "triase"),
    reader("gunawan", "irban", "irban-khusus"),
    reader("inspektur", "pimpinan", "pimpinan"),
    reader("sekda", "luar", "sekda"),
    reader("prov1", "luar", "provinsi"),
    reader("prov2", "luar", "provinsi"),
)


GONE = reader("budi", "auditor", "")


def manifest(people: tuple[Reader, ...] = PEOPLE, **changes: object) -> Manifest:
    places = [
        {code: tuple(r.id for r in people if r.unit in units(track)) for code, track in TRACKS.items()}
        for units in (lambda track: track.reader_units, lambda track: (track.custodian,))
    ]
    made = Manifest(
        installation=bytes(16),
        sequence=1,
        previous=bytes(32),
        issued=TODAY,
        expires=TODAY + timedelta(days=365),
        readers=people,
        tracks=places[0],
        custodians=places[1],
        recovery={log: halves(keys.public)[0] for log, keys in RECOVERY.items()},
        recovery_sign={log: halves(keys.public)[1] for log, keys in RECOVERY.items()},
        salt=bytes(32),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def signed(made: Manifest, seed: bytes = ROOT) -> SignedManifest:
    return sign_manifest(made, seed, dual_public(seed))


def third(**changes: object) -> Request:
    """After a manifest in which somebody left: with ``PEOPLE``, or whatever ``changes`` say."""
    one = signed(manifest((*PEOPLE, GONE)))
    two = signed(next_manifest(one, readers=PEOPLE))
    return Request(next_manifest(two, **changes), (one, two))


@pytest.fixture
def safe(tmp_path: Path) -> Path:
    """The stick with the root key, and beside it the public keys that the ceremony made."""
    key, public = root_file.wrap(ROOT, PASSPHRASE, KdfParams(8, 1, 1))
    (tmp_path / "root.key").write_bytes(key)
    (tmp_path / "root.pub").write_text(public.hex() + "\n")
    for log, keys in RECOVERY.items():
        (tmp_path / f"recovery-{log}.pub").write_text(keys.public.hex() + "\n")
    return tmp_path


def told(safe: Path, request: Request) -> Talk:
    (safe / "request").write_bytes(request.to_bytes())
    return talk([*CEREMONY, "show", safe / "request"], lambda _: "", BARE)


def sign(safe: Path, request: Request, agree: str = "y", *passphrases: str, out: str = "signed") -> Talk:
    (safe / "request").write_bytes(request.to_bytes())
    waiting = list(passphrases or [PASSPHRASE])
    command = [*CEREMONY, "sign", "--key", safe / "root.key", "--in", safe / "request", "--out", safe / out]
    return talk(command, lambda shown: agree if "[y/N]" in shown else waiting.pop(0), BARE)


FIRST = Request(manifest(), ())


def second(**changes: object) -> Request:
    return Request(next_manifest(signed(manifest()), **changes), (signed(manifest()),))


def test_what_is_signed_is_what_was_asked_and_verifies(safe: Path) -> None:
    done = sign(safe, FIRST)
    assert done.code == 0, done.screen
    made = signed_from_bytes((safe / "signed").read_bytes())
    assert made.body == FIRST.manifest.to_bytes()
    assert Request(next_manifest(made), (made,)).previous(dual_public(ROOT)) == FIRST.manifest


def test_the_first_manifest_is_told_person_by_person_with_matching_words(safe: Path) -> None:
    shown = told(safe, FIRST).screen
    assert "It is the first" in shown
    for one in PEOPLE:
        assert f"JOINS    {one.name} ({one.login})" in shown
        assert " ".join(fingerprint(one.hpke, one.sign, one.dual)) in shown
    assert re.search(r"READS +on .*: from now on .*Prov1", shown)


NEW = reader("siti", "penelaah", "triase")
REKEYED = replace(reader("rahma", "penelaah", "triase"), id=PEOPLE[0].id)


def without_prov2() -> Request:
    """The sekda reads the mayor's track in place of prov2, who leaves."""
    now, left = manifest(), PEOPLE[5].id
    places = {
        name: {code: tuple(id_ for id_ in ids if id_ != left) for code, ids in getattr(now, name).items()}
        for name in ("tracks", "custodians")
    }
    places["tracks"]["kepala-daerah"] += (PEOPLE[3].id,)
    return second(readers=PEOPLE[:-1], **places)


def wider() -> Request:
    tracks = manifest().tracks
    return second(tracks={**tracks, "kepala-daerah": (*tracks["kepala-daerah"], PEOPLE[2].id)})


STEPS: dict[str, tuple[Callable[[], Request], str]] = {
    "joins": (lambda: second(readers=(*PEOPLE, NEW)), r"JOINS    Siti \(siti\)\n +Triage inspector, Triage team"),
    "new keys": (lambda: second(readers=(REKEYED, *PEOPLE[1:])), r"NEW KEYS Rahma \(rahma\)"),
    "leaves": (without_prov2, r"LEAVES   Prov2 \(prov2\), Outside reader"),
    "moves": (
        lambda: second(readers=(replace(PEOPLE[0], unit="irban-1", role="irban"), *PEOPLE[1:])),
        r"CHANGES  Rahma \(rahma\), Triage inspector, Triage team\n +becomes Rahma \(rahma\), Unit inspector",
    ),
    "signs": (
        lambda: second(delegations=(Delegation(PEOPLE[2].id, DUAL, ("biasa",), date(2027, 1, 31)),)),
        r"SIGNS    Inspektur may sign who reads .*, until 2027-01-31",
    ),
    "acts": (
        lambda: second(acting=(Acting(PEOPLE[1].id, "pimpinan", "plt", TODAY, date(2026, 12, 31), "800/12"),)),
        r"ACTS     Gunawan for Head of the inspectorate from 2026-11-02 to 2026-12-31 \(Plt, .*letter 800/12\)",
    ),
    "reads": (wider, r"READS +on .*: from now on Inspektur read"),
    "identity": (
        lambda: second(custodians={**manifest().custodians, "biasa": (PEOPLE[0].id,)}),
        r"IDENTITY on .*: from now on Rahma read the names(.|\n)*IDENTITY on .*: no longer Inspektur",
    ),
    "renews": (
        lambda: second(expires=date(2028, 1, 1)),
        r"Nobody joins or leaves. Only the last day moves, from 2027-11-02 to 2028-01-01",
    ),
}  # fmt: skip


def test_a_delegate_with_new_keys_is_told_in_one_line(safe: Path) -> None:
    # Given a chain in which the head may sign, and a step that keeps this with other keys
    given = Delegation(PEOPLE[2].id, DUAL, ("biasa",), date(2027, 1, 31))
    chain = (signed(manifest(delegations=(given,))),)
    renewed = next_manifest(chain[0], delegations=(replace(given, key=bytes(len(DUAL))),))
    lines = [line for line in told(safe, Request(renewed, chain)).screen.splitlines() if line.startswith("SIGNS")]
    assert len(lines) == 1
    assert re.fullmatch(r"SIGNS    still: Inspektur may sign .*, until 2027-01-31, now with the new keys", lines[0])


@pytest.mark.parametrize("step", STEPS)
def test_every_kind_of_change_is_told(safe: Path, step: str) -> None:
    make, said = STEPS[step]
    done = told(safe, make())
    assert done.code == 0, done.screen
    assert re.search(said, done.screen), done.screen


OTHER = RecoveryKeys(os.urandom(32))
LIES: dict[str, tuple[Callable[[], Request], str]] = {
    "a chain that another root signed": (
        lambda: Request(next_manifest(signed(manifest(), os.urandom(64))), (signed(manifest(), os.urandom(64)),)),
        "Do not sign it",
    ),
    "a list of before that hides who is new": (
        lambda: Request(next_manifest(signed(manifest((*PEOPLE, NEW)))), (signed(manifest()),)),
        "does not follow the one before",
    ),
    "another installation": (lambda: second(installation=bytes([1]) * 16), "another installation"),
    "a track with one reader": (
        lambda: Request(manifest(tracks={**manifest().tracks, "biasa": (PEOPLE[0].id,)}), ()),
        "fewer than two readers",
    ),
    "somebody else's recovery key": (
        lambda: Request(manifest(recovery={**manifest().recovery, "inner": halves(OTHER.public)[0]}), ()),
        "somebody else could open every report",
    ),
    "somebody else's recovery key later": (
        lambda: second(recovery_sign={**manifest().recovery_sign, "outer": halves(OTHER.public)[1]}),
        "somebody else could open every report",
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_lying_server_could_ask_is_not_signed(safe: Path, lie: str) -> None:
    make, said = LIES[lie]
    done = sign(safe, make())
    assert done.code != 0
    assert said in " ".join(done.screen.split())
    assert not (safe / "signed").exists()


def test_a_request_in_another_spelling_is_refused(safe: Path) -> None:
    text = FIRST.to_bytes()
    (safe / "request").write_bytes(text.replace(b'"v":1', b'"v": 2'))
    done = talk([*CEREMONY, "show", safe / "request"], lambda _: "", BARE)
    assert done.code != 0
    assert "Do not sign it" in done.screen


@pytest.mark.parametrize("old", [GONE, PEOPLE[0]])
def test_a_newcomer_with_the_id_of_somebody_else_is_warned_of(safe: Path, old: Reader) -> None:
    people = tuple(one for one in PEOPLE if one.id != old.id)
    again = told(safe, third(readers=(*people, old)))
    assert "CAREFUL" not in again.screen
    other = told(safe, third(readers=(*people, replace(old, login="mallory", name="Mallory"))))
    assert f"CAREFUL  Mallory (mallory) has the id of {old.name} ({old.login})" in other.screen


def test_whoever_does_not_agree_signs_nothing(safe: Path) -> None:
    done = sign(safe, FIRST, "n")
    assert done.code != 0
    assert not (safe / "signed").exists()
    assert "Passphrase" not in done.screen


def test_a_wrong_passphrase_is_asked_again_and_in_the_end_nothing_is_signed(safe: Path) -> None:
    assert sign(safe, FIRST, "y", "salah", PASSPHRASE.replace("-", " ").upper()).code == 0
    done = sign(safe, FIRST, "y", *["salah"] * 5, out="other")
    assert done.code != 0
    assert not (safe / "other").exists()


def test_two_manifests_of_one_number_are_not_signed_unawares(safe: Path) -> None:
    assert "CAREFUL" not in sign(safe, second()).screen
    assert "CAREFUL" not in sign(safe, second(), out="the-same").screen
    done = sign(safe, second(expires=date(2028, 1, 1)), "n", out="another")
    assert "CAREFUL: another manifest 2 was signed here" in done.screen
    assert not (safe / "another").exists()


def test_what_was_signed_is_never_written_over(safe: Path) -> None:
    sign(safe, FIRST)
    before = (safe / "signed").read_bytes()
    done = sign(safe, FIRST)
    assert "is there already" in done.screen
    assert (safe / "signed").read_bytes() == before


def test_shares_are_made_anew_for_other_holders(safe: Path) -> None:
    old = [str(share) for share in shares.split(RECOVERY["inner"].secret, Split(2, 3))][1:]
    write = typed_back()

    def answer(shown: str) -> str:
        return old.pop(0) if "its 33 words" in shown else write(shown)

    done = talk([*CEREMONY, "resplit", "--pub", safe / "recovery-inner.pub", "--into", "3-of-4"], answer, BARE)
    assert done.code == 0, done.screen
    made = [shares.parse(" ".join(words)) for _, words in papers(done.screen)]
    assert len(made) == 4
    assert shares.combine(made[1:]) == RECOVERY["inner"].secret


def test_shares_of_another_key_are_not_made_anew(safe: Path) -> None:
    old = [str(share) for share in shares.split(bytes(32), Split(2, 3))][1:]
    done = talk(
        [*CEREMONY, "resplit", "--pub", safe / "recovery-inner.pub", "--into", "3-of-4"], lambda _: old.pop(0), BARE
    )
    assert done.code != 0
    assert "but not to" in done.screen
