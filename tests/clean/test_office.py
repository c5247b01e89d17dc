"""A document keeps what it shows, and loses who wrote it, when, and what they thought of before."""

import io
import os
import zipfile

import docx
import openpyxl
import pytest
from lxml import etree
from PIL import Image

from tests.clean.making import CANARY, cleaned
from tests.clean.offices import TEXT, changed, open_document, sheet, word
from whistle.clean import kinds, packages
from whistle.clean.kinds import kind_of
from whistle.clean.result import NotCleaned

MADE = {
    "docx": word, "xlsx": sheet, "odt": lambda: open_document("text"), "ods": lambda: open_document("spreadsheet"),
}  # fmt: skip
every = pytest.mark.parametrize("kind", MADE)


def parts(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def shown(part: bytes) -> str:
    return "".join(etree.fromstring(part).itertext())


def code(data: bytes) -> str:
    with pytest.raises(NotCleaned) as refused:
        cleaned(data)
    return refused.value.code


@every
def test_a_kind_is_told_by_its_content(kind: str) -> None:
    found = kind_of(MADE[kind]())
    assert found is not None and found.code == kind


@every
def test_no_planted_word_is_left_in_any_part(kind: str) -> None:
    dirty = parts(MADE[kind]())
    assert sum(CANARY.encode() in part for part in dirty.values()) >= 3
    clean = cleaned(MADE[kind]())
    for name, part in parts(clean.data).items():
        assert CANARY.encode() not in part and b"2026-10-05" not in part, name
    assert {"author", "comment", "script"} <= set(clean.removed)


@every
def test_the_archive_tells_no_day_and_holds_nothing_but_what_is_shown(kind: str) -> None:
    with zipfile.ZipFile(io.BytesIO(cleaned(MADE[kind]()).data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = archive.namelist()
    for gone in ("docProps", "comments", "vbaProject", "customXml", "meta.xml", "Thumbnails", "Basic", "settings"):
        assert not any(gone in name for name in names), names


def test_a_text_opens_and_says_what_it_said() -> None:
    made = docx.Document(io.BytesIO(cleaned(word()).data))
    text = [paragraph.text for paragraph in made.paragraphs]
    assert TEXT in text and "Dibayar tunai" in text
    assert made.tables[0].cell(0, 0).text == "Loket 3"
    assert len(made.inline_shapes) == 1


def test_a_table_opens_with_its_values_and_computes_nothing() -> None:
    data = cleaned(sheet()).data
    page = openpyxl.load_workbook(io.BytesIO(data), data_only=True).active
    assert (page["A1"].value, page["B1"].value, page["A2"].value) == (TEXT, 50_000, 100_000)
    assert openpyxl.load_workbook(io.BytesIO(data)).active["A2"].value == 100_000
    assert page["A1"].comment is None


def test_an_open_document_says_what_it_said() -> None:
    said = parts(cleaned(open_document("text")).data)
    assert shown(said["content.xml"]) == f"{TEXT}Loket 3 tautan"
    assert "Pictures/a.jpg" in said and b"Pictures/a.jpg" in said["content.xml"]
    assert next(iter(said)) == "mimetype"
    table = parts(cleaned(open_document("spreadsheet")).data)["content.xml"]
    assert b"100000" in table and b"formula" not in table


@every
def test_a_picture_inside_is_painted_anew(kind: str) -> None:
    left = parts(cleaned(MADE[kind]()).data)
    pictures = [part for name, part in left.items() if "media/" in name or "Pictures/" in name]
    assert len(pictures) == (0 if kind == "xlsx" else 1)
    assert all(part[:3] == b"\xff\xd8\xff" and b"Exif" not in part for part in pictures)


@every
def test_an_archive_that_unpacks_to_gigabytes_is_too_large(kind: str) -> None:
    bomb = changed(MADE[kind](), {f"bom{number}.xml": bytes(100 << 20) for number in range(3)})
    assert len(bomb) < 1 << 20
    assert code(bomb) == "large"


BOMB = '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(8)
)


@pytest.mark.parametrize("kind", ["odt", "ods"])
@pytest.mark.parametrize(
    "head", [f"{BOMB}]>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>', '<!DOCTYPE a SYSTEM "http://x/">']
)
def test_xml_that_grows_or_fetches_is_refused(kind: str, head: str) -> None:
    hostile = changed(MADE[kind](), {}, "<office:document-content", head + "<office:document-content")
    assert code(hostile) == "damaged"


@pytest.mark.parametrize("name", ["../../etc/x.xml", "/etc/x.xml", "word/../../x.xml"])
def test_a_part_with_a_path_is_only_a_name(name: str) -> None:
    assert not any("etc" in kept or ".." in kept for kept in parts(cleaned(changed(word(), {name: b"<a/>"})).data))


def test_a_picture_inside_that_would_fill_the_memory_goes_and_the_text_stays() -> None:
    bomb = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    clean = cleaned(changed(word(), {"word/media/bom.png": bomb.getvalue()}))
    assert "word/media/bom.png" not in parts(clean.data) and "embedded" in clean.removed
    assert TEXT in shown(parts(clean.data)["word/document.xml"])


def test_a_kind_is_told_by_the_names_at_the_end_of_a_large_archive() -> None:
    """Given a workbook whose directory comes after more than is read to tell the kind."""
    photo = os.urandom(kinds.HEAD + kinds.TAIL)
    assert cleaned(changed(sheet(), {"xl/media/foto.png": photo})).media == kinds.KINDS["xlsx"].media


def test_an_archive_of_too_many_parts_is_too_large() -> None:
    assert code(changed(word(), {f"{number}.xml": b"<a/>" for number in range(packages.PARTS)})) == "large"


def test_an_archive_that_is_no_document_is_none_that_is_known() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    assert code(out.getvalue()) == "kind"


@every
def test_half_a_document_is_damaged(kind: str) -> None:
    data = MADE[kind]()
    assert code(data[: len(data) // 2]) in ("damaged", "kind")
