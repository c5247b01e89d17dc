"""Databases for tests: SQLite files, and one real PostgreSQL server for each run of the tests.

The server is started by whichever test asks first and shared by all processes of the run. A watcher (this file, run as
a program) stops it and removes its files when the run is over, however it ended.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine, RootTransaction, event, make_url

from tests import memory
from whistle.store import postgresql
from whistle.store.database import is_write, make_engine, migrate

KINDS = ("sqlite", "postgresql")
SUPERUSER, OWNER, DESK, CHANNEL = "postgres", "peluit_owner", "peluit_desk", "peluit_channel"
ROLES = Path(__file__).resolve().parents[1] / "deploy" / "postgresql" / "roles.sql"
# Nothing of a test's cluster outlives the run, so it need not reach a disk; a test of durability starts its own.
HASTY = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "log_min_messages": "fatal",
}
TEMPLATE = "peluit_template"
_LOCKING = re.compile(r"^(WITH|INSERT INTO|UPDATE|DELETE FROM) (?!audit\b)|FOR UPDATE")


def programs() -> Path:
    """The folder of PostgreSQL's programs. Raises RuntimeError, with what to install, when there is none."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("postgres")
    for place in [*places, *([Path(on_path).resolve().parent] if on_path else [])]:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise RuntimeError(
        "These tests need PostgreSQL's server programs (initdb, postgres): run tests/system-packages.sh, or install "
        "the package `postgresql` with this system's package manager."
    )


class Cluster:
    """A PostgreSQL server with files of its own, reached by a socket, without passwords."""

    def __init__(self, folder: Path, **settings: str) -> None:
        """``folder`` is made when it is missing, and must be one that the server's user can reach."""
        self.folder, self.data, self.settings = folder, folder / "data", SETTINGS | settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster when it is not there, start its server and wait until it answers."""
        who = _server_user()
        if not self.data.exists():
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if who is not None:
                os.chown(self.folder, who.pw_uid, who.pw_gid)
            made = [programs() / "initdb", "-D", self.data, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--no-sync"]
            subprocess.run([*made, "--locale=C.UTF-8"], check=True, capture_output=True, **_as(who))
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [*_dying_along(), programs() / "postgres", "-D", self.data, "-k", self.folder, *options],
                stdout=log,
                stderr=subprocess.STDOUT,
                **_as(who),
            )
        deadline = time.monotonic() + 60
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((self.folder / "log").read_text(errors="replace")[-3000:]) from None
                time.sleep(0.02)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: at once but cleanly (SIGINT), or without writing anything more (SIGQUIT)."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(60)

    def url(self, name: str, user: str = OWNER) -> str:
        """The address of a database for the product's settings."""
        return url(self.folder, name, user)

    def connect(self, name: str = "postgres", user: str = SUPERUSER) -> psycopg.Connection:
        """The driver's own connection, every statement by itself."""
        return psycopg.connect(host=str(self.folder), dbname=name, user=user, autocommit=True)


def url(folder: Path, name: str, user: str = OWNER) -> str:
    """The address of a database of the server whose socket lies in ``folder``."""
    return f"postgresql+psycopg://{user}@/{name}?host={folder}"


@contextlib.contextmanager
def cluster(**settings: str) -> Iterator[Cluster]:
    """A server for one test alone: to be stopped, killed or starved. Durable, unless ``settings`` say otherwise.

    One that is not durable lies in memory where there is room.
    """
    place = memory.folder() if settings.get("fsync") == "off" else None
    with tempfile.TemporaryDirectory(prefix="peluit-", dir=place) as folder:
        os.chmod(folder, 0o711)  # noqa: S103 - the server's user passes through to its own folder
        made = Cluster(Path(folder) / "pg", **settings)
        try:
            made.start()
            yield made
        finally:
            made.stop(signal.SIGQUIT)


