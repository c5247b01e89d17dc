"""A document keeps its pages and its text, and loses everything else."""

import io

import pikepdf
import pytest

from tests.clean.making import CANARY, cleaned, document, many_pages, picture, saved, telling_document
from whistle.clean.result import NotCleaned


def everything(data: bytes) -> bytes:
    """All objects of a document with their streams unpacked, and what stands in the file as it is."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as made:
        made.save(out, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False, qdf=True)
    return data + out.getvalue()


def words(data: bytes) -> list[bytes]:
    """The operands of every operator that shows text."""
    with pikepdf.open(io.BytesIO(data)) as made:
        shown = [pikepdf.parse_content_stream(page, "Tj") for page in made.pages]
    return [bytes(step.operands[0]) for page in shown for step in page]


def code(data: bytes) -> str:
    with pytest.raises(NotCleaned) as refused:
        cleaned(data)
    return refused.value.code


def test_no_planted_word_is_left_and_the_text_is_all_there() -> None:
    dirty = telling_document()
    assert everything(dirty).count(CANARY.encode()) > 10
    clean = cleaned(dirty)
    left = everything(clean.data)
    assert CANARY.encode() not in left
    assert CANARY.encode("utf-16-be") not in left
    assert words(clean.data) == [b"Kwitansi lima puluh ribu"]
    assert clean.removed == (
        "device", "author", "thumbnail", "comment", "history", "embedded", "script", "other",
    )  # fmt: skip


@pytest.mark.parametrize("key", [b"/JavaScript", b"/JS", b"/EmbeddedFile", b"/AcroForm", b"/OpenAction", b"/Metadata"])
def test_nothing_in_it_can_act(key: bytes) -> None:
    assert key in everything(telling_document()) or key == b"/AcroForm"
    assert key not in everything(cleaned(telling_document()).data)


def test_what_an_earlier_state_of_the_file_held_is_gone() -> None:
    before = saved(document(f"{CANARY} yang dicoret"), compress_streams=False)
    with pikepdf.open(io.BytesIO(before)) as made:
        made.pages[0].Contents = made.make_stream(b"BT /F1 24 Tf (Baru) Tj ET")
        after = saved(made)
    both = before + after[after.index(b"%PDF") :]
    assert CANARY.encode() in everything(both)
    assert CANARY.encode() not in everything(cleaned(both).data)


def test_what_was_typed_into_a_form_stays_on_the_page() -> None:
    made = document()
    field = made.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            FT=pikepdf.Name.Tx,
            T="jumlah",
            V="50000",
            DA="/F1 12 Tf 0 g",
            Rect=[72, 600, 272, 620],
            F=4,
            P=made.pages[0].obj,
        )  # fmt: skip
    )
    made.Root.AcroForm = pikepdf.Dictionary(
        Fields=[field], NeedAppearances=True, DA="/F1 12 Tf 0 g", DR=made.pages[0].Resources
    )
    made.pages[0].Annots = pikepdf.Array([field])
    left = everything(cleaned(saved(made)).data)
    assert b"50000" in left and b"/AcroForm" not in left


def test_a_document_behind_a_password_is_said_to_be_locked() -> None:
    locked = saved(document(), encryption=pikepdf.Encryption(owner="a", user="b"))
    assert code(locked) == "locked"


def test_a_document_of_ten_thousand_pages_is_too_large() -> None:
    assert code(many_pages(10_000)) == "large"


@pytest.mark.parametrize("wrong", [b"%PDF-1.7\n", b"%PDF-1.7\n" + b"\0" * 5000, b"%PDF-" + picture("PNG")])
def test_what_only_begins_like_a_document_is_damaged(wrong: bytes) -> None:
    assert code(wrong) == "damaged"
