"""An inspectorate whose root key is elsewhere: founded, signed by file, changed by file; and what is refused."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests import inspectorate
from tests.inspectorate import MORNING
from whistle.casefile.manifest import Manifest, ManifestRefused, SignedManifest, sign_manifest
from whistle.crypto import totp
from whistle.crypto.recovery import RecoveryKeys
from whistle.crypto.signing import dual_public
from whistle.domain.clock import SetClock
from whistle.services import casework, enrolment, floor, founding, intake, listing, manifests, setup, unlock
from whistle.services.context import Context, NotSetUp, Trust, signed_rows
from whistle.services.founding import Invited
from whistle.services.manifests import ManifestImpossible, Wishes
from whistle.services.officer import Officer
from whistle.services.setup import NewOfficer, SetUpRefused
from whistle.services.verify import codes  # noqa: F401 - the room that checks what is made here
from whistle.store import audit, enrolments, officers
from whistle.store.database import Store, make_engine

PEOPLE = [
    NewOfficer("rahma", "Rahma Yuliani", "penelaah", "triase"),
    NewOfficer("gunawan", "Gunawan Wibisono", "irban", "irban-khusus"),
    NewOfficer("inspektur", "Drs. Arifin Noor", "pimpinan", "pimpinan"),
    NewOfficer("sekda", "Ir. Mahyuni", "luar", "sekda"),
    NewOfficer("prov1", "Siti Raudah", "luar", "provinsi"),
    NewOfficer("prov2", "Ahmad Zaini", "luar", "provinsi"),
    NewOfficer("bayu", "Bayu Pratama", "admin", ""),
]
PASSWORD = "sungai martapura pagi hari"
ROOT = os.urandom(64)
RECOVERY = {log: RecoveryKeys(os.urandom(32)) for log in ("inner", "outer")}
PUBLIC = {"root.pub": dual_public(ROOT), **{f"recovery-{log}.pub": keys.public for log, keys in RECOVERY.items()}}


@dataclass
class City:
    """A founded inspectorate, and whatever its people know."""

    ctx: Context
    clock: SetClock
    secrets: dict[str, bytes] = field(default_factory=dict)

    def enrol(self, one: Invited) -> None:
        secret = os.urandom(20)
        code = totp.code(secret, int(self.clock.now().timestamp()))
        enrolment.enrol(self.ctx, one.token, PASSWORD, secret, code)
        self.secrets[one.person.login] = secret
        self.clock.advance(timedelta(seconds=31))

    def officer(self, login: str) -> Officer:
        self.clock.advance(timedelta(seconds=31))
        code = totp.code(self.secrets[login], int(self.clock.now().timestamp()))
        return unlock.authenticate(self.ctx, login, PASSWORD, code)

    def sign(self, **wishes: object) -> SignedManifest:
        return signed(manifests.request(self.ctx, Wishes(**wishes)).manifest)  # type: ignore[arg-type]


def signed(manifest: Manifest, seed: bytes = ROOT) -> SignedManifest:
    return sign_manifest(manifest, seed, dual_public(seed))


@pytest.fixture
def empty(tmp_path: Path, database: str) -> City:
    config = inspectorate.settings(tmp_path, database)
    clock = SetClock(MORNING)
    return City(Context(Store(make_engine(config.database_url)), Trust(config.keys_dir), clock, config), clock)


@pytest.fixture
def founded(empty: City) -> City:
    """Everybody has made keys; nothing is signed yet."""
    for one in founding.found(empty.ctx, PEOPLE, PUBLIC):
        empty.enrol(one)
    return empty


@pytest.fixture
def city(founded: City) -> City:
    """Manifest 1 is installed; inspektur may sign for the inner tracks."""
    manifests.install(founded.ctx, founded.sign(delegate=["inspektur"]))
    return founded


only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def report(city: City) -> None:
    intake.submit(city.ctx, inspectorate.complaint(), intake.fresh_receipt())


def test_reports_are_taken_in_as_soon_as_the_first_manifest_came_back_signed(founded: City) -> None:
    # Given officers who made their own keys, and no signature
    with pytest.raises(NotSetUp):
        report(founded)
    # When the root signs and the file is installed
    done = manifests.install(founded.ctx, founded.sign(delegate=["inspektur"]))
    assert (done.sequence, done.left) == (1, ())
    assert sorted(done.came) == sorted(one.name for one in PEOPLE)
    # Then reports come in, officers sign in and read
    report(founded)
    assert len(listing.all_rows(founded.ctx, founded.officer("rahma"))) == 1
    with founded.ctx.store.read() as tx:
        assert enrolments.every(tx) == []
        assert [row.action for row in audit.following(tx, 0, 100)][:1] == ["set-up"]


def test_the_root_delegates_the_inner_tracks_to_pimpinan_for_a_year(city: City) -> None:
    with city.ctx.store.read() as tx:
        (delegation,) = city.ctx.directory(tx).current.delegations
        row = officers.by_login(tx, "inspektur")
    assert row is not None
    assert (delegation.officer, delegation.key) == (row.id, row.dual_public)
    assert delegation.tracks == ("biasa", "inspektorat")
    assert delegation.until == city.clock.today() + timedelta(days=365)


def test_no_private_key_is_made_before_an_officer_makes_it(empty: City) -> None:
    invited = founding.found(empty.ctx, PEOPLE, PUBLIC)
    assert all(one.token for one in invited)
    with empty.ctx.store.read() as tx:
        assert officers.all_officers(tx) == []
        assert enrolments.every(tx) == []


@only_sqlite
def test_founding_again_gives_new_links_to_those_who_have_made_no_keys(empty: City) -> None:
    first = founding.found(empty.ctx, PEOPLE, PUBLIC)
    empty.enrol(first[0])
    second = founding.found(empty.ctx, PEOPLE, PUBLIC)
    assert [bool(one.token) for one in second] == [False, *[True] * (len(PEOPLE) - 1)]
    with pytest.raises(enrolment.LinkGone):
        empty.enrol(first[1])
    empty.enrol(second[1])


@only_sqlite
def test_founding_again_with_another_root_is_refused(empty: City) -> None:
    founding.found(empty.ctx, PEOPLE, PUBLIC)
    with pytest.raises(SetUpRefused, match="holds another key"):
        founding.found(empty.ctx, PEOPLE, {**PUBLIC, "root.pub": dual_public(os.urandom(64))})


@only_sqlite
@pytest.mark.parametrize(
    ("people", "public", "said"),
    [
        (PEOPLE[1:2], PUBLIC, "needs at least two officers"),
        ([*PEOPLE, PEOPLE[0]], PUBLIC, "two officers have the same login"),
        ([*PEOPLE, NewOfficer("X Y", "X", "admin", "")], PUBLIC, "a login has 2 to 32"),
        ([*PEOPLE, NewOfficer("xy", "X", "irban", "triase")], PUBLIC, "not of that role"),
        (PEOPLE, {**PUBLIC, "recovery-inner.pub": PUBLIC["recovery-inner.pub"][:1216]}, "recovery-inner.pub is not"),
        (PEOPLE, {"root.pub": PUBLIC["root.pub"]}, "recovery-inner.pub is not"),
    ],
)
def test_what_cannot_be_founded_is_said(
    empty: City, people: list[NewOfficer], public: dict[str, bytes], said: str
) -> None:
    with pytest.raises(SetUpRefused, match=said):
        founding.found(empty.ctx, people, public)
    assert not setup.is_prepared(empty.ctx)


@only_sqlite
def test_a_first_manifest_waits_until_every_track_has_its_readers(empty: City) -> None:
    invited = founding.found(empty.ctx, PEOPLE, PUBLIC)
    for one in invited[1:]:  # rahma, the only one of triage, makes no keys
        empty.enrol(one)
    with pytest.raises(ManifestImpossible, match="biasa needs two officers"):
        manifests.request(empty.ctx, Wishes())
    with pytest.raises(ManifestImpossible, match="rahma has made no keys yet"):
        manifests.request(empty.ctx, Wishes(admit=["rahma"]))


@only_sqlite
def test_a_manifest_that_the_root_did_not_sign_is_refused(founded: City) -> None:
    # Given an administrator who signs with a key of their own
    with pytest.raises(ManifestRefused):
        manifests.install(founded.ctx, signed(manifests.request(founded.ctx, Wishes()).manifest, os.urandom(64)))
    assert not setup.is_prepared(founded.ctx)


Change = Callable[[Manifest], Manifest]


@only_sqlite
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: replace(m, installation=bytes(16)), "another installation"),
        (lambda m: replace(m, sequence=2), "does not follow"),
        (lambda m: replace(m, recovery={**m.recovery, "inner": m.recovery["outer"]}), "inner recovery key"),
        (lambda m: replace(m, recovery_sign={**m.recovery_sign, "outer": bytes(32)}), "outer recovery key"),
        (lambda m: replace(m, readers=(replace(m.readers[0], sign=bytes(32)), *m.readers[1:])), "not those that wait"),
        (lambda m: replace(m, readers=(replace(m.readers[0], unit="pimpinan"), *m.readers[1:])), "not those that wait"),
    ],
)
def test_what_the_root_signed_by_mistake_is_not_taken_in(founded: City, change: Change, said: str) -> None:
    wrong = change(manifests.request(founded.ctx, Wishes()).manifest)
    with pytest.raises(ManifestRefused, match=said):
        manifests.install(founded.ctx, signed(wrong))
    with founded.ctx.store.read() as tx:
        assert officers.all_officers(tx) == []
        assert len(enrolments.every(tx)) == len(PEOPLE)


@only_sqlite
def test_a_manifest_is_installed_once(city: City) -> None:
    with city.ctx.store.read() as tx:
        (first,) = signed_rows(officers.all_manifests(tx))
    with pytest.raises(ManifestRefused):
        manifests.install(city.ctx, first)


def test_who_forgot_the_password_comes_back_by_file(city: City) -> None:
    # Given a case, and rahma, who forgot the password
    report(city)
    casework_of(city, "rahma")
    (one,) = founding.invite(city.ctx, PEOPLE[:1])
    with city.ctx.store.read() as tx:
        row = audit.page(tx, 1)[0]
    assert (row.action, row.detail) == ("invited-at-shell", city.officer("rahma").id.hex())
    city.enrol(one)
    # When the root signs her new keys
    done = manifests.install(city.ctx, city.sign())
    assert (done.sequence, done.came, done.left) == (2, ("Rahma Yuliani",), ())
    # Then she signs in as the same officer, with no case yet: her grants are sealed to the keys of before
    (row,) = listing.all_rows(city.ctx, city.officer("rahma"))
    assert (row.summary, row.awaited, row.broken) == (None, True, False)


def casework_of(city: City, login: str) -> None:
    officer = city.officer(login)
    for row in listing.all_rows(city.ctx, officer):
        casework.declare(city.ctx, officer, row.id)


def test_who_leaves_is_let_go_and_who_comes_is_taken_in(city: City) -> None:
    (one,) = founding.invite(city.ctx, [NewOfficer("yusuf", "Yusuf Maulana", "penelaah", "triase")])
    city.enrol(one)
    done = manifests.install(city.ctx, city.sign(remove=["rahma"]))
    assert (done.sequence, done.came, done.left) == (2, ("Yusuf Maulana",), ("Rahma Yuliani",))
    with pytest.raises(unlock.SignInRefused):
        city.officer("rahma")
    assert city.officer("yusuf").name == "Yusuf Maulana"
    assert city.ctx.floor() == 2


@only_sqlite
@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"remove": ["nobody"]}, "there is no officer 'nobody'"),
        ({"delegate": ["rahma"]}, "whose role signs no manifests"),
        ({"admit": ["rahma"]}, "has made no keys yet"),
    ],
)
def test_a_wish_that_cannot_be_is_said(city: City, wishes: dict[str, list[str]], said: str) -> None:
    with pytest.raises(ManifestImpossible, match=said):
        manifests.request(city.ctx, Wishes(**wishes))  # type: ignore[arg-type]


@only_sqlite
def test_who_was_invited_and_has_made_no_keys_is_told(empty: City) -> None:
    # Given: an inspectorate whose people were invited, one of whom opened the link.
    first, *others = founding.found(empty.ctx, PEOPLE, PUBLIC)
    empty.enrol(first)
    # When, Then
    told = manifests.without_keys(empty.ctx)
    assert sorted(told) == sorted(f"{one.person.name} ({one.person.login})" for one in others)


@only_sqlite
def test_links_from_the_shell_are_for_an_inspectorate_that_is_there(empty: City) -> None:
    with pytest.raises(SetUpRefused, match="no inspectorate"):
        founding.invite(empty.ctx, PEOPLE[:1])


@only_sqlite
def test_the_first_manifest_writes_the_floor_beside_the_keys_down(founded: City) -> None:
    # Given: an inspectorate whose keys came from the ceremony, and no floor yet.
    assert not (founded.ctx.trust.folder / floor.NAME).exists()
    # When
    manifests.install(founded.ctx, founded.sign())
    # Then: verify, which misses a floor, finds one from the first night on.
    assert (founded.ctx.trust.folder / floor.NAME).read_text() == "1\n"


@only_sqlite
def test_keys_that_are_read_only_do_not_stop_an_installation(founded: City) -> None:
    manifest = founded.sign()
    (founded.ctx.trust.folder / "manifest.floor.new").mkdir()  # whoever serves may not write there
    manifests.install(founded.ctx, manifest)
    assert founded.ctx.floor() == 1
