"""The demonstration's reports: real codes, a life through every stage, spread over thirteen months."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests import inspectorate
from whistle.domain.categories import CATEGORIES
from whistle.domain.complaint import Complaint
from whistle.domain.names import find_identifying
from whistle.domain.offices import OFFICES
from whistle.domain.public_services import SERVICES
from whistle.domain.questions import QUESTIONS
from whistle.domain.results import RESULTS
from whistle.domain.stages import STAGES
from whistle.domain.tracks import TRACKS
from whistle.services import demo, listing
from whistle.services.listing import Query

STORIES = demo.stories()


def ids(story: dict[str, Any]) -> str:
    return str(story["id"])


def test_there_are_some_forty_reports_over_thirteen_months() -> None:
    assert 38 <= len(STORIES) <= 48
    assert len({story["id"] for story in STORIES}) == len(STORIES)
    assert {story["months_ago"] for story in STORIES} == set(range(13))
    assert {story["complaint"].get("language", "id") for story in STORIES} == {"id", "en"}


@pytest.mark.parametrize("story", STORIES, ids=ids)
def test_a_report_is_answered_with_codes_that_exist(story: dict[str, Any]) -> None:
    complaint = Complaint.from_dict(story["complaint"])
    assert complaint.service in SERVICES
    assert complaint.office in OFFICES
    for name in ("happened", "when", "paid", "proof_of_payment", "worried", "relation"):
        assert getattr(complaint, name) in {"", *QUESTIONS[name].choices}
    for name in ("how", "reported_to", "accused"):
        assert set(getattr(complaint, name)) <= set(QUESTIONS[name].choices)
    for step in story.get("step", ()):
        assert step.get("category", "pungli") in CATEGORIES


@pytest.mark.parametrize("story", STORIES, ids=ids)
def test_a_report_gives_nobody_away(story: dict[str, Any]) -> None:
    assert find_identifying(story["complaint"]["story"]) == []


def test_the_reports_live_through_every_stage_and_result(tmp_path: Path) -> None:
    office = inspectorate.build(tmp_path)
    receipts = demo.live(office.ctx, list(office.credentials.values()), STORIES)
    assert set(demo.SHOWN) <= receipts.keys()
    seen = {row.id: row for login in ("rahma", "inspektur", "prov1") for row in _all(office, login)}
    summaries = [row.summary for row in seen.values() if row.summary]
    assert len(summaries) == len(receipts) == len(STORIES)
    stages = Counter(summary.stage for summary in summaries)
    assert STAGES.keys() - stages.keys() <= {"DIBUKA_KEMBALI"}  # a stage that lasts until the next click
    assert {move.stage for summary in summaries for move in summary.moves} == set(STAGES)
    assert {summary.result for summary in summaries} == {"", *RESULTS}
    assert {summary.track for summary in summaries} == set(TRACKS)
    assert any(summary.close_pending for summary in summaries)
    assert any(summary.unread for summary in summaries)
    assert any(row.due and row.due.state == "late" for row in seen.values())


def _all(office: inspectorate.Inspectorate, login: str) -> list[listing.Row]:
    first = listing.cases_for(office.ctx, office.officer(login), Query(state="all"))
    pages = range(2, first.pages + 1)
    rest = [listing.cases_for(office.ctx, office.officer(login), Query(state="all", page=page)).rows for page in pages]
    return [row for rows in (first.rows, *rest) for row in rows]
