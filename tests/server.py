"""The real server in a process of its own, over a data folder, and how to kill it."""

import contextlib
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from tests import inspectorate
from whistle.domain.clock import Clock, SystemClock
from whistle.services import demo, setup
from whistle.services.context import Context, Trust
from whistle.store.database import Store, make_engine, migrate

ROOT = Path(__file__).resolve().parents[1]


def prepare(
    folder: Path, clock: Clock | None = None, database_url: str | None = None
) -> tuple[Context, dict[str, setup.Credentials]]:
    """An inspectorate with the demonstration's officers and no report, made now; its context and the credentials.

    ``database_url``: a SQLite file in ``folder`` when it is not given.
    """
    config = inspectorate.settings(folder, database_url)
    engine = make_engine(config.database_url)
    migrate(engine)
    ctx = Context(Store(engine), Trust(config.keys_dir), clock or SystemClock(ZoneInfo(config.timezone)), config)
    prepared = setup.prepare(ctx, demo.officers(fixed=True), demo.ROOT_KEEPER)
    return ctx, {who.login: who for who in prepared.credentials}


def environment(folder: Path, port: int, database_url: str | None = None, **more: str) -> dict[str, str]:
    """What `prepare` assumed, as the server's environment."""
    config = inspectorate.settings(folder)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PELUIT_", "FLASK_"))}
    return kept | {
        "PELUIT_DEMO": "1",
        "PELUIT_DATA_DIR": str(folder),
        "PELUIT_DATABASE_URL": database_url or "",
        "PELUIT_SECRET_KEY": config.secret_key.decode(),
        "PELUIT_ARGON2_MEMORY_KIB": str(config.argon2_memory_kib),
        "PELUIT_ARGON2_ITERATIONS": str(config.argon2_iterations),
        "PORT": str(port),
        **more,
    }


def free_port() -> int:
    """A TCP port of this machine that nobody listens at.

    Below those that the kernel gives to connections: one of these could take it before the server does.
    """
    while True:
        port = 10_240 + secrets.randbelow(20_000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


class Server:
    """gunicorn with the repository's own configuration. ``log`` is everything it ever said."""

    def __init__(
        self, folder: Path, log: Path, entry: str = "wsgi:app", *, database_url: str | None = None, **env: str
    ) -> None:
        self.folder, self.log, self.entry = folder, log, entry
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}/"
        self.env = environment(folder, self.port, database_url, **env)
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *before: str) -> None:
        """Start, under the command ``before`` when there is one, and wait until a page answers."""
        command = [*before, sys.executable, "-m", "gunicorn", "-c", str(ROOT / "deploy/gunicorn.conf.py"), self.entry]
        with self.log.open("ab") as out:
            # A process group of its own, so that all of it can be killed at once.
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
            )
        deadline = time.monotonic() + 60
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text(errors="replace")[-3000:]
            assert time.monotonic() < deadline, "the server does not answer"
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it accepts connections and answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("HEAD", "/")
            connection.getresponse().read()
            return True
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """The process ids of gunicorn's workers."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]

    def kill_worker(self, which: int = 0) -> None:
        """kill -9 of one worker; gunicorn starts another."""
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(self.workers()[which], signal.SIGKILL)

    def kill_all(self) -> None:
        """kill -9 of everything at the same moment."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop as an administrator would."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill_all()


@contextlib.contextmanager
def serving(
    folder: Path,
    log: Path,
    *before: str,
    entry: str = "wsgi:app",
    database_url: str | None = None,
    **env: str,
) -> Iterator[Server]:
    """A server for the length of a block."""
    server = Server(folder, log, entry, database_url=database_url, **env)
    try:
        server.start(*before)
        yield server
    finally:
        server.stop()
