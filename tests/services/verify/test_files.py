"""Attached files in `verify`: each that is gone, exchanged, cut off or about to go is named."""

import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.attaching import believed, exhibits_of, opened, reported, with_files
from tests.clean.making import document, picture, saved
from tests.inspectorate import Inspectorate
from tests.security.administrator import database
from tests.services.verify.checking import codes, faults, findings
from whistle.casefile.attachments import Stored
from whistle.crypto.stream import CHUNK
from whistle.store.blobs_folder import BlobFolder


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
    # Without a key nobody sees more than a length that cannot be
    without = [("blob-length", first.id.hex())] if damage == "cut" else []
    assert [(fault.code, fault.row) for fault in faults(office)] == without
    *_, fault = faults(office, "rahma")
    assert fault.code == "exhibit-damaged" and "P-1" in fault.row and first.id.hex() in fault.row


@pytest.mark.parametrize("content", [100, 2_000_000])
@pytest.mark.parametrize("said", [0, 101, 300_000, 1 << 40])
def test_a_false_size_in_the_senders_entry_is_no_damage(office: Inspectorate, content: int, said: int) -> None:
    file = believed(office.ctx, os.urandom(content))
    case = reported(office, [replace(file, file=replace(file.file, size=said))])
    (fault,) = faults(office, "rahma")
    assert fault.code == "exhibit-misstated" and case.hex() in fault.row and f"{said} bytes" in fault.found
    assert codes(office) == set()


def test_a_false_digest_in_the_senders_entry_is_no_damage(office: Inspectorate) -> None:
    file = believed(office.ctx, os.urandom(5000))
    reported(office, [replace(file, file=replace(file.file, sha256=bytes(32)))])
    assert codes(office, "rahma") == {"exhibit-misstated"}


def test_damage_under_a_false_size_is_damage(office: Inspectorate) -> None:
    file = believed(office.ctx, os.urandom(3 * CHUNK))
    reported(office, [replace(file, file=replace(file.file, size=10))])
    exchanged(office, file.file, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    assert codes(office, "rahma") == {"exhibit-damaged"}


def test_a_chunk_of_padding_alone_is_looked_at(office: Inspectorate) -> None:
    """A file of 2^25 + 1 bytes and more has chunks that hold nothing of it."""
    file = believed(office.ctx, bytes((1 << 25) + 1))
    reported(office, [file])
    assert codes(office, "rahma") == set()
    exchanged(office, file.file, lambda data: data[:-1] + bytes([data[-1] ^ 1]))
    assert codes(office, "rahma") == {"exhibit-damaged"}


@pytest.mark.parametrize("more", [1, 16, 4096])
def test_bytes_behind_a_stored_file_are_named(office: Inspectorate, more: int) -> None:
    """Without a key, but where the length is that of another file, which only a reader of the entry sees."""
    file = believed(office.ctx, os.urandom(4000))  # 4,096 bytes and 16; another may have 8,192 and 16
    reported(office, [file])
    exchanged(office, file.file, lambda data: data + os.urandom(more))
    assert codes(office) == (set() if more == 4096 else {"blob-length"})
    (fault,) = faults(office, "rahma")
    assert fault.code == "blob-length" and file.file.id.hex() in fault.row


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("new/zz/{id}.{day}", "blob-stray"),  # a folder that was renamed
        ("new/{two}/{id}.2026-99-99", "blob-stray"),
        ("new/{two}/{id}.2030-01-01", "blob-stray"),
        ("new/{two}/{id}.{day}.bak", "blob-stray"),
        ("kept/zz/{id}", "blob-stray"),
        ("kept/{two}/{id}", None),  # as a night leaves it
    ],
)
def test_a_stored_file_under_another_name_is_named(office: Inspectorate, place: str, code: str | None) -> None:
    case = with_files(office, picture("PNG"))
    (exhibit,) = exhibits_of(office, case)
    blobs, hexed = office.ctx.blobs, exhibit.id.hex()
    assert isinstance(blobs, BlobFolder)
    (there,) = (lying.name for lying in blobs.inventory() if lying.id == exhibit.id)
    name = place.format(id=hexed, two=hexed[:2], day=office.ctx.clock.today())
    (blobs.folder / name).parent.mkdir(parents=True, exist_ok=True)
    (blobs.folder / there).rename(blobs.folder / name)
    found = [(fault.code, fault.row) for fault in faults(office)]
    assert [row for fault, row in found if fault == "blob-stray"] == ([name] if code else [])
    assert (code is None) == (found == [])


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


def exchanged(office: Inspectorate, stored: Stored, how: Callable[[bytes], bytes]) -> None:
    """Somebody who reaches the store writes something else in a file's place."""
    data = how(stored_bytes(office, stored))
    office.ctx.blobs.remove(stored.id)
    office.ctx.blobs.put(stored.id, office.ctx.clock.today(), [data])


def stored_bytes(office: Inspectorate, stored: Stored) -> bytes:
    """What the store holds of a file."""
    opener = stored.opener(office.ctx.lately().installation)
    return b"".join(office.ctx.blobs.read(stored.id, *opener.where(index)) for index in range(opener.chunks))
