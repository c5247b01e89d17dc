"""A signer admits and removes; nobody else changes who is sealed in."""

import os
import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate
from tests.services import staff
from whistle.casefile.manifest import RECOVERY, REPORTER, ManifestRefused
from whistle.crypto.suite import hpke_public
from whistle.services import admission, casework, floor, invitations, suspension, unlock
from whistle.services.invitations import Person
from whistle.services.officer import Officer
from whistle.services.proposal import Choices, Delegate
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import Refusal
from whistle.store import audit, cases, enrolments, officers


def readers_of_new_report(office: Inspectorate) -> set[bytes]:
    _, _, case = office.report()
    with office.ctx.store.read() as tx:
        return {grant.reader for grant in cases.grants(tx, case)} - {REPORTER, *RECOVERY.values()}


def test_a_newcomer_reads_what_comes_in_after_the_signature(office: Inspectorate) -> None:
    # Given an invited person who made keys
    id_ = staff.made(office)
    assert id_ not in readers_of_new_report(office)
    # When the signer admits them
    staff.signed(office, Choices(admit=(id_,)))
    # Then they are sealed in, sign in and read
    _, _, case = office.report()
    newcomer = office.officer("siti")
    assert (newcomer.id, newcomer.role, newcomer.unit) == (id_, "penelaah", "triase")
    casework.declare(office.ctx, newcomer, case)
    assert casework.open_case(office.ctx, newcomer, case).complaint is not None
    with office.ctx.store.read() as tx:
        assert enrolments.every(tx) == []
    assert invitations.waiting(office.ctx, office.officer("admin")) == []


def test_the_signature_leaves_signed_rows_that_name_whom_it_concerns(office: Inspectorate) -> None:
    id_ = staff.admitted(office)
    with office.ctx.store.read() as tx:
        rows = {row.action: row for row in audit.page(tx, 20)}
    assert (rows["manifest"].detail, rows["admit"].detail) == ("", id_.hex())
    assert rows["admit"].officer == office.officer("inspektur").id
    assert rows["admit"].signature


@pytest.mark.parametrize("login", ["admin", "rahma", "auditor", "gunawan"])
def test_nobody_without_the_role_signs_or_even_sees_the_list(office: Inspectorate, login: str) -> None:
    officer, id_ = office.officer(login), staff.made(office)
    for refused in (
        lambda: admission.desk(office.ctx, officer),
        lambda: admission.review(office.ctx, officer, Choices(admit=(id_,))),
        lambda: admission.sign(office.ctx, officer, Choices(admit=(id_,)), "", office.credentials[login].password),
    ):
        with pytest.raises(Refusal, match="role"):
            refused()


def test_the_role_without_the_key_signs_nothing(office: Inspectorate) -> None:
    officer, id_ = office.officer("sekda"), staff.made(office)
    assert admission.desk(office.ctx, officer).power is None
    with pytest.raises(Refusal, match="no_power"):
        admission.review(office.ctx, officer, Choices(admit=(id_,)))


def test_a_wrong_password_signs_nothing(office: Inspectorate) -> None:
    id_, officer = staff.made(office), office.officer("inspektur")
    shown = admission.review(office.ctx, officer, Choices(admit=(id_,)))
    with pytest.raises(WrongPassword):
        admission.sign(office.ctx, officer, Choices(admit=(id_,)), shown.digest, "bukan sandinya")
    assert staff.directory(office).current.sequence == 1


def test_keys_exchanged_after_the_page_was_made_are_not_signed(office: Inspectorate) -> None:
    """Admin takes the link anew, or edits the table, while the signer reads the words aloud."""
    id_, officer = staff.made(office), office.officer("inspektur")
    shown = admission.review(office.ctx, officer, Choices(admit=(id_,)))
    with office.ctx.store.write() as tx:
        row = enrolments.get(tx, id_)
        assert row is not None
        enrolments.delete(tx, id_)
        enrolments.add(tx, replace(row, hpke_public=hpke_public(os.urandom(32))))
    password = office.credentials["inspektur"].password
    with pytest.raises(Refusal, match="changed_list"):
        admission.sign(office.ctx, officer, Choices(admit=(id_,)), shown.digest, password)
    assert staff.directory(office).current.sequence == 1


