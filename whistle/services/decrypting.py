"""One officer's lines of the list, decrypted: as whole summaries, or as the little that the columns hold.

The stored summary counts if it opens and reflects every entry that is there; otherwise it is derived anew from the
entries, and a case that does not open is broken, unless its keys wait for a colleague.
"""

from collections.abc import Sequence
from datetime import date
from operator import itemgetter

from whistle.casefile.canon import UNREADABLE
from whistle.casefile.derive import derive
from whistle.casefile.keys import open_one
from whistle.casefile.reading import CaseBroken
from whistle.crypto.envelope import Chain, SummaryPlace, open_summary
from whistle.crypto.summaries import SummaryReader
from whistle.domain.deadlines import next_due
from whistle.domain.stages import CLOSED_STAGES
from whistle.domain.summary import Summary
from whistle.domain.summary_form import AT, day_of, from_lines, lines_of
from whistle.services.columns import APPROVE, AWAITED, BROKEN, CLOSED, GONE, NEVER, RETURNED, UNREAD, Brief, searched
from whistle.services.context import Context
from whistle.services.mending import behind
from whistle.services.officer import Officer
from whistle.services.refusals import NotYours
from whistle.services.work import KeysAwaited, read_for
from whistle.store import cases
from whistle.store.database import Tx
from whistle.store.lines import Line
from whistle.store.rows import GrantRow

_RECEIVED, _CLOSED, _THREAD, _FILE, _STAGE = (
    AT[name] for name in ("received", "closed", "thread_places", "file_places", "stage")
)
_SHOWN = itemgetter(
    *(AT[name] for name in ("stage", "office", "category", "unit", "priority")),
    *(AT[name] for name in ("unread", "close_pending", "close_returned", "register", "title", "people")),
)
_FILE_CHAIN = int(Chain.FILE)


class Reading:
    """Reads lines within one transaction, with the keys of one officer. It holds them as long as it lives."""

    def __init__(self, ctx: Context, tx: Tx, officer: Officer) -> None:
        self._ctx, self._tx, self._officer = ctx, tx, officer
        self._installation = ctx.directory(tx).installation
        self._reader = SummaryReader(self._installation, officer.id, officer.holder.grants_key or b"")
        self.today = ctx.clock.today()
        self.behind: list[bytes] = []  # whose stored summaries lack only what their reporters wrote
        self.gone: set[bytes] = set()  # from which a change of keys left the officer out
        self.awaited: set[bytes] = set()  # whose keys a colleague has to give to the officer's new ones

    def summary(self, line: Line) -> Summary | None:
        """The whole summary; None when the case is broken, ``awaited`` or ``gone``."""
        return self._whole(line, self._opened(line))

    def summaries(self, part: Sequence[Line]) -> list[Summary | None]:
        """As `summary` of each, in the way of `briefs`."""
        opened = [self._opened(line) for line in part]
        return [self._whole(line, lines) for line, lines in zip(part, opened, strict=True)]

    def briefs(self, part: Sequence[Line]) -> list[Brief]:
        """What the columns hold of each.

        All are opened before any is looked at, which is quicker than case by case: the processor keeps at hand what it
        does many times over.
        """
        opened = [self._opened(line) for line in part]
        return [self._brief(line, lines) for line, lines in zip(part, opened, strict=True)]

    def _brief(self, line: Line, lines: list[str] | None) -> Brief:
        """Of a closed case no more is looked at than is kept."""
        if lines and lines[_CLOSED] and lines[_STAGE] in CLOSED_STAGES and line[2] == _FILE_CHAIN:
            try:
                day_of(lines[_CLOSED])  # which has to be one
                if _reflects(line, int(lines[_THREAD]), int(lines[_FILE]), day_of(lines[_RECEIVED])):
                    return _closed(line, lines)
            except UNREADABLE:
                return self._looked_at(line, self._rebuilt(line[0], None))
        return self._looked_at(line, self._whole(line, lines))

    def _looked_at(self, line: Line, summary: Summary | None) -> Brief:
        return _as_brief(line, summary, self.today) if summary else self._without(line)

    def _without(self, line: Line) -> Brief:
        """Of a case that the officer cannot read."""
        mark = GONE if line[0] in self.gone else AWAITED if line[0] in self.awaited else BROKEN
        return Brief(line[0], line[1].toordinal(), NEVER, "", "", "", "", "", "", mark, line[8], line[9], "")

    def _whole(self, line: Line, lines: list[str] | None) -> Summary | None:
        """The summary in ``lines`` if it counts, otherwise as the entries give it; None as of `summary`."""
        try:
            summary = from_lines(lines) if lines else None
        except UNREADABLE:
            summary = None
        return summary if summary and _counts(line, summary) else self._rebuilt(line[0], summary)

    def _opened(self, line: Line) -> list[str] | None:
        """The stored summary's lines; None when there are none that open."""
        try:
            return self._lines(line)
        except UNREADABLE:
            return None

    def _lines(self, line: Line) -> list[str] | None:
        """The stored summary's lines. Raises one of UNREADABLE."""
        case, _, chain, epoch, sealed, form, key, commitment, _, _ = line
        if form == "vault":
            return lines_of(self._reader.open(case, chain, epoch, commitment, key, sealed))
        if not sealed or not key or not commitment:
            return None
        grant = GrantRow(case, chain, epoch, self._officer.id, form, key)
        epoch_key = open_one(self._installation, grant, commitment, self._officer.holder)
        place = SummaryPlace(self._installation, case, Chain(chain), epoch, commitment)
        return lines_of(open_summary(epoch_key, place, sealed))

    def _rebuilt(self, case: bytes, stored: Summary | None) -> Summary | None:
        row = cases.get_case(self._tx, case)
        if row is None:
            return None
        try:
            file = read_for(self._ctx, self._tx, self._officer, row)
            summary = derive(file).summary
        except KeysAwaited:
            self.awaited.add(case)
            return None
        except CaseBroken:
            return None
        except NotYours:
            self.gone.add(case)
            return None
        if stored is not None and behind(file, stored, self.today):
            self.behind.append(case)
        return summary


