"""How SQLite's values are read, which may be of any type in any column, whatever the tables say.

A value that a disk damaged, or an administrator, must not stop the reading of other rows: bytes that are none come out
empty and open nothing, a day that is none comes out as the first of all days. Whoever opens the case refuses it then.
PostgreSQL keeps its columns' types by itself.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import Boolean, Date, LargeBinary, MetaData
from sqlalchemy.types import TypeEngine


class _Bytes(LargeBinary):
    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], bytes | None]:
        return lambda value: value if value is None or type(value) is bytes else b""


class _Day(TypeEngine[date]):  # a subclass of Date would be replaced by the driver's own
    __visit_name__ = "date"

    def bind_processor(self, dialect: Any) -> Callable[[Any], str | None]:
        return lambda value: None if value is None else value.isoformat()

    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], date | None]:
        def day(value: Any) -> date | None:
            try:
                return None if value is None else date.fromisoformat(value)
            except (TypeError, ValueError):
                return date.min

        return day


class _Switch(Boolean):
    def result_processor(self, dialect: Any, coltype: object) -> Callable[[Any], bool | None]:
        return lambda value: None if value is None else value != 0


_LENIENT = ((LargeBinary, _Bytes), (Date, _Day), (Boolean, _Switch))


def read_leniently(metadata: MetaData) -> None:
    """Give the columns of ``metadata`` the types above, on SQLite."""
    for table in metadata.tables.values():
        for column in table.columns:
            for plain, lenient in _LENIENT:
                if isinstance(column.type, plain):
                    column.type = column.type.with_variant(lenient(), "sqlite")
