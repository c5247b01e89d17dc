"""Keep the database in shape: bring its tables up to date, and rewrite it so that nothing tells what came when."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select, text

from whistle.store import sqlite_file
from whistle.store.engine import Store, turn
from whistle.store.errors import Conflict, StoreUnavailable, translate
from whistle.store.sqlite import driver_of

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE = 120.0  # seconds: a migration, or the rewriting of a large database, may take that long
_LOCK = 0x70656C76  # the number of PostgreSQL's advisory lock on migrations


def migrate(engine: Engine) -> None:
    """Bring the tables up to date: all of it or nothing. Of several processes one does it and the others wait.

    Raises StoreUnavailable, and Conflict when the rows do not fit the new tables.
    """
    with migrating(engine) as connection:
        command.upgrade(_config(connection), "head")


def downgrade(engine: Engine, revision: str) -> None:
    """Take the tables back to an earlier ``revision`` ("base" for none at all). Raises as `migrate` does."""
    with migrating(engine) as connection:
        command.downgrade(_config(connection), revision)


def current_revision(engine: Engine) -> str | None:
    """The revision that the database is at, None for one without tables. Raises StoreUnavailable."""
    with Store(engine).read() as tx:
        return MigrationContext.configure(tx).get_current_revision()


def head_revision() -> str:
    """The newest revision that this program knows."""
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    if head is None:
        raise RuntimeError("there are no migrations")
    return head


@contextlib.contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A write transaction in which tables may be changed, on either database, held by one process at a time."""
    if engine.dialect.name == "postgresql":
        with Store(engine, PATIENCE, unhurried=True).write() as tx:
            tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            yield tx
        return
    sqlite_file.make(sqlite_file.path_of(engine.url))
    with turn(engine, PATIENCE) as mine, engine.connect() as connection:
        connection.detach()  # never back to the pool: to rebuild a table, foreign keys must rest, and only here
        driver_of(connection).execute("PRAGMA foreign_keys = OFF").close()
        with connection.execution_options(peluit_write=True, peluit_turn=mine).begin():
            yield connection
            if connection.execute(text("PRAGMA foreign_key_check")).first():
                raise Conflict("the migration leaves rows that refer to nothing")


def compact(engine: Engine) -> None:
    """Rewrite the database in the order of its keys, which are random, and leave nothing of what was before.

    SQLite: VACUUM copies every table row by row in key order, so that pages no longer lie in the order in which
    reports came in; the checkpoints empty the WAL, which is in that order too. PostgreSQL: see
    whistle.store.rewriting. Nobody writes meanwhile: some 12 seconds a gigabyte on SQLite, so it belongs into the
    night. Raises StoreUnavailable when readers do not give way, or when the disk has no room for a second copy.
    """
    if engine.dialect.name == "postgresql":
        from whistle.store.rewriting import rewrite  # with it the driver, which SQLite does not need

        rewrite(engine, PATIENCE)
        return
    with turn(engine, PATIENCE) as mine, mine.turnstile.passing(mine.deadline), engine.connect() as connection:
        connection.detach()  # never back to the pool: its settings change below
        driver = driver_of(connection)
        try:
            driver.execute("PRAGMA query_only = 0").close()  # it may have been a reader's
            driver.execute("PRAGMA temp_store = FILE").close()  # the copy may be larger than the memory
            _checkpoint(driver)
            sqlite_file.check_room(sqlite_file.path_of(engine.url))
            driver.execute("VACUUM").close()
            _checkpoint(driver)
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error, StoreUnavailable):
                _checkpoint(driver)  # what it wrote in vain takes no room that reports need
            raise translate(error) or error from error


def _checkpoint(driver: sqlite3.Connection) -> None:
    busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreUnavailable("a reader holds on to the write-ahead log")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
