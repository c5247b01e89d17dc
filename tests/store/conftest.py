"""A migrated database for each test, on both databases, and its store.

A test that asks for the ``file`` is about SQLite alone.
"""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from tests import databases
from whistle.store.database import Store, make_engine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [item for item in items if not _asks_for_a_file_of_postgresql(item)]


def _asks_for_a_file_of_postgresql(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.Function) or Path(__file__).parent not in item.path.parents:
        return False
    return "file" in item.fixturenames and item.callspec.params["database"] == "postgresql"


@pytest.fixture
def template(migrated_file: Path) -> Path:
    """A SQLite file with all tables and no rows, to be copied."""
    return migrated_file


@pytest.fixture
def file(database: str) -> Path:
    """The path of a fresh SQLite file."""
    return Path(database.removeprefix("sqlite:///"))


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    engine = make_engine(database)
    yield engine
    engine.dispose()


@pytest.fixture
def administrator(database: str) -> Iterator[psycopg.Connection]:
    """Whoever may do everything (PostgreSQL), without any of our settings."""
    with databases.as_superuser(database) as connection:
        yield connection


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)
