"""Recovery: shares give a log's cases to today's officers, and give nothing to anybody else."""

import json
from itertools import islice

import pytest

from tests import admitting
from tests.inspectorate import Inspectorate, act, complaint
from tests.security.administrator import database
from whistle.casefile import birth, summaries, writing
from whistle.casefile.keys import open_all, open_one
from whistle.casefile.manifest import RECOVERY, ManifestRefused
from whistle.casefile.writing import When
from whistle.crypto import shares
from whistle.crypto.envelope import Chain, open_identity
from whistle.crypto.recovery import RecoveryKeys
from whistle.crypto.shares import Split
from whistle.domain.tracks import TRACKS
from whistle.services import audit_check, audit_log, casework, followup, intake, listing, recovery, routing
from whistle.services.recording import record, record_recovery
from whistle.services.recovery import RecoveryRefused
from whistle.services.refusals import NotYours
from whistle.services.unlock import SignInRefused
from whistle.services.work import read_for
from whistle.store import audit, cases, officers, settings

OUTER = {"office": "INSP", "accused": ["inspektur"]}


def unlocked(office: Inspectorate, log: str = "inner") -> recovery.Recovery:
    return recovery.unlock(office.ctx, log, office.recovery[log][:3])


def recovered(office: Inspectorate, log: str = "inner", *logins: str) -> recovery.Progress:
    return list(recovery.run(office.ctx, unlocked(office, log), logins))[-1]


def readable(office: Inspectorate, login: str) -> set[bytes]:
    rows = listing.all_rows(office.ctx, office.officer(login))
    return {row.id for row in rows if row.summary is not None}


def stories(office: Inspectorate, login: str, case: bytes) -> list[str]:
    casework.declare(office.ctx, office.officer(login), case)
    return [item.text for item in casework.open_case(office.ctx, office.officer(login), case).thread]


def actions(office: Inspectorate) -> list[str]:
    with office.ctx.store.read() as tx:
        return [row.action for row in audit.following(tx, 0, 10_000)]


def audited(office: Inspectorate) -> list[audit_check.RowFault]:
    with office.ctx.store.read() as tx:
        keys = office.ctx.directory(tx).sign_keys
        return audit_check.faults_in(audit.following(tx, 0, 10_000), keys, (0, bytes(32)))


def test_a_forgotten_password_loses_no_case(office: Inspectorate) -> None:
    # Given cases of which one was triaged by yusuf, and yusuf, who made new keys because the password is forgotten
    _, _, worked = office.triaged("yusuf")
    _, _, unseen = office.report()
    admitting.admit(office, admitting.new_keys(office, "yusuf"))
    assert readable(office, "yusuf") == set()
    # When recovery ran
    done = recovered(office)
    # Then yusuf reads all of them, the internal file included, and nobody lost anything
    assert (done.done, done.total, done.broken, done.epochs) == (2, 2, (), 0)
    assert readable(office, "yusuf") == {worked, unseen} == readable(office, "rahma")
    assert stories(office, "yusuf", worked)
    casework.note(office.ctx, office.officer("yusuf"), worked, act(), "Kembali bekerja.")
    casework.declare(office.ctx, office.officer("rahma"), worked)
    assert "Kembali bekerja." in [i.text for i in casework.open_case(office.ctx, office.officer("rahma"), worked).file]


def test_all_officers_lost_is_not_the_end(office: Inspectorate) -> None:
    # Given cases in every state, and officers of whom none comes back
    receipt, keys, worked = office.triaged()
    routing.route(office.ctx, office.officer("rahma"), worked, act(), "irban-khusus", "Untuk diperiksa.")
    _, _, unseen = office.report()
    gone = ("rahma", "yusuf", "inspektur", "gunawan")
    roles = {"rahma": ("penelaah", "triase"), "yusuf": ("penelaah", "triase"), "inspektur": ("pimpinan", "pimpinan")}
    roles["gunawan"] = ("irban", "irban-khusus")
    people = [admitting.keyed(office, f"{login}2", *roles[login]) for login in gone]
    admitting.admit(office, *people, without=gone)
    # When recovery ran
    done = recovered(office)
    assert (done.done, done.broken, done.epochs) == (2, (), 2)
    # Then the new ones work on, each on what the old ones had, and the conversation goes on
    assert readable(office, "rahma2") == readable(office, "inspektur2") == {worked, unseen}
    assert readable(office, "gunawan2") == {worked}
    assert stories(office, "rahma2", unseen)
    casework.declare(office.ctx, office.officer("gunawan2"), worked)
    casework.ask(office.ctx, office.officer("gunawan2"), worked, act(), "Loket yang mana?")
    question = followup.open_with_root(office.ctx, keys.root).questions[0]
    followup.add(office.ctx, keys.root, act(), "Loket tiga.", question.id)
    assert "Loket tiga." in stories(office, "gunawan2", worked)
    assert audited(office) == []