def shared(base: Path) -> Cluster:
    """The run's server, started by whoever asks first. ``base``: the run's folder, one for all of its processes."""
    noted = base / "postgresql"
    with open(base / "postgresql.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not noted.exists():
            programs()
            # Under xdist the run is the parent of whoever asks.
            run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
            watcher = subprocess.Popen(
                [sys.executable, "-m", "tests.databases", str(run)],
                stdout=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
                text=True,
                start_new_session=True,
                cwd=Path(__file__).resolve().parents[1],
            )
            assert watcher.stdout is not None
            with watcher.stdout:
                said = watcher.stdout.readline().strip()
            if not said:
                raise RuntimeError("PostgreSQL did not start; its watcher's words stand above")
            watcher.returncode = 0  # it outlives this process: nobody here waits for it
            running = Cluster(Path(said))
            make(running, TEMPLATE)
            noted.write_text(said)
        return Cluster(Path(noted.read_text()))


def make(server: Cluster, name: str) -> str:
    """A new migrated database on ``server``, as its owner's address."""
    with server.connect() as connection:
        connection.execute(ROLES.read_bytes())
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(OWNER)))
    engine = make_engine(server.url(name))
    migrate(engine)
    engine.dispose()
    return server.url(name)


def give_roles(url: str) -> None:
    """Give the database of an address the rights of deploy/postgresql/roles.sql."""
    with as_superuser(url) as connection:
        connection.execute(ROLES.read_bytes())


def as_superuser(url: str) -> psycopg.Connection:
    """A connection past every right, each statement by itself."""
    parts = make_url(url)
    folder = str(parts.query["host"])
    return psycopg.connect(host=folder, dbname=parts.database, user=SUPERUSER, autocommit=True)


@contextlib.contextmanager
def in_order() -> Iterator[None]:
    """Nobody locks a row after the end of the audit log: whoever waits for that end holds rows others may wait for.

    Looks at every statement that goes to PostgreSQL meanwhile, in this process.
    """
    holding: weakref.WeakSet[RootTransaction] = weakref.WeakSet()
    wrong: list[str] = []

    def look(connection: Connection, _: object, statement: str, *__: object) -> None:
        transaction = connection.get_transaction()
        if connection.dialect.name != "postgresql" or not isinstance(transaction, RootTransaction):
            return
        if "pg_advisory_xact_lock" in statement and is_write(connection):
            holding.add(transaction)
        elif transaction in holding and _LOCKING.search(statement):
            wrong.append(f"{statement.split(chr(10))[0][:100]}\n{''.join(traceback.format_stack(limit=14)[:-8])}")

    def run(connection: Connection, statement: str, rows: Any) -> None:
        look(connection, None, statement)
        past_sqlalchemy(connection, statement, rows)

    past_sqlalchemy = postgresql.run
    event.listen(Engine, "before_cursor_execute", look)
    postgresql.run = run
    try:
        yield
    finally:
        event.remove(Engine, "before_cursor_execute", look)
        postgresql.run = past_sqlalchemy
    assert not wrong, f"after the audit log's end was locked: {wrong[0]}"


@contextlib.contextmanager
def fresh(server: Cluster, template: str = TEMPLATE) -> Iterator[str]:
    """The address of a copy of a database of the shared server, dropped at the end whoever is still connected.

    Nobody may be connected to the ``template``.
    """
    name = f"test_{os.urandom(8).hex()}"
    copied = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY")
    dropped = sql.SQL("DROP DATABASE {} WITH (FORCE)")
    with server.connect() as connection:
        connection.execute(copied.format(*map(sql.Identifier, (name, template, OWNER))))
    try:
        yield server.url(name)
    finally:
        with server.connect() as connection:
            _send_away(connection, name)
            connection.execute(dropped.format(sql.Identifier(name)))


def _send_away(connection: psycopg.Connection, name: str) -> None:
    """End whoever is still connected to a database. Dropping does so too, but then waits for a tenth of a second."""
    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    deadline = time.monotonic() + 2
    while connection.execute(ended, (name,)).fetchall() and time.monotonic() < deadline:
        time.sleep(0.003)


def _server_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: then it is Debian's `postgres`, or nobody; else whoever runs the tests."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _dying_along() -> list[str]:
    """Before a command: it is told to end when whoever started it is killed, by whatever means."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "QUIT"] if setpriv else []


def _as(who: pwd.struct_passwd | None) -> dict[str, object]:
    return {"cwd": "/"} | ({} if who is None else {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []})


def _watch(run: int) -> None:
    """Serve until the process ``run`` is over, or this one is told to end."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit())
    with cluster(**HASTY) as server:
        print(server.folder, flush=True)
        os.close(1)
        while server.process is not None and server.process.poll() is None and Path(f"/proc/{run}").exists():
            time.sleep(0.3)


if __name__ == "__main__":
    _watch(int(sys.argv[1]))