def test_keys_that_nobody_can_seal_to_are_refused(office: Inspectorate) -> None:
    id_ = staff.made(office)
    with office.ctx.store.write() as tx:
        row = enrolments.get(tx, id_)
        assert row is not None
        enrolments.delete(tx, id_)
        enrolments.add(tx, replace(row, hpke_public=b"\xff" * 1216))
    with pytest.raises(Refusal, match="bad_keys"):
        admission.review(office.ctx, office.officer("inspektur"), Choices(admit=(id_,)))


def test_of_two_signers_at_once_the_second_is_told_and_nothing_is_lost(office: Inspectorate) -> None:
    staff.signed(office, Choices(delegate=(delegate(office, "sekda", ("biasa", "inspektorat")),)))
    first, second = staff.made(office), staff.made(office, Person("budi", "Budi", "irban", "irban-1"))
    root, deputy = office.officer("inspektur"), office.officer("sekda")
    plans = [(root, Choices(admit=(first,))), (deputy, Choices(admit=(second,)))]
    digests = [admission.review(office.ctx, who, choices).digest for who, choices in plans]
    told: list[str] = []

    def sign(who: Officer, choices: Choices, digest: str) -> None:
        try:
            admission.sign(office.ctx, who, choices, digest, office.credentials[who.login].password)
            told.append("signed")
        except Refusal as refused:
            told.append(refused.code)

    at_once = [threading.Thread(target=sign, args=(*plan, digest)) for plan, digest in zip(plans, digests, strict=True)]
    for thread in at_once:
        thread.start()
    for thread in at_once:
        thread.join()
    assert sorted(told) == ["changed_list", "signed"]
    assert staff.directory(office).current.sequence == 3
    with office.ctx.store.read() as tx:
        assert len(enrolments.every(tx)) == 1  # the other's newcomer still waits


def test_a_removed_officer_is_out_at_once(office: Inspectorate) -> None:
    id_ = staff.admitted(office)
    secret, _ = sign_in(office, "siti")
    staff.signed(office, Choices(remove=(id_,)))
    assert id_ not in readers_of_new_report(office)
    with pytest.raises(unlock.SessionEnded):
        unlock.resume(office.ctx, secret)
    with pytest.raises(unlock.SignInRefused):
        sign_in(office, "siti")
    # and their name stays in what they did
    assert staff.directory(office).name(id_) == "Siti Aminah"


def test_new_keys_for_an_officer_replace_the_old_with_the_signature_alone(office: Inspectorate) -> None:
    """A forgotten password: the old one goes on working until the new keys are admitted."""
    old = office.credentials["rahma"]
    session, before = sign_in(office, "rahma")
    id_ = staff.made(office, Person("rahma", "Rahma Yuliani", "penelaah", "triase"), "sandi baru rahma 2026")
    new = office.credentials["rahma"]
    office.credentials["rahma"] = old
    assert sign_in(office, "rahma")[1].id == before.id == id_
    staff.signed(office, Choices(admit=(id_,)))
    with pytest.raises(unlock.SessionEnded):
        unlock.resume(office.ctx, session)
    with pytest.raises(unlock.SignInRefused):
        sign_in(office, "rahma")
    office.credentials["rahma"] = new
    after = sign_in(office, "rahma")[1]
    assert (after.id, after.hpke_seed == before.hpke_seed) == (id_, False)
    # what was signed with the old key still holds
    assert len(staff.directory(office).sign_keys[id_]) == 2


