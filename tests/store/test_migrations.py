import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from tests.store.making import a_case, take_in
from whistle.store import cases, sqlite_file, triggers
from whistle.store.database import Store, current_revision, downgrade, head_revision, make_engine, migrate
from whistle.store.tables import metadata
from whistle.store.upkeep import MIGRATIONS

REVISIONS = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]


def shape(file: Path) -> dict[str, Any]:
    """Everything that SQLite knows of a database's tables, indexes and triggers, in a form that can be compared."""
    found: dict[str, Any] = {}
    engine = make_engine(f"sqlite:///{file}")
    inspector = inspect(engine)
    with closing(sqlite3.connect(file)) as db:
        names = (
            "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'alembic%' AND tbl_name NOT LIKE 'alembic%'"
        )
        for kind, name, sql in db.execute(names).fetchall():
            if kind == "table":
                found[name] = {
                    "columns": db.execute(f'PRAGMA table_xinfo("{name}")').fetchall(),
                    "foreign": db.execute(f'PRAGMA foreign_key_list("{name}")').fetchall(),
                    "checks": sorted(str(check) for check in inspector.get_check_constraints(name)),
                    "unique": sorted(str(unique) for unique in inspector.get_unique_constraints(name)),
                    "primary": inspector.get_pk_constraint(name),
                    "without rowid": "WITHOUT ROWID" in sql,
                }
            elif sql:
                found[name] = re.sub(r"\s+", " ", sql)
    engine.dispose()
    return found


def test_the_migrated_database_is_the_one_that_the_program_describes(template: Path, tmp_path: Path) -> None:
    # Given a database made of the tables and guards as they stand in the program
    sqlite_file.make(f"{tmp_path}/described.sqlite3")
    engine = make_engine(f"sqlite:///{tmp_path}/described.sqlite3")
    with engine.begin() as connection:
        metadata.create_all(connection)
        triggers.install(connection)
    # Then a migrated one is no different, by SQLite's account and by alembic's
    assert shape(template) == shape(tmp_path / "described.sqlite3")
    engine.dispose()
    engine = make_engine(f"sqlite:///{template}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_no_table_is_laid_out_as_its_rows_came_in(template: Path) -> None:
    """Without rowid, or with a rowid that is a column of ours."""
    with closing(sqlite3.connect(template)) as db:
        for _, name, kind, _, without_rowid, _ in db.execute("PRAGMA main.table_list").fetchall():
            if kind != "table" or name.startswith(("sqlite_", "alembic_")):
                continue
            (key,) = [c for c in db.execute(f'PRAGMA table_info("{name}")').fetchall() if c[5] == 1]
            assert without_rowid or (key[1] in {"slot", "seq", "sequence"} and key[2] == "INTEGER"), name
        assert db.execute("SELECT count(*) FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'").fetchone() == (0,)


def test_no_column_holds_a_time_of_a_reporters_act() -> None:
    """Times stand in what officers do; a report has days."""
    times = {"at", "created", "seen", "expires", "until", "totp_step"}
    allowed = {"audit", "session", "throttle", "officer", "invitation", "enrolment", "totp_reset", "work"}
    for name, table in metadata.tables.items():
        assert name in allowed or not times & set(table.columns.keys())
        assert not any("TIME" in str(column.type).upper() for column in table.columns)


def test_each_migration_goes_up_and_down(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/steps.sqlite3")
    file = tmp_path / "steps.sqlite3"
    migrate(engine)
    after = {REVISIONS[-1]: shape(file)}
    # down, a step at a time, with a look at each
    for revision in REVISIONS[-2::-1]:
        downgrade(engine, revision)
        assert current_revision(engine) == revision
        after[revision] = shape(file)
    downgrade(engine, "base")
    assert current_revision(engine) is None
    assert shape(file) == {}
    # and up again, where every step is as it was on the way down
    from alembic import command

    from whistle.store.upkeep import _config, migrating

    for revision in REVISIONS:
        with migrating(engine) as connection:
            command.upgrade(_config(connection), revision)
        assert shape(file) == after[revision], revision
    assert current_revision(engine) == head_revision() == REVISIONS[-1]
    engine.dispose()


def test_rows_live_through_a_second_run(file: Path, store: Store) -> None:
    with store.write() as tx:
        case = take_in(tx, a_case())
    migrate(store.engine)
    with store.read() as tx:
        assert cases.get_case(tx, case.id) == case


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    engine = make_engine(f"sqlite:///{tmp_path}/fails.sqlite3")
    monkeypatch.setattr(triggers, "install", fail)
    with pytest.raises(ZeroDivisionError):
        migrate(engine)
    assert shape(tmp_path / "fails.sqlite3") == {}
    monkeypatch.undo()
    migrate(engine)
    assert current_revision(engine) == head_revision()
    # and the connection on which foreign keys rested is not in the pool
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    engine.dispose()


START = """
import sys
from whistle.store.database import make_engine, migrate, current_revision
engine = make_engine(sys.argv[1])
sys.stdin.readline()
migrate(engine)
print(current_revision(engine))
"""


def test_processes_that_start_at_once_do_not_collide(tmp_path: Path) -> None:
    arguments = [sys.executable, "-c", START, f"sqlite:///{tmp_path}/new.sqlite3"]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    processes = [subprocess.Popen(arguments, text=True, **pipes) for _ in range(3)]  # type: ignore[call-overload]
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60) for process in processes]
    assert [out.strip() for out, _ in said] == [head_revision()] * 3, said


def test_flask_migrate_runs_the_same_migrations(tmp_path: Path) -> None:
    from flask import Flask
    from flask_migrate import Migrate, upgrade

    from whistle.store.database import db

    app = Flask("any")
    app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{tmp_path}/flask.sqlite3"
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    with app.app_context():
        upgrade()
        assert current_revision(db.engine) == head_revision()
        db.engine.dispose()
