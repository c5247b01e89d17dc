"""A list of what is to be deleted: two who may sign it, or nobody acts on it."""

import os
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.inspectorate import Inspectorate
from whistle.casefile import canon, disposal
from whistle.casefile.disposal import Disposal, DisposalRefused, Doomed
from whistle.casefile.links import Ends
from whistle.casefile.manifest import Directory
from whistle.domain.retention import SHORTEST, years_after
from whistle.store.rows import DisposalRow, DraftRow

DAYS = st.dates(date(2026, 1, 1), date(2060, 1, 1))
DIGEST = st.binary(min_size=32, max_size=32)
ID = st.binary(min_size=16, max_size=16)
ENDS = st.builds(Ends, DIGEST, st.integers(1, 500), DIGEST, st.integers(1, 500), DIGEST)
DOOMED = st.builds(Doomed, ID, DAYS, st.sampled_from(["inner", "outer"]), ENDS)
LISTS = st.builds(
    Disposal,
    ID,
    ID,
    st.integers(1, 30),
    DAYS,
    st.lists(DOOMED, min_size=1, max_size=5, unique_by=lambda one: one.case).map(tuple),
    st.sets(ID, max_size=6).map(tuple),
)


@given(LISTS)
def test_a_list_is_read_as_it_was_written_whatever_the_order_of_its_cases(made: Disposal) -> None:
    body = made.to_bytes()
    assert Disposal.from_bytes(body).to_bytes() == body
    assert set(Disposal.from_bytes(body).cases) == set(made.cases)
    assert replace(made, cases=made.cases[::-1], blobs=made.blobs[::-1]).to_bytes() == body


@given(LISTS, st.binary(max_size=60))
def test_anything_else_is_refused_and_breaks_nothing(made: Disposal, rubbish: bytes) -> None:
    for body in (rubbish, made.to_bytes() + b" ", made.to_bytes()[:-1], canon.dumps({"v": 1}), b"[]"):
        with pytest.raises(DisposalRefused):
            Disposal.from_bytes(body)
    with pytest.raises(DisposalRefused):
        Disposal.from_bytes(replace(made, cases=()).to_bytes())


@given(LISTS, st.integers(0, 4), st.integers(0, 30))
def test_the_second_list_is_the_first_with_a_longer_file_and_no_other(made: Disposal, which: int, days: int) -> None:
    later = replace(made, day=made.day + timedelta(days=days), manifest=made.manifest + 1)
    assert disposal.follows(made, later) and disposal.follows(made, made)
    one = made.cases[which % len(made.cases)]
    others = tuple(case for case in made.cases if case is not one)

    def changed(**ends: object) -> Disposal:
        return replace(later, cases=(*others, replace(one, ends=replace(one.ends, **ends))))  # type: ignore[arg-type]

    assert disposal.follows(made, changed(file=one.ends.file + 1, file_tip=os.urandom(32)))
    for wrong in (
        replace(later, id=os.urandom(16)),
        replace(later, day=made.day - timedelta(days=1)),
        replace(later, manifest=made.manifest - 1),
        replace(later, cases=others),
        replace(later, cases=(*made.cases, replace(one, case=os.urandom(16)))),
        replace(later, cases=(*others, replace(one, day=one.day + timedelta(days=1)))),
        changed(thread=one.ends.thread + 1),
        changed(thread_tip=os.urandom(32)),
        changed(first=os.urandom(32)),
        changed(file=one.ends.file - 1),
        changed(file_tip=os.urandom(32)),
        replace(later, blobs=(*made.blobs, os.urandom(16))),
        *([replace(later, blobs=made.blobs[1:])] if made.blobs else []),
    ):
        assert not disposal.follows(made, wrong)


ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # no database has a part in it


@pytest.fixture
def directory(office: Inspectorate) -> Directory:
    return office.ctx.newest()


def a_list(office: Inspectorate, directory: Directory, log: str = "inner", **changes: object) -> Disposal:
    ends = Ends(os.urandom(32), 2, os.urandom(32), 3, os.urandom(32))
    cases = tuple(Doomed(os.urandom(16), date(2024, 2, 1), log, ends) for _ in range(2))
    made = Disposal(directory.installation, os.urandom(16), 1, office.clock.today(), cases, (os.urandom(16),))
    return replace(made, **changes)  # type: ignore[arg-type]


def row_of(
    office: Inspectorate, made: Disposal, by: tuple[str, str], second: Disposal | None = None
) -> DisposalRow:
    """The list as two officers sign it, whether they may or not; the other one signs ``second``."""
    one, two = (office.officer(login) for login in by)
    proposal, body = made.to_bytes(), (second or made).to_bytes()
    proposed = disposal.sign_proposed(one.sign_seed, proposal)
    approved = disposal.sign_approved(two.sign_seed, proposal, proposed, body)
    return DisposalRow(made.id, proposal, one.id, proposed, body, two.id, approved)


