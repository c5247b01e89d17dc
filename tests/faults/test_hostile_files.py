"""Files made to do harm, sent to the real server: each gets a clear answer, and the server goes on as before."""

import io
import re
import struct
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import reporter
from tests.clean.making import document, many_pages, picture, saved, telling_document
from tests.clean.offices import word
from tests.clean.recordings import film
from tests.faults.city import City, city
from tests.nojs import Browser

MOST_MEMORY = 60  # MiB that a worker may grow by, whatever is sent
MOST_TIME = 120  # seconds for one answer, on a machine that does much else

CLEANED, ASKED = "Sudah dibersihkan", "berkas ini tidak ikut terkirim"


def png_bomb() -> bytes:
    """Three hundred thousand pixels wide and as high, of one colour: some kilobytes that would be 11 GB."""
    size = 300_000

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes(10_000_000))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def tiff_bomb() -> bytes:
    """A header that promises four thousand million pixels; TIFF is no kind that is taken."""
    entries = [(256, 65535), (257, 65535), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 65535), (279, 100)]
    table = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + table + bytes(100)


def zip_bomb() -> bytes:
    """A document with a quarter of a gibibyte of nothing in it."""
    out = io.BytesIO(word())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        with package.open("word/media/image9.png", "w", force_zip64=True) as part:
            for _ in range(256):
                part.write(bytes(1 << 20))
    return out.getvalue()


def xml_bomb() -> bytes:
    """A thousand million laughs."""
    laughs = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "ha">{laughs}]><d>&a9;</d>'
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, text if name == "word/document.xml" else old.read(name))
    return out.getvalue()


HOSTILE = {
    "decompression bomb.png": (png_bomb, ASKED),
    "bomb.tiff": (tiff_bomb, ASKED),
    "zip bomb.docx": (zip_bomb, ASKED + "|" + CLEANED),
    "xml bomb.docx": (xml_bomb, ASKED),
    "page.jpg": (lambda: picture("JPEG") + b"<html><script>alert(1)</script>", CLEANED),
    "script.pdf": (telling_document, CLEANED),
    "cut off.mp4": (lambda: film("mp4")[:2000], ASKED),
    "ten thousand pages.pdf": (lambda: many_pages(10_000), CLEANED + "|" + ASKED),
    "program.jpg": (lambda: b"MZ" + bytes(5000), ASKED),
    "picture.pdf": (lambda: picture("PNG"), CLEANED),
    "../../x": (lambda: saved(document()), CLEANED),
    "صورة 📷.jpg": (lambda: picture("JPEG"), CLEANED),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with city(tmp_path_factory.mktemp("hostile"), PELUIT_WORKERS="1", PELUIT_KEEP_FREE_MIB="0") as made:
        reporter.write(Browser(made.server.base), "Sebelum semuanya.", [("a.jpg", picture("JPEG"))]).send()
        yield made


def memory(place: City) -> float:
    """The most that the worker ever held, in MiB."""
    (worker,) = place.server.workers()
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{worker}/status").read_text())
    assert found
    return int(found[1]) / 1024


@pytest.mark.server
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_clear_answer_from_a_live_server(place: City, name: str) -> None:
    make, says = HOSTILE[name]
    data, browser = make(), Browser(place.server.base, timeout=MOST_TIME)
    before, workers = memory(place), place.server.workers()
    # When it is sent with a report
    began = time.monotonic()
    draft = reporter.write(browser, "Ada berkasnya.", [(name, data)])
    took = time.monotonic() - began
    # Then the page says what became of it, in time, and the report can be sent
    assert re.search(says, draft.page.text), draft.page.text[-1500:]
    assert name in draft.page.text
    assert took < MOST_TIME
    draft.send()
    # And the same worker is there, no larger than it was
    assert place.server.workers() == workers
    assert memory(place) - before < MOST_MEMORY


@pytest.mark.server
def test_an_empty_file_is_named_and_the_form_is_kept(place: City) -> None:
    browser = Browser(place.server.base)
    form = browser.get("/lapor")
    answers = {**reporter.ANSWERS, "story": "Berkasnya kosong."}
    page = browser.send(form, form.form("story"), answers, files=[("kosong.jpg", b"")])
    assert page.status == 422 and "kosong.jpg" in page.text and "berkasnya kosong" in page.text
    assert dict(page.form("story").values)["story"] == "Berkasnya kosong."
