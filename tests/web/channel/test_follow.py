"""The way back: words, the case, answers and messages, and what happens when the hour is over."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from tests.inspectorate import act
from tests.web.channel.conftest import Fields, Phone, hidden, said, typed
from whistle.casefile.reading import CaseBroken
from whistle.crypto.receipt import parse, word_list
from whistle.services import casework, closing, followup
from whistle.services.followup import UnknownReceipt
from whistle.services.views import Closing
from whistle.store import cases
from whistle.store.errors import StoreUnavailable

QUESTION = "Kira-kira pagi atau siang? Tidak perlu jam pastinya."


@pytest.fixture
def words(phone: Phone) -> str:
    return phone.send()[1]


@pytest.fixture
def asked(phone: Phone, words: str) -> str:
    """Words of a report to which the desk has put a question."""
    case = case_of(phone, words)
    rahma = phone.city.officer("rahma")
    casework.declare(phone.city.ctx, rahma, case)
    triage = casework.Triage("Uang untuk KTP", "pungli", "DISDUKCAPIL", "kependudukan", amount_asked=50_000)
    casework.triage(phone.city.ctx, rahma, case, act(), triage)
    casework.ask(phone.city.ctx, rahma, case, act(), QUESTION)
    return words


@pytest.fixture
def later(phone: Phone) -> Iterator[None]:
    """The clock stands where it was again afterwards."""
    instant = phone.city.clock.instant
    yield
    phone.city.clock.instant = instant


def case_of(phone: Phone, words: str) -> bytes:
    keys = phone.city.keys(parse(words))
    with phone.city.ctx.store.read() as tx:
        row = cases.case_by_lookup(tx, keys.lookup_hash)
    assert row is not None
    return row.id


def box(phone: Phone, words: str, text: str, question: bool = False) -> Fields:
    """The form of a case page: a text in its general box or its first question's, whose button is pressed."""
    page = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(page, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    asked = questions(page)[0] if question else ""
    return {**fields, "pertanyaan": asked or "pesan", f"teks-{asked}" if asked else "teks": text}


def questions(page: TestResponse) -> list[str]:
    """The ids of the questions that have a box on a case page."""
    return re.findall(r'name="pertanyaan" value="([0-9a-f]{32})"', page.text)


def texts(phone: Phone, words: str) -> list[str]:
    """What the reporter wrote after the report itself."""
    return [item.text for item in followup.open_with_words(phone.city.ctx, words).thread[1:] if item.mine]


def test_the_words_open_the_case_in_plain_words_with_dates(phone: Phone, words: str) -> None:
    page = phone.post("/lacak", {"kata": words})
    assert page.status_code == 200
    for expected in ("Diterima", "Senin, 2 November 2026", "Paling lambat 5 Nov 2026", "Laporan yang Anda kirim"):
        assert expected in said(page)


def test_words_typed_sloppily_open_it_too(phone: Phone, words: str) -> None:
    parts = words.split()
    sloppy = [
        words.upper(),
        "-".join(parts),
        "\r\n".join(f"{n}. {word}" for n, word in enumerate(parts, 1)),
        "  ".join(word[:4] for word in parts),
        words + "\u202e\0",
    ]
    for kata in sloppy:
        assert phone.post("/lacak", {"kata": kata}).status_code == 200, kata


def test_a_wrong_word_is_named_with_what_was_perhaps_meant(phone: Phone, words: str) -> None:
    wrong = words.split()
    wrong[2] = "zzzzz"
    page = phone.post("/lacak", {"kata": " ".join(wrong)})
    assert page.status_code == 422
    assert "Kata ke-3, “zzzzz”" in said(page)
    assert typed(page, "kata") == [" ".join(wrong)]


@pytest.mark.parametrize("count", [1, 7, 9])
def test_too_few_and_too_many_words_are_told_apart(phone: Phone, count: int) -> None:
    page = phone.post("/lacak", {"kata": " ".join(word_list()[:count])})
    assert page.status_code == 422
    assert ("kurang" if count < 8 else "terlalu banyak") in said(page)


def test_the_words_that_were_typed_so_far_go_along_into_the_other_language(phone: Phone) -> None:
    page = phone.post("/en/lacak", {"kata": "satu zzz", "langkah": "bahasa"})
    assert page.status_code == 200 and 'lang="en"' in page.text and 'class="summary"' not in page.text
    assert typed(page, "kata") == ["satu zzz"]


def test_words_without_a_report_are_told_kindly(phone: Phone) -> None:
    page = phone.post("/lacak", {"kata": " ".join(word_list()[:8])})
    assert page.status_code == 422
    assert "Tidak ada laporan dengan kode ini" in said(page)


def test_neither_words_nor_root_stand_on_the_case_page_or_in_an_address(phone: Phone, words: str) -> None:
    page = phone.post("/lacak", {"kata": words})
    root = phone.city.keys(parse(words)).root
    assert words not in said(page)
    assert root.hex() not in page.text
    assert not page.headers.get("Location")


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


@pytest.mark.usefixtures("later")
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


def test_an_empty_and_a_too_long_message_come_back_with_a_sentence(phone: Phone, asked: str) -> None:
    for text, sentence in (("  \0 ", "Tulis dulu"), ("a" * 20_001, "20.001")):
        page = phone.post("/lacak/pesan", box(phone, asked, text, question=True))
        assert page.status_code == 422
        assert sentence in said(page)
        assert text.strip(" \0") in typed(page, f"teks-{questions(page)[0]}")
        assert 'aria-invalid="true"' in page.text


@pytest.mark.usefixtures("later")
def test_an_answer_that_is_late_is_still_welcome_and_nobody_is_blamed(phone: Phone, asked: str) -> None:
    phone.city.clock.advance(timedelta(days=31))
    page = phone.post("/lacak", {"kata": asked})
    assert "Jawaban Anda atas pertanyaan kami Masih bisa dijawab" in said(page)
    assert "Terlambat sejak" not in said(page)
    assert "Anda masih bisa menjawab" in said(page)
    answered = phone.post("/lacak/pesan", box(phone, asked, "Pagi.", question=True))
    assert "sudah Anda jawab" in said(answered)
    assert "masih bisa menjawab" not in said(answered)


@pytest.mark.usefixtures("later")
def test_our_own_delay_is_owned_up_to(phone: Phone, words: str) -> None:
    phone.city.clock.advance(timedelta(days=20))
    text = said(phone.post("/lacak", {"kata": words}))
    assert "Terlambat sejak" in text and "Kami terlambat. Maaf." in text


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


@pytest.mark.usefixtures("later")
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


def test_when_the_store_fails_at_the_words_the_page_can_try_again(
    phone: Phone, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StoreUnavailable("locked")

    with monkeypatch.context() as broken:
        broken.setattr(followup, "open_with_words", fail)
        page = phone.post("/lacak", {"kata": words})
    assert page.status_code == 503 and int(page.headers["Retry-After"]) > 0
    assert "tidak hilang" in said(page)
    assert typed(page, "kata") == [words]


def test_a_closed_case_shows_its_result_and_where_else_to_go(phone: Phone, asked: str) -> None:
    rahma, case = phone.city.officer("rahma"), case_of(phone, asked)
    answer = "Kami belum dapat memastikan kejadiannya."
    closing.close(phone.city.ctx, rahma, case, act(), Closing("tidak_cukup_bukti", "Ringkasan", answer))
    page = phone.post("/lacak", {"kata": asked})
    for expected in ("Selesai", "Bukti belum cukup", answer, "Ombudsman"):
        assert expected in said(page)
    assert "Ringkasan" not in said(page)  # an internal word


def test_no_officer_is_named_to_the_reporter(phone: Phone, asked: str) -> None:
    rahma = phone.city.officer("rahma")
    page = phone.post("/lacak", {"kata": asked})
    assert rahma.name not in page.text and rahma.login not in page.text
