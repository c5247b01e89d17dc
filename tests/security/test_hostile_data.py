"""What a sender, a reader or an administrator wrote may be anything: it breaks its own case, and no list or page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database, forged_report
from whistle.casefile import writing
from whistle.casefile.keys import open_all
from whistle.casefile.reading import CaseBroken
from whistle.casefile.writing import When
from whistle.crypto.envelope import Chain, SummaryPlace, commitment, seal_summary
from whistle.domain import summary_form
from whistle.services import casework, closing, followup, listing, rewrapping
from whistle.services.listing import Query
from whistle.services.views import Closing
from whistle.services.work import read_for
from whistle.store import cases
from whistle.store.rows import SummaryRow


def shown(office: Inspectorate, login: str = "rahma") -> dict[bytes, bool]:
    """Every case of the officer's list, and whether it is shown as broken."""
    rows = listing.cases_for(office.ctx, office.officer(login), Query()).rows
    return {row.id: row.broken for row in rows}


def without_summary(office: Inspectorate, case: bytes) -> None:
    with database(office) as db:
        db.execute('UPDATE summary SET sealed = :zeros WHERE "case" = :case', {"zeros": bytes(2048), "case": case})


def keys_of(office: Inspectorate, case: bytes, login: str = "rahma") -> dict[tuple[Chain, int], bytes]:
    officer = office.officer(login)
    with office.ctx.store.read() as tx:
        commitments = {(epoch.chain, epoch.epoch): epoch.commitment for epoch in cases.epochs(tx, case)}
        grants = cases.grants(tx, case, officer.id)
        return open_all(office.ctx.directory(tx).installation, grants, commitments, officer.holder)


def write_summary(office: Inspectorate, case: bytes, chain: Chain, lines: dict[str, str]) -> None:
    """As anybody who holds the chain's key can."""
    key = keys_of(office, case)[(chain, 0)]
    with office.ctx.store.write() as tx:
        place = SummaryPlace(office.ctx.directory(tx).installation, case, chain, 0, commitment(key))
        sealed = seal_summary(key, place, "\n".join(lines.values()).encode())
        cases.put_summary(tx, SummaryRow(case, int(chain), 0, sealed))


def lines_of(office: Inspectorate, case: bytes, login: str = "rahma") -> dict[str, str]:
    """The summary as the list has it, line by line."""
    row = next(r for r in listing.all_rows(office.ctx, office.officer(login)) if r.id == case)
    assert row.summary is not None
    return dict(zip(summary_form.ORDER, summary_form.to_bytes(row.summary).decode().split("\n"), strict=True))


BIRTHS: dict[str, Callable[[Any], object]] = {
    "no readers": lambda body: body["data"].pop("readers"),
    "readers that are no ids": lambda body: body["data"].update(readers=["zz"]),
    "readers that are numbers": lambda body: body["data"].update(readers=7),
    "nobody's reader": lambda body: body["data"].update(readers=["00" * 16]),
    "no data": lambda body: body.update(data=[]),
    "no reporter": lambda body: body["data"].pop("reporter"),
    "no track": lambda body: body["data"].pop("track"),
    "a track that is none": lambda body: body["data"].update(track="tidak-ada"),
    "a track that is a list": lambda body: body["data"].update(track=["biasa"]),
    "another track": lambda body: body["data"].update(track="kepala-daerah"),
    "no complaint": lambda body: body["data"].pop("complaint"),
    "no story": lambda body: body["data"]["complaint"].pop("story"),
    "a story that is a number": lambda body: body["data"]["complaint"].update(story=5),
    "an amount that is a text": lambda body: body["data"]["complaint"].update(amount="banyak"),
    "an endless amount": lambda body: body["data"]["complaint"].update(amount=10**4000),
    "accused that hold objects": lambda body: body["data"]["complaint"].update(accused=[{}]),
    "another day": lambda body: body.update(day="2026-10-01"),
    "a day that is none": lambda body: body.update(day="kemarin"),
    "no object": lambda body: b"7",
    "no JSON": lambda body: b"\xff\xfe",
    "a deep hole": lambda body: b"[" * 60_000,
}


