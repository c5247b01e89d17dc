"""What the desk could not clean or draw for want of time or room is tried again, and nothing is kept twice for it."""


import pytest

from tests.attaching import believed, exhibits_of, opened, prepared_at_once, reported, with_files
from tests.clean.making import picture
from tests.inspectorate import Inspectorate
from tests.services.test_exhibits import kinds
from tests.services.verify.checking import codes
from whistle.clean import sandbox
from whistle.clean.result import NotCleaned
from whistle.services import casework


@pytest.mark.parametrize("part", ["clean", "look"])
def test_what_failed_for_want_of_room_is_tried_again(
    part: str, office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = reported(office, [believed(office.ctx, picture("JPEG"))])
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, part, _busy)
        first = opened(office, case)
        assert first.made and first.made.why == "busy" and not first.made.pictures
        opened(office, case)
    assert kinds(office, case).count("prepared") == 2
    last = opened(office, case)
    assert last.made and last.made.clean and last.made.pictures and last.made.why == "" and "place" in last.made.removed
    assert codes(office, "rahma") == set()
    # And a copy that was clean already is the one that stays: of each try nothing is left over but that
    assert part == "clean" or last.made.clean == first.made.clean and last.made.removed == first.made.removed
    assert set(office.ctx.blobs.ids()) == {one.id for one in (*last.attachment.stored, *last.made.stored)}


def test_where_the_clean_copy_of_the_last_try_is_gone_another_is_made(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, picture("JPEG"))
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "look", _busy)
        first = opened(office, case)
    assert first.made and first.made.clean
    office.ctx.blobs.remove(first.made.clean.id)
    last = opened(office, case)
    assert last.made and last.made.clean and last.made.clean.id != first.made.clean.id and last.made.pictures


def test_of_two_officers_who_try_again_at_the_same_moment_none_takes_the_clean_copy_away(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = with_files(office, picture("JPEG"))
    casework.declare(office.ctx, office.officer("yusuf"), case)
    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "look", _busy)
        first = opened(office, case)
    prepared_at_once(office, monkeypatch, case, first.id, ("rahma", "yusuf"))
    (last,) = exhibits_of(office, case)
    assert last.made and first.made and last.made.clean == first.made.clean and last.made.pictures
    assert set(office.ctx.blobs.ids()) == {one.id for one in (*last.attachment.stored, *last.made.stored)}


def _busy(*_: object) -> None:
    raise NotCleaned("busy")
