"""The charts of the monthly report, one file a chart, drawn as SVG of the very table under which they stand.

A file here is a chart: it names its table (``TABLE``, a code of report_tables), what it shows (``TITLE``) and the
columns that it draws (``COLUMNS``, from 1 on). Nothing else has to be told of it.
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from markupsafe import Markup

from whistle.render.bars import bars
from whistle.render.tables import Table


def charts(tables: Iterable[Table], lang: str) -> dict[str, Markup]:
    """The SVG of each table that has a chart and something to show, by the table's code, in ``lang`` ("id" or "en")."""
    drawn = {}
    for table in tables:
        chart = CHARTS.get(table.code)
        if chart is None or not any(row[place] for row in table.rows for place in chart.COLUMNS):
            continue
        names = [table.columns[place].title for place in chart.COLUMNS]
        rows = [(str(row[0]), [_number(row[place]) for place in chart.COLUMNS]) for row in table.rows[: chart.MOST]]
        drawn[table.code] = bars(table.code, chart.TITLE.text(lang), names, rows)
    return drawn


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def _found() -> Mapping[str, ModuleType]:
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return {module.TABLE: module for module in modules}


CHARTS = _found()
