"""A message and an answer on one page: what is done with one box costs nothing of the other."""

from datetime import timedelta

import pytest

from tests.web.channel.case_page import box, texts
from tests.web.channel.conftest import Fields, Phone, hidden, said, typed
from whistle.services import followup
from whistle.store.errors import StoreUnavailable


def both(phone: Phone, words: str) -> tuple[Fields, str]:
    """A case page with a text in both of its boxes, and the name of the question's."""
    fields, question = box(phone, words, "Pagi.", question=True), ""
    question = f"teks-{fields.pop('pertanyaan')}"
    return {**fields, "teks": "Ada yang membalas saya."}, question


def test_what_stands_in_the_other_box_is_there_after_one_was_sent(phone: Phone, asked: str) -> None:
    # Given: an answer and a message, neither sent yet.
    fields, answer = both(phone, asked)
    # When: the message is sent.
    page = phone.post("/lacak/pesan", {**fields, "pertanyaan": "pesan"})
    # Then: the answer is still in its box, the page says so, and only the message went.
    assert typed(page, answer) == ["Pagi."] and typed(page, "teks") == [""]
    assert "sudah kami terima" in said(page) and "Isi kotak yang lain belum terkirim" in said(page)
    assert texts(phone, asked) == ["Ada yang membalas saya."]
    # When: the answer is sent from there.
    fields = {**{name: hidden(page, name) for name in ("kunci", "nomor")}, answer: "Pagi.", "teks": ""}
    page = phone.post("/lacak/pesan", {**fields, "pertanyaan": answer[5:]})
    # Then: there is nothing left.
    assert "Isi kotak yang lain" not in said(page) and "sudah Anda jawab" in said(page)
    assert texts(phone, asked) == ["Ada yang membalas saya.", "Pagi."]


@pytest.mark.parametrize("answered", ["", "x" * 20_001])
def test_what_is_wrong_with_one_box_costs_nothing_of_the_other(phone: Phone, asked: str, answered: str) -> None:
    fields, answer = both(phone, asked)
    page = phone.post("/lacak/pesan", {**fields, answer: answered, "pertanyaan": answer[5:]})
    assert page.status_code == 422 and page.text.count('aria-invalid="true"') == 1
    assert typed(page, answer) == [answered] and typed(page, "teks") == ["Ada yang membalas saya."]


def test_after_the_hour_each_text_comes_back_into_its_own_box(phone: Phone, asked: str) -> None:
    fields, answer = both(phone, asked)
    phone.city.clock.advance(timedelta(hours=2))
    page = phone.post("/lacak/pesan", {**fields, "pertanyaan": "pesan"})
    carried = {name: typed(page, name)[0] for name in ("teks", answer)}
    # Also when the words are wrong at first
    page = phone.post("/lacak", {"kata": "satu dua", **carried})
    carried = {name: typed(page, name)[0] for name in ("teks", answer)}
    opened = phone.post("/lacak", {"kata": asked, **carried})
    assert typed(opened, answer) == ["Pagi."] and typed(opened, "teks") == ["Ada yang membalas saya."]
    assert texts(phone, asked) == []


def test_when_the_store_fails_both_boxes_are_kept(phone: Phone, asked: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fields, answer = both(phone, asked)

    def fail(*_: object) -> None:
        raise StoreUnavailable("locked")

    with monkeypatch.context() as broken:
        broken.setattr(followup, "add", fail)
        page = phone.post("/lacak/pesan", {**fields, "pertanyaan": answer[5:]})
    assert page.status_code == 503 and "Pagi." in said(page) and "Ada yang membalas saya." in said(page)
    again: Fields = {name: hidden(page, name) for name in ("kunci", "nomor", "pertanyaan", "teks", answer)}
    page = phone.post("/lacak/pesan", again)
    assert texts(phone, asked) == ["Pagi."] and typed(page, "teks") == ["Ada yang membalas saya."]


def test_an_answer_that_came_too_late_stands_with_the_message_that_was_there(phone: Phone, asked: str) -> None:
    fields, answer = both(phone, asked)
    phone.post("/lacak/pesan", box(phone, asked, "Siang.", question=True))
    page = phone.post("/lacak/pesan", {**fields, "pertanyaan": answer[5:]})
    assert page.status_code == 422 and typed(page, "teks") == ["Ada yang membalas saya.\n\nPagi."]


def test_the_case_goes_on_in_english_with_what_stands_in_every_box(phone: Phone, asked: str) -> None:
    fields, answer = both(phone, asked)
    page = phone.post("/en/lacak/pesan", {**fields, "langkah": "bahasa"})
    assert page.status_code == 200 and 'lang="en"' in page.text and "has not been sent" not in said(page)
    assert typed(page, answer) == ["Pagi."] and typed(page, "teks") == ["Ada yang membalas saya."]
    assert 'formaction="/lacak/pesan" name="langkah" value="bahasa"' in page.text
    assert texts(phone, asked) == []


def test_the_enter_key_sends_no_box(phone: Phone, asked: str) -> None:
    fields, answer = both(phone, asked)
    page = phone.post("/lacak/pesan", {**fields, "langkah": "lihat"})
    assert page.status_code == 200 and "belum terkirim" in said(page) and texts(phone, asked) == []
    assert typed(page, answer) == ["Pagi."] and typed(page, "teks") == ["Ada yang membalas saya."]
