"""The month's figures as tables, in the order of the monthly report."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from whistle.domain.categories import CATEGORIES, ILLS
from whistle.domain.deadlines import LIMITS, WORKING
from whistle.domain.figures import AGES, KEPT, NONE, UNDONE, Figures, Flow, Kept
from whistle.domain.labels import Label
from whistle.domain.offices import OFFICES, UNKNOWN
from whistle.domain.public_services import SERVICES
from whistle.domain.report_terms import CHANNELS, PRIORITIES
from whistle.domain.results import CAUSES, REFERRALS, RESULTS
from whistle.domain.roles import UNITS
from whistle.domain.sanctions import LEVELS, SANCTIONS
from whistle.domain.stages import STAGES
from whistle.render import report_words as words
from whistle.render.tables import Cell, Column, Table


class _Labelled(Protocol):
    @property
    def label(self) -> Label: ...


def tables(figures: Figures, lang: str) -> list[Table]:
    """Every table of the month, in ``lang`` ("id" or "en")."""
    return _Tables(figures, lang).all()


class _Tables:
    def __init__(self, figures: Figures, lang: str) -> None:
        self.figures, self.lang = figures, lang
        self.now, self.before = figures.now, figures.before

    def all(self) -> list[Table]:
        return [
            self._rekap(),
            self._pairs("channels", CHANNELS),
            self._flows("ill", ILLS),
            self._flows("category", _labels(CATEGORIES)),
            self._offices(),
            self._flows("service", _labels(SERVICES)),
            self._flows("unit", _labels(UNITS)),
            self._flows("priority", PRIORITIES),
            self._pairs("stages", _labels(STAGES)),
            self._pairs("results", {**_labels(RESULTS), UNDONE: words.UNDONE}),
            self._deadlines(),
            self._ages(),
            self._sums(),
            self._pairs("sanctions", {**_sanctions(), UNDONE: words.UNDONE}),
            self._pairs("referrals", _labels(REFERRALS)),
            self._pairs("causes", _labels(CAUSES)),
            self._trend(),
        ]

    def _text(self, label: Label) -> str:
        return label.text(self.lang)

    def _table(
        self,
        code: str,
        columns: Iterable[Column],
        rows: Iterable[tuple[Cell, ...]],
        total: tuple[Cell, ...] | None = None,
    ) -> Table:
        title, note = words.TABLES[code]
        return Table(code, self._text(title), tuple(columns), tuple(rows), total, self._text(note) if note else "")

    def _columns(self, first: Label, *others: Label) -> list[Column]:
        return [Column(self._text(first), "text"), *(Column(self._text(other)) for other in others)]

    def _months(self) -> tuple[str, str]:
        return words.month(self.figures.month, self.lang), words.month(self.before.month, self.lang)

    def _month_columns(self, first: Label) -> list[Column]:
        return [Column(self._text(first), "text"), *(Column(name) for name in self._months())]

    def _rekap(self) -> Table:
        now, before = self.now.rekap.numbers, self.before.rekap.numbers
        lines = [(self._text(label), now[place], before[place]) for place, label in enumerate(words.REKAP)]
        return self._table("rekap", self._month_columns(words.LINE), lines[:-1], lines[-1])

    def _flows(self, group: str, labels: Mapping[str, Label]) -> Table:
        return self._flow_table(group, labels, list(labels), words.FLOW, self._flow)

    def _offices(self) -> Table:
        """The offices that repeat first: those with the most reports in twelve months."""
        flows, year = self.now.flows["office"], self.figures.year
        codes = sorted(OFFICES, key=lambda code: (-year.get(code, 0), -_busy(flows.get(code)), OFFICES[code].name))
        labels = {**_labels(OFFICES), UNKNOWN: words.UNKNOWN_OFFICE}

        def line(group: str, code: str) -> tuple[Cell, ...]:
            return *self._flow(group, code), year.get(code, 0)

        return self._flow_table("office", labels, codes, (*words.FLOW, words.YEAR), line)

    def _flow_table(
        self,
        group: str,
        labels: Mapping[str, Label],
        codes: list[str],
        heads: tuple[Label, ...],
        line: Callable[[str, str], tuple[Cell, ...]],
    ) -> Table:
        shown = [(self._name(labels, code), *line(group, code)) for code in [*codes, NONE]]
        rows = [row for row in shown if any(row[1:])]
        return self._table(group, self._columns(words.HEADS[group], *heads), rows, self._total(rows, len(heads)))

    def _flow(self, group: str, code: str) -> tuple[Cell, ...]:
        now = self.now.flows[group].get(code, Flow())
        before = self.before.flows[group].get(code, Flow())
        return *now.numbers, before.received

    def _pairs(self, code: str, labels: Mapping[str, Label]) -> Table:
        """Counts of this month and of the one before; the stages of the open cases are shown also where none is."""
        now, before = getattr(self.now, code), getattr(self.before, code)
        always = now if code == "stages" else ()
        rows = [
            (self._name(labels, key), now.get(key, 0), before.get(key, 0))
            for key in [*labels, NONE]
            if key in always or now.get(key) or before.get(key)
        ]
        return self._table(code, self._month_columns(words.HEADS[code]), rows, self._total(rows, 2))

    def _deadlines(self) -> Table:
        pairs = [(self.now.deadlines[code], self.before.deadlines[code]) for code in KEPT]
        rows = [(self._limit(code), *_kept(*pair)) for code, pair in zip(KEPT, pairs, strict=True)]
        total = (self._text(words.TOTAL), *_kept(*(_together(side) for side in zip(*pairs, strict=True))))
        columns = self._columns(words.HEADS["deadlines"], *words.KEPT)
        columns += [Column(self._text(label), "percent") for label in words.PERCENT]
        return self._table("deadlines", columns, rows, total)

    def _limit(self, code: str) -> str:
        limit = LIMITS[code]
        days = words.WORKING_DAYS if limit.clock == WORKING else words.CALENDAR_DAYS
        return f"{self._text(limit.label)} ({limit.days} {self._text(days)})"

    def _ages(self) -> Table:
        now, before = self.now.ages, self.before.ages
        rows = [
            (self._text(words.age(*AGES[place])), now[place].cases, now[place].waiting, before[place].cases)
            for place in range(len(AGES))
        ]
        return self._table("ages", self._columns(words.HEADS["ages"], *words.AGEING), rows, self._total(rows, 3))

    def _sums(self) -> Table:
        now, before = self.now.sums, self.before.sums
        rows = [
            (self._text(label), now[code].cases, now[code].rupiah, before[code].cases, before[code].rupiah)
            for code, label in words.SUMS.items()
        ]
        columns = [Column(self._text(words.LINE), "text")]
        for month in self._months():
            columns += [
                Column(f"{self._text(words.CASES)}, {month}"),
                Column(f"{self._text(words.RUPIAH)}, {month}", "rupiah"),
            ]
        return self._table("sums", columns, rows)

    def _trend(self) -> Table:
        rows: list[tuple[Cell, ...]] = [
            (words.month(month, self.lang), *flow.numbers[:5]) for month, flow in self.figures.trend
        ]
        return self._table("trend", self._columns(words.HEADS["trend"], *words.FLOW[:5]), rows)

    def _name(self, labels: Mapping[str, Label], code: str) -> str:
        return self._text(labels[code] if code in labels else words.UNSAID)

    def _total(self, rows: Iterable[tuple[Cell, ...]], width: int) -> tuple[Cell, ...]:
        sums = [sum(value for row in rows if isinstance(value := row[place], int)) for place in range(1, width + 1)]
        return self._text(words.TOTAL), *sums


def _labels(table: Mapping[str, _Labelled]) -> dict[str, Label]:
    return {code: entry.label for code, entry in table.items()}


def _sanctions() -> dict[str, Label]:
    """Each sanction with its level, as the level is what leaders ask for."""
    out = {}
    for code, sanction in SANCTIONS.items():
        level = LEVELS[sanction.level]
        bare = sanction.level == "tanpa"
        out[code] = (
            sanction.label if bare else Label(f"{level.id}: {sanction.label.id}", f"{level.en}: {sanction.label.en}")
        )
    return out


def _busy(flow: Flow | None) -> int:
    return sum(flow.numbers) if flow else 0


def _kept(now: Kept, before: Kept) -> tuple[Cell, ...]:
    return now.due, now.in_time, now.late, now.missed, now.running, now.percent, before.percent


def _together(parts: Iterable[Kept]) -> Kept:
    parts = list(parts)
    return Kept(*(sum(getattr(part, name) for part in parts) for name in ("in_time", "late", "missed", "running")))
