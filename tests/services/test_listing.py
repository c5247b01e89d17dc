"""The desk's list: filters, order, pages, counts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.inspectorate import Inspectorate, act
from whistle.services import casework, listing
from whistle.services.listing import PAGE_SIZE, Query


def live(office: Inspectorate) -> None:
    """Five reports: new, new and worried, in triage, examined, closed."""
    office.report(office="DISDIK", service="sekolah", happened="dibedakan", amount=None)
    office.clock.advance(timedelta(days=1))
    office.report(worried="sangat", office="BPKPAD", service="pajak")
    office.triaged()
    _, _, examined = office.triaged()
    casework.move(office.ctx, office.officer("rahma"), examined, act(), "PEMERIKSAAN", "Surat tugas.")
    _, _, merged = office.report()
    casework.declare(office.ctx, office.officer("rahma"), merged)
    casework.move(office.ctx, office.officer("rahma"), merged, act(), "DIGABUNG", "Sama.", "", {"into": "001/11/2026"})


def found(inspectorate: Inspectorate, **asked: object) -> list[str]:
    query = replace(Query(state="all"), **asked)  # type: ignore[arg-type]
    return [
        row.summary.stage
        for row in listing.cases_for(inspectorate.ctx, inspectorate.officer("yusuf"), query).rows
        if row.summary
    ]


@pytest.mark.parametrize(
    ("asked", "stages"),
    [
        ({}, ["DIGABUNG", "DITERIMA", "DITERIMA", "PEMERIKSAAN", "TELAAH"]),
        ({"state": "open"}, ["DITERIMA", "DITERIMA", "PEMERIKSAAN", "TELAAH"]),
        ({"state": "closed"}, ["DIGABUNG"]),
        ({"stage": "PEMERIKSAAN"}, ["PEMERIKSAAN"]),
        ({"office": "DISDIK"}, ["DITERIMA"]),
        ({"category": "pungli"}, ["PEMERIKSAAN", "TELAAH"]),
        ({"unit": "irban-1"}, []),
        ({"priority": "tinggi"}, ["DITERIMA"]),
        ({"attention": "new"}, ["DITERIMA", "DITERIMA"]),
        ({"attention": "approve"}, []),
        ({"text": "uang UNTUK ktp"}, ["PEMERIKSAAN", "TELAAH"]),
        ({"text": "002/11"}, ["PEMERIKSAAN"]),
        ({"text": "%' OR 1=1 --"}, []),
        ({"stage": "TIDAK_ADA"}, []),
    ],
)
def test_a_filter_finds_what_it_asks_for(lived: Inspectorate, asked: dict[str, str], stages: list[str]) -> None:
    assert sorted(found(lived, **asked)) == stages


def test_lateness_is_a_filter_of_its_own(lived: Inspectorate) -> None:
    lived.clock.advance(timedelta(days=20))
    assert sorted(found(lived, due="late")) == ["DITERIMA", "DITERIMA", "PEMERIKSAAN", "TELAAH"]


@pytest.mark.parametrize("sort", ["due", "received", "office", "stage", "register", "priority"])
def test_every_order_can_be_turned_around(lived: Inspectorate, sort: str) -> None:
    query = Query(state="all", sort=sort)
    down = listing.cases_for(lived.ctx, lived.officer("yusuf"), query).rows
    up = listing.cases_for(lived.ctx, lived.officer("yusuf"), replace(query, sort=f"-{sort}")).rows
    assert [row.id for row in up] == [row.id for row in reversed(down)]
    assert len(down) == 5


def test_a_register_number_is_known_to_whoever_reads_its_case_and_only_as_it_is_written(lived: Inspectorate) -> None:
    yusuf, hendra = lived.officer("yusuf"), lived.officer("hendra")
    case = listing.case_of(lived.ctx, yusuf, "001/11/2026")
    row = next(row for row in listing.all_rows(lived.ctx, yusuf) if row.id == case)
    assert row.summary and row.summary.register == "001/11/2026"
    assert listing.case_of(lived.ctx, yusuf, "999/11/2026") is None
    assert listing.case_of(lived.ctx, yusuf, "001/11/2026 uang") is None
    assert listing.case_of(lived.ctx, hendra, "001/11/2026") is None


def test_the_list_comes_in_pages_and_a_page_beyond_the_last_is_the_last(office: Inspectorate) -> None:
    for _ in range(PAGE_SIZE + 1):
        office.report()
    pages = [listing.cases_for(office.ctx, office.officer("rahma"), Query(page=page)) for page in (1, 2, 99, -5)]
    assert [(len(page.rows), page.page, page.pages) for page in pages] == [(50, 1, 2), (1, 2, 2), (1, 2, 2), (50, 1, 2)]
    assert not {row.id for row in pages[0].rows} & {row.id for row in pages[1].rows}
    assert pages[0].total == pages[0].counts["new"] == PAGE_SIZE + 1
