"""A file that comes in parts is the file that was sent, whatever breaks on the way; and nothing of it is readable."""

import hashlib
import os
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.clean.making import picture
from tests.inspectorate import Inspectorate
from whistle.casefile.attachments import Stored
from whistle.crypto.parts import Parts, stored_size
from whistle.crypto.stream import CHUNK, SEALED_CHUNK, FilePlace, FileSealer, sealed_size
from whistle.services import evidence, housekeeping, uploading
from whistle.services.context import Context
from whistle.services.evidence import Content, Upload
from whistle.services.uploading import Pending, UploadRefused
from whistle.store import attached
from whistle.store.errors import StoreUnavailable

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # no database has a part in it
SIZES = [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]


def cut(upload: Pending, data: bytes) -> list[bytes]:
    """``data`` in parts, without asking how long each is to be."""
    step = SEALED_CHUNK if upload.blob else CHUNK
    return [data[at : at + step] for at in range(0, len(data), step)]


def sent(office: Inspectorate, data: bytes, name: str = "bukti.bin") -> Pending:
    """A plain upload, all of its parts there."""
    upload = uploading.begin(office.ctx, name, len(data))
    for index, content in enumerate(cut(upload, data)):
        uploading.add(office.ctx, upload, index, content)
    return upload


def sealed(office: Inspectorate, data: bytes, key: bytes, file: bytes) -> tuple[Pending, bytes]:
    """An upload of a file that its sender seals, and what is to be stored of it; no part is there."""
    sealer = FileSealer(key, FilePlace(office.ctx.lately().installation, file))
    return uploading.begin(office.ctx, "rekaman", len(data), file), sealer.add(data) + b"".join(sealer.finish())


def content(office: Inspectorate, upload: Upload) -> bytes:
    """The file as it was sent."""
    return Content(office.ctx, office.ctx.lately().installation, upload.sent).read(0, upload.sent.size)


def stored(office: Inspectorate) -> set[bytes]:
    return set(office.ctx.blobs.ids())


def refused(code: str) -> AbstractContextManager[object]:
    return pytest.raises(UploadRefused, match=f": {code}$")


@pytest.mark.parametrize("size", SIZES)
def test_the_parts_become_the_file_that_was_sent(office: Inspectorate, size: int) -> None:
    data = os.urandom(size)
    upload = sent(office, data)
    assert uploading.there(office.ctx, upload) == upload.parts == -(-size // CHUNK)
    file = uploading.finish(office.ctx, upload)
    assert content(office, file) == data
    assert (file.sent.size, file.sent.sha256, file.name) == (size, hashlib.sha256(data).digest(), "bukti.bin")


def test_a_photo_that_came_in_parts_is_cleaned_like_any_other(office: Inspectorate) -> None:
    file = uploading.finish(office.ctx, sent(office, picture("JPEG"), "foto.jpg"))
    assert file.cleaned is not None and "place" in file.removed


@pytest.mark.parametrize("scaled", [False, True])
def test_a_photo_that_was_made_smaller_is_known_as_such(office: Inspectorate, scaled: bool) -> None:
    data = picture("JPEG")
    upload = uploading.begin(office.ctx, "foto.jpg", len(data), scaled=scaled)
    uploading.add(office.ctx, upload, 0, data)
    assert uploading.finish(office.ctx, upload).scaled is scaled


def test_another_worker_goes_on_where_one_broke_off(office: Inspectorate) -> None:
    data = os.urandom(2 * CHUNK + 9)
    upload = uploading.begin(office.ctx, "", len(data))
    first, *others = cut(upload, data)
    assert uploading.add(office.ctx, upload, 0, first) == 1
    elsewhere = replace(office.ctx)  # knows nothing but the folder
    assert uploading.there(elsewhere, upload) == 1
    for index, part in enumerate(others, 1):
        assert uploading.add(elsewhere, upload, index, part) == index + 1
    assert content(office, uploading.finish(elsewhere, upload)) == data


def test_a_part_comes_in_its_turn_once_and_in_its_length_or_changes_nothing(office: Inspectorate) -> None:
    data = os.urandom(3 * CHUNK)
    upload = uploading.begin(office.ctx, "", len(data))
    parts = cut(upload, data)
    uploading.add(office.ctx, upload, 0, parts[0])
    with refused("order"):
        uploading.add(office.ctx, upload, 2, parts[2])
    with refused("doubled"):
        uploading.add(office.ctx, upload, 0, os.urandom(CHUNK))
    for index, wrong in [(1, parts[1][:-1]), (1, parts[1] + b"a"), (1, b""), (3, b"a"), (-1, parts[1])]:
        with refused("length"):
            uploading.add(office.ctx, upload, index, wrong)
    with refused("missing"):
        uploading.finish(office.ctx, upload)
    assert uploading.there(office.ctx, upload) == 1
    uploading.add(office.ctx, upload, 1, parts[1])
    uploading.add(office.ctx, upload, 2, parts[2])
    assert content(office, uploading.finish(office.ctx, upload)) == data


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (-1, "empty"), ((200 << 20) + 1, "large")])
def test_a_size_that_is_not_taken_is_refused_before_anything_is_sent(
    office: Inspectorate, size: int, code: str
) -> None:
    with refused(code):
        uploading.begin(office.ctx, "", size)
    assert uploading.begin(office.ctx, "", 200 << 20).parts == 200


