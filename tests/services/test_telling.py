"""A life that is told from memory is one that the use cases could have written, entry by entry."""

import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.inspectorate import Inspectorate
from whistle.casefile.entries import Entry
from whistle.casefile.reading import CaseFile
from whistle.domain.complaint import Complaint
from whistle.services import demo, followup, lives, many
from whistle.services.telling import tell
from whistle.services.work import read_for
from whistle.store import bulk, cases

Said = list[tuple[int, str, str, Mapping[str, Any]]]


def said(office: Inspectorate, entries: list[Entry]) -> Said:
    """Author, kind and words of each entry; random ids and what two cases cannot have in common left out."""
    names = {office.officer(login).id: login for login in office.credentials if login not in ("admin", "auditor")}
    gone = {"question", "reply", "proposal", "reporter", "identity", "register", "merged_into"}
    return [
        (e.thread, names.get(e.author or b"", ""), e.kind, {k: v for k, v in e.data.items() if k not in gone})
        for e in entries
    ]


def passwords(office: Inspectorate) -> dict[str, str]:
    return {login: who.password for login, who in office.credentials.items()}


def opened(office: Inspectorate, tx: Any, case: bytes) -> CaseFile:
    """The case as whoever reads its track opens it."""
    row = cases.get_case(tx, case)
    assert row is not None
    holders = {grant.reader for grant in cases.grants(tx, case)}
    login = next(login for login in ("rahma", "inspektur", "prov1") if office.officer(login).id in holders)
    return read_for(office.ctx, tx, office.officer(login), row)


ALONE = [story for story in demo.stories() if "merge" not in [step["do"] for step in story.get("step", ())]]


@pytest.mark.parametrize("story", ALONE, ids=lambda story: story["id"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_life_told_here_has_the_entries_of_one_lived_through_the_use_cases(
    office: Inspectorate, story: dict[str, Any]
) -> None:
    """Given a story, when it is lived by the services and told from memory, then both chains say the same."""
    story = {name: value for name, value in story.items() if name != "files"}  # of which lives in bulk have none
    receipts = demo.live(office.ctx, office.credentials.values(), [story])
    keys = office.keys(receipts[story["id"]])
    office.clock.put(office.ctx.clock.today(), 20)
    today = office.ctx.clock.today()
    events = demo._events(0, story, today)
    steps = tuple(lives.Step(e.day, e.what["do"], e.what.get("by", ""), e.what) for e in events[1:])
    complaint = Complaint.from_dict({"language": "id", **story["complaint"]})
    staff = many.opened(office.ctx, passwords(office))
    life = lives.Life(story["id"], events[0].day, complaint, steps)
    with office.ctx.store.read() as tx:
        directory = office.ctx.directory(tx)
    told = tell(directory, office.ctx.settings.zone, staff, life, "001/01/2026", "", office.ctx.clock.now())
    with office.ctx.store.write() as tx:
        bulk.store(tx, told.rows)
    with office.ctx.store.read() as tx:
        row = cases.case_by_lookup(tx, keys.lookup_hash)
        assert row is not None
        lived, here = opened(office, tx, row.id), opened(office, tx, told.rows.cases[0].id)
    assert said(office, here.thread) == said(office, lived.thread)
    assert said(office, here.file) == said(office, lived.file)
    assert here.readers() == lived.readers()
    grants = [{(g.chain, g.epoch, g.reader) for g in _grants(office, file.case.id)} for file in (here, lived)]
    assert grants[0] == grants[1]


def _grants(office: Inspectorate, case: bytes) -> list[Any]:
    with office.ctx.store.read() as tx:
        return cases.grants(tx, case)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_reporter_of_a_told_life_could_come_back_with_the_keys(office: Inspectorate) -> None:
    rng = random.Random(1)
    today = office.ctx.clock.today()
    staff = many.opened(office.ctx, passwords(office))
    story = next(story for story in demo.stories() if story["id"] == "a-calo-kk")
    life = lives.live(rng, story, today - timedelta(days=200), today)
    with office.ctx.store.read() as tx:
        directory = office.ctx.directory(tx)
    told = tell(directory, office.ctx.settings.zone, staff, life, "001/01/2026", "", office.ctx.clock.now())
    with office.ctx.store.write() as tx:
        bulk.store(tx, told.rows)
    view = followup.open_with_root(office.ctx, told.keys.root)
    assert view.received == life.received
    assert view.thread[0].text.find(story["complaint"]["story"].strip()) >= 0
