"""Entries dropped, re-ordered, swapped and forged in the database: refused where they are read, named by verify."""

from collections.abc import Callable

import pytest

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import Administrator, database
from whistle.casefile import writing
from whistle.casefile.entries import encode_body
from whistle.casefile.reading import CaseBroken
from whistle.casefile.writing import When
from whistle.crypto.envelope import Chain, Place, seal_entry
from whistle.services import casework, followup, listing
from whistle.services.followup import UnknownReceipt
from whistle.services.listing import Query
from whistle.services.work import read_for
from whistle.store import cases
from whistle.store.rows import EntryRow

Named = Callable[..., None]
THREAD, FILE = 1, 2


def talked(office: Inspectorate) -> tuple[bytes, bytes]:
    """A case whose two chains are long: the reporter's root and the case's id."""
    _, keys, case = office.triaged()
    for text in ("Pertama.", "Kedua."):
        casework.reply(office.ctx, office.officer("rahma"), case, act(), text)
    followup.add(office.ctx, keys.root, act(), "Ada lagi.", None)
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Catatan.")
    return keys.root, case


def refused_on_the_case_page(office: Inspectorate, case: bytes, match: str | None = None) -> None:
    with pytest.raises(CaseBroken, match=match):
        casework.open_case(office.ctx, office.officer("rahma"), case)


def refused_on_the_reporters_page(office: Inspectorate, root: bytes, match: str | None = None) -> None:
    with pytest.raises(CaseBroken, match=match):
        followup.open_with_root(office.ctx, root)


def drop(db: Administrator, case: bytes, chain: int, place: int) -> None:
    gone = {"case": case, "chain": chain, "place": place}
    assert db.execute('DELETE FROM entry WHERE "case" = :case AND chain = :chain AND place = :place', gone).rowcount


def test_an_entry_dropped_from_the_middle_of_the_thread(office: Inspectorate, named: Named) -> None:
    root, case = talked(office)
    with database(office) as db:
        drop(db, case, THREAD, 2)
    refused_on_the_case_page(office, case, "thread entry 2 is missing")
    refused_on_the_reporters_page(office, root, "thread entry 2 is missing")
    named("entry-missing", case.hex(), "thread")


def test_an_entry_dropped_from_the_middle_of_the_file(office: Inspectorate, named: Named) -> None:
    _, case = talked(office)
    with database(office) as db:
        drop(db, case, FILE, 2)
    refused_on_the_case_page(office, case, "file entry 2 is missing")
    named("entry-missing", case.hex(), "file")
    named("audit-entry-missing", "seq")


def test_the_last_entry_of_the_file_dropped_with_a_summary_that_fits(office: Inspectorate, named: Named) -> None:
    _, _, case = office.triaged()
    with office.ctx.store.read() as tx:
        before = cases.get_summary(tx, case)
    assert before is not None
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Yang hilang.")
    with database(office) as db:
        drop(db, case, FILE, 3)
    refused_on_the_case_page(office, case, "end of a chain")
    with office.ctx.store.write() as tx:
        cases.put_summary(tx, before)
    # With the summary of then put back too, nothing in the case tells: the audit log does.
    named("audit-entry-missing", "seq")


def test_the_last_entry_of_the_thread_dropped_that_an_officer_had_seen(office: Inspectorate, named: Named) -> None:
    _, case = talked(office)
    with database(office) as db:
        drop(db, case, THREAD, 4)
    refused_on_the_case_page(office, case, "shorter")
    named("case-broken", case.hex(), login="rahma")


def test_a_whole_report_dropped(office: Inspectorate, named: Named) -> None:
    root, case = talked(office)
    with database(office) as db:
        for table in ("entry", "grant", "epoch", "summary", "identity", "reporter"):
            db.execute(f'DELETE FROM "{table}" WHERE "case" = :case', {"case": case})
        db.execute('DELETE FROM "case" WHERE id = :case', {"case": case})
    with pytest.raises(UnknownReceipt):
        followup.open_with_root(office.ctx, root)
    named("leaves-differ", "inner 2026-11-02")
    named("audit-entry-missing")


def test_a_report_dropped_and_its_leaf_with_it(office: Inspectorate, named: Named) -> None:
    _, case = talked(office)
    with database(office) as db:
        for table in ("entry", "grant", "epoch", "summary", "identity", "reporter"):
            db.execute(f'DELETE FROM "{table}" WHERE "case" = :case', {"case": case})
        db.execute('DELETE FROM "case"')
        db.execute("DELETE FROM leaf")
    named("audit-entry-missing")


@pytest.mark.parametrize(("chain", "one", "other"), [(THREAD, 2, 3), (FILE, 3, 4)])
def test_two_entries_that_changed_places(office: Inspectorate, named: Named, chain: int, one: int, other: int) -> None:
    root, case = talked(office)
    with database(office) as db:
        for old, new in ((one, 91), (other, one), (91, other)):
            db.execute(
                'UPDATE entry SET place = :new WHERE "case" = :case AND chain = :chain AND place = :old',
                {"new": new, "case": case, "chain": chain, "old": old},
            )
    refused_on_the_case_page(office, case, "does not open")
    if chain == THREAD:
        refused_on_the_reporters_page(office, root, "does not open")
    named("entry-link", case.hex(), f"{'thread' if chain == THREAD else 'file'} {one}")


