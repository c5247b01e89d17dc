"""All files of a case opened at once: one after the other, each recorded, none stopped by another."""

from itertools import count

import pytest

from tests.attaching import UNKNOWN, exhibits_of, opened, with_files
from tests.clean.making import picture
from tests.inspectorate import Inspectorate
from whistle.services import exhibit_making, exhibits, exhibits_all
from whistle.services.exhibits_all import prepare_all
from whistle.services.refusals import NotYours, Refusal
from whistle.store import audit
from whistle.store.errors import FilesUnavailable


def prepared(office: Inspectorate) -> int:
    """How many openings the audit log holds."""
    with office.ctx.store.read() as tx:
        return sum(row.action == "file-prepare" for row in audit.page(tx, 1000))


def made(office: Inspectorate, case: bytes) -> list[str]:
    """In the order of the labels: "" for what nobody opened, "clean", or why it is not."""
    found = [one.made for one in exhibits_of(office, case)]
    return ["" if one is None else "clean" if one.clean else one.why for one in found]


def test_each_file_is_opened_and_recorded_and_one_that_cannot_be_cleaned_stops_no_other(office: Inspectorate) -> None:
    # Given a case whose first file is of no known kind, and whose second file was opened before
    case = with_files(office, UNKNOWN, picture("JPEG", 1), picture("PNG"), picture("JPEG", 3))
    opened(office, case, 1)
    # When all are opened
    assert prepare_all(office.ctx, office.officer("rahma"), case) == "all"
    # Then each of the three others was, with an entry in the log of its own
    assert made(office, case) == ["kind", "clean", "clean", "clean"] and prepared(office) == 4
    # And once more adds nothing
    assert prepare_all(office.ctx, office.officer("rahma"), case) == "all" and prepared(office) == 4


def test_a_file_that_is_gone_stops_no_other_and_is_told(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG", 1), picture("PNG"))
    office.ctx.blobs.remove(exhibits_of(office, case)[0].id)
    assert prepare_all(office.ctx, office.officer("rahma"), case) == "gone"
    assert made(office, case) == ["", "clean"] and prepared(office) == 1


def test_when_time_is_up_no_further_file_is_begun_and_another_press_goes_on(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, picture("JPEG", 1), picture("PNG"), picture("JPEG", 3))
    rahma, tick = office.officer("rahma"), count(0.0, exhibits_all.SECONDS * 0.6)
    assert prepare_all(office.ctx, rahma, case, lambda: next(tick)) == "rest"
    assert made(office, case) == ["clean", "clean", ""]
    # However little time there is, each press opens one
    monkeypatch.setattr(exhibits_all, "SECONDS", 0.0)
    assert prepare_all(office.ctx, rahma, case) == "all" and made(office, case) == ["clean"] * 3


def test_a_store_of_files_that_stops_answering_ends_it_and_what_is_open_stays_open(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, calls = with_files(office, picture("JPEG", 1), picture("PNG"), picture("JPEG", 3)), count(1)
    real = exhibit_making.make

    def failing(*of: object) -> object:
        if next(calls) > 1:
            raise FilesUnavailable
        return real(*of)  # type: ignore[arg-type]

    monkeypatch.setattr(exhibits, "make", failing)
    assert prepare_all(office.ctx, office.officer("rahma"), case) == "away"
    assert made(office, case) == ["clean", "", ""] and next(calls) == 3


def test_who_is_no_reader_or_has_not_declared_opens_nothing(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"), picture("PNG"))
    with pytest.raises(NotYours):
        prepare_all(office.ctx, office.officer("hendra"), case)
    # Whether something is left to open or not
    for done in (0, 2):
        with pytest.raises(Refusal) as refused:
            prepare_all(office.ctx, office.officer("yusuf"), case)
        assert refused.value.code == "declare_first" and prepared(office) == done
        prepare_all(office.ctx, office.officer("rahma"), case)
