"""What tests of every room may ask for; the product is imported only where it is used, so a broken room stays one."""

from __future__ import annotations

import contextlib
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests import memory

if TYPE_CHECKING:
    from flask import Flask

    from tests.demonstration import Demonstration
    from tests.inspectorate import Inspectorate, Prepared
    from tests.server import Server
    from tests.store.s3 import ObjectServer

LONG = os.environ.get("PELUIT_LONG") == "1"

# No deadlines on a shared machine. A short run draws the same examples every time; a long one draws new ones, and
# prints how to draw a failing one again.
settings.register_profile(
    "peluit", deadline=None, derandomize=not LONG, print_blob=True, max_examples=1000 if LONG else 40
)
settings.load_profile("peluit")

# Rooms whose files take minutes, most of it waiting: for a server, a browser, a disk, another process.
WAITING = ("browser", "cli", "deploy", "docs", "faults")
# The same of single files elsewhere, few tests each; what waits longest begins the run.
WAITING_FILES = ("store/test_blobs_s3_away.py", "store/test_blobs_s3.py", "test_wsgi.py", "ceremony/test_new.py")


def pytest_configure(config: pytest.Config) -> None:
    """What tests write lies in memory where there is room; durability is proved by the calls that ask for it."""
    place = memory.folder()
    if place is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", place)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Between four files that compute comes one that waits, so that cores are neither idle nor crowded.

    What waits comes to its end first: a run ends with many short files, and no process is left alone with a long one.
    """
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    here = Path(__file__).parent
    waiting = [here / name for name in WAITING_FILES if here / name in files]
    waiting += [path for path in files if path.relative_to(here).parts[0] in WAITING]
    computing = sorted((path for path in files if path not in set(waiting)), key=lambda path: -len(files[path]))
    order: list[Path] = []
    while waiting or computing:
        order += [*waiting[:1], *computing[:4]]
        del waiting[:1], computing[:4]
    items[:] = [item for path in order for item in files[path]]


def pytest_collection_finish() -> None:
    """What was collected stays until the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def free_port() -> int:
    """A TCP port of this machine that nobody listens at."""
    from tests import server

    return server.free_port()


@pytest.fixture
def long() -> bool:
    """Whether this is `make test-long`: more of everything that is drawn at random."""
    return LONG


def _run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this run. Under xdist every process has a folder of its own below it."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, to be copied."""
    from whistle.store.database import make_engine, migrate

    path = tmp_path_factory.mktemp("template") / "peluit.db"
    engine = make_engine(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Callable[..., Prepared]]:
    """``prepared(kind, live)``: an inspectorate on "sqlite" or "postgresql" after what ``live`` did with it, if given.

    Each is made once by each process, to be copied.
    """
    from tests import databases, inspectorate

    made: dict[tuple[str, object], Prepared] = {}

    def make(kind: str, live: Callable[[Inspectorate], None] | None) -> Prepared:
        folder, first = tmp_path_factory.mktemp("prepared"), get(kind) if live else None
        if kind == "sqlite":
            url = f"sqlite:///{folder / 'peluit.db'}"
            shutil.copy(first.database if first else migrated_file, folder / "peluit.db")
        else:
            server = databases.shared(_run_folder(tmp_path_factory))
            url = kept.enter_context(databases.fresh(server, first.database if first else databases.TEMPLATE))
        office = first.over(url, folder) if first else inspectorate.build(folder, url)
        if live:
            live(office)
        return inspectorate.prepare(office)

    def get(kind: str, live: Callable[[Inspectorate], None] | None = None) -> Prepared:
        if (kind, live) not in made:
            made[kind, live] = make(kind, live)
        return made[kind, live]

    with contextlib.ExitStack() as kept:
        yield get


@pytest.fixture
def _template(request: pytest.FixtureRequest) -> Callable[[str], Prepared | None]:
    """What a test's database is a copy of: nothing, an ``office``, or a ``lived`` one."""
    names = request.fixturenames
    if "office" not in names:
        return lambda kind: None
    live = request.module.live if "lived" in names else None
    return lambda kind: request.getfixturevalue("prepared")(kind, live)  # type: ignore[no-any-return]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, _template: Callable[[str], Prepared | None]
) -> Iterator[str]:
    """The address of a migrated database of this test's own, on both: ``sqlite:////...``, ``postgresql+psycopg://...``.

    The prepared inspectorate is in it when the test asks for an ``office``, else nothing.
    For one alone: ``@pytest.mark.parametrize("database", ["postgresql"], indirect=True)``.
    """
    template = _template(request.param)
    if request.param == "sqlite":
        path = tmp_path / "peluit.db"
        shutil.copy(template.database if template else request.getfixturevalue("migrated_file"), path)
        yield f"sqlite:///{path}"
    else:
        from tests import databases

        server = databases.shared(_run_folder(request.getfixturevalue("tmp_path_factory")))
        name = template.database if template else databases.TEMPLATE
        with databases.fresh(server, name) as url, databases.in_order():
            yield url


@pytest.fixture(scope="session")
def _object_server() -> Iterator[ObjectServer]:
    from tests.store import s3

    with s3.serving() as server:
        yield server


@pytest.fixture
def object_store(_object_server: ObjectServer, monkeypatch: pytest.MonkeyPatch) -> ObjectServer:
    """A real S3 server, which the environment names during the test. Each process that asks starts one, once."""
    _object_server.name_in(monkeypatch)
    return _object_server


@pytest.fixture
def office(database: str, _template: Callable[[str], Prepared | None], tmp_path: Path) -> Inspectorate:
    """A small inspectorate without a server, of this test's own, on each of the databases."""
    template = _template("sqlite" if database.startswith("sqlite") else "postgresql")
    assert template is not None
    return template.over(database, tmp_path)


@pytest.fixture
def lived(office: Inspectorate) -> Inspectorate:
    """An ``office`` after what the test's module does with it in its function ``live``: once, for all of its tests."""
    return office


@pytest.fixture(scope="session")
def demonstration_template(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    """The prepared demonstration, one for all processes of this run: to be copied, never written to."""
    from tests import demonstration

    return demonstration.prepared_once(_run_folder(tmp_path_factory) / "demonstration")


@pytest.fixture
def demo(demonstration_template: Demonstration, tmp_path: Path) -> Demonstration:
    """A demonstration of this test's own."""
    return demonstration_template.copy(tmp_path / "demonstration")


@pytest.fixture
def make_app(tmp_path: Path) -> Callable[..., Flask]:
    """Make the application of a surface ("both", "channel" or "desk") over one prepared inspectorate of this test."""
    from tests import inspectorate, server
    from whistle import create_app

    folder = tmp_path / "inspectorate"
    folder.mkdir()
    server.prepare(folder)
    return lambda surface="both": create_app(surface, inspectorate.settings(folder))


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """Both surfaces in one application, over an inspectorate with officers and no report."""
    return make_app()


@pytest.fixture(scope="module")
def served(demonstration_template: Demonstration, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server over a demonstration of this module's own."""
    from tests import server

    folder = tmp_path_factory.mktemp("served")
    mine = demonstration_template.copy(folder / "data")
    with server.serving(mine.folder, folder / "log") as running:
        yield running
