"""What an officer does to a case through the pages: each deed once, each refusal with what was typed."""

from collections.abc import Callable

import pytest
from markupsafe import escape

from tests.inspectorate import STORY, Inspectorate, act
from tests.web.desk.conftest import Browser
from whistle.services import casework, followup

Sit = Callable[[str], Browser]


def path_of(case: bytes) -> str:
    return f"/meja/kasus/{case.hex()}"


def test_nothing_of_a_report_is_shown_before_declaring(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.report()
    browser, path = sit("rahma"), path_of(case)
    before = browser.get(path)
    assert "Apakah Anda punya konflik kepentingan?" in before.text
    assert STORY not in before.text and "Disdukcapil" not in before.text
    answer = browser.post(f"{path}/nyatakan", browser.fill(before, f"{path}/nyatakan"))
    assert answer.status_code == 303
    assert STORY in browser.get(path).text


def test_an_action_before_declaring_is_refused(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.report()
    browser, path = sit("rahma"), path_of(case)
    declare = browser.fill(browser.get(path), f"{path}/nyatakan")
    answer = browser.post(f"{path}/catat", {"csrf": declare["csrf"], "action_id": "ab" * 16, "text": "Catatan"})
    assert answer.status_code == 422
    assert "Nyatakan dulu" in answer.text and STORY not in answer.text


def test_triage_begins_with_what_the_reporter_said(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.report(amount=75_000)
    browser, path = sit("rahma"), path_of(case)
    browser.post(f"{path}/nyatakan", browser.fill(browser.get(path), f"{path}/nyatakan"))
    page = browser.get(path)
    assert "selected>Pungutan liar" in page.text or '<option value="pungli" selected' in page.text
    assert '<option value="DISDUKCAPIL" selected' in page.text
    form = browser.fill(
        page, f"{path}/telaah", title="Uang KTP", category="pungli", office="DISDUKCAPIL", service="kependudukan",
        amount_asked="75rb", amount_paid="", victims="", people="Petugas loket", priority="tinggi",
    )  # fmt: skip
    done = browser.post(f"{path}/telaah", form)
    assert done.status_code == 303
    page = browser.client.get(done.headers["Location"])
    assert "001/11/2026" in page.text and "Telaah tersimpan" in page.text and "Rp75.000" in page.text


def test_a_double_tap_writes_once(office: Inspectorate, sit: Sit) -> None:
    _, keys, case = office.triaged()
    browser, path = sit("rahma"), path_of(case)
    form = browser.fill(browser.get(path), f"{path}/balas", text="Sekali saja")
    assert [browser.post(f"{path}/balas", form).status_code for _ in range(3)] == [303, 303, 303]
    said = [item.text for item in followup.open_with_root(office.ctx, keys.root).thread]
    assert said.count("Sekali saja") == 1


def test_a_question_reaches_the_reporter(office: Inspectorate, sit: Sit) -> None:
    _, keys, case = office.triaged()
    browser, path = sit("rahma"), path_of(case)
    form = browser.fill(browser.get(path), f"{path}/tanya", text="Loket berapa?")
    assert browser.post(f"{path}/tanya", form).status_code == 303
    assert [item.text for item in followup.open_with_root(office.ctx, keys.root).questions] == ["Loket berapa?"]
    assert "menunggu jawaban" in browser.get(path).text


def test_routing_gives_the_unit_the_case(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.triaged()
    browser, path = sit("rahma"), path_of(case)
    page = browser.get(path)
    assert "Kirim ke Irban Khusus" in page.text
    form = browser.fill(page, f"{path}/unit", reason="Pungli oleh pegawai", unit="irban-khusus")
    assert browser.post(f"{path}/unit", form).status_code == 303
    assert "Apakah Anda punya konflik" in sit("gunawan").get(path).text
    # And where it is already, it is not sent again
    again = browser.fill(browser.get(path), f"{path}/unit", reason="Lagi", unit="irban-khusus")
    answer = browser.post(f"{path}/unit", again)
    assert answer.status_code == 422
    assert "Pilih unit tujuan" in answer.text or "sudah berada di" in answer.text
    assert ">Lagi</textarea>" in answer.text.replace("\n", "").replace("\r", "")


def test_a_move_says_what_is_possible_instead(office: Inspectorate, sit: Sit) -> None:
    # Given two officers before the same page
    _, _, case = office.triaged()
    rahma, path = sit("rahma"), path_of(case)
    page = rahma.get(path)
    casework.move(office.ctx, office.officer("rahma"), case, act(), "DI_LUAR_KEWENANGAN", "Bukan kami.", "")
    # When one moves what the other has moved already
    form = rahma.fill(page, f"{path}/pindah", to="DILIMPAHKAN", reason="Alasan yang panjang", public_text="",
                      handed_to="lembaga", handed_name="Kantor lain")  # fmt: skip
    answer = rahma.post(f"{path}/pindah", form)
    assert answer.status_code == 422
    assert "tidak dapat pindah ke" in answer.text and "Yang bisa:" in answer.text
    assert "Alasan yang panjang" in answer.text


def test_an_examination_names_its_letter_and_team(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.triaged()
    browser, path = sit("rahma"), path_of(case)
    form = browser.fill(browser.get(path), f"{path}/pindah", to="PEMERIKSAAN", reason="Cukup bukti", public_text="")
    refused = browser.post(f"{path}/pindah", form)
    assert refused.status_code == 422 and "Tulis nomor surat tugas." in refused.text
    form |= {"letter_number": "800/7/ST", "letter_date": "17/3/2026", "team": "Siti\nGunawan"}
    assert browser.post(f"{path}/pindah", form).status_code == 303
    page = browser.get(path).text
    assert "800/7/ST, Selasa, 17 Maret 2026" in page and "Siti\nGunawan" in page


@pytest.mark.parametrize("text", ["", "   \n ", "x" * 2_001, "\u202e\u200b"])
def test_an_empty_or_too_long_question_is_refused_with_its_text(text: str, office: Inspectorate, sit: Sit) -> None:
    _, keys, case = office.triaged()
    browser, path = sit("rahma"), path_of(case)
    form = browser.fill(browser.get(path), f"{path}/tanya", text=text)
    answer = browser.post(f"{path}/tanya", form)
    assert answer.status_code == 422
    assert 'href="#ask-text"' in answer.text and 'aria-invalid="true"' in answer.text
    if text.startswith("x"):
        assert text in answer.text
    assert not followup.open_with_root(office.ctx, keys.root).questions


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE entry; --",
        "Halo \U0001f600",
        "a\x00b",
        "baris\r\nbaris",
        "{{ 7*7 }}",
        "%(x)s",
    ],
)
def test_odd_text_is_kept_as_text(text: str, office: Inspectorate, sit: Sit) -> None:
    _, keys, case = office.triaged()
    browser, path = sit("rahma"), path_of(case)
    form = browser.fill(browser.get(path), f"{path}/balas", text=text)
    assert browser.post(f"{path}/balas", form).status_code == 303
    said = followup.open_with_root(office.ctx, keys.root).thread[-1].text
    assert said == text.replace("\x00", "").replace("\r\n", "\n")
    assert str(escape(said)) in browser.get(path).text


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("amount_asked", "entahlah", "tidak terbaca"),
        ("amount_asked", "-5000", "kurang dari nol"),
        ("amount_paid", "9" * 30, "terlalu besar"),
        ("victims", "tiga", "dengan angka"),
        ("category", "bukan-jenis", "Pilih salah satu"),
        ("office", "KANTOR-PALSU", "Pilih salah satu"),
        ("title", "x" * 81, "Terlalu panjang"),
    ],
)
def test_triage_says_what_is_wrong_and_keeps_the_rest(
    field: str, typed: str, sentence: str, office: Inspectorate, sit: Sit
) -> None:
    _, _, case = office.triaged()
    browser, path = sit("rahma"), path_of(case)
    good = {
        "title": "Judul yang diketik", "category": "pungli", "office": "DISDUKCAPIL", "service": "kependudukan",
        "people": "Seseorang", "amount_asked": "", "amount_paid": "", "victims": "", "priority": "biasa",
    }  # fmt: skip
    form = browser.fill(browser.get(path), f"{path}/telaah", **{**good, field: typed})
    answer = browser.post(f"{path}/telaah", form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Seseorang"' in answer.text
    if field not in ("category", "office"):
        assert typed in answer.text


def test_a_replayed_form_of_another_case_does_nothing_there(office: Inspectorate, sit: Sit) -> None:
    _, _, one = office.triaged()
    _, other_keys, other = office.triaged()
    browser = sit("rahma")
    form = browser.fill(browser.get(path_of(one)), f"{path_of(one)}/balas", text="Untuk yang satu")
    assert browser.post(f"{path_of(one)}/balas", form).status_code == 303
    before = len(followup.open_with_root(office.ctx, other_keys.root).thread)
    browser.post(f"{path_of(other)}/catat", {**form, "action_id": "zz"})
    assert len(followup.open_with_root(office.ctx, other_keys.root).thread) == before


def test_only_what_the_role_may_do_is_offered(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.triaged()
    rahma, path = sit("rahma"), path_of(case)
    form = rahma.fill(rahma.get(path), f"{path}/unit", reason="Pungli", unit="irban-khusus")
    rahma.post(f"{path}/unit", form)
    irban = sit("gunawan")
    irban.post(f"{path}/nyatakan", irban.fill(irban.get(path), f"{path}/nyatakan"))
    page = irban.get(path).text
    assert "Kirim pertanyaan ke pelapor" in page and "Tutup laporan" in page
    assert f"{path}/telaah" not in page and f"{path}/unit" not in page
