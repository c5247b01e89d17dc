"""Bad input: a kind sentence, nothing lost of what was typed, never a 5xx."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.inspectorate import STORY
from tests.web.channel.conftest import Phone, said, typed, words_on
from whistle.domain.complaint import STORY_LIMIT
from whistle.services import followup

UNKIND = ("Traceback", "Internal Server Error", "Not a valid", "error:")


def test_an_empty_form_is_four_sentences(phone: Phone) -> None:
    for path in ("/lapor", "/lapor/kirim", "/lacak"):
        page = phone.post(path, {})
        assert page.status_code == 422
        assert not any(word in page.text for word in UNKIND)


def test_a_text_of_200_kb_is_too_long_and_comes_back_whole(phone: Phone) -> None:
    long = "Panjang sekali. " * 12_500
    page = phone.post("/lapor", phone.draft(story=long))
    assert page.status_code == 422
    assert "20.000" in said(page)
    assert typed(page, "story") == [long.strip()]


def test_the_longest_story_is_taken(phone: Phone) -> None:
    story = "é" * STORY_LIMIT
    _, words = phone.send(story=story)
    assert followup.open_with_words(phone.city.ctx, words).thread[0].text == story


@pytest.mark.parametrize(
    "story",
    [
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        '\'; DROP TABLE "case"; -- {{ 7 * 7 }} ${7*7} %(x)s %s',
        "😀 👨‍👩‍👧 سلام ꦲꦏ 漢字 e\u0301",
        "baris satu\r\n\r\nbaris dua\ttab",
    ],
)
def test_strange_text_is_shown_as_text_and_stored_as_typed(phone: Phone, story: str) -> None:
    looked = phone.post("/lapor", phone.draft(story=story))
    assert looked.status_code == 200
    assert "<script>alert" not in looked.text and "<img src=x" not in looked.text
    _, words = phone.send(story=story)
    stored = followup.open_with_words(phone.city.ctx, words).thread[0].text
    assert stored == story.replace("\r\n", "\n").replace("e\u0301", "é")
    assert "<script>alert" not in phone.post("/lacak", {"kata": words}).text


def test_it_is_said_too_when_the_form_comes_back_for_another_reason(phone: Phone) -> None:
    page = phone.post("/lapor", phone.draft(story="Rp \u202e000.05\u202c kata petugas", amount="-5"))
    assert page.status_code == 422
    assert "membalik arah huruf" in said(page)


def test_direction_overrides_are_taken_out_and_it_is_said(phone: Phone) -> None:
    page = phone.post("/lapor", phone.draft(story="Rp \u202e000.05\u202c kata petugas"))
    assert page.status_code == 200
    assert "membalik arah" in said(page)
    assert typed(page, "story") == ["Rp 000.05 kata petugas"]


def test_nul_and_control_characters_are_taken_out_and_it_is_said(phone: Phone) -> None:
    page = phone.post("/lapor", phone.draft(story="uang\0 lima\x07 puluh\x1b ribu"))
    assert "tidak bisa ditampilkan" in said(page)
    assert typed(page, "story") == ["uang lima puluh ribu"]


@pytest.mark.parametrize("amount", ["-50000", "9" * 40, "banyak", "1e9", "NaN", "0x10", "٣", "50.000.00", "Rp"])
def test_an_amount_that_makes_no_sense_gets_a_sentence_or_is_read(phone: Phone, amount: str) -> None:
    page = phone.post("/lapor", phone.draft(amount=amount))
    assert page.status_code in (200, 422)
    assert not any(word in page.text for word in UNKIND)
    assert amount in typed(page, "amount")


@pytest.mark.parametrize("amount", ["-50000", "9" * 40, "banyak"])
def test_negative_absurd_and_unreadable_amounts_are_refused_kindly(phone: Phone, amount: str) -> None:
    page = phone.post("/lapor", phone.draft(amount=amount))
    assert page.status_code == 422
    assert page.text.count('<p class="error" id="amount-error">') == 1
    assert typed(page, "story") == [STORY]
    assert "<details open>" in page.text


@pytest.mark.parametrize(
    "field",
    ["happened", "service", "office", "when", "accused", "how", "paid", "proof_of_payment", "reported_to", "worried",
     "relation"],
)  # fmt: skip
@pytest.mark.parametrize("value", ["tidak-ada", "None", "\0", "0", "' OR 1=1 --", "x" * 5000])
def test_a_code_that_does_not_exist_is_refused(phone: Phone, field: str, value: str) -> None:
    page = phone.post("/lapor", phone.draft(**{field: value}))
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text


def test_the_same_box_twice_counts_once(phone: Phone) -> None:
    _, words = phone.send(how=["calo", "calo", "map"])
    view = followup.open_with_words(phone.city.ctx, words)
    assert view.thread[0].data["complaint"]["how"] == ["calo", "map"]


def test_a_body_of_almost_four_mebibytes_is_read_and_a_larger_one_refused_kindly(phone: Phone) -> None:
    fits = phone.client.post("/lapor", data={"story": "a" * (4 * 1024 * 1024 - 100)})
    assert fits.status_code == 422 and "terlalu panjang" not in fits.text
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        page = phone.client.post("/lapor", data=b"story=" + b"a" * (5 * 1024 * 1024), content_type=kind)
        assert page.status_code == 413, kind
        assert "terlalu besar" in said(page) and "Keluar cepat" in said(page)


@pytest.mark.parametrize(
    "kind",
    ["", "application/json", "text/plain", "multipart/form-data", "multipart/form-data; boundary=", "x/y; charset=\xff",
     "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=utf-16"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/lapor", "/lapor/kirim", "/lacak", "/lacak/pesan"])
def test_garbage_of_any_kind_is_never_our_fault(phone: Phone, kind: str, path: str) -> None:
    for body in (b"", os.urandom(3000), b"--x\r\n\r\n--x--", b"{}", b"&=&&;%%%ff=%zz", b"a" * 100 + b"\xff\xfe"):
        page = phone.client.post(path, data=body, content_type=kind)
        assert 400 <= page.status_code < 500 or page.status_code == 200, (kind, body[:20])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE"])
def test_other_methods_are_answered(phone: Phone, method: str) -> None:
    for path in ("/", "/lapor", "/lapor/kirim", "/lacak", "/lacak/pesan", "/bantuan", "/en/", "/aset/peluit.css"):
        assert phone.client.open(path, method=method).status_code < 500


@pytest.mark.parametrize(
    "path",
    ["/lapor?kunci=%ff%00", "/%00", "/%ff", "/en/en/", "//", "/lapor/", "/aset/../config.py", "/aset/%2e%2e/config.py",
     "/aset//etc/passwd", "/" + "a" * 3000, "/lacak/pesan", "/.git/config", "/en/lacak?x=" + "%f0%9f%98%80" * 50],
)  # fmt: skip
def test_strange_addresses_are_a_page(phone: Phone, path: str) -> None:
    assert phone.get(path).status_code in (200, 308, 404, 405)


@given(fields=st.dictionaries(
    st.sampled_from(["kunci", "happened", "story", "amount", "accused", "how", "office", "langkah", "who", "kata",
                     "teks", "nomor", "pertanyaan"]),
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), max_size=3), max_size=8,
))  # fmt: skip
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_gets_an_answer(phone: Phone, fields: dict[str, list[str]]) -> None:
    for path in ("/lapor", "/lapor/kirim", "/lacak", "/lacak/pesan", "/en/lacak/pesan"):
        assert phone.client.post(path, data=fields).status_code < 500


def test_after_all_that_a_report_still_goes_through(phone: Phone) -> None:
    words_on(phone.post("/lapor/kirim", phone.draft()))