def test_an_answer_that_was_lost_is_asked_for_again(office: Inspectorate) -> None:
    data = os.urandom(CHUNK + 1)
    upload = sent(office, data)
    first, again = (uploading.finish(office.ctx, upload) for _ in range(2))
    assert first == again and content(office, first) == data
    uploading.drop(office.ctx, upload)
    assert first.sent.id in stored(office) and len(stored(office)) == 3  # with the note, and the try


def test_whoever_asks_again_while_the_file_is_made_costs_neither_a_try_nor_a_second_file(
    office: Inspectorate, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = sent(office, os.urandom(CHUNK + 1))
    take_in, cleaned = evidence.take_in, list[bytes]()

    def asked_again(ctx: Context, installation: bytes, stored: Stored, *more: Any) -> Upload:
        cleaned.append(stored.id)
        for _ in range(uploading.TRIES + 1):
            with refused("making"):
                uploading.finish(replace(office.ctx), upload)
        return take_in(ctx, installation, stored, *more)

    monkeypatch.setattr(evidence, "take_in", asked_again)
    file = uploading.finish(office.ctx, upload)
    assert uploading.finish(office.ctx, upload) == file and cleaned == [file.sent.id]
    assert len(stored(office)) == 5  # two parts, a try, the note and the file


def test_of_one_upload_nobody_makes_many_files(office: Inspectorate, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = sent(office, os.urandom(CHUNK + 1), "n" * 150 + "\U0001f4f7" * 50)
    before = len(stored(office))
    for _ in range(20):
        uploading.finish(office.ctx, upload)
    assert len(stored(office)) == before + 3
    # Also while no try comes to its end
    monkeypatch.setattr(uploading, "_note", lambda *_: None)
    upload = sent(office, os.urandom(CHUNK + 1))
    for _ in range(uploading.TRIES):
        uploading.finish(office.ctx, upload)
    with pytest.raises(UploadRefused, match="taken"):
        uploading.finish(office.ctx, upload)


def test_what_is_dropped_leaves_nothing(office: Inspectorate) -> None:
    uploading.drop(office.ctx, sent(office, os.urandom(2 * CHUNK)))
    assert stored(office) == set()


def test_what_is_never_finished_is_swept_and_not_before_its_token_is_over(office: Inspectorate) -> None:
    upload = sent(office, os.urandom(CHUNK + 1))
    office.clock.advance(timedelta(days=2))
    assert housekeeping.settle(office.ctx) == (0, 0)
    assert uploading.there(office.ctx, upload) == 2
    office.clock.advance(timedelta(days=1))
    assert housekeeping.settle(office.ctx) == (0, 2)
    assert stored(office) == set()


def test_an_upload_may_go_on_after_midnight(office: Inspectorate) -> None:
    data = os.urandom(CHUNK + 1)
    upload = uploading.begin(office.ctx, "", len(data))
    before, after = cut(upload, data)
    uploading.add(office.ctx, upload, 0, before)
    office.clock.advance(timedelta(days=1))
    uploading.add(office.ctx, upload, 1, after)
    assert content(office, uploading.finish(office.ctx, upload)) == data


def test_neither_contents_nor_names_stand_on_the_disk(office: Inspectorate) -> None:
    needle = b"JARUM-" * 20
    upload = sent(office, needle * (CHUNK // 100), "jarum-siti.jpg")
    uploading.finish(office.ctx, upload)
    files = [path for path in office.ctx.settings.data_dir.rglob("*") if path.is_file()]
    assert len([path for path in files if "blobs" in path.parts]) == 5
    for path in files:
        assert needle not in path.read_bytes() and b"jarum-siti" not in path.read_bytes(), path
        assert "jarum" not in str(path)


@pytest.mark.parametrize("size", SIZES)
def test_a_file_that_its_sender_sealed_is_stored_as_it_is(office: Inspectorate, size: int) -> None:
    file = os.urandom(16)
    upload, data = sealed(office, os.urandom(size), os.urandom(32), file)
    for index, part in enumerate(cut(upload, data)):
        uploading.add(office.ctx, upload, index, part)
    uploading.finish_sealed(office.ctx, upload)
    uploading.finish_sealed(office.ctx, upload)  # the first answer was lost
    uploading.drop(office.ctx, upload)
    assert stored(office) == {file}
    assert office.ctx.blobs.read(file, 0, sealed_size(size)) == data


def test_a_sealed_file_does_not_take_the_place_of_another(office: Inspectorate) -> None:
    file = os.urandom(16)
    kept = os.urandom(sealed_size(5))
    office.ctx.blobs.put(file, office.clock.today(), [kept])
    upload, data = sealed(office, b"lain!", os.urandom(32), file)
    uploading.add(office.ctx, upload, 0, data)
    with refused("taken"):
        uploading.finish_sealed(office.ctx, upload)
    assert office.ctx.blobs.read(file, 0, len(kept)) == kept


def test_a_full_disk_refuses_a_part_and_keeps_those_that_are_there(office: Inspectorate) -> None:
    data = os.urandom(CHUNK + 1)
    upload = uploading.begin(office.ctx, "", len(data))
    first, last = cut(upload, data)
    uploading.add(office.ctx, upload, 0, first)
    full = replace(office.ctx, settings=replace(office.ctx.settings, keep_free_mib=1 << 40))
    with pytest.raises(StoreUnavailable):
        uploading.add(full, upload, 1, last)
    assert uploading.there(office.ctx, upload) == 1
    uploading.add(office.ctx, upload, 1, last)
    assert content(office, uploading.finish(office.ctx, upload)) == data


def test_a_part_that_was_changed_on_the_disk_is_not_taken_for_the_one_that_came(office: Inspectorate) -> None:
    upload = sent(office, os.urandom(10))
    name = Parts(upload.key).name(0)
    office.ctx.blobs.remove(name)
    office.ctx.blobs.put(name, office.clock.today(), [os.urandom(stored_size(10))])
    with refused("missing"):
        uploading.finish(office.ctx, upload)


def test_a_file_that_a_form_attaches_stays_when_its_parts_are_swept(office: Inspectorate) -> None:
    upload = sent(office, os.urandom(10))
    file = uploading.finish(office.ctx, upload)
    with office.ctx.store.write() as tx:
        attached.keep(tx, [file.sent.id])
    office.clock.advance(timedelta(days=3))
    housekeeping.settle(office.ctx)
    assert stored(office) == {file.sent.id}