def _reflects(line: Line, thread: int, file: int, received: date) -> bool:
    """Whether a summary that counts so many entries, of a case of that day, is of what is there."""
    _, day, _, _, _, _, _, _, thread_places, file_places = line
    return (thread, file, received) == (thread_places, file_places, day)


def _counts(line: Line, summary: Summary) -> bool:
    """Whether the stored summary is the case's newest, and by somebody who may say what it says.

    Under the thread's key a summary may be the sender's own: it counts only while nobody has opened the file, and only
    for what a sender may say.
    """
    at_desk = line[2] == _FILE_CHAIN or (line[9] == 0 and summary.as_sent)
    return at_desk and _reflects(line, summary.thread_places, summary.file_places, summary.received)


def _closed(line: Line, lines: list[str]) -> Brief:
    """The way of most: nothing is due, and no line is read that is not kept."""
    stage, office, category, unit, priority, unread, approve, returned, register, title, people = _SHOWN(lines)
    marks = CLOSED | (UNREAD if unread else 0) | (APPROVE if approve else 0) | (RETURNED if returned else 0)
    case, day, _, _, _, _, _, _, thread, file = line
    text = searched(register, title, people)
    return Brief(
        case, day.toordinal(), NEVER, "", stage, office, category, unit, priority, marks, thread, file, text
    )


def _as_brief(line: Line, summary: Summary, today: date) -> Brief:
    due = next_due(summary, today)
    marks = (CLOSED if summary.stage in CLOSED_STAGES else 0) | (UNREAD if summary.unread else 0)
    marks |= (APPROVE if summary.close_pending else 0) | (RETURNED if summary.close_returned else 0)
    return Brief(
        line[0],
        line[1].toordinal(),
        due.day.toordinal() if due else NEVER,
        due.state if due else "",
        summary.stage,
        summary.office,
        summary.category,
        summary.unit,
        summary.priority,
        marks,
        line[8],
        line[9],
        searched(summary.register, summary.title, summary.people),
    )