def test_who_left_reads_nothing_that_is_written_after_recovery(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    old = office.officer("yusuf")
    admitting.admit(office, admitting.keyed(office, "siti", "penelaah", "triase"), without=("yusuf",))
    recovered(office)
    casework.declare(office.ctx, office.officer("siti"), case)
    casework.note(office.ctx, office.officer("siti"), case, act(), "Sesudahnya.")
    with office.ctx.store.read() as tx:
        epochs = {(one.chain, one.epoch) for one in cases.epochs(tx, case)}
        held = {(one.chain, one.epoch) for one in cases.grants(tx, case, old.id)}
    assert epochs - held == {(Chain.THREAD, 1), (Chain.FILE, 1)}


def test_the_outer_log_is_recovered_by_its_own_key_only(office: Inspectorate) -> None:
    _, _, inner = office.report()
    _, _, outer = office.report(**OUTER)
    admitting.admit(office, admitting.new_keys(office, "prov1"), admitting.new_keys(office, "rahma"))
    recovered(office, "inner")
    assert (readable(office, "rahma"), readable(office, "prov1")) == ({inner}, set())
    recovered(office, "outer")
    assert readable(office, "prov1") == {outer}
    assert readable(office, "rahma") == {inner}


def identity_readers(office: Inspectorate, case: bytes) -> set[bytes]:
    with office.ctx.store.read() as tx:
        return {grant.reader for grant in cases.grants(tx, case) if grant.chain == Chain.IDENTITY}


def test_the_identity_record_goes_to_its_custodian_and_to_nobody_else(office: Inspectorate) -> None:
    # Given a report whose reporter said who they are
    reporter = office.keys(intake.fresh_receipt())
    with office.ctx.store.write() as tx:
        directory = office.ctx.directory(tx)
        new = birth.build(directory, TRACKS["biasa"], complaint(), reporter, office.clock.today(), b"Siti")
        birth.store(tx, new)
    case = new.case.id
    old = office.officer("inspektur").id
    # When all of triage and pimpinan are new
    people = [
        admitting.keyed(office, "rahma2", "penelaah", "triase"),
        admitting.keyed(office, "inspektur2", "pimpinan", "pimpinan"),
    ]
    admitting.admit(office, *people, without=("rahma", "yusuf", "inspektur"))
    recovered(office)
    # Then the new pimpinan opens it, and the new triage inspector holds no key of it
    chief = office.officer("inspektur2")
    assert identity_readers(office, case) == {old, chief.id, RECOVERY["inner"]}
    with office.ctx.store.read() as tx:
        record = cases.get_identity(tx, case)
        (grant,) = [one for one in cases.grants(tx, case, chief.id) if one.chain == Chain.IDENTITY]
        assert record is not None
        key = open_one(directory.installation, grant, record.commitment, chief.holder)
    assert open_identity(key, directory.installation, case, record.sealed) == b"Siti"


def test_running_twice_changes_nothing_the_second_time(office: Inspectorate) -> None:
    office.triaged()
    admitting.admit(office, admitting.keyed(office, "siti", "penelaah", "triase"), without=("yusuf",))
    first, second = recovered(office), recovered(office)
    assert first.grants > 0
    assert (second.grants, second.epochs) == (0, 0)


def test_it_goes_on_where_it_was_stopped(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recovery, "BATCH", 2)
    mine = {office.report()[2] for _ in range(7)}
    admitting.admit(office, admitting.new_keys(office, "yusuf"))
    # Given a run that was stopped after two batches
    stopped = list(islice(recovery.run(office.ctx, unlocked(office)), 3))[-1]
    assert stopped.done == 4
    assert len(readable(office, "yusuf")) == 4
    # When it is started again
    steps = list(recovery.run(office.ctx, unlocked(office)))
    # Then it begins behind the fourth case and ends with all of them
    assert (steps[0].done, steps[-1].done) == (4, 7)
    assert readable(office, "yusuf") == mine
    # And a run after one that came to its end begins at the first again
    assert next(recovery.run(office.ctx, unlocked(office))).done == 0


def test_a_run_for_others_does_not_go_on_with_anothers_mark(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "BATCH", 1)
    for _ in range(3):
        office.report()
    list(islice(recovery.run(office.ctx, unlocked(office)), 2))
    assert next(recovery.run(office.ctx, unlocked(office), ["yusuf"])).done == 0
    list(islice(recovery.run(office.ctx, unlocked(office), ["yusuf"]), 2))
    assert next(recovery.run(office.ctx, unlocked(office), ["yusuf"], again=True)).done == 0
    admitting.admit(office, admitting.new_keys(office, "yusuf"))
    assert next(recovery.run(office.ctx, unlocked(office), ["yusuf"])).done == 0


def test_whom_a_case_left_out_on_purpose_stays_out(office: Inspectorate) -> None:
    # Given a case whose keys were changed so that yusuf, who is still admitted, does not read it
    _, _, case = office.triaged()
    rahma, yusuf = office.officer("rahma"), office.officer("yusuf")
    with office.ctx.store.write() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        file = read_for(office.ctx, tx, rahma, row)
        keep = [one for one in file.directory.current.readers if one.id in file.readers() and one.id != yusuf.id]
        writing.new_epoch(tx, file, rahma.author, keep, When(office.clock.today(), office.clock.now()))
        summaries.save(tx, file)
    # When recovery runs, with stolen keys as well
    recovered(office)
    list(recovery.run(office.ctx, unlocked(office), stolen=True))
    # Then he still does not
    assert readable(office, "yusuf") == set()
    assert readable(office, "rahma") == {case}


def test_stolen_keys_open_nothing_that_is_written_afterwards(office: Inspectorate) -> None:
    # Given a thief with yusuf's keys, and yusuf, who made new ones
    _, keys, case = office.triaged("yusuf")
    _, _, unseen = office.report()
    thief = office.officer("yusuf")
    admitting.admit(office, admitting.new_keys(office, "yusuf"))
    # When recovery gave every case new keys
    done = list(recovery.run(office.ctx, unlocked(office), stolen=True))[-1]
    assert (done.epochs, done.broken) == (2, ())
    # Then officers and reporter go on, and no grant of the new epochs opens with the keys of before
    assert readable(office, "yusuf") == readable(office, "rahma") == {case, unseen}
    followup.add(office.ctx, keys.root, act(), "Tambahan dari pelapor.", None)
    assert "Tambahan dari pelapor." in stories(office, "yusuf", case)
    with office.ctx.store.read() as tx:
        installation = office.ctx.directory(tx).installation
        commitments = {(one.chain, one.epoch): one.commitment for one in cases.epochs(tx, case)}
        opened = open_all(installation, cases.grants(tx, case), commitments, thief.holder)
    assert {epoch for _, epoch in opened} <= {0}


@pytest.mark.parametrize("junk", [b"x", b"[]", b'{"manifest":1}', b'{"manifest":1,"logins":[],"after":"zz","done":0}'])
def test_a_mark_that_somebody_spoiled_starts_afresh(office: Inspectorate, junk: bytes) -> None:
    office.report()
    with office.ctx.store.write() as tx:
        settings.put_setting(tx, "recover-inner", junk)
    assert recovered(office).done == 1


def test_a_broken_case_stops_nobody_elses(office: Inspectorate) -> None:
    _, _, bad = office.triaged()
    _, _, good = office.triaged()
    admitting.admit(office, admitting.new_keys(office, "yusuf"))
    with database(office) as admin:
        admin.execute('UPDATE entry SET sealed = :junk WHERE "case" = :id', {"junk": b"junk", "id": bad})
    done = recovered(office)
    assert (done.done, done.total, done.broken) == (2, 2, (bad,))
    assert readable(office, "yusuf") == {good}


def test_named_officers_are_sealed_to_again_and_others_are_left(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.read() as tx:
        before = {(one.reader, one.chain): one.sealed for one in cases.grants(tx, case)}
    recovered(office, "inner", "yusuf")
    with office.ctx.store.read() as tx:
        after = {(one.reader, one.chain): one.sealed for one in cases.grants(tx, case)}
    changed = {reader for (reader, chain), sealed in after.items() if before[(reader, chain)] != sealed}
    assert changed == {office.officer("yusuf").id}


def test_nobody_outside_of_the_signed_manifest_is_given_anything(office: Inspectorate) -> None:
    # Given an officer whom an administrator put into the database, with keys, and no signature
    _, _, case = office.triaged()
    row, reader = admitting.keyed(office, "mallory", "penelaah", "triase")
    with office.ctx.store.write() as tx:
        officers.insert_officer(tx, row)
    with pytest.raises(RecoveryRefused) as refused:
        recovered(office, "inner", "mallory")
    assert refused.value.code == "nobody"
    recovered(office)
    with office.ctx.store.read() as tx:
        assert cases.grants(tx, case, reader.id) == []


def test_too_few_shares_do_nothing_and_are_not_recorded(office: Inspectorate) -> None:
    before = actions(office)
    with pytest.raises(shares.ShareError) as few:
        recovery.unlock(office.ctx, "inner", office.recovery["inner"][:2])
    assert (few.value.kind, few.value.needed) == ("too_few", 3)
    assert actions(office) == before


def test_shares_of_the_other_log_are_told_apart(office: Inspectorate) -> None:
    with pytest.raises(RecoveryRefused) as other:
        recovery.unlock(office.ctx, "inner", office.recovery["outer"])
    assert (other.value.code, other.value.log) == ("other_log", "outer")


def test_shares_of_another_installation_are_told_apart(office: Inspectorate) -> None:
    with pytest.raises(RecoveryRefused) as other:
        recovery.unlock(office.ctx, "inner", shares.split(bytes(32), Split(2, 3)))
    assert other.value.code == "other_key"


@pytest.mark.parametrize("started", ["before", "afterwards"])
def test_a_key_that_only_the_keys_folder_holds_is_refused(office: Inspectorate, started: str) -> None:
    # Given an administrator who puts a recovery key of their own into keys/, for a process that started before or after
    if started == "before":
        with office.ctx.store.read() as tx:
            office.ctx.directory(tx)
    office.ctx.trust.write("recovery-inner.pub", RecoveryKeys(bytes(32)).public)
    with pytest.raises(RecoveryRefused if started == "before" else ManifestRefused) as refused:
        recovery.unlock(office.ctx, "inner", shares.split(bytes(32), Split(2, 3)))
    assert started != "before" or getattr(refused.value, "code", "") == "unsigned_key"


def test_what_ran_stands_in_the_audit_log_signed_by_the_recovery_key(office: Inspectorate) -> None:
    office.triaged()
    recovered(office)
    recovery.rehearse(office.ctx, unlocked(office))
    with office.ctx.store.read() as tx:
        mine = [row for row in audit.following(tx, 0, 1000) if row.officer == RECOVERY["inner"]]
    assert [row.action for row in mine] == ["recover", "recovered", "rehearse"]
    assert all(row.signature for row in mine)
    assert audited(office) == []


def test_the_log_says_for_whom_recovery_ran_and_how_much_it_did(office: Inspectorate) -> None:
    # Given two runs, each for one officer, and a case that does not open
    office.triaged()
    _, _, bad = office.triaged()
    with database(office) as admin:
        admin.execute('UPDATE entry SET sealed = :junk WHERE "case" = :id', {"junk": b"junk", "id": bad})
    recovered(office, "inner", "yusuf")
    done = recovered(office, "inner", "rahma")
    list(recovery.run(office.ctx, unlocked(office, "outer"), ()))
    # When an overseer reads the log
    lines = audit_log.audit_page(office.ctx, office.officer("auditor")).lines
    told = [(line.action, line.log, line.about, line.counts) for line in reversed(lines) if line.log]
    # Then each run is told apart
    assert told == [
        ("recover", "inner", "", ()),
        ("recover-for", "inner", "Yusuf Maulana", ()),
        ("recovered", "inner", "", (2, done.grants, 1)),
        ("recover", "inner", "", ()),
        ("recover-for", "inner", "Rahma Yuliani", ()),
        ("recovered", "inner", "", (2, done.grants, 1)),
        ("recover", "outer", "", ()),
        ("recovered", "outer", "", (0, 0, 0)),
    ]
    assert done.grants and audited(office) == []


def test_the_recovery_key_signs_no_officers_row_and_no_officer_signs_its_rows(office: Inspectorate) -> None:
    key, officer = unlocked(office), office.officer("rahma")
    with office.ctx.store.write() as tx:
        record_recovery(office.ctx, tx, key.id, key.keys.signing_seed, "look")
        record(office.ctx, tx, officer, "recover")
    assert [fault.code for fault in audited(office)] == ["audit-signature", "audit-signature"]


def test_no_secret_is_stored_or_shown(office: Inspectorate) -> None:
    office.triaged()
    recovered(office)
    secret = office.secret("inner")
    with office.ctx.store.read() as tx:
        kept = settings.get_setting(tx, "recover-inner") or b""
        rows = repr(audit.following(tx, 0, 1000)).encode()
    assert secret.hex().encode() not in kept + rows
    assert secret.hex() not in json.dumps(repr(unlocked(office)))


def test_shares_without_a_signature_gain_the_administrator_nothing(office: Inspectorate) -> None:
    # Given an administrator with the shares of one person, then of all, and no signed manifest
    _, _, case = office.report()
    row, reader = admitting.keyed(office, "admin2", "penelaah", "triase")
    with office.ctx.store.write() as tx:
        officers.insert_officer(tx, row)
    with pytest.raises(shares.ShareError):
        recovery.unlock(office.ctx, "inner", office.recovery["inner"][:1])
    recovered(office)
    with pytest.raises(SignInRefused):
        office.officer("admin2")
    with pytest.raises(NotYours):
        casework.open_case(office.ctx, office.officer("admin"), case)