@pytest.mark.parametrize(
    ("logins", "code"),
    [
        (("prov1",), "two_readers"),
        (("sekda", "prov1"), "two_readers"),
        (("rahma", "yusuf"), "two_readers"),
        (("gunawan",), "two_readers"),
        (("inspektur",), "self"),
    ],
)
def test_a_track_keeps_two_readers(office: Inspectorate, logins: tuple[str, ...], code: str) -> None:
    choices = Choices(remove=tuple(staff.id_of(office, login) for login in logins))
    with pytest.raises(Refusal, match=code):
        admission.review(office.ctx, office.officer("inspektur"), choices)


def test_a_signature_without_changes_renews(office: Inspectorate) -> None:
    office.clock.advance(timedelta(days=340))
    before = staff.directory(office).current
    staff.signed(office, Choices())
    after = staff.directory(office).current
    assert after.expires == office.clock.today() + timedelta(days=365)
    assert (after.readers, after.tracks, after.delegations) == (before.readers, before.tracks, before.delegations)


def test_an_expired_manifest_takes_reports_as_before(office: Inspectorate) -> None:
    office.clock.advance(timedelta(days=400))
    assert readers_of_new_report(office)


def test_a_signature_on_a_clock_that_was_set_back_is_dated_no_earlier_than_the_one_before(office: Inspectorate) -> None:
    office.clock.advance(timedelta(days=3))
    staff.signed(office, Choices())
    office.clock.put(office.clock.today() - timedelta(days=2))
    staff.signed(office, Choices())
    assert staff.directory(office).current.sequence == 3


def test_the_floor_follows_every_signature_and_refuses_the_manifest_before(office: Inspectorate) -> None:
    id_ = staff.admitted(office)
    staff.signed(office, Choices(remove=(id_,)))
    assert floor.read(office.ctx.settings.data_dir) == 3
    # an administrator puts the manifest back that still admits them
    with office.ctx.store.engine.begin() as db:
        drop_guards(db)
        db.exec_driver_sql("DELETE FROM manifest WHERE sequence = 3")
    with pytest.raises(ManifestRefused, match="floor"):
        office.report()


def test_suspension_ends_sessions_and_changes_no_reader(office: Inspectorate) -> None:
    session, rahma = sign_in(office, "rahma")
    before = readers_of_new_report(office)
    suspension.suspend(office.ctx, office.officer("admin"), rahma.id)
    with pytest.raises(unlock.SessionEnded):
        unlock.resume(office.ctx, session)
    with pytest.raises(unlock.SignInRefused):
        sign_in(office, "rahma")
    assert readers_of_new_report(office) == before
    suspension.lift(office.ctx, office.officer("inspektur"), rahma.id)
    assert sign_in(office, "rahma")[1].id == rahma.id


def test_nobody_suspends_themselves_or_without_the_role(office: Inspectorate) -> None:
    admin, rahma = office.officer("admin"), office.officer("rahma")
    with pytest.raises(Refusal, match="self"):
        suspension.suspend(office.ctx, admin, admin.id)
    with pytest.raises(Refusal, match="role"):
        suspension.suspend(office.ctx, rahma, admin.id)
    with pytest.raises(Refusal, match="gone"):
        suspension.suspend(office.ctx, admin, os.urandom(16))
    suspension.suspend(office.ctx, admin, rahma.id)
    suspension.suspend(office.ctx, admin, rahma.id)
    with office.ctx.store.read() as tx:
        assert [row.action for row in audit.page(tx, 9)].count("suspend") == 1


def delegate(office: Inspectorate, login: str, tracks: tuple[str, ...], days: int = 90) -> Delegate:
    return Delegate(staff.id_of(office, login), tracks, office.clock.today() + timedelta(days=days))


