"""Tables as JSON for machines: the values of the page and the CSV file, under codes that do not change with language.

The shape is docs/report.schema.json (JSON Schema 2020-12). A reader should ignore members that it does not know; a
change that takes one away, or its meaning, gets another ``format``.
"""

import json
from collections.abc import Sequence
from typing import Any, Final

from whistle.domain.month import Month
from whistle.render.tables import Table

FORMAT: Final = "peluit/report/1"
MEDIA: Final = "application/json"


def to_json(tables: Sequence[Table], month: Month, lang: str) -> bytes:
    """The file's bytes (UTF-8); the same tables give the same bytes."""
    told = {
        "format": FORMAT,
        "month": str(month),
        "language": lang,
        "tables": [_table(table) for table in tables],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _table(table: Table) -> dict[str, Any]:
    return {
        "code": table.code,
        "title": table.title,
        "note": table.note,
        "columns": [{"title": column.title, "kind": column.kind} for column in table.columns],
        "rows": [list(row) for row in table.rows],
        "total": list(table.total) if table.total is not None else None,
    }
