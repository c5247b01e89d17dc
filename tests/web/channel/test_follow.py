"""The way back: the words, and the case that they open."""

from datetime import timedelta

import pytest

from tests.inspectorate import act
from tests.web.channel.conftest import Phone, case_of, said, typed
from whistle.crypto.receipt import parse, word_list
from whistle.services import closing, followup
from whistle.services.views import Closing
from whistle.store.errors import StoreUnavailable


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


def test_our_own_delay_is_owned_up_to(phone: Phone, words: str) -> None:
    phone.city.clock.advance(timedelta(days=20))
    text = said(phone.post("/lacak", {"kata": words}))
    assert "Terlambat sejak" in text and "Kami terlambat. Maaf." in text


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
