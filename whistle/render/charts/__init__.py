"""The charts of the monthly report, one file a chart, drawn as SVG of the very table under which they stand.

A file here is a chart. It names its table (``TABLE``, a code of report_tables), what it shows (``TITLE``, a Label), the
one or two columns of whole numbers that it draws (``COLUMNS``: 1 is the first behind the rows' names, -1 the last), and
of how many rows at most (``MOST``). Nothing else has to be told of it. A table has one chart, and none in a month in
which all that it would draw is 0.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from markupsafe import Markup

from whistle.domain.data import Slip
from whistle.domain.labels import Label
from whistle.render.bars import FILLS, bars
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


class ChartError(Slip):
    """A chart's file is wrong. ``module``: its full name."""

    def __init__(self, module: str, why: str) -> None:
        super().__init__(f"{module.replace('.', '/')}.py: {why}")


def found(modules: Iterable[ModuleType]) -> Mapping[str, ModuleType]:
    """The charts by their tables' codes. Raises ChartError."""
    charts: dict[str, ModuleType] = {}
    for module in modules:
        for wrong, why in _slips(module):
            if wrong:
                raise ChartError(module.__name__, why)
        if module.TABLE in charts:
            other = charts[module.TABLE].__name__.rpartition(".")[2]
            raise ChartError(module.__name__, f"the table {module.TABLE!r} has a chart already, in {other}.py")
        charts[module.TABLE] = module
    return charts


def _slips(module: ModuleType) -> Iterator[tuple[bool, str]]:
    table, title, columns, most = (getattr(module, name, None) for name in ("TABLE", "TITLE", "COLUMNS", "MOST"))
    yield not isinstance(table, str), "TABLE must be the code of a table, such as 'trend'"
    yield not isinstance(title, Label), "TITLE must be a Label with the Indonesian and the English words"
    numbers = isinstance(columns, tuple) and all(type(place) is int and place for place in columns)
    few = numbers and 1 <= len(columns or ()) <= len(FILLS)
    yield not few, "COLUMNS must be one or two places of columns, from 1 on, such as (1,) or (2, 4)"
    yield not (type(most) is int and most > 0), "MOST must be a number of rows, 1 or more"


CHARTS = found(import_module(f"{__name__}.{one.name}") for one in iter_modules(__path__))