@ON_ONE
@pytest.mark.parametrize("log", ["inner", "outer"])
def test_only_a_reader_and_a_custodian_of_that_log_sign(office: Inspectorate, directory: Directory, log: str) -> None:
    readers = {"inner": {"rahma", "inspektur", "gunawan"}, "outer": {"sekda", "prov1", "prov2"}}[log]
    custodians = {"inner": {"inspektur"}, "outer": {"prov1", "prov2"}}[log]
    everybody = ("rahma", "gunawan", "hendra", "inspektur", "sekda", "prov1", "prov2", "admin", "auditor")
    might = set()
    for first, second in product(everybody, everybody):
        row = row_of(office, a_list(office, directory, log), by=(first, second))
        with suppress(DisposalRefused):
            assert disposal.check(directory, row).to_bytes() == row.body
            might.add((first, second))
    assert might == {(one, two) for one, two in product(readers, custodians) if one != two}


@ON_ONE
def test_a_list_of_both_logs_needs_who_answers_for_both_and_nobody_does(
    office: Inspectorate, directory: Directory
) -> None:
    inner, outer = a_list(office, directory), a_list(office, directory, "outer")
    both = replace(inner, cases=(*inner.cases, *outer.cases))
    for by in (("rahma", "inspektur"), ("prov1", "prov2"), ("rahma", "prov2"), ("sekda", "inspektur")):
        with pytest.raises(DisposalRefused):
            disposal.check(directory, row_of(office, both, by=by))


@ON_ONE
def test_nothing_of_a_signed_list_can_be_changed_or_used_elsewhere(office: Inspectorate, directory: Directory) -> None:
    # Given two lists that were signed as they should be
    made, other = a_list(office, directory), a_list(office, directory)
    good, another = (row_of(office, one, by=("rahma", "inspektur")) for one in (made, other))
    assert disposal.check(directory, good) == Disposal.from_bytes(good.body)
    more = replace(made, cases=(*made.cases, other.cases[0])).to_bytes()
    grown = replace(made, blobs=(*made.blobs, os.urandom(16))).to_bytes()
    # Then whatever an administrator puts in the place of a part is refused
    for part in (
        {"proposal": more, "body": more},
        {"body": more},
        {"body": grown},
        {"proposal": another.proposal, "proposed": another.proposed},
        {"body": another.body, "approved": another.approved},
        {"proposed": another.proposed},
        {"approved": another.approved},
        {"approved": good.proposed},
        {"approver": good.proposer, "approved": good.proposed},
        {"proposer": good.approver},
        {"approver": os.urandom(16)},
        {"proposer": os.urandom(16)},
        {"id": os.urandom(16)},
        {"body": b"", "proposal": b""},
    ):
        with pytest.raises(DisposalRefused):
            disposal.check(directory, replace(good, **part))
    for position in range(0, 64, 7):
        for name in ("proposed", "approved"):
            signature = bytearray(getattr(good, name))
            signature[position] ^= 1
            with pytest.raises(DisposalRefused):
                disposal.check(directory, replace(good, **{name: bytes(signature)}))


@ON_ONE
def test_the_second_officer_signs_the_same_list_or_in_vain(office: Inspectorate, directory: Directory) -> None:
    made, by = a_list(office, directory), ("rahma", "inspektur")
    longer = replace(made.cases[0], ends=replace(made.cases[0].ends, file=9, file_tip=os.urandom(32)))
    seen = replace(made, cases=(longer, made.cases[1]))
    assert disposal.check(directory, row_of(office, made, by, seen)).to_bytes() == seen.to_bytes()
    more = replace(made, blobs=(*made.blobs, os.urandom(16)))
    for other in (replace(made, cases=made.cases[:1]), more, a_list(office, directory, id=made.id)):
        with pytest.raises(DisposalRefused, match="same list"):
            disposal.check(directory, row_of(office, made, by, other))


@ON_ONE
@pytest.mark.parametrize(
    "change",
    [
        {"installation": bytes(16)},
        {"manifest": 0},
        {"manifest": 2},
        {"wait": 0},
        {"day": date(2026, 2, 1)},  # before the manifest
        {"day": date(2026, 1, 31)},  # and before the cases could be over
    ],
)
def test_a_list_of_elsewhere_of_another_time_or_of_a_manifest_to_come_is_refused(
    office: Inspectorate, directory: Directory, change: dict[str, object]
) -> None:
    row = row_of(office, a_list(office, directory, **change), by=("rahma", "inspektur"))
    with pytest.raises(DisposalRefused):
        disposal.check(directory, row)
    with pytest.raises(DisposalRefused):
        disposal.check_proposed(directory, DraftRow(row.id, row.proposal, row.proposer, row.proposed))


@ON_ONE
def test_a_case_that_came_in_less_than_the_shortest_time_ago_is_on_no_list(
    office: Inspectorate, directory: Directory
) -> None:
    made, by = a_list(office, directory), ("rahma", "inspektur")
    latest = years_after(office.clock.today(), -SHORTEST)
    for day, good in ((latest, True), (latest + timedelta(days=1), False)):
        row = row_of(office, replace(made, cases=(made.cases[0], replace(made.cases[1], day=day))), by)
        if good:
            assert disposal.check(directory, row)
        else:
            with pytest.raises(DisposalRefused, match="too late to be over"):
                disposal.check(directory, row)
