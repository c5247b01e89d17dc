"""The stages of a case and the moves between them (data/stages.toml, data/transitions.csv).

Stage is separate from result: where the case is now, not how it ended. A case that is sent to an irban changes
its unit and its readers, not its stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from whistle.domain.data import DataError, Entry, load_csv, read_toml
from whistle.domain.labels import Label

FIRST = "DITERIMA"
COARSE = ("open", "waiting", "closed")  # all that the database sees of a stage


@dataclass(frozen=True)
class Stage:
    """``label`` is the desk's word; ``public`` and ``public_text`` are what the reporter reads."""

    code: str
    label: Label
    public: Label
    public_text: Label
    coarse: str


class MoveRefused(Exception):
    """No such move. ``possible``: the stages that ``frm`` may move to."""

    def __init__(self, frm: str, to: str, possible: tuple[str, ...]) -> None:
        super().__init__(f"{frm} cannot move to {to}; possible: {', '.join(possible)}")
        self.frm = frm
        self.to = to
        self.possible = possible


def _stage(entry: Entry) -> Stage:
    entry.text("source")
    return Stage(
        entry.code,
        entry.label("label"),
        entry.label("public"),
        entry.label("public_text"),
        entry.one_of("coarse", COARSE),
    )


def _load_moves() -> Mapping[str, tuple[str, ...]]:
    file = "transitions.csv"
    found: dict[str, list[str]] = {code: [] for code in STAGES}
    for row in load_csv(file):
        entry = Entry(file, f"{row.get('from')},{row.get('to')}", row)
        frm, to = entry.one_of("from", STAGES), entry.one_of("to", STAGES)
        entry.text("source")
        entry.finished()
        if frm == to or to in found[frm]:
            raise entry.wrong("is no move" if frm == to else "stands here twice")
        found[frm].append(to)
    return MappingProxyType({code: tuple(moves) for code, moves in found.items()})


STAGES: Mapping[str, Stage] = read_toml("stages.toml", _stage)
_MOVES = _load_moves()


def moves_from(code: str) -> tuple[str, ...]:
    """The stages that ``code`` may move to, in the file's order. Raises KeyError for what is no stage."""
    return _MOVES[code]


def check_move(frm: str, to: str) -> None:
    """Raises MoveRefused unless ``frm`` may move to ``to``; KeyError when ``frm`` is no stage."""
    if to not in _MOVES[frm]:
        raise MoveRefused(frm, to, _MOVES[frm])


def _check() -> None:
    """Every stage can be reached from the first, and none is a dead end: a closed case can be opened again."""
    reached, ahead = {FIRST}, [FIRST]
    while ahead:
        fresh = [to for to in _MOVES[ahead.pop()] if to not in reached]
        reached.update(fresh)
        ahead.extend(fresh)
    for code, moves in _MOVES.items():
        if code not in reached or not moves:
            raise DataError("transitions.csv", code, "cannot be left" if code in reached else "cannot be reached")


_check()
