"""The pages on which two officers sign away what is over."""

from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from tests.inspectorate import Inspectorate, act
from tests.retiring import FIRST, SECOND, TWO_YEARS, closed, password, past_the_wait, proposed, signed
from tests.web.desk.conftest import Browser
from whistle.services import casework, purging, retention

Sit = Callable[[str], Browser]
PAGE = "/meja/penyimpanan"


@pytest.fixture
def old(office: Inspectorate) -> bytes:
    """A case whose time is over today."""
    _, _, case = closed(office)
    office.clock.advance(TWO_YEARS)
    return case


def propose(office: Inspectorate, browser: Browser, *cases: bytes, typed: str = "") -> TestResponse:
    form = browser.fill(browser.get(PAGE), PAGE, cases=[case.hex() for case in cases])
    return browser.post(PAGE, {**form, "password": typed or password(office, FIRST)})


def test_two_officers_sign_a_list_and_each_page_says_how_it_stands(office: Inspectorate, old: bytes, sit: Sit) -> None:
    # Given an officer who finds what is over, and signs
    rahma, head = sit(FIRST), sit(SECOND)
    assert "Uang untuk KTP" in rahma.get(PAGE).text
    answer = propose(office, rahma, old)
    assert answer.status_code == 303
    path = answer.location.partition("?")[0]
    page = rahma.get(answer.location).text
    assert "orang kedua harus menandatanganinya dulu" in page and "Anda yang mengusulkan" in page
    assert "Setujui penghapusan" not in page
    # When the head of the inspectorate is told on the first page, and signs as well
    assert "1 daftar penghapusan menunggu tanda tangan Anda" in head.get("/meja/laporan-masuk").text
    form = head.fill(shown := head.get(path), path)
    assert "Uang untuk KTP" in shown.text and "dihapus 7 hari lagi" in shown.text
    done = head.post(path, {**form, "password": password(office, SECOND)})
    assert done.status_code == 303
    # Then the page says when, and the list waits for nobody any more
    page = head.get(done.location).text
    assert "ditandatangani berdua" in page and "Hentikan daftar ini" in page
    assert "menunggu tanda tangan Anda" not in head.get("/meja/laporan-masuk").text
    past_the_wait(office)
    purging.purge(office.ctx)
    rahma, head = sit(FIRST), sit(SECOND)
    assert "Isi 1 laporan sudah dihapus" in head.get(path).text
    assert "sudah dihapus" in rahma.get(PAGE).text
    assert rahma.get(f"/meja/kasus/{old.hex()}").status_code == 404


@pytest.mark.parametrize(("typed", "said"), [("salah", "Kata sandi"), ("", "Tulis kata sandi Anda sekarang.")])
def test_a_wrong_or_missing_password_keeps_what_was_ticked(
    office: Inspectorate, old: bytes, sit: Sit, typed: str, said: str
) -> None:
    rahma = sit(FIRST)
    form = rahma.fill(rahma.get(PAGE), PAGE, cases=[old.hex()], password=typed)
    page = rahma.post(PAGE, form)
    assert page.status_code == 422 and said in page.text
    assert f'value="{old.hex()}" checked' in page.text
    assert retention.desk(office.ctx, office.officer(FIRST)).lists == []


def test_what_cannot_be_listed_is_said_in_words(office: Inspectorate, old: bytes, sit: Sit) -> None:
    rahma = sit(FIRST)
    page = propose(office, rahma)
    assert page.status_code == 422 and "Pilih dulu laporan yang mau dihapus." in page.text
    form = rahma.fill(rahma.get(PAGE), PAGE, cases=[old.hex()], password=password(office, FIRST))
    proposed(office, [old], "yusuf")
    page = rahma.post(PAGE, form)
    assert page.status_code == 422 and "ke daftar lain" in page.text
    assert rahma.post(PAGE, {**form, "cases": [act().hex()]}).status_code == 404
    assert rahma.post(PAGE, {**form, "cases": ["kata"]}).status_code == 404


def test_all_can_be_ticked_at_once_without_javascript(old: bytes, sit: Sit) -> None:
    rahma = sit(FIRST)
    assert " checked" not in rahma.get(PAGE).text
    assert f'value="{old.hex()}" checked' in rahma.get(f"{PAGE}?semua=1").text


