"""The demonstration's reports: real codes, possible moves, only people who may, and a bit of everything, on any day."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests import inspectorate
from tests.services.story_life import STAFF, Life, lived
from whistle.domain.categories import CATEGORIES
from whistle.domain.complaint import AMOUNT_LIMIT, LINE_LIMIT, STORY_LIMIT, Complaint
from whistle.domain.names import find_identifying
from whistle.domain.offices import OFFICES
from whistle.domain.public_services import SERVICES
from whistle.domain.questions import QUESTIONS
from whistle.domain.results import CAUSES, EMPLOYMENT, REFERRALS, RESULTS
from whistle.domain.sanctions import SANCTIONS
from whistle.domain.summary import TITLE_LIMIT
from whistle.domain.tracks import FLAGS, TRACKS, decide
from whistle.services import demo, listing
from whistle.services.casework import Triage
from whistle.services.listing import Query
from whistle.services.views import Closing

STORIES = demo.stories()
BY_ID = {story["id"]: story for story in STORIES}
COMMON = {"after", "do", "by"}
FIELDS: Mapping[str, set[str]] = {
    "declare": set(),
    "triage": set(Triage.__dataclass_fields__),
    "note": {"text"},
    "ask": {"text"},
    "reply": {"text"},
    "answer": {"text"},
    "message": {"text"},
    "route": {"unit", "reason"},
    "move": {"to", "reason", "public_text", "letter_number", "team", "handed_to", "handed_name", "referral"},
    "merge": {"into", "reason", "public_text"},
    "reopen": {"reason", "public_text"},
    "close": (set(Closing.__dataclass_fields__) | {"lhp_after", "recommendation_due_after"})
    - {"lhp_date", "returned_date", "recommendation_due"},
    "approve": {"note"},
    "give_back": {"reason"},
}
# What the stories tell. A stage, a result or a choice that is added later may wait for its story.
TOLD_STAGES = set(
    "DITERIMA TELAAH BUTUH_KLARIFIKASI DILIMPAHKAN PEMERIKSAAN TINDAK_LANJUT DI_LUAR_KEWENANGAN DIGABUNG SELESAI "
    "DIBUKA_KEMBALI".split()
)
TOLD_RESULTS = set(
    "terbukti terbukti_sebagian tidak_terbukti tidak_cukup_bukti di_luar_kewenangan tidak_dapat_ditelaah".split()
)
TOLD_KINDS = set("uang hadiah dipersulit dibedakan sarana jabatan disiplin lainnya".split())
A_YEAR = [date(2026, 11, 24) + timedelta(days=days) for days in range(0, 366, 7)]
each = pytest.mark.parametrize("story", STORIES, ids=lambda story: story["id"])


def as_on(today: date) -> dict[str, Life]:
    """Every story as it stands in a demonstration that is prepared on ``today``."""
    found = {}
    for number, story in enumerate(STORIES):
        events = demo._events(number, story, today)[1:]
        found[story["id"]] = lived(story, [event.what for event in events], [event.day for event in events])
    return found


def steps_of(*kinds: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for story in STORIES:
        yield from ((story["id"], step) for step in story.get("step", ()) if step["do"] in kinds)


def test_there_are_some_forty_reports_each_with_a_name_of_its_own() -> None:
    assert 40 <= len(STORIES) <= 60
    assert len(BY_ID) == len(STORIES)
    assert set(demo.SHOWN) <= BY_ID.keys()


def test_they_reach_from_today_back_through_thirteen_months() -> None:
    assert {story["months_ago"] for story in STORIES} == set(range(13))
    assert all(1 <= story["day"] <= 28 for story in STORIES)


@each
def test_answers_of_the_form_are_answers_that_the_form_offers(story: dict[str, Any]) -> None:
    given = story["complaint"]
    assert given.keys() <= Complaint.__dataclass_fields__.keys()
    complaint = Complaint.from_dict(given)
    for name, question in QUESTIONS.items():
        value = getattr(complaint, name)
        answers = value if isinstance(value, tuple) else (value,)
        if question.required:
            assert value, name
        if question.choices and name not in {"service", "office", "accused"}:
            assert {answer for answer in answers if answer} <= question.choices.keys(), name
    assert complaint.service in SERVICES
    assert complaint.office in OFFICES
    assert set(complaint.accused) <= FLAGS.keys()
    assert complaint.language in {"id", "en"}
    assert len(complaint.story) <= STORY_LIMIT
    assert len(complaint.who + complaint.witnesses + complaint.in_kind) <= LINE_LIMIT


@each
def test_a_report_gives_nobody_away(story: dict[str, Any]) -> None:
    assert find_identifying(story["complaint"]["story"]) == []


@each
def test_steps_hold_what_the_desk_asks_and_nothing_else(story: dict[str, Any]) -> None:
    for step in story.get("step", ()):
        assert step.keys() <= COMMON | FIELDS[step["do"]], step
        assert step["after"] >= 0
        assert ("by" in step) == (step["do"] not in {"answer", "message"})
        assert "by" not in step or step["by"] in STAFF
        if step["do"] in {"route", "move", "merge", "reopen", "give_back"}:
            assert step["reason"].strip()
        if step["do"] in {"note", "ask", "reply", "answer", "message"}:
            assert 10 < len(step["text"]) <= LINE_LIMIT
        if step["do"] == "merge":
            assert step["into"] in BY_ID and step["into"] != story["id"]
        if step.get("to") == "PEMERIKSAAN":
            assert step["letter_number"] and step["team"]
        if step.get("to") == "DILIMPAHKAN":
            assert step["handed_to"] in {"kepala_kantor", "lembaga"} and step["handed_name"]
            assert "pimpinan_kantor" not in story["complaint"].get("accused", ())


@each
def test_triage_classifies_with_codes_that_exist(story: dict[str, Any]) -> None:
    for step in story.get("step", ()):
        if step["do"] == "triage":
            assert 5 < len(step["title"]) <= TITLE_LIMIT
            assert step["category"] in CATEGORIES
            assert step["office"] in OFFICES
            assert step["service"] in SERVICES
            assert step["priority"] in {"biasa", "tinggi", "mendesak"}
            assert (step.get("amount_paid") or 0) <= (step.get("amount_asked") or 0)


@each
def test_closings_answer_what_the_form_of_closing_asks(story: dict[str, Any]) -> None:
    for step in story.get("step", ()):
        if step["do"] != "close":
            continue
        assert step["result"] in RESULTS
        assert step["summary"].strip() and 20 < len(step["answer"]) <= LINE_LIMIT
        assert set(step.get("causes", ())) <= CAUSES.keys()
        assert step.get("employment", "") in {"", *EMPLOYMENT}
        assert step.get("referral", "") in {"", *REFERRALS}
        if sanction := step.get("sanction", ""):
            assert SANCTIONS[sanction].level == step["sanction_level"]
        if step["result"].startswith("terbukti"):
            assert step["employment"] and step["sanction"]
        assert ("lhp_number" in step) == ("lhp_after" in step)
        assert ("recommendation" in step) == ("recommendation_owner" in step) == ("recommendation_due_after" in step)


@each
def test_money_is_plausible(story: dict[str, Any]) -> None:
    amounts = [story["complaint"].get("amount")]
    for step in story.get("step", ()):
        amounts += [step.get(name) for name in ("amount_asked", "amount_paid", "value", "returned")]
        assert (step.get("returned") or 0) <= (step.get("value") or 0)
    told = [amount for amount in amounts if amount]
    assert all(1_000 <= amount <= 100_000_000 <= AMOUNT_LIMIT and amount % 500 == 0 for amount in told)


@each
def test_every_step_is_possible_for_the_one_who_takes_it(story: dict[str, Any]) -> None:
    lived(story, story.get("step", []))


@pytest.mark.parametrize("today", A_YEAR, ids=str)
def test_on_whatever_day_it_is_prepared_everything_can_be_seen(today: date) -> None:
    lives = as_on(today)
    assert {life.stage for life in lives.values()} >= TOLD_STAGES
    assert {result for life in lives.values() for result in life.results} >= TOLD_RESULTS
    assert Counter(life.stage for life in lives.values())["DIGABUNG"] >= 2
    assert sum(bool(life.pending) for life in lives.values()) >= 2
    assert sum(life.open_questions and life.stage == "BUTUH_KLARIFIKASI" for life in lives.values()) >= 2
    assert any(life.unread and life.stage != "SELESAI" for life in lives.values())
    assert sum(not life.declared for life in lives.values()) >= 3, "new reports that nobody has opened"
    assert sum(life.closed is not None and (today - life.closed).days <= 45 for life in lives.values()) >= 2
    late = [name for name, life in lives.items() if not life.declared and _age(BY_ID[name]) > 10]
    assert late, "a report that nobody has opened in time"


@pytest.mark.parametrize("today", A_YEAR, ids=str)
def test_a_report_is_merged_only_into_one_that_has_its_register_number(today: date) -> None:
    lives = as_on(today)
    for number, story in enumerate(STORIES):
        for event in demo._events(number, story, today):
            if event.what.get("do") == "merge":
                triaged = lives[event.what["into"]].triaged
                assert triaged is not None and triaged <= event.day


def test_every_track_and_both_languages_are_told() -> None:
    tracks = {decide(story["complaint"]["office"], story["complaint"].get("accused", ())).code for story in STORIES}
    assert tracks == TRACKS.keys()
    assert Counter(story["complaint"].get("language", "id") for story in STORIES)["en"] >= 2


def test_most_services_and_kinds_of_complaint_are_told() -> None:
    assert {story["complaint"]["happened"] for story in STORIES} >= TOLD_KINDS
    assert {story["complaint"]["service"] for story in STORIES} == SERVICES.keys()
    assert len({step["category"] for _, step in steps_of("triage")}) >= 10


def test_no_text_is_told_twice() -> None:
    texts = [
        step[key]
        for _, step in steps_of("ask", "answer", "message", "note", "close")
        for key in ("text", "answer")
        if key in step
    ]
    texts += [story["complaint"]["story"] for story in STORIES]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_the_reports_live_through_every_stage_and_result(tmp_path: Path) -> None:
    office = inspectorate.build(tmp_path)
    receipts = demo.live(office.ctx, list(office.credentials.values()), STORIES)
    assert set(demo.SHOWN) <= receipts.keys()
    seen = {row.id: row for login in ("rahma", "inspektur", "prov1") for row in _all(office, login)}
    summaries = [row.summary for row in seen.values() if row.summary]
    assert len(summaries) == len(receipts) == len(STORIES)
    assert {summary.stage for summary in summaries} >= TOLD_STAGES
    assert {summary.result for summary in summaries} >= {"", "duplikat", *TOLD_RESULTS}
    assert {summary.track for summary in summaries} == TRACKS.keys()
    assert any(summary.close_pending for summary in summaries)
    assert any(summary.unread for summary in summaries)
    assert any(row.due and row.due.state == "late" for row in seen.values())


def _all(office: inspectorate.Inspectorate, login: str) -> list[listing.Row]:
    first = listing.cases_for(office.ctx, office.officer(login), Query(state="all"))
    pages = range(2, first.pages + 1)
    rest = [listing.cases_for(office.ctx, office.officer(login), Query(state="all", page=page)).rows for page in pages]
    return [row for rows in (first.rows, *rest) for row in rows]


def _age(story: Mapping[str, Any]) -> int:
    """Days since the report arrived."""
    return int(demo.DAYS_A_MONTH * story["months_ago"] + 28 - story["day"])
