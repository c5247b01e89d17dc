"""Whoever has every right on the database, the triggers included, gains no reader and puts no word in a mouth."""

import os

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database
from whistle.casefile import writing
from whistle.casefile.entries import encode_body
from whistle.casefile.keys import Holder, open_all
from whistle.casefile.manifest import RECOVERY, REPORTER, Manifest, ManifestRefused, sign_manifest
from whistle.casefile.reading import CaseBroken, CaseFile, read_case
from whistle.casefile.writing import When
from whistle.crypto.envelope import Chain, GrantPlace, Place, commitment, seal_entry, seal_grant
from whistle.crypto.receipt import ReceiptKeys
from whistle.crypto.signing import dual_public
from whistle.services import casework, followup, listing, routing
from whistle.services.listing import Query
from whistle.services.refusals import NotYours
from whistle.services.work import read_for
from whistle.store import cases
from whistle.store.rows import EntryRow, EpochRow, GrantRow


def opened(office: Inspectorate, case: bytes, login: str = "rahma") -> CaseFile:
    with office.ctx.store.read() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        return read_for(office.ctx, tx, office.officer(login), row)


@pytest.mark.parametrize("reader", [b"recovery-inner-2", b"recovery-" + bytes(7), RECOVERY["outer"]])
def test_who_merely_calls_himself_a_recovery_key_is_named_by_no_entry(office: Inspectorate, reader: bytes) -> None:
    _, _, case = office.triaged()
    file = opened(office, case)
    with office.ctx.store.read() as tx:
        read_case(tx, file.directory, file.case, file.keys, RECOVERY["inner"])
        with pytest.raises(CaseBroken, match="no signed entry names this reader"):
            read_case(tx, file.directory, file.case, file.keys, reader)