def test_a_delegate_signs_for_the_delegated_tracks_and_no_other(office: Inspectorate) -> None:
    staff.signed(office, Choices(delegate=(delegate(office, "prov1", ("inspektur", "kepala-daerah")),)))
    inner, outer = staff.made(office), staff.made(office, Person("prov3", "Prov Tiga", "luar", "provinsi"))
    with pytest.raises(Refusal, match="beyond"):
        admission.review(office.ctx, office.officer("prov1"), Choices(admit=(inner,)))
    assert staff.signed(office, Choices(admit=(outer,)), by="prov1") == 3
    current = staff.directory(office).current
    assert outer in current.tracks["kepala-daerah"] and outer in current.custodians["inspektur"]
    assert current.delegations


def test_a_delegation_ends_with_its_last_day(office: Inspectorate) -> None:
    staff.signed(office, Choices(delegate=(delegate(office, "sekda", ("inspektur",), days=3),)))
    office.clock.put(office.clock.today() + timedelta(days=3))
    office._signed_in.clear()
    assert admission.desk(office.ctx, office.officer("sekda")).power is not None
    office.clock.put(office.clock.today() + timedelta(days=1))
    assert admission.desk(office.ctx, office.officer("sekda")).power is None


def test_only_the_root_delegates(office: Inspectorate) -> None:
    everything = ("biasa", "inspektorat", "inspektur", "kepala-daerah")
    staff.signed(office, Choices(delegate=(delegate(office, "sekda", everything),)))
    sekda = office.officer("sekda")
    for choices in (
        Choices(delegate=(delegate(office, "prov1", ("inspektur",)),)),
        Choices(undelegate=(sekda.id,)),
    ):
        with pytest.raises(Refusal, match="root_only"):
            admission.review(office.ctx, sekda, choices)


@pytest.mark.parametrize(
    ("login", "tracks", "days", "code"),
    [
        ("rahma", ("biasa",), 9, "delegate_role"),
        ("admin", ("biasa",), 9, "delegate_role"),
        ("sekda", (), 9, "delegate_tracks"),
        ("sekda", ("semua",), 9, "delegate_tracks"),
        ("sekda", ("biasa",), -1, "delegate_days"),
        ("sekda", ("biasa",), 400, "delegate_days"),
    ],
)
def test_a_delegation_that_makes_no_sense_is_refused(
    office: Inspectorate, login: str, tracks: tuple[str, ...], days: int, code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        choices = Choices(delegate=(delegate(office, login, tracks, days),))
        admission.review(office.ctx, office.officer("inspektur"), choices)


def test_a_key_that_the_database_holds_for_an_officer_is_not_delegated_to_unless_it_was_admitted(
    office: Inspectorate,
) -> None:
    inspektur, id_ = office.officer("inspektur"), staff.id_of(office, "sekda")
    with office.ctx.store.write() as tx:
        row = officers.by_id(tx, id_)
        assert row is not None
        officers.update_officer(tx, replace(row, dual_public=os.urandom(1984)))
    with pytest.raises(Refusal, match="delegate_keys"):
        admission.review(office.ctx, inspektur, Choices(delegate=(delegate(office, "sekda", ("inspektur",)),)))


def test_new_keys_end_a_delegation(office: Inspectorate) -> None:
    staff.signed(office, Choices(delegate=(delegate(office, "sekda", ("inspektur",)),)))
    id_ = staff.made(office, Person("sekda", "Ir. Mahyuni", "luar", "sekda"))
    staff.signed(office, Choices(admit=(id_,)))
    office._signed_in.pop("sekda", None)
    assert admission.desk(office.ctx, office.officer("sekda")).power is None
    assert staff.directory(office).current.delegations == ()


def sign_in(office: Inspectorate, login: str) -> tuple[bytes, Officer]:
    office.clock.advance(timedelta(seconds=31))
    who = office.credentials[login]
    return unlock.sign_in(office.ctx, login, who.password, staff.code_of(office, who.totp_secret))


def drop_guards(db) -> None:  # type: ignore[no-untyped-def]
    from whistle.store import triggers

    triggers.remove(db)
