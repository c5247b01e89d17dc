"""Two officers act on one case at the same moment: neither act is lost or doubled, and who comes second is told."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import combinations_with_replacement
from pathlib import Path
from time import time

import pytest

from tests import officer, reporter
from tests.faults.city import City, city
from tests.faults.crowd import Told, all_at_once
from tests.inspectorate import Inspectorate, act
from tests.nojs import Browser, Form, Page
from tests.officer import Desk
from whistle.casefile import reading
from whistle.crypto.receipt import Receipt
from whistle.services import casework, closing, work
from whistle.services.officer import Officer
from whistle.services.views import CaseView, Closing

TODAY = date.today().isoformat()
ONLY_ONE = ("triage", "ask", "reply", "route", "move", "close")  # decided on what the page showed
PAIRS = [(one, one) for one in ONLY_ONE] + [
    ("triage", "route"), ("ask", "move"), ("reply", "close"), ("move", "close"), ("route", "ask"), ("note", "close"),
]  # fmt: skip
PAIRS_LONG = [*combinations_with_replacement(ONLY_ONE, 2), *(("note", deed) for deed in (*ONLY_ONE, "note"))]
SECOND = [("approve", "approve"), ("approve", "give_back"), ("give_back", "give_back")]


@dataclass(frozen=True)
class Deed:
    """Where the form is, where it goes, and what is filled in; ``text`` stands in one of its fields."""

    page: str
    to: str
    answers: Callable[[str], dict[str, str | list[str]]]
    button: str = ""


DEEDS = {
    "triage": Deed("", "telaah", lambda text: {
        "title": text, "category": "pungli", "office": "DISDUKCAPIL", "service": "kependudukan", "priority": "tinggi",
    }),
    "ask": Deed("", "tanya", lambda text: {"text": text}),
    "reply": Deed("", "balas", lambda text: {"text": text}),
    "note": Deed("", "catat", lambda text: {"text": text}),
    "route": Deed("", "unit", lambda text: {"reason": text}, "irban-khusus"),
    "move": Deed("", "pindah", lambda text: {
        "to": "PEMERIKSAAN", "reason": text, "letter_number": "700/1", "letter_date": TODAY, "team": "Tim satu",
    }),
    "close": Deed("/tutup", "tutup", lambda text: {
        "result": "tidak_cukup_bukti", "summary": text, "answer": "Belum cukup.", "employment": "", "sanction": "",
    }),
    "approve": Deed("/tutup/periksa", "tutup/setujui", lambda text: {"agree": "y", "note": text}),
    "give_back": Deed("/tutup/periksa", "tutup/kembalikan", lambda text: {"reason": text}),
}  # fmt: skip


@dataclass
class Race:
    """Two desks over cases of one city."""

    place: City
    stories: dict[str, Receipt]

    def new_case(self, name: str, *declared: Officer) -> bytes:
        """A case in *telaah* for which the officers have declared."""
        story = f"Laporan {name}: petugas meminta uang."
        self.stories[story] = reporter.write(Browser(self.place.server.base), story).send()
        case = self.place.case_of(self.stories[story])
        for who in declared:
            casework.declare(self.place.ctx, who, case)
        if declared:
            values = casework.Triage("Uang untuk KTP", "pungli", "DISDUKCAPIL", "kependudukan")
            casework.triage(self.place.ctx, declared[0], case, act(), values)
        return case

    def run(self, case: bytes, desks: tuple[Desk, Desk], deeds: tuple[str, str]) -> list[tuple[str, Page]]:
        """Both open their page, then both send at the same moment. Returns (text, answer) of each."""
        told, answers, people = Told(), list[tuple[str, Page]](), []
        for number, (desk, code) in enumerate(zip(desks, deeds, strict=True)):
            deed, text = DEEDS[code], f"Ketikan {number} {code} {case.hex()[:6]}"
            page = desk.browser.get(officer.path_of(case) + deed.page)
            form = officer.form_to(page, deed.to, deed.answers(text).get("to"))
            people.append((code, sending(answers, desk, page, form, deed, text)))
        all_at_once(told, people)
        assert told.errors == []
        return answers


def sending(
    answers: list[tuple[str, Page]], desk: Desk, page: Page, form: Form, deed: Deed, text: str
) -> Callable[[], None]:
    def send() -> None:
        answers.append((text, desk.browser.send(page, form, deed.answers(text), deed.button)))

    return send


def entries(view: CaseView, text: str) -> int:
    """How many entries of the internal file hold ``text``."""
    return sum(text in f"{item.text} {item.data}" for item in view.file)


def one_done_one_told(race: Race, case: bytes, answers: list[tuple[str, Page]], told: str) -> None:
    """One act stands in the file, once. The other's sender reads why not, and still has the text."""
    view = casework.open_case(race.place.ctx, race.place.officer("rahma"), case)
    statuses = sorted(page.status for _, page in answers)
    assert statuses == [200, 422], statuses
    for text, page in answers:
        assert entries(view, text) == (1 if page.status == 200 else 0), text
        if page.status == 422:
            assert told in page.text, page.text[:600]
            assert any(text in value for form in page.forms for _, value in form.values), "the text is lost"


