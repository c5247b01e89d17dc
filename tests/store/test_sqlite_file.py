"""SQLite's file is made by a migration only, and a connection never goes on with a file that is not there any more."""

import os
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.store.making import a_case, insert_case
from whistle.store import cases, sqlite_file
from whistle.store.database import Store, StoreUnavailable, make_engine, migrate


def write(store: Store) -> None:
    with store.write() as tx:
        insert_case(tx, a_case())


def count(store: Store) -> int:
    with store.read() as tx:
        return len(cases.all_case_ids(tx))


def take_away(file: Path, to: Path) -> None:
    to.mkdir(exist_ok=True)
    for path in file.parent.glob(f"{file.name}*"):
        path.rename(to / path.name)


def bring_back(file: Path, there: Path) -> None:
    for path in there.iterdir():
        path.rename(file.parent / path.name)


def test_where_there_is_no_file_only_a_migration_makes_one(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new.sqlite3")
    for act in (write, count):
        with pytest.raises(StoreUnavailable):
            act(Store(engine))
    assert list(tmp_path.glob("new.sqlite3")) == []
    migrate(engine)
    write(Store(engine))
    engine.dispose()


def test_nothing_is_written_to_a_file_that_was_taken_away(store: Store, file: Path, tmp_path: Path) -> None:
    # Given connections that have the file open
    write(store)
    assert count(store) == 1
    # When somebody moves it away
    take_away(file, tmp_path / "away")
    # Then nothing is written to it any more, nothing read, and no empty one is made
    for _ in range(2):
        for act in (write, count):
            with pytest.raises(StoreUnavailable):
                act(store)
    assert not file.exists()
    # And when it is back, all goes on by itself
    bring_back(file, tmp_path / "away")
    write(store)
    assert count(store) == 2


def test_what_is_written_while_the_file_is_taken_away_is_not_acknowledged(
    store: Store, file: Path, tmp_path: Path
) -> None:
    write(store)
    with pytest.raises(StoreUnavailable), store.write() as tx:
        insert_case(tx, a_case())
        take_away(file, tmp_path / "away")


def test_a_file_put_in_place_of_another_is_opened_anew(store: Store, file: Path, template: Path) -> None:
    write(store)
    assert count(store) == 1
    backup = file.parent / "backup"
    backup.write_bytes(template.read_bytes())
    for beside in ("-wal", "-shm"):
        os.unlink(f"{file}{beside}")
    backup.rename(file)
    assert count(store) == 0
    write(store)
    assert count(store) == 1


def test_a_log_that_was_taken_away_is_noticed_too(store: Store, file: Path, tmp_path: Path) -> None:
    """What others read then lacks all that stands in the log that has no name any more."""
    write(store)
    os.rename(f"{file}-wal", tmp_path / "wal")
    with store.engine.connect() as connection:
        assert sqlite_file.in_place(connection.info, str(file))
        assert os.path.exists(f"{file}-wal"), "it was opened anew"


def test_an_existing_file_is_left_as_it_is(engine: Engine, file: Path) -> None:
    before = file.stat()
    sqlite_file.make(str(file))
    assert file.stat() == before


def test_a_file_that_was_deleted_can_be_copied_while_the_process_lives(
    store: Store, file: Path, tmp_path: Path
) -> None:
    write(store)
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()
    for act in (write, count, write):
        with pytest.raises(StoreUnavailable):
            act(store)
    saved = tmp_path / "saved"
    saved.mkdir()
    for number in Path("/proc/self/fd").iterdir():
        target = os.readlink(number) if number.is_symlink() else ""
        if target.startswith(f"{file}") and target.endswith(" (deleted)") and "-turn" not in target:
            (saved / Path(target.removesuffix(" (deleted)")).name).write_bytes(number.read_bytes())
    copied = Store(make_engine(f"sqlite:///{saved / file.name}"))
    assert count(copied) == 1
    copied.engine.dispose()
