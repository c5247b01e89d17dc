"""Statements that were compiled once for all databases of a process: each test has an engine of its own, which knows
none, and compiling the product's statements again took a fifth of many a test."""

from collections.abc import MutableMapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

_SIZE = 2000  # statements; the product has some hundreds


class _Shared(LRUCache[Any, Any]):
    """SQLAlchemy asks by (dialect, statement, ...), where each engine's dialect is another: here it is its kind."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__(_kind(key), value)


def _kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (type(dialect), dialect.server_version_info, *rest)


_SHARED: MutableMapping[Any, Any] = _Shared(_SIZE)


def share(engine: Engine) -> Engine:
    """The same engine; what it compiles others need not compile again, and the other way round."""
    engine.update_execution_options(compiled_cache=_SHARED)
    return engine