@pytest.mark.parametrize("deed", ["tarik", "hentikan"])
def test_a_list_is_taken_back_or_stopped_with_a_button(
    office: Inspectorate, old: bytes, sit: Sit, deed: str
) -> None:
    made = proposed(office, [old]) if deed == "tarik" else signed(office, [old])
    rahma, path = sit(FIRST), f"{PAGE}/{made.hex()}"
    action = f"{path}/{deed}"
    form = rahma.fill(rahma.get(path), action)
    answer = rahma.post(action, form)
    assert answer.status_code == 303 and "Tidak ada yang dihapus." in rahma.get(answer.location).text
    again = rahma.post(action, form)
    assert again.status_code == (404 if deed == "tarik" else 303)
    past_the_wait(office)
    assert purging.purge(office.ctx) == purging.Purged(0, 0)


def test_a_form_of_another_session_does_nothing(office: Inspectorate, old: bytes, sit: Sit) -> None:
    made = signed(office, [old])
    action = f"{PAGE}/{made.hex()}/hentikan"
    page = sit(FIRST).post(action, {})
    assert page.status_code == 422
    past_the_wait(office)
    assert purging.purge(office.ctx).cases == 1


def test_a_second_person_is_told_what_happened_since(office: Inspectorate, old: bytes, sit: Sit) -> None:
    path = f"{PAGE}/{proposed(office, [old]).hex()}"
    office.officer(SECOND)  # who signs in at another desk too
    head = sit(SECOND)
    form = head.fill(head.get(path), path, password=password(office, SECOND))
    casework.note(office.ctx, office.officer(FIRST), old, act(), "Diminta pengadilan.")
    page = head.post(path, form)
    assert page.status_code == 422 and "ada yang terjadi pada laporan 001/11/2026" in page.text
    # And a list that two signed says so as well when one of its cases moved
    retention.withdraw(office.ctx, office.officer(FIRST), bytes.fromhex(path.rpartition("/")[2]))
    signed(office, [old])
    casework.note(office.ctx, office.officer(FIRST), old, act(), "Diminta pengadilan lagi.")
    assert "Ada tulisan baru pada satu laporan." in head.get(PAGE).text


def test_the_case_itself_says_on_which_list_it_stands(office: Inspectorate, old: bytes, sit: Sit) -> None:
    rahma, path = sit(FIRST), f"/meja/kasus/{old.hex()}"
    assert "daftar penghapusan" not in rahma.get(path).text
    made = proposed(office, [old])
    page = rahma.get(path).text
    assert "Daftarnya menunggu tanda tangan kedua" in page and f'href="{PAGE}/{made.hex()}"' in page
    retention.approve(office.ctx, office.officer(SECOND), made, password(office, SECOND))
    assert "Isinya dihapus pada malam" in rahma.get(path).text
    retention.stop(office.ctx, office.officer(FIRST), made)
    assert "daftar penghapusan" not in rahma.get(path).text


def test_what_was_just_done_is_told_only_while_it_is_so(office: Inspectorate, old: bytes, sit: Sit) -> None:
    path = f"{PAGE}/{signed(office, [old]).hex()}?selesai=setuju"
    rahma, said = sit(FIRST), "Belum ada yang dihapus; sampai saat itu"
    assert said in rahma.get(path).text and said not in rahma.get(path.replace("setuju", "usul")).text
    past_the_wait(office)
    purging.purge(office.ctx)
    assert said not in sit(FIRST).get(path).text


def test_an_outside_reader_sees_the_list_and_not_what_is_on_it(office: Inspectorate, old: bytes, sit: Sit) -> None:
    path = f"{PAGE}/{proposed(office, [old]).hex()}"
    page = sit("prov1").get(path).text
    assert "Anda tidak memegang kuncinya." in page and "Uang untuk KTP" not in page and "Setujui" not in page


def test_there_may_be_nothing_to_delete_and_no_such_list(sit: Sit) -> None:
    rahma = sit(FIRST)
    assert "Belum ada laporan yang boleh dihapus" in rahma.get(PAGE).text
    assert rahma.get(f"{PAGE}/{act().hex()}").status_code == 404
    assert rahma.get(f"{PAGE}/kata").status_code == 404