@pytest.mark.parametrize("what", BIRTHS)
def test_a_report_that_cannot_be_read_breaks_no_list(
    what: str, office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, honest = office.report()
    case = forged_report(office, monkeypatch, BIRTHS[what])
    without_summary(office, case)
    assert shown(office) == {honest: False, case: True}
    for use in (casework.open_case, casework.declare):
        with pytest.raises(CaseBroken):
            use(office.ctx, office.officer("rahma"), case)


SUMMARIES: dict[str, dict[str, str]] = {
    "a stage that is none": {"stage": "TIDAK_ADA"},
    "a move to a stage that is none": {"moves": "739000:TIDAK_ADA"},
    "moves of another kind": {"moves": "7"},
    "a day beyond all days": {"moves": "999999999999:DITERIMA"},
    "a day that is none": {"received": "kemarin"},
    "no day": {"received": ""},
    "a closing without a day": {"closed": "selesai", "stage": "SELESAI"},
    "an amount that is a text": {"amount_paid": "banyak"},
    "an endless amount": {"amount_paid": "9" * 400},
    "a switch that is none": {"unread": "ya"},
    "a count that is no number": {"thread_places": "satu"},
    "a line too many inside": {"title": "Judul\nlain"},
}


@pytest.mark.parametrize("what", SUMMARIES)
def test_a_summary_that_cannot_be_read_is_made_anew(what: str, office: Inspectorate) -> None:
    _, _, case = office.triaged()
    before = lines_of(office, case)
    write_summary(office, case, Chain.FILE, {**before, **SUMMARIES[what]})
    assert shown(office) == {case: False}
    assert lines_of(office, case) == before


def test_a_summary_of_too_few_lines_is_made_anew(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    before = lines_of(office, case)
    write_summary(office, case, Chain.FILE, {"received": before["received"]})
    assert shown(office) == {case: False}
    assert lines_of(office, case) == before


def test_a_summary_under_the_senders_key_says_nothing_once_the_desk_has_the_case(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    before = lines_of(office, case)
    write_summary(office, case, Chain.THREAD, {**before, "stage": "SELESAI", "closed": "739557"})
    assert lines_of(office, case) == before


def test_before_that_it_says_only_what_a_sender_may(office: Inspectorate) -> None:
    _, _, case = office.report()
    before = lines_of(office, case)
    lies = {"stage": "SELESAI", "closed": "739557", "result": "tidak_terbukti", "amount_returned": "1000000000"}
    write_summary(office, case, Chain.THREAD, {**before, **lies})
    assert lines_of(office, case) == before


@pytest.mark.parametrize("chain", [1, 2])
def test_the_end_of_a_chain_that_was_cut_off_is_missed(office: Inspectorate, chain: int) -> None:
    _, keys, case = office.triaged()
    followup.add(office.ctx, keys.root, act(), "Ada saksi yang melihat.", None)
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Saksi disebut pelapor.")
    with database(office) as db:
        db.execute(
            'DELETE FROM entry WHERE "case" = :case AND chain = :chain '
            'AND place = (SELECT max(place) FROM entry WHERE "case" = :case AND chain = :chain)',
            {"case": case, "chain": chain},
        )
    assert shown(office) == {case: True}
    with pytest.raises(CaseBroken):
        casework.open_case(office.ctx, office.officer("rahma"), case)


def test_an_officer_says_how_much_of_the_thread_was_there_also_without_a_summary(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    followup.add(office.ctx, keys.root, act(), "Ada saksi yang melihat.", None)
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Saksi disebut pelapor.")
    with database(office) as db:
        db.execute('DELETE FROM entry WHERE "case" = :case AND chain = 1 AND place = 2', {"case": case})
        db.execute('DELETE FROM summary WHERE "case" = :case', {"case": case})
    with pytest.raises(CaseBroken, match="shorter than an officer saw it"):
        casework.open_case(office.ctx, office.officer("rahma"), case)


def test_a_day_of_receipt_that_was_changed_is_noticed_by_both_sides(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    with database(office) as db:
        db.execute("UPDATE \"case\" SET day = '2026-12-24' WHERE id = :case", {"case": case})
    assert shown(office) == {case: True}
    with pytest.raises(CaseBroken, match="day"):
        followup.open_with_root(office.ctx, keys.root)


DAMAGE = {
    "the day of receipt": "UPDATE \"case\" SET day = 'rusak' WHERE id = :case",
    "the next day": "UPDATE \"case\" SET next_day = 'rusak' WHERE id = :case",
    "the next day as bytes": "UPDATE \"case\" SET next_day = x'ff00' WHERE id = :case",
    "the hold": "UPDATE \"case\" SET legal_hold = 'rusak' WHERE id = :case",
    "the state": "UPDATE \"case\" SET state = 'rusak' WHERE id = :case",
    "the log": "UPDATE \"case\" SET log = 'rusak' WHERE id = :case",
    "a reporter's key": "UPDATE \"case\" SET reporter_sign = 'rusak' WHERE id = :case",
    "the summary as text": "UPDATE summary SET sealed = 'rusak' WHERE \"case\" = :case",
    "the summary as a number": 'UPDATE summary SET sealed = 12 WHERE "case" = :case',
    "the summary's chain": 'UPDATE summary SET chain = 9 WHERE "case" = :case',
    "the summary's epoch": "UPDATE summary SET epoch = 'rusak' WHERE \"case\" = :case",
    "an entry as text": "UPDATE entry SET sealed = 'rusak' WHERE \"case\" = :case AND place = 0",
    "an entry's day": "UPDATE entry SET day = 'rusak' WHERE \"case\" = :case",
    "an entry's chain": 'UPDATE entry SET chain = 9 WHERE "case" = :case AND chain = 2 AND place = 1',
    "an entry's epoch": 'UPDATE entry SET epoch = -1 WHERE "case" = :case AND place = 0',
    "an entry's place": "UPDATE entry SET place = 'rusak' WHERE \"case\" = :case AND place = 0",
    "a commitment": "UPDATE epoch SET commitment = 'rusak' WHERE \"case\" = :case",
    "an epoch's chain": 'UPDATE epoch SET chain = 9 WHERE "case" = :case AND chain = 1',
    "an epoch's number": "UPDATE epoch SET epoch = 'rusak' WHERE \"case\" = :case AND chain = 1",
    "grants as text": 'UPDATE "grant" SET sealed = \'rusak\' WHERE "case" = :case',
    "the grants' form": 'UPDATE "grant" SET form = \'rusak\' WHERE "case" = :case',
    "the grants' chain": 'UPDATE "grant" SET chain = 9 WHERE "case" = :case AND chain = 1',
    "the grants' epoch": 'UPDATE "grant" SET epoch = \'rusak\' WHERE "case" = :case AND chain = 1',
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_row_breaks_its_case_at_most(what: str, office: Inspectorate) -> None:
    (_, keys, case), (_, _, honest), (_, _, new) = office.triaged(), office.triaged(), office.report()
    with database(office) as db:
        try:
            assert db.execute(DAMAGE[what], {"case": case}).rowcount
        except DBAPIError:
            assert db.dialect == "postgresql"  # whose columns hold nothing but what they are of
            assert "rusak" in DAMAGE[what] or what in ("the next day as bytes", "the summary as a number")
    rows = shown(office)
    assert rows[honest] is rows[new] is False
    for use in (
        lambda: casework.open_case(office.ctx, office.officer("rahma"), case),
        lambda: followup.open_with_root(office.ctx, keys.root),
    ):
        try:
            use()
        except CaseBroken:
            continue
    office.clock.advance(timedelta(days=1))
    rewrapping.rewrap(office.ctx, office.officer("rahma"))


def test_nobody_closes_alone_what_needs_two_also_not_with_the_database_in_hand(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    rahma = office.officer("rahma")
    casework.move(office.ctx, rahma, case, act(), "PEMERIKSAAN", "Surat tugas.")
    result = Closing("terbukti", "Ringkasan.", "Jawaban.")
    closing.close(office.ctx, rahma, case, act(), result)
    with office.ctx.store.write() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        file = read_for(office.ctx, tx, rahma, row)
        when = When(office.clock.today(), office.clock.now())
        data = {**file.file[-1].data, "proposal": file.file[-1].id.hex()}
        writing.append(tx, file, Chain.FILE, rahma.author, "closed", data, when)
    assert shown(office) == {case: True}


def test_a_second_person_cannot_close_with_another_result_than_was_proposed(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    rahma, yusuf = office.officer("rahma"), office.officer("yusuf")
    casework.move(office.ctx, rahma, case, act(), "PEMERIKSAAN", "Surat tugas.")
    closing.close(office.ctx, rahma, case, act(), Closing("terbukti", "Ringkasan.", "Jawaban."))
    casework.declare(office.ctx, yusuf, case)
    with office.ctx.store.write() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        file = read_for(office.ctx, tx, yusuf, row)
        when = When(office.clock.today(), office.clock.now())
        proposed = next(entry for entry in file.file if entry.kind == "close_proposed").data["closing"]
        data = {"closing": {**proposed, "result": "tidak_terbukti"}, "text": "."}
        writing.append(tx, file, Chain.FILE, yusuf.author, "closed", data, when)
    assert shown(office) == {case: True}


def test_an_officers_entry_that_lacks_what_it_should_hold_breaks_its_case_only(office: Inspectorate) -> None:
    (_, _, case), (_, _, honest) = office.triaged(), office.triaged()
    rahma = office.officer("rahma")
    for kind in ("route", "move", "asked", "closed", "triage"):
        with office.ctx.store.write() as tx:
            row = cases.get_case(tx, case)
            assert row is not None
            file = read_for(office.ctx, tx, rahma, row)
            when = When(office.clock.today(), office.clock.now())
            writing.append(tx, file, Chain.FILE, rahma.author, kind, {}, when)
        assert shown(office) == {case: True, honest: False}
        with database(office) as db:
            db.execute(
                'DELETE FROM entry WHERE "case" = :case AND chain = 2 '
                'AND place = (SELECT max(place) FROM entry WHERE "case" = :case AND chain = 2)',
                {"case": case},
            )


def test_a_broken_row_does_not_stop_a_sign_in(office: Inspectorate) -> None:
    _, _, case = office.report()
    with database(office) as db:
        db.execute('UPDATE "grant" SET sealed = \'rusak\' WHERE "case" = :case', {"case": case})
    office.clock.advance(timedelta(days=1))
    assert office.officer("rahma").login == "rahma"
