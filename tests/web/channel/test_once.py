"""A double tap, a reload, an answer that was lost: one report and the same receipt."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from tests.inspectorate import STORY, Inspectorate
from tests.web.channel.conftest import Phone, hidden, said, typed, words_on
from whistle.services import followup
from whistle.web.channel.form_token import KEPT_DAYS


def test_a_reload_of_the_receipt_page_shows_the_same_receipt(phone: Phone) -> None:
    before = phone.reports()
    draft, words = phone.send()
    again = phone.post("/lapor/kirim", draft)
    assert words_on(again) == words
    assert "tidak tercatat dua kali" in said(again)
    assert phone.reports() == before + 1


def test_a_double_tap_is_one_report(channel_app: Flask, city: Inspectorate, phone: Phone) -> None:
    before, draft = phone.reports(), phone.draft()
    with ThreadPoolExecutor(4) as taps:
        pages = list(taps.map(lambda _: Phone(channel_app, city).post("/lapor/kirim", draft), range(8)))
    assert len({words_on(page) for page in pages}) == 1
    assert phone.reports() == before + 1


def test_what_was_changed_after_sending_is_added_to_the_same_report(phone: Phone) -> None:
    before = phone.reports()
    draft, words = phone.send()
    page = phone.post("/lapor/kirim", {**draft, "story": STORY + " Ternyata dua kali."})
    assert words_on(page) == words
    assert "tambahkan" in said(page)
    assert phone.reports() == before + 1
    thread = followup.open_with_words(phone.city.ctx, words).thread
    assert "Ternyata dua kali" in thread[-1].text


@pytest.mark.parametrize("token", ["", "x", "A" * 66, "é\0" * 40, "=" * 200])
def test_a_changed_token_gets_a_fresh_one_and_loses_nothing(phone: Phone, token: str) -> None:
    before = phone.reports()
    draft = {**phone.draft(who="Petugas loket 2"), "kunci": token}
    page = phone.post("/lapor/kirim", draft)
    assert page.status_code == 200
    assert "Belum terkirim" in said(page)
    assert typed(page, "story") == [STORY] and typed(page, "who") == ["Petugas loket 2"]
    assert phone.reports() == before
    fresh = {**draft, "kunci": hidden(page, "kunci")}
    words_on(phone.post("/lapor/kirim", fresh))
    assert phone.reports() == before + 1


def test_a_form_that_lay_open_too_long_is_looked_at_once_more(phone: Phone) -> None:
    draft, instant = phone.draft(), phone.city.clock.instant
    try:
        phone.city.clock.advance(timedelta(days=KEPT_DAYS))
        assert phone.post("/lapor", draft).text.count(str(draft["kunci"])) == 1
        phone.city.clock.advance(timedelta(days=1))
        page = phone.post("/lapor/kirim", draft)
    finally:
        phone.city.clock.instant = instant
    assert "Belum terkirim" in said(page)
    assert hidden(page, "kunci") != draft["kunci"]


def test_two_forms_have_two_receipts(phone: Phone) -> None:
    assert phone.send()[1] != phone.send()[1]


def test_a_form_that_was_sent_is_the_same_report_however_long_its_page_lay_open(phone: Phone) -> None:
    draft, words = phone.send()
    reports = phone.reports()
    phone.city.clock.advance(timedelta(days=KEPT_DAYS + 30))
    page = phone.post("/lapor/kirim", draft)
    assert words_on(page) == words and "sudah pernah terkirim" in said(page) and phone.reports() == reports
