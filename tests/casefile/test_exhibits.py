"""What the chains tell of a case's files: in which order they count, and whose word on them holds."""

from datetime import date
from typing import Any

import pytest

from whistle.casefile.attachments import AS_SENT, CLEAN, LATER, Attachment, Stored, with_files
from whistle.casefile.entries import Entry
from whistle.casefile.exhibits import PREPARED, Prepared, exhibit, exhibits, how_many
from whistle.casefile.reading import CaseFile
from whistle.crypto.envelope import Chain

OFFICER = bytes(15) + b"\1"
DAY = date(2026, 11, 2)


def stored(number: int, media: str = "image/jpeg") -> Stored:
    return Stored(bytes([number] * 16), bytes([number] * 32), 100, bytes(32), media)


def attachment(number: int, state: str = CLEAN, original: Stored | None = None) -> Attachment:
    return Attachment(stored(number), state, original=original)


class Told:
    """A case file of entries that were read, without any cryptography."""

    def __init__(self) -> None:
        self.file = CaseFile(case=None, directory=None, keys={})  # type: ignore[arg-type]

    def add(self, chain: Chain, author: bytes | None, kind: str, data: dict[str, Any]) -> None:
        entries = self.file.entries[chain]
        id_ = bytes([int(chain), len(entries)] * 8)
        entries.append(Entry(id_, chain, 0, len(entries), kind, author, DAY, None, 0, data))

    def reporter(self, *files: Attachment, kind: str = "message") -> None:
        self.add(Chain.THREAD, None, kind, with_files({"text": ""}, files))

    def officer(self, *files: Attachment) -> None:
        self.add(Chain.FILE, OFFICER, "attached", with_files({"text": ""}, files))

    def prepared(self, number: int, made: Prepared) -> None:
        self.add(Chain.FILE, OFFICER, PREPARED, made.to_dict(stored(number).id))

    def labels(self) -> list[tuple[str, int]]:
        return [(one.label, one.id[0]) for one in exhibits(self.file)]


@pytest.fixture
def told() -> Told:
    return Told()


def test_the_reporters_files_count_by_themselves_and_so_do_the_inspectorates(told: Told) -> None:
    told.reporter(attachment(1), attachment(2), kind="complaint")
    told.officer(attachment(3))
    told.reporter(attachment(4))
    told.officer(attachment(5))
    assert told.labels() == [("P-1", 1), ("P-2", 2), ("P-3", 4), ("I-1", 3), ("I-2", 5)]
    assert how_many(told.file) == 5


def test_a_file_that_is_attached_twice_keeps_its_first_label(told: Told) -> None:
    told.reporter(attachment(1))
    told.reporter(attachment(1), attachment(2))
    told.officer(attachment(2), attachment(3))
    assert told.labels() == [("P-1", 1), ("P-2", 2), ("I-1", 3)]


def test_what_the_desk_made_last_counts_and_what_cannot_be_read_is_not_made_yet(told: Told) -> None:
    told.reporter(attachment(1), attachment(2))
    told.prepared(1, Prepared(None, "busy"))
    told.prepared(1, Prepared(stored(7), "", ("place",), (stored(8),), 1, stored(9)))
    told.add(Chain.FILE, OFFICER, PREPARED, {"file": stored(2).id.hex(), "clean": "no"})
    first, second = exhibits(told.file)
    assert first.made and [one.id[0] for one in first.made.stored] == [7, 8, 9]
    assert first.maker and first.maker.place == 1
    assert (second.made, second.maker) == (None, None)


def test_a_reporter_cannot_say_what_the_desk_made_of_a_file(told: Told) -> None:
    told.reporter(attachment(1))
    told.add(Chain.THREAD, None, PREPARED, Prepared(stored(7)).to_dict(stored(1).id))
    assert exhibits(told.file)[0].made is None


def test_one_file_is_found_by_its_id_and_a_copy_of_it_is_not(told: Told) -> None:
    told.reporter(attachment(1, original=stored(6)))
    assert exhibit(told.file, stored(1).id) is not None
    assert exhibit(told.file, stored(6).id) is None


@pytest.mark.parametrize(
    ("given", "made", "raw"),
    [
        (attachment(1), Prepared(stored(7)), None),  # what came was clean: there is nothing else
        (attachment(1), Prepared(None, "damaged"), 1),
        (attachment(1, LATER), Prepared(stored(7)), 1),
        (attachment(1, AS_SENT), Prepared(None, "kind"), 1),
        (attachment(1, AS_SENT), None, None),  # nobody has opened it
        (attachment(1, original=stored(6)), None, 6),
        (attachment(1, original=stored(6)), Prepared(stored(7)), 6),
    ],
)
def test_what_was_sent_is_told_apart_from_what_is_shown(
    given: Attachment, made: Prepared | None, raw: int | None, told: Told
) -> None:
    told.reporter(given)
    if made:
        told.prepared(1, made)
    (one,) = exhibits(told.file)
    assert (one.raw.id[0] if one.raw else None) == raw


def test_the_audit_logs_mark_is_the_files_own_and_does_not_tell_its_id(told: Told) -> None:
    told.reporter(attachment(1), attachment(2))
    one, other = exhibits(told.file)
    assert len(one.mark) == 16 and one.mark not in (one.id, other.mark)
    assert one.mark == exhibits(told.file)[0].mark
