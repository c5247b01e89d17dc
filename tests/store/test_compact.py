"""What the file itself tells, read page by page."""

import os
import random
import shutil
import struct
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.store.making import DAY, OTHER, READER, a_case, a_grant, insert_case, insert_identity, insert_leaf, take_in
from whistle.store import cases
from whistle.store.database import Store, StoreUnavailable, compact, make_engine
from whistle.store.rows import CaseRow, EntryRow, EpochRow, GrantRow, IdentityRow, LeafRow, SummaryRow

TABLE_INNER, TABLE_LEAF = 0x05, 0x0D
PAGE = 4096


def overflow_pages(content: bytes, root: int) -> list[int]:
    """The first overflow page of every row of a table with large rows, by key (SQLite's file format)."""
    page = content[(root - 1) * PAGE : root * PAGE]
    kind, count = page[0], struct.unpack(">H", page[3:5])[0]
    start = 12 if kind == TABLE_INNER else 8
    cells = [struct.unpack(">H", page[start + 2 * n : start + 2 * n + 2])[0] for n in range(count)]
    if kind == TABLE_LEAF:
        return [struct.unpack(">I", page[end - 4 : end])[0] for end in (cell_end(page, cell) for cell in cells)]
    children = [struct.unpack(">I", page[cell : cell + 4])[0] for cell in cells]
    children.append(struct.unpack(">I", page[8:12])[0])
    return [found for child in children for found in overflow_pages(content, child)]


def cell_end(page: bytes, cell: int) -> int:
    size, cell = varint(page, cell)
    _, cell = varint(page, cell)
    least = (PAGE - 12) * 32 // 255 - 23
    local = least + (size - least) % (PAGE - 4)
    return cell + (local if local <= PAGE - 35 else least) + 4


def varint(page: bytes, at: int) -> tuple[int, int]:
    value = 0
    for step in range(8):
        byte = page[at + step]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + step + 1
    return value << 8 | page[at + 8], at + 9


def root_of(store: Store, table: str) -> int:
    with store.read() as tx:
        return int(tx.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).scalar_one())


def test_after_compacting_rows_lie_in_the_order_of_random_keys_and_not_of_arrival(
    file: Path, engine: Engine, store: Store
) -> None:
    # Given two hundred reports
    for _ in range(200):
        with store.write() as tx:
            take_in(tx, a_case())
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    # Then their pages lie as they came in, which by the keys is no order at all
    before = overflow_pages(file.read_bytes(), root_of(store, "entry"))
    assert len(before) == 200
    assert before != sorted(before)
    # When the database is compacted, then they lie in the order of the keys
    compact(engine)
    after = overflow_pages(file.read_bytes(), root_of(store, "entry"))
    assert len(after) == 200
    assert after == sorted(after)


def test_the_same_reports_in_another_order_are_the_same_file(template: Path, tmp_path: Path) -> None:
    # Given the same reports, taken in in two orders
    reports = [report() for _ in range(120)]
    files = []
    for seed in (1, 2):
        path = tmp_path / f"{seed}.sqlite3"
        shutil.copy(template, path)
        engine = make_engine(f"sqlite:///{path}")
        for case, parts in random.Random(seed).sample(reports, len(reports)):
            with Store(engine).write() as tx:
                insert(tx, case, parts)
        compact(engine)
        engine.dispose()
        files.append(path.read_bytes())
    # Then, once compacted, no byte tells which came first (the header counts the file's changes)
    header = 100
    assert len(files[0]) == len(files[1])
    assert files[0][header:] == files[1][header:]


Parts = tuple[EntryRow, EpochRow, list[GrantRow], SummaryRow, IdentityRow, LeafRow]


def report() -> tuple[CaseRow, Parts]:
    case = a_case(next_day=DAY + timedelta(days=random.Random().randrange(30)))
    return case, (
        EntryRow(os.urandom(16), case.id, 1, 0, 0, case.day, os.urandom(4124), bytes(32)),
        EpochRow(case.id, 1, 0, os.urandom(32)),
        [a_grant(case.id, reader) for reader in (READER, OTHER)],
        SummaryRow(case.id, 1, 0, os.urandom(2076)),
        IdentityRow(case.id, os.urandom(32), os.urandom(4124)),
        LeafRow(os.urandom(16), case.day, case.log, os.urandom(32)),
    )


def insert(tx: object, case: CaseRow, parts: Parts) -> None:
    entry, epoch, grants, summary, identity, leaf = parts
    insert_case(tx, case)  # type: ignore[arg-type]
    cases.insert_epoch(tx, epoch)  # type: ignore[arg-type]
    cases.insert_entry(tx, entry)  # type: ignore[arg-type]
    cases.insert_grants(tx, grants)  # type: ignore[arg-type]
    cases.put_summary(tx, summary)  # type: ignore[arg-type]
    insert_identity(tx, identity)  # type: ignore[arg-type]
    insert_leaf(tx, leaf)  # type: ignore[arg-type]


def test_nothing_is_left_of_what_was_replaced(file: Path, engine: Engine, store: Store) -> None:
    # Given grants and summaries that were replaced
    replaced = []
    with store.write() as tx:
        made = [take_in(tx, a_case()) for _ in range(40)]
        for case in made:
            replaced += [grant.sealed for grant in cases.grants(tx, case.id)]
            summary = cases.get_summary(tx, case.id)
            assert summary is not None
            replaced.append(summary.sealed)
    with store.write() as tx:
        for case in made:
            cases.rewrap_grant(tx, a_grant(case.id, form="vault"))
            cases.put_summary(tx, SummaryRow(case.id, 1, 0, os.urandom(2048)))
    log = file.with_name(file.name + "-wal")
    assert any(old[100:200] in log.read_bytes() for old in replaced)  # it was there to be found
    # When the database is compacted
    compact(engine)
    # Then no piece of them is in the file, and the log is empty
    content = file.read_bytes()
    for old in replaced:
        for start in range(0, len(old) - 32, 32):
            assert old[start : start + 32] not in content
    assert not log.exists() or log.stat().st_size == 0
    with store.read() as tx:
        assert tx.exec_driver_sql("PRAGMA freelist_count").scalar() == 0
        assert tx.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert len(cases.all_case_ids(tx)) == 40


def test_compacting_does_not_disturb_who_reads_and_writes(engine: Engine, store: Store) -> None:
    failed: list[BaseException] = []
    over = threading.Event()

    def work() -> None:
        try:
            while not over.is_set():
                with store.write() as tx:
                    take_in(tx, a_case())
                with store.read() as tx:
                    assert cases.overview(tx, READER, limit=5)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            compact(engine)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    assert not failed


def test_a_reader_who_does_not_give_way_is_said(engine: Engine, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whistle.store.sqlite.BUSY_MILLISECONDS", 50)
    if engine.dialect.name == "postgresql":
        monkeypatch.setattr("whistle.store.upkeep.PATIENCE", 0.5)
    engine.dispose()  # connections are made anew with the short wait
    with store.write() as tx:
        take_in(tx, a_case())
    with store.read() as reader:
        assert cases.all_case_ids(reader)
        with store.write() as tx:
            take_in(tx, a_case())
        with pytest.raises(StoreUnavailable, match="reader"):
            compact(engine)
    monkeypatch.undo()
    compact(engine)