def test_what_two_cases_say_swapped(office: Inspectorate, named: Named) -> None:
    (root, one), (_, two) = talked(office), talked(office)
    with database(office) as db:
        place = 'FROM entry WHERE "case" = :case AND chain = 1 AND place = 1'
        sealed = {case: db.execute(f"SELECT sealed {place}", {"case": case}).scalar() for case in (one, two)}
        for case, other in ((one, two), (two, one)):
            where = {"case": case, "sealed": sealed[other]}
            db.execute('UPDATE entry SET sealed = :sealed WHERE "case" = :case AND chain = 1 AND place = 1', where)
    refused_on_the_case_page(office, one, "thread entry 1 does not open")
    refused_on_the_reporters_page(office, root, "thread entry 1 does not open")
    named("entry-link", one.hex(), "thread 2")
    named("entry-link", two.hex(), "thread 2")


def test_a_whole_row_of_another_case_put_in_its_place(office: Inspectorate, named: Named) -> None:
    (_, one), (_, two) = talked(office), talked(office)
    with database(office) as db:
        drop(db, one, FILE, 2)
        db.execute(
            'UPDATE entry SET "case" = :one WHERE "case" = :two AND chain = 2 AND place = 2', {"one": one, "two": two}
        )
    refused_on_the_case_page(office, one, "file entry 2 does not open")
    named("entry-link", one.hex(), "file 2")
    named("entry-missing", two.hex(), "file")


def test_an_entry_moved_to_the_other_chain(office: Inspectorate, named: Named) -> None:
    root, case = talked(office)
    with database(office) as db:
        db.execute(
            'UPDATE entry SET chain = 1, place = 5 WHERE "case" = :case AND chain = 2 AND place = 5', {"case": case}
        )
    refused_on_the_case_page(office, case)
    refused_on_the_reporters_page(office, root)
    named("entry-link", case.hex(), "thread 5")


def question(office: Inspectorate, case: bytes, seed: bytes, key: bytes | None = None) -> None:
    """A question to the reporter, at the thread's end, linked as it should be, by somebody with ``seed``."""
    with office.ctx.store.write() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        file = read_for(office.ctx, tx, office.officer("rahma"), row)
        committed = cases.epochs(tx, case)[1 if key is None else 0].commitment
        used = key or file.keys[(Chain.THREAD, 0)]
        end = len(file.thread)
        place = Place(
            file.directory.installation, case, Chain.THREAD, 0, act(), end,
            writing.commitment(used), file.tips[Chain.THREAD],
        )  # fmt: skip
        assert committed
        body = encode_body(
            "question",
            office.officer("rahma").id,
            office.clock.today(),
            office.clock.now(),
            end,
            {"text": "Siapa Anda?"},
        )
        sealed = seal_entry(used, place, body, seed)
        cases.insert_entry(tx, EntryRow(place.entry, case, 1, 0, end, office.clock.today(), sealed, place.prev))


def test_a_question_to_the_reporter_forged_with_public_keys(office: Inspectorate, named: Named) -> None:
    root, case = talked(office)
    question(office, case, act() * 2, key=act() * 2)
    refused_on_the_reporters_page(office, root, "does not open")
    refused_on_the_case_page(office, case)
    named("case-broken", case.hex(), login="rahma")


def test_a_question_to_the_reporter_under_the_right_key_without_the_officers_signature(
    office: Inspectorate, named: Named
) -> None:
    root, case = talked(office)
    question(office, case, act() * 2)
    refused_on_the_reporters_page(office, root, "not signed by its author")
    refused_on_the_case_page(office, case, "not signed by its author")
    named("case-broken", case.hex(), login="rahma")


def test_an_act_that_the_audit_log_does_not_know(office: Inspectorate, named: Named) -> None:
    """An officer whose session writes past the log, or a log that was cut: the entry is there and no row names it."""
    _, case = talked(office)
    rahma = office.officer("rahma")
    with office.ctx.store.write() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        file = read_for(office.ctx, tx, rahma, row)
        when = When(office.clock.today(), office.clock.now())
        writing.append(tx, file, Chain.FILE, rahma.author, "note", {"text": "Diam-diam."}, when)
    named("entry-unrecorded", case.hex(), "file 6", login="rahma")


def test_the_list_shows_what_does_not_open_and_loses_nothing(office: Inspectorate) -> None:
    (_, one), (_, two) = talked(office), talked(office)
    with database(office) as db:
        drop(db, one, FILE, 2)
    rows = listing.cases_for(office.ctx, office.officer("rahma"), Query()).rows
    assert {row.id: row.broken for row in rows} == {one: True, two: False}
