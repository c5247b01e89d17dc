"""A part of the list, read at once: whatever is wrong in one line, the others are read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.inspectorate import Inspectorate, act
from whistle.services import casework
from whistle.services.columns import BROKEN, Brief
from whistle.services.decrypting import Reading
from whistle.services.officer import Officer
from whistle.services.rewrapping import rewrap
from whistle.store import lines
from whistle.store.lines import Line

CASE, DAY, CHAIN, EPOCH, SEALED, FORM, KEY, COMMITMENT, THREAD, FILE = range(10)
WRONG: dict[str, tuple[int, Callable[[Any], Any]]] = {
    "another chain": (CHAIN, lambda chain: 3 - chain),
    "no chain": (CHAIN, lambda _: 9),
    "a chain that is a text": (CHAIN, lambda _: "2"),
    "no chain at all": (CHAIN, lambda _: None),
    "another epoch": (EPOCH, lambda epoch: epoch + 1),
    "an epoch below all": (EPOCH, lambda _: -1),
    "an epoch that is a number with a point": (EPOCH, lambda epoch: epoch + 0.5),
    "a flipped summary": (SEALED, lambda sealed: sealed[:-1] + bytes([sealed[-1] ^ 1])),
    "a short summary": (SEALED, lambda sealed: sealed[:-1]),
    "a summary that is a text": (SEALED, lambda sealed: "x" * len(sealed)),
    "no summary": (SEALED, lambda _: None),
    "a form that there is not": (FORM, lambda _: "emas"),
    "the other form": (FORM, lambda form: "hpke" if form == "vault" else "vault"),
    "no grant": (KEY, lambda _: None),
    "a flipped grant": (KEY, lambda key: bytes([key[0] ^ 1]) + key[1:]),
    "another commitment": (COMMITMENT, lambda _: b"c" * 32),
    "no commitment": (COMMITMENT, lambda _: None),
    "an entry more in the thread": (THREAD, lambda places: places + 1),
    "an entry fewer in the file": (FILE, lambda places: places - 1),
}


def live(office: Inspectorate) -> None:
    """A new report, one in triage, and one that was closed, a day later."""
    office.report()
    office.triaged()
    _, _, merged = office.report()
    casework.declare(office.ctx, office.officer("rahma"), merged)
    casework.move(office.ctx, office.officer("rahma"), merged, act(), "DIGABUNG", "Sama.", "", {"into": "001/11/2026"})
    office.clock.advance(timedelta(days=1))
    rewrap(office.ctx, office.officer("rahma"))


def read(office: Inspectorate, officer: Officer, change: Callable[[list[Line]], list[Line]] = list) -> list[Brief]:
    with office.ctx.store.read() as tx:
        (part,) = list(lines.stream(tx, officer.id))
        return Reading(office.ctx, tx, officer).briefs(change(sorted(part)))


def test_the_stored_summary_is_read_of_each(lived: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    rahma = lived.officer("rahma")
    monkeypatch.setattr(Reading, "_rebuilt", lambda *_: pytest.fail("a summary that counts is not derived anew"))
    assert sorted(brief.stage for brief in read(lived, rahma)) == ["DIGABUNG", "DITERIMA", "TELAAH"]


@pytest.mark.parametrize("what", WRONG)
def test_one_wrong_line_is_derived_from_its_entries_and_the_others_stay(
    lived: Inspectorate, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    rahma, (column, change) = lived.officer("rahma"), WRONG[what]
    whole, derived = read(lived, rahma), list[bytes]()
    real = Reading._rebuilt

    def noted(self: Reading, case: bytes, stored: Any) -> Any:
        derived.append(case)
        return real(self, case, stored)

    monkeypatch.setattr(Reading, "_rebuilt", noted)
    for wrong in range(3):

        def spoiled(part: list[Line], wrong: int = wrong) -> list[Line]:
            line: list[Any] = list(part[wrong])
            line[column] = change(line[column])
            return [*part[:wrong], tuple(line), *part[wrong + 1 :]]  # type: ignore[list-item]

        derived.clear()
        found = read(lived, rahma, spoiled)
        assert derived == [whole[wrong].case]
        same = [brief._replace(thread=0, file=0) for brief in whole]
        assert [brief._replace(thread=0, file=0) for brief in found] == same


def test_a_case_that_is_not_there_is_broken_and_the_others_stay(lived: Inspectorate) -> None:
    rahma = lived.officer("rahma")
    whole = read(lived, rahma)
    found = read(lived, rahma, lambda part: [part[0], (b"x" * 16, *part[1][1:]), part[2]])  # type: ignore[list-item]
    assert [found[0], found[2]] == [whole[0], whole[2]]
    assert found[1].marks == BROKEN
