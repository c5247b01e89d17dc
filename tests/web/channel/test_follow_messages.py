"""Answers and messages: stored once, never lost, and what happens when the hour is over."""

from datetime import timedelta

import pytest

from tests.web.channel.case_page import box, questions, texts
from tests.web.channel.conftest import QUESTION, Fields, Phone, said, typed
from whistle.casefile.reading import CaseBroken
from whistle.services import followup
from whistle.services.followup import UnknownReceipt
from whistle.store.errors import StoreUnavailable


def test_a_message_is_stored_and_shown(phone: Phone, words: str) -> None:
    page = phone.post("/lacak/pesan", box(phone, words, "Saya ingat: ada kamera di loket."))
    assert page.status_code == 200
    assert "sudah kami terima" in said(page) and "ada kamera di loket" in said(page)
    assert texts(phone, words) == ["Saya ingat: ada kamera di loket."]


def test_a_message_sent_twice_is_stored_once_and_another_text_is_not_lost(phone: Phone, words: str) -> None:
    form = box(phone, words, "Satu.")
    for fields in (form, form, {**form, "teks": "Dua."}, form):
        assert phone.post("/lacak/pesan", fields).status_code == 200
    assert texts(phone, words) == ["Satu.", "Dua."]


def test_a_question_has_its_own_box_and_the_answer_closes_it(phone: Phone, asked: str) -> None:
    page = phone.post("/lacak", {"kata": asked})
    assert QUESTION in said(page) and "Perlu keterangan" in said(page)
    answered = phone.post("/lacak/pesan", box(phone, asked, "Pagi.", question=True))
    assert "Pertanyaan untuk Anda" not in said(answered)
    assert "sudah Anda jawab" in said(answered) and "Ditelaah" in said(answered)


def test_an_answer_sent_twice_is_one(phone: Phone, asked: str) -> None:
    form = box(phone, asked, "Pagi.", question=True)
    for _ in range(2):
        assert "sudah kami terima" in said(phone.post("/lacak/pesan", form))
    assert texts(phone, asked) == ["Pagi."]


@pytest.mark.parametrize("question", ["", "00" * 16])
def test_an_answer_to_a_question_that_is_not_open_is_kept_as_a_message(phone: Phone, asked: str, question: str) -> None:
    form = box(phone, asked, "Pagi.", question=True)
    phone.post("/lacak/pesan", form)
    to = question or str(form["pertanyaan"])
    page = phone.post("/lacak/pesan", {**form, "pertanyaan": to, f"teks-{to}": "Bukan, siang."})
    assert page.status_code == 422
    assert "belum terkirim" in said(page)
    assert "Bukan, siang." in typed(page, "teks")[0]


@pytest.mark.parametrize("pressed", ["zz", "é", "-1"])
def test_a_button_that_no_page_has_sends_nothing_and_loses_nothing(phone: Phone, asked: str, pressed: str) -> None:
    page = phone.post("/lacak/pesan", {**box(phone, asked, "Halo."), "pertanyaan": pressed})
    assert page.status_code == 200 and "belum terkirim" in said(page)
    assert typed(page, "teks") == ["Halo."] and texts(phone, asked) == []


def test_an_empty_and_a_too_long_message_come_back_with_a_sentence(phone: Phone, asked: str) -> None:
    for text, sentence in (("  \0 ", "Tulis dulu"), ("a" * 20_001, "20.001")):
        page = phone.post("/lacak/pesan", box(phone, asked, text, question=True))
        assert page.status_code == 422
        assert sentence in said(page)
        assert text.strip(" \0") in typed(page, f"teks-{questions(page)[0]}")
        assert 'aria-invalid="true"' in page.text


def test_an_answer_that_is_late_is_still_welcome_and_nobody_is_blamed(phone: Phone, asked: str) -> None:
    phone.city.clock.advance(timedelta(days=31))
    page = phone.post("/lacak", {"kata": asked})
    assert "Jawaban Anda atas pertanyaan kami Masih bisa dijawab" in said(page)
    assert "Terlambat sejak" not in said(page)
    assert "Anda masih bisa menjawab" in said(page)
    answered = phone.post("/lacak/pesan", box(phone, asked, "Pagi.", question=True))
    assert "sudah Anda jawab" in said(answered)
    assert "masih bisa menjawab" not in said(answered)


@pytest.mark.parametrize("text", ["abc\u202edef", "nul\x07"])
def test_what_is_taken_out_of_a_message_is_told(phone: Phone, words: str, text: str) -> None:
    sent = phone.post("/lacak/pesan", box(phone, words, text))
    assert "Tanda itu kami buang" in said(sent)
    assert "Tanda itu kami buang" not in said(phone.post("/lacak", {"kata": words}))


def test_an_expired_page_speaks_of_a_lost_text_only_when_there_was_one(phone: Phone, words: str) -> None:
    form = box(phone, words, "Halo.")
    with_text = phone.post("/lacak/pesan", {**form, "kunci": "x"})
    without = phone.post("/lacak/pesan", {**form, "kunci": "x", "teks": ""})
    assert "belum terkirim" in said(with_text) and "belum terkirim" not in said(without)
    assert "sudah habis" in said(without)


def test_within_the_hour_the_page_goes_on_and_after_it_the_words_are_asked_and_the_text_kept(
    phone: Phone, asked: str
) -> None:
    form = box(phone, asked, "Pagi, kira-kira.", question=True)
    message = box(phone, asked, "Masih di sini.")
    phone.city.clock.advance(timedelta(minutes=29))
    assert phone.post("/lacak/pesan", message).status_code == 200
    phone.city.clock.advance(timedelta(minutes=32))
    page = phone.post("/lacak/pesan", form)
    assert "sudah habis" in said(page)
    answer = f"teks-{form['pertanyaan']}"
    assert typed(page, answer) == ["Pagi, kira-kira."]
    again: Fields = {"kata": asked, answer: "Pagi, kira-kira."}
    opened = phone.post("/lacak", again)
    assert "belum terkirim" in said(opened)
    assert typed(opened, answer) == ["Pagi, kira-kira."]
    assert texts(phone, asked) == ["Masih di sini."]  # nothing is sent by itself


@pytest.mark.parametrize("token", ["", "x", "A" * 80, "é\0"])
def test_a_token_of_another_server_asks_for_the_words_again(phone: Phone, words: str, token: str) -> None:
    page = phone.post("/lacak/pesan", {**box(phone, words, "Halo."), "kunci": token})
    assert page.status_code == 200
    assert typed(page, "teks") == ["Halo."] and 'name="kata"' in page.text


@pytest.mark.parametrize("error", [StoreUnavailable("locked"), CaseBroken("bad"), UnknownReceipt()])
def test_when_the_store_fails_the_text_is_kept(
    phone: Phone, words: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = box(phone, words, "Jangan hilang.")

    def fail(*_: object) -> None:
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(followup, "add", fail)
        page = phone.post("/lacak/pesan", form)
    assert page.status_code in (200, 503)
    assert typed(page, "teks") == ["Jangan hilang."]
    assert "belum terkirim" in said(page)
    assert texts(phone, words) == []