@pytest.mark.server
def test_of_two_acts_at_the_same_moment_one_is_done_and_the_other_is_told(
    tmp_path: Path, database: str, long: bool
) -> None:
    with city(tmp_path, database) as place:
        race, rahma, yusuf = Race(place, {}), place.officer("rahma"), place.officer("yusuf")
        desks = place.sit("rahma"), place.sit("yusuf")
        for one, other in PAIRS_LONG if long else PAIRS:
            case = race.new_case(f"{one}-{other}", rahma, yusuf)
            answers = race.run(case, desks, (one, other))
            if "note" in (one, other):
                deed = other if one == "note" else one
                note_beside(race, case, answers, deed)
            else:
                one_done_one_told(race, case, answers, "Belum bisa dilakukan")
        first_openings(race, desks)
        place.check(race.stories)


def note_beside(race: Race, case: bytes, answers: list[tuple[str, Page]], deed: str) -> None:
    """A note only adds, and stands there whoever was first; the other act is done or its sender is told."""
    view = casework.open_case(race.place.ctx, race.place.officer("rahma"), case)
    for text, page in answers:
        if " note " in text:
            assert page.status == 200 and entries(view, text) == 1
        else:
            assert page.status in (200, 422) and entries(view, text) == (1 if page.status == 200 else 0), deed


def declaring(told: Told, desk: Desk, case: bytes) -> Callable[[], None]:
    def declare() -> None:
        told.answer(desk.declare(case))

    return declare


def first_openings(race: Race, desks: tuple[Desk, Desk]) -> None:
    """Both declare on a case that nobody has opened: one file key, two declarations."""
    for number in range(3):
        case = race.new_case(f"baru-{number}")
        told = Told()
        all_at_once(told, [(desk.login, declaring(told, desk, case)) for desk in desks])
        assert told.errors == [] and told.statuses == [200, 200]
        kinds = [item.kind for item in casework.open_case(race.place.ctx, race.place.officer("rahma"), case).file]
        assert sorted(kinds) == ["declared", "declared", "opened"]


@pytest.mark.server
def test_a_closing_is_decided_once_however_many_decide_it(tmp_path: Path, database: str) -> None:
    """Two tabs of the head of the inspectorate: nobody else may decide here."""
    with city(tmp_path, database) as place:
        race, rahma, head = Race(place, {}), place.officer("rahma"), place.officer("inspektur")
        moment = time()
        desks = place.sit("inspektur", moment - 30), place.sit("inspektur", moment)
        for one, other in SECOND:
            case = race.new_case(f"{one}-{other}", rahma, head)
            casework.move(place.ctx, rahma, case, act(), "PEMERIKSAAN", "Cukup bukti.")
            closing.close(place.ctx, rahma, case, act(), Closing(result="terbukti", summary="Mengaku.", answer="Ya."))
            answers = race.run(case, desks, (one, other))
            one_done_one_told(race, case, answers, "Tidak ada penutupan yang menunggu")
        place.check(race.stories)


def test_a_look_and_an_act_at_the_same_moment_do_not_look_like_damage(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the tables that a look reads a colleague must not add what only some of them show."""
    _, _, case = office.report()
    rahma, yusuf = office.officer("rahma"), office.officer("yusuf")
    meanwhile = threading.Thread(target=casework.declare, args=(office.ctx, yusuf, case))
    read = reading.read_case

    def slow(*args: object) -> object:
        if not meanwhile.ident:
            meanwhile.start()
            meanwhile.join(0.3)
        return read(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(work, "read_case", slow)
    assert not casework.open_case(office.ctx, rahma, case).declared
    meanwhile.join()
