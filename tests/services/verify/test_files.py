"""Attached files in `verify`: each that is gone, exchanged, cut off or about to go is named."""

import os

import pytest

from tests.attaching import exhibits_of, opened, with_files
from tests.clean.making import document, picture, saved
from tests.inspectorate import Inspectorate
from tests.security.administrator import database
from tests.services.verify.checking import codes, faults, findings
from whistle.casefile.attachments import Stored


def test_files_that_were_attached_and_opened_are_no_fault(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"), saved(document()), original=True)
    for at in range(2):
        opened(office, case, at)
    for login in (None, "rahma"):
        assert faults(office, login) == []
    shown = exhibits_of(office, case)
    stored = {file.id for one in shown for file in (*one.attachment.stored, *(one.made.stored if one.made else ()))}
    assert findings(office).checked["files"] == len(stored) > 4


def test_a_file_that_is_gone_is_named_without_any_key(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"))
    (exhibit,) = exhibits_of(office, case)
    office.ctx.blobs.remove(exhibit.id)
    (fault,) = faults(office)
    assert (fault.code, fault.row) == ("exhibit-missing", exhibit.id.hex())
    assert codes(office, "rahma") == {"exhibit-missing", "exhibit-damaged"}


@pytest.mark.parametrize("damage", ["flipped", "cut", "another"])
def test_a_file_whose_bytes_were_changed_is_named_with_a_readers_keys(office: Inspectorate, damage: str) -> None:
    case = with_files(office, picture("JPEG"), picture("PNG"))
    first, second = (one.attachment.file for one in exhibits_of(office, case))
    data = bytearray(stored_bytes(office, first))
    if damage == "flipped":
        data[len(data) // 2] ^= 1
    elif damage == "cut":
        del data[-1:]
    else:
        data = bytearray(stored_bytes(office, second))
    office.ctx.blobs.remove(first.id)
    office.ctx.blobs.put(first.id, office.ctx.clock.today(), [bytes(data)])
    assert codes(office) == set()  # nobody sees it without a key
    (fault,) = faults(office, "rahma")
    assert fault.code == "exhibit-damaged" and "P-1" in fault.row and first.id.hex() in fault.row


def test_a_file_that_was_clean_as_it_came_is_read_once_and_its_fault_told_once(office: Inspectorate) -> None:
    """Two entries name it: by which it came, and by which it was opened."""
    case = with_files(office, picture("PNG"))
    exhibit = opened(office, case)
    assert exhibit.made and exhibit.made.clean and exhibit.made.clean.id == exhibit.id
    office.ctx.blobs.remove(exhibit.id)
    told = [fault.code for fault in faults(office, "rahma")]
    assert told == ["exhibit-missing", "exhibit-damaged"]


def test_without_a_readers_keys_it_is_said_that_no_file_was_opened(office: Inspectorate) -> None:
    with_files(office, picture("JPEG"))
    what = "whether attached files open and are what was attached"
    assert "--as-reader" in findings(office).unchecked[what]
    assert what not in findings(office, "rahma").unchecked


def test_a_preview_that_was_exchanged_is_named(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"))
    made = opened(office, case).made
    assert made
    preview = made.pictures[0]
    size = len(stored_bytes(office, preview))
    office.ctx.blobs.remove(preview.id)
    office.ctx.blobs.put(preview.id, office.ctx.clock.today(), [os.urandom(size)])
    assert codes(office, "rahma") == {"exhibit-damaged"}


def test_a_file_that_the_next_night_would_remove_is_named(office: Inspectorate) -> None:
    case = with_files(office, picture("JPEG"))
    (exhibit,) = exhibits_of(office, case)
    with database(office) as admin:
        admin.execute("DELETE FROM blob WHERE id = :id", {"id": exhibit.id})
    assert "exhibit-unkept" in codes(office, "rahma")


def stored_bytes(office: Inspectorate, stored: Stored) -> bytes:
    """What the store holds of a file."""
    opener = stored.opener(office.ctx.lately().installation)
    return b"".join(office.ctx.blobs.read(stored.id, *opener.where(index)) for index in range(opener.chunks))
