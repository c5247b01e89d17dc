"""The stages of a case and the moves between them (data/stages.toml).

Stage is separate from result: where the case is now, not how it ended. A case that is sent to an irban changes
its unit and its readers, not its stage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from whistle.domain.data import DataError, Entry, read_toml
from whistle.domain.labels import Label

FILE = "stages.toml"
FIRST = "DITERIMA"
COARSE = ("open", "waiting", "closed")  # all that the database sees of a stage


@dataclass(frozen=True)
class Stage:
    """``label`` is the desk's word; ``public`` and ``public_text`` are what the reporter reads.

    ``action`` stands on the button that moves a case here. ``complete``: only a complete file gets here.
    """

    code: str
    label: Label
    public: Label
    public_text: Label
    coarse: str
    action: Label
    complete: bool
    goes_to: tuple[str, ...]
    comes_from: tuple[str, ...]


class MoveRefused(Exception):
    """No such move. ``possible``: the stages that ``frm`` may move to."""

    def __init__(self, frm: str, to: str, possible: tuple[str, ...]) -> None:
        super().__init__(f"{frm} cannot move to {to}; possible: {', '.join(possible)}")
        self.frm = frm
        self.to = to
        self.possible = possible


def _stage(entry: Entry) -> Stage:
    entry.text("source")
    label = entry.label("label")
    return Stage(
        entry.code,
        label,
        entry.label("public"),
        entry.label("public_text"),
        entry.one_of("coarse", COARSE),
        entry.optional_label("action") or label,
        entry.flag("complete"),
        entry.optional_texts("goes_to"),
        entry.optional_texts("comes_from"),
    )


def _moves() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {code: [] for code in STAGES}
    for stage in STAGES.values():
        for named in (*stage.goes_to, *stage.comes_from):
            if named not in STAGES or named == stage.code:
                raise DataError(FILE, stage.code, f"{named!r} is no stage to move to or from")
        for to in stage.goes_to:
            found[stage.code].append(to)
    for stage in STAGES.values():
        for frm in stage.comes_from:
            if stage.code in found[frm]:
                raise DataError(FILE, stage.code, f"the move from {frm} stands here twice")
            found[frm].append(stage.code)
    return MappingProxyType({code: tuple(moves) for code, moves in found.items()})


STAGES: Mapping[str, Stage] = read_toml(FILE, _stage)
CLOSED_STAGES = frozenset(code for code, stage in STAGES.items() if stage.coarse == "closed")
_MOVES = _moves()


def moves_from(code: str) -> tuple[str, ...]:
    """The stages that ``code`` may move to, in the file's order. Raises KeyError for what is no stage."""
    return _MOVES[code]


def check_move(frm: str, to: str) -> None:
    """Raises MoveRefused unless ``frm`` may move to ``to``; KeyError when ``frm`` is no stage."""
    if to not in _MOVES[frm]:
        raise MoveRefused(frm, to, _MOVES[frm])


def _check() -> None:
    """Every stage can be reached from the first, and none is a dead end: a closed case can be opened again.

    Whoever may ask the reporter from a stage gets the case back there with the answer.
    """
    reached, ahead = {FIRST}, [FIRST]
    while ahead:
        fresh = [to for to in _MOVES[ahead.pop()] if to not in reached]
        reached.update(fresh)
        ahead.extend(fresh)
    for code, moves in _MOVES.items():
        if code not in reached:
            raise DataError(FILE, code, "cannot be reached: name in its 'comes_from' the stages that may move here")
        if not moves:
            raise DataError(FILE, code, "cannot be left: name in its 'goes_to' the stages that it may move to")
        for to in moves:
            if STAGES[to].coarse == "waiting" and code not in _MOVES[to]:
                why = f"may ask the reporter, so the answer must bring a case back: add {to!r} to its 'comes_from'"
                raise DataError(FILE, code, why)


_check()
