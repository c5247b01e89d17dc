"""Files of a form that lay open for days, that was sent days ago, or whose answer was lost."""

import re
from datetime import timedelta

import pytest

from tests.clean.making import document, picture, saved
from tests.web.channel.conftest import Fields, Phone, hidden, said, typed, words_on
from tests.web.channel.files_of_forms import UNKNOWN, attached, carried, content, post
from whistle.casefile.attachments import Attachment
from whistle.services import housekeeping


def test_a_form_that_lay_open_for_too_long_says_that_the_file_must_be_chosen_again(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("PNG"), "layar.png")])
    phone.city.clock.advance(timedelta(days=2))
    form = phone.post("/lapor/kirim", {**draft, **carried(look)})
    assert form.status_code == 422 and "Pilih sekali lagi" in said(form)
    assert typed(form, "story") == [str(draft["story"])]


@pytest.mark.parametrize("days", [2, 4, 9], ids=["tokens over", "settled", "receipt over"])
@pytest.mark.parametrize("path", ["/lapor", "/lapor/kirim"])
def test_a_form_that_was_sent_days_ago_is_the_same_report_with_the_same_files(
    phone: Phone, path: str, days: int
) -> None:
    # Given: a report that was sent with a clean file and with one that nobody could clean.
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg"), (UNKNOWN, "data.bin")])
    id_ = re.findall(r'name="apa-adanya" value="([0-9a-f]{32})"', look.text)[0]
    sent: Fields = {**draft, **carried(look), "apa-adanya": id_}
    words, reports = words_on(phone.post("/lapor/kirim", sent)), phone.reports()
    before = attached(phone, words)
    # When: the page is sent again, days later.
    phone.city.clock.advance(timedelta(days=days))
    housekeeping.tick(phone.city.ctx)
    page = phone.post(path, {**sent, "asli": "y"})
    # Then: nothing is said to be gone, and nothing is stored anew, not even originals that are there no more.
    assert page.status_code == 200 and "terlalu lama menunggu" not in said(page)
    if path == "/lapor/kirim":
        assert words_on(page) == words and "sudah pernah terkirim" in said(page)
        assert "tidak bisa ditarik" not in said(page)
        assert "a.jpg : tersimpan bersama laporan" in said(page) and "data.bin : tersimpan" in said(page)
    else:
        assert "a.jpg" in said(page) and len(carried(page)["berkas-ada"]) == 2
    assert attached(phone, words) == before and phone.reports() == reports


def test_a_file_that_was_not_sent_in_time_is_said_to_be_gone_beside_one_that_was(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg")])
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    more = post(phone, "/lapor", {**draft, **carried(look)}, [(picture("PNG"), "b.png")])
    phone.city.clock.advance(timedelta(days=2))
    form = phone.post("/lapor/kirim", {**draft, **carried(more)})
    assert form.status_code == 422 and "“b.png” terlalu lama menunggu" in said(form)
    assert "“a.jpg”" not in said(form) and len(attached(phone, words)) == 1


def test_what_was_taken_out_of_a_form_is_not_missed_when_it_waited_too_long(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg")])
    id_ = re.findall(r'name="buang" value="([0-9a-f]{32})"', look.text)[0]
    phone.city.clock.advance(timedelta(days=2))
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look), "buang": id_}))
    assert attached(phone, words) == []


def test_at_night_what_was_sent_stays_and_what_was_not_goes(phone: Phone, others: set[bytes]) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(saved(document()), "surat.pdf")])
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    post(phone, "/lapor", phone.draft(), [(picture("JPEG"), "lupa.jpg")])
    assert len(set(phone.city.ctx.blobs.ids()) - others) == 4
    phone.city.clock.advance(timedelta(days=1))
    housekeeping.tick(phone.city.ctx)
    assert len(set(phone.city.ctx.blobs.ids()) - others) == 4  # the form may still be sent
    phone.city.clock.advance(timedelta(days=2))
    housekeeping.tick(phone.city.ctx)
    (paper,) = attached(phone, words)
    assert set(phone.city.ctx.blobs.ids()) - others == {paper.file.id} and b"%PDF" in content(phone, paper)


def lost_answer_of(phone: Phone, fields: Fields) -> Fields:
    """What a reporter sends whose answer never comes: the page of before stays, and is sent again."""
    words_on(phone.post("/lapor/kirim", fields))
    return fields


def test_after_a_lost_answer_what_was_taken_out_stays_and_is_said_to(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg"), (picture("PNG"), "b.png")])
    sent = lost_answer_of(phone, {**draft, **carried(look)})
    first = re.findall(r'name="buang" value="([0-9a-f]{32})"', look.text)[0]
    again = phone.post("/lapor/kirim", {**sent, "buang": first})
    assert "tidak bisa ditarik" in said(again)
    files_ = attached(phone, words_on(again))
    assert [content(phone, one)[:3] for one in files_] == [b"\xff\xd8\xff", b"\x89PN"]


def test_after_a_lost_answer_a_file_that_was_ticked_since_is_added_and_opens(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(UNKNOWN, "data.bin")])
    sent = lost_answer_of(phone, {**draft, **carried(look)})
    id_ = re.findall(r'name="apa-adanya" value="([0-9a-f]{32})"', look.text)[0]
    (kept,) = attached(phone, words_on(phone.post("/lapor/kirim", {**sent, "apa-adanya": id_})))
    assert content(phone, kept) == UNKNOWN


@pytest.mark.parametrize("first", [{}, {"asli": "y"}], ids=["wanted later", "no more wanted"])
def test_after_a_lost_answer_an_original_is_there_if_it_was_ever_wanted(phone: Phone, first: Fields) -> None:
    sent_file, draft = picture("JPEG"), phone.draft()
    look = post(phone, "/lapor", draft, [(sent_file, "kwitansi.jpg")])
    sent = lost_answer_of(phone, {**draft, **carried(look), **first})
    sent.pop("asli", None)
    words = words_on(phone.post("/lapor/kirim", {**sent, **({} if first else {"asli": "y"})}))
    stored_ = [one for file in attached(phone, words) for one in file.stored]
    assert sent_file in [content(phone, Attachment(one, "as-sent")) for one in stored_]


def test_after_a_lost_answer_another_file_with_the_same_words_is_added_once(phone: Phone) -> None:
    _, words = phone.send()
    case = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(case, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    post(phone, "/lacak/pesan", {**fields, "teks": ""}, [(picture("JPEG"), "satu.jpg")])
    for _ in range(2):
        page = post(phone, "/lacak/pesan", {**fields, "teks": ""}, [(saved(document()), "dua.pdf")])
        assert "dua.pdf" in said(page)
    media = [one.file.media for one in attached(phone, words)]
    assert media[:2] == ["image/jpeg", "application/pdf"]