def test_a_dropped_entry_is_missed(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    followup.add(office.ctx, keys.root, act(), "Ada lagi.", None)
    with database(office) as db:
        db.execute('DELETE FROM entry WHERE "case" = :case AND chain = 1 AND place = 1', {"case": case})
    with pytest.raises(CaseBroken, match="thread entry 1 is missing"):
        opened(office, case)


def test_a_dropped_first_entry_is_missed(office: Inspectorate) -> None:
    _, _, case = office.report()
    with database(office) as db:
        db.execute('DELETE FROM entry WHERE "case" = :case', {"case": case})
    with pytest.raises(CaseBroken, match="thread is empty"):
        opened(office, case)


@pytest.mark.parametrize("chain", [1, 2])
def test_two_entries_that_changed_places_do_not_open(office: Inspectorate, chain: int) -> None:
    _, _, case = office.triaged()
    for text in ("Pertama.", "Kedua."):
        casework.reply(office.ctx, office.officer("rahma"), case, act(), text)
    with database(office) as db:
        for old, new in ((1, 91), (2, 1), (91, 2)):
            db.execute(
                'UPDATE entry SET place = :new WHERE "case" = :case AND chain = :chain AND place = :old',
                {"new": new, "case": case, "chain": chain, "old": old},
            )
    with pytest.raises(CaseBroken, match="does not open"):
        opened(office, case)


def test_an_entry_of_another_case_does_not_open(office: Inspectorate) -> None:
    (_, _, one), (_, _, two) = office.triaged(), office.triaged()
    with database(office) as db:
        at = '"case" = :case AND chain = 2 AND place = 1'
        sealed = db.execute(f"SELECT sealed FROM entry WHERE {at}", {"case": two}).scalar_one()
        db.execute(f"UPDATE entry SET sealed = :sealed WHERE {at}", {"case": one, "sealed": sealed})
    with pytest.raises(CaseBroken, match="file entry 1 does not open"):
        opened(office, one)


def test_an_entry_moved_to_the_other_chain_does_not_open(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with database(office) as db:
        at = '"case" = :case AND chain = 2 AND place = 2'
        db.execute(f"UPDATE entry SET chain = 1, place = 2 WHERE {at}", {"case": case})
    with pytest.raises(CaseBroken):
        opened(office, case)


def test_a_question_forged_with_public_keys_alone_is_refused(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    file, forged_key = opened(office, case), os.urandom(32)
    place = Place(
        file.directory.installation, case, Chain.THREAD, 0, act(), 2, commitment(forged_key), file.tips[Chain.THREAD]
    )
    body = encode_body(
        "question",
        office.officer("rahma").id,
        office.clock.today(),
        office.clock.now(),
        2,
        {"text": "Siapa nama Anda?"},
    )
    sealed = seal_entry(forged_key, place, body, os.urandom(32))
    with office.ctx.store.write() as tx:
        cases.insert_entry(tx, EntryRow(place.entry, case, 1, 0, 2, office.clock.today(), sealed, place.prev))
    with pytest.raises(CaseBroken, match="thread entry 2 does not open"):
        followup.open_with_root(office.ctx, keys.root)


def test_a_question_by_somebody_with_the_thread_key_but_no_officers_signature_is_refused(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    file = opened(office, case)
    impostor = writing.Author(office.officer("rahma").id, os.urandom(32))
    with office.ctx.store.write() as tx:
        writing.append(tx, file, Chain.THREAD, impostor, "question", {"text": "Siapa Anda?"}, _when(office))
    with pytest.raises(CaseBroken, match="not signed by its author"):
        followup.open_with_root(office.ctx, keys.root)


def test_a_question_signed_by_the_reporter_is_no_question(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    file = opened(office, case)
    with office.ctx.store.write() as tx, pytest.raises(ValueError, match="does not belong"):
        writing.append(
            tx, file, Chain.THREAD, writing.Author(None, keys.signing_seed), "question", {"text": "?"}, _when(office)
        )


def test_an_epoch_forged_with_public_keys_is_refused(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    file, key = opened(office, case), os.urandom(32)
    readers = [(reader.id, reader.hpke) for reader in file.directory.current.readers_of("biasa", office.clock.today())]
    readers.append((REPORTER, keys.hpke_public))
    with office.ctx.store.write() as tx:
        cases.insert_epoch(tx, EpochRow(case, 1, 1, commitment(key)))
        for id_, public in readers:
            where = GrantPlace(file.directory.installation, case, Chain.THREAD, 1, id_, commitment(key))
            cases.insert_grants(tx, [GrantRow(case, 1, 1, id_, "hpke", seal_grant(public, key, where))])
        place = Place(
            file.directory.installation, case, Chain.THREAD, 1, act(), 2, commitment(key), file.tips[Chain.THREAD]
        )
        body = encode_body(
            "reply", office.officer("rahma").id, office.clock.today(), office.clock.now(), 2, {"text": "x"}
        )
        sealed = seal_entry(key, place, body, os.urandom(32))
        cases.insert_entry(tx, EntryRow(place.entry, case, 1, 1, 2, office.clock.today(), sealed, place.prev))
    with pytest.raises(CaseBroken, match="epoch 1, which nobody opened"):
        followup.open_with_root(office.ctx, keys.root)
    with pytest.raises(CaseBroken, match="epoch 1, which nobody opened"):
        opened(office, case)


def test_nobody_writes_into_an_epoch_that_only_the_database_knows(office: Inspectorate) -> None:
    """A forged later epoch without an entry must not become the one that honest officers write in."""
    _, keys, case = office.triaged()
    key = os.urandom(32)
    with office.ctx.store.write() as tx:
        cases.insert_epoch(tx, EpochRow(case, 2, 1, commitment(key)))
        for reader in opened(office, case).directory.current.readers_of("biasa", office.clock.today()):
            where = GrantPlace(office.ctx.directory(tx).installation, case, Chain.FILE, 1, reader.id, commitment(key))
            cases.insert_grants(tx, [GrantRow(case, 2, 1, reader.id, "hpke", seal_grant(reader.hpke, key, where))])
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Rahasia.")
    file = opened(office, case)
    assert file.file[-1].epoch == 0
    with office.ctx.store.read() as tx:
        summary = cases.get_summary(tx, case)
    assert summary is not None
    assert summary.epoch == 0


@pytest.mark.parametrize("chain", [Chain.THREAD, Chain.FILE])
def test_a_key_that_only_the_database_knows_is_passed_on_to_nobody(office: Inspectorate, chain: Chain) -> None:
    _, _, case = office.triaged()
    rahma, key = office.officer("rahma"), os.urandom(32)
    with office.ctx.store.write() as tx:
        cases.insert_epoch(tx, EpochRow(case, int(chain), 1, commitment(key)))
        where = GrantPlace(office.ctx.directory(tx).installation, case, chain, 1, rahma.id, commitment(key))
        sealed = seal_grant(office.ctx.directory(tx).officers[rahma.id].hpke, key, where)
        cases.insert_grants(tx, [GrantRow(case, int(chain), 1, rahma.id, "hpke", sealed)])
    routing.route(office.ctx, rahma, case, act(), "irban-khusus", "Diteruskan.")
    with office.ctx.store.read() as tx:
        given = cases.grants(tx, case, manifest_of(office).unit("irban-khusus", office.clock.today())[0].id)
    assert {grant.epoch for grant in given} == {0}


def test_a_key_exchanged_right_after_a_new_epoch_was_opened_takes_no_word(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    file, key, rahma = opened(office, case), os.urandom(32), office.officer("rahma")
    with office.ctx.store.write() as tx:
        readers = file.directory.current.readers_of("biasa", office.clock.today())
        writing.new_epoch(tx, file, rahma.author, readers, _when(office))
    where = GrantPlace(file.directory.installation, case, Chain.FILE, 1, rahma.id, commitment(key))
    forged = seal_grant(file.directory.officers[rahma.id].hpke, key, where)
    with database(office) as db:
        at = '"case" = :case AND chain = 2 AND epoch = 1'
        db.execute(f"UPDATE epoch SET commitment = :new WHERE {at}", {"new": commitment(key), "case": case})
        db.execute(
            f'UPDATE "grant" SET sealed = :new WHERE {at} AND reader = :reader',
            {"new": forged, "case": case, "reader": rahma.id},
        )
    with pytest.raises(CaseBroken):
        casework.note(office.ctx, rahma, case, act(), "Rahasia.")


def test_a_file_opened_by_the_database_administrator_is_refused(office: Inspectorate) -> None:
    _, _, case = office.report()
    file, key = opened(office, case), os.urandom(32)
    with office.ctx.store.write() as tx:
        cases.insert_epoch(tx, EpochRow(case, 2, 0, commitment(key)))
        for reader in file.directory.current.readers_of("biasa", office.clock.today()):
            where = GrantPlace(file.directory.installation, case, Chain.FILE, 0, reader.id, commitment(key))
            cases.insert_grants(tx, [GrantRow(case, 2, 0, reader.id, "hpke", seal_grant(reader.hpke, key, where))])
    with pytest.raises(CaseBroken):
        casework.declare(office.ctx, office.officer("rahma"), case)


def test_a_grant_copied_to_another_officer_opens_nothing(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    hendra = office.officer("hendra")
    with office.ctx.store.write() as tx:
        for grant in cases.grants(tx, case, office.officer("rahma").id):
            copy = GrantRow(case, grant.chain, grant.epoch, hendra.id, grant.form, grant.sealed)
            cases.insert_grants(tx, [copy])
    with pytest.raises((CaseBroken, NotYours)):
        opened(office, case, "hendra")


def test_a_key_handed_over_without_a_signed_entry_opens_nothing(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    hendra = office.officer("hendra")
    file = opened(office, case)
    with office.ctx.store.write() as tx:
        writing.grant_all(tx, file, [file.directory.officers[hendra.id]])
    with pytest.raises(CaseBroken, match="no signed entry names this reader"):
        opened(office, case, "hendra")


def test_an_entry_by_an_officer_who_is_no_reader_is_refused(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    hendra = office.officer("hendra")
    file = opened(office, case)
    with office.ctx.store.write() as tx:
        writing.append(tx, file, Chain.FILE, hendra.author, "note", {"text": "Titipan."}, _when(office))
    with pytest.raises(CaseBroken, match="no reader of the case"):
        opened(office, case)


def test_the_receipt_and_the_whole_database_open_no_internal_word(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Dugaan mengarah ke kepala seksi.")
    with office.ctx.store.read() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        directory = office.ctx.directory(tx)
        commitments = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in cases.epochs(tx, case)}
        every_grant = [GrantRow(g.case, g.chain, g.epoch, REPORTER, g.form, g.sealed) for g in cases.grants(tx, case)]
        found = open_all(directory.installation, every_grant, commitments, Holder(REPORTER, keys.hpke_seed))
        assert {chain for chain, _ in found} == {Chain.THREAD}
        assert read_case(tx, directory, row, found, REPORTER).file == []


def test_a_new_epoch_keeps_a_removed_reader_out_of_what_follows(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    file = opened(office, case)
    readers = file.directory.current.readers_of("biasa", office.clock.today())
    keep = [reader for reader in readers if reader.login != "yusuf"]
    with office.ctx.store.write() as tx:
        writing.new_epoch(tx, file, office.officer("rahma").author, keep, _when(office))
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Yusuf tidak ikut lagi.")
    assert opened(office, case).file[-1].epoch == 1
    assert followup.open_with_root(office.ctx, keys.root).stage.code == "TELAAH"
    # No manifest took a post from Yusuf: the case breaks in his sight, he is not told that it never was his.
    with pytest.raises(CaseBroken, match="there is no key for epoch 1"):
        opened(office, case, "yusuf")


def test_a_summary_rolled_back_is_rebuilt_from_the_entries(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.read() as tx:
        old = cases.get_summary(tx, case)
    casework.move(office.ctx, office.officer("rahma"), case, act(), "PEMERIKSAAN", "Surat tugas.")
    assert old is not None
    with office.ctx.store.write() as tx:
        cases.put_summary(tx, old)
    row = listing.cases_for(office.ctx, office.officer("rahma"), Query()).rows[0]
    assert row.summary is not None
    assert row.summary.stage == "PEMERIKSAAN"


def test_a_summary_of_another_case_is_not_shown(office: Inspectorate) -> None:
    (_, _, one), (_, _, two) = office.triaged(), office.triaged(story="Cerita yang lain sama sekali.")
    with database(office) as db:
        sealed = db.execute('SELECT sealed FROM summary WHERE "case" = :case', {"case": two}).scalar_one()
        db.execute('UPDATE summary SET sealed = :sealed WHERE "case" = :case', {"sealed": sealed, "case": one})
    rows = listing.cases_for(office.ctx, office.officer("rahma"), Query()).rows
    assert sorted(row.summary.register for row in rows if row.summary) == ["001/11/2026", "002/11/2026"]


def test_a_case_that_cannot_be_opened_is_shown_as_such_and_breaks_no_list(office: Inspectorate) -> None:
    (_, _, one), _ = office.triaged(), office.triaged()
    with database(office) as db:
        zeros = {"case": one, "zeros": bytes(2048)}
        db.execute('UPDATE summary SET sealed = :zeros WHERE "case" = :case', zeros)
        db.execute('UPDATE entry SET sealed = :zeros WHERE "case" = :case AND chain = 1 AND place = 0', zeros)
    listed = listing.cases_for(office.ctx, office.officer("rahma"), Query())
    assert [row.broken for row in listed.rows if row.id == one] == [True]
    assert listed.counts["broken"] == 1


def test_a_case_moved_to_the_other_log_is_refused(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    with database(office) as db:
        db.execute("UPDATE \"case\" SET log = 'outer' WHERE id = :case", {"case": case})
    with pytest.raises(CaseBroken, match="another log"):
        opened(office, case)


def test_exchanged_reporter_keys_are_noticed(office: Inspectorate) -> None:
    (_, _, one), (_, other, _) = office.triaged(), office.triaged()
    stranger = ReceiptKeys.from_root(os.urandom(32))
    assert stranger.root != other.root
    with database(office) as db:
        db.execute(
            'UPDATE "case" SET reporter_sign = :key WHERE id = :case', {"key": stranger.signing_public, "case": one}
        )
    with pytest.raises(CaseBroken):
        opened(office, one)


def test_a_recipient_added_to_the_manifest_stops_intake_and_desk(office: Inspectorate) -> None:
    office.report()
    body = manifest_of(office)
    evil = os.urandom(64)
    forged = sign_manifest(body, evil, dual_public(evil))
    with database(office) as db:
        db.execute("UPDATE manifest SET body = :body, signature = :signature, signer = :signer", vars(forged))
        db.execute("UPDATE manifest_names SET names = :names", vars(forged))
    with pytest.raises(ManifestRefused):
        office.report()
    with database(office) as db:
        db.execute("UPDATE manifest SET signer = :root", {"root": office.ctx.trust.root()})
    with pytest.raises(ManifestRefused):
        office.report()


def test_a_manifest_below_the_floor_is_refused(office: Inspectorate) -> None:
    office.ctx.trust.raise_floor(2)
    with pytest.raises(ManifestRefused, match="below the floor"):
        office.report()


def manifest_of(office: Inspectorate) -> Manifest:
    with office.ctx.store.read() as tx:
        return office.ctx.directory(tx).current


def _when(office: Inspectorate) -> When:
    return When(office.clock.today(), office.clock.now())
