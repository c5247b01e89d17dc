"""Whatever stops a form on its way, what was typed comes back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.inspectorate import Inspectorate, act
from tests.web.desk.conftest import Browser, form_of, hidden_of
from whistle.services import casework
from whistle.store.database import StoreUnavailable

Sit = Callable[[str], Browser]
TYPED: dict[str, dict[str, object]] = {
    "telaah": {"title": "Ketikan saya", "category": "pungli", "office": "DISDUKCAPIL", "service": "kependudukan",
               "people": "Petugas loket", "priority": "tinggi"},
    "tanya": {"text": "Ketikan saya"},
    "balas": {"text": "Ketikan saya"},
    "catat": {"text": "Ketikan saya"},
    "unit": {"reason": "Ketikan saya", "unit": "irban-khusus"},
    "pindah": {"to": "PEMERIKSAAN", "reason": "Ketikan saya", "letter_number": "1/ST", "letter_date": "2026-11-02",
               "team": "Siti"},
    "tutup": {"result": "tidak_cukup_bukti", "summary": "Ketikan saya", "answer": "Jawaban saya",
              "employment": "", "sanction": "", "referral": ""},
}  # fmt: skip


@pytest.mark.parametrize("deed", TYPED)
def test_a_session_that_ended_gives_every_form_back(deed: str, office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}/{deed}"
    browser = Browser(sit("rahma").client.application, office)
    page = browser.post(path, {**TYPED[deed], "action_id": act().hex()})
    page = browser.sign_in("rahma", **hidden_of(form_of(page, "/meja/masuk")))
    assert "Ketikan saya" in page.text
    # Then one more click does the deed
    sent = browser.post(path, browser.fill(page, path, **TYPED[deed]))
    assert sent.status_code == 303, sent.text


def test_a_button_brought_back_is_named_by_what_it_does(office: Inspectorate, nobody: Browser) -> None:
    _, _, case = office.triaged()
    for deed, name in (("unit", "Kirim ke Irban Khusus"), ("pindah", "Mulai pemeriksaan")):
        page = nobody.post(f"/meja/kasus/{case.hex()}/{deed}", {**TYPED[deed], "action_id": act().hex()})
        page = nobody.sign_in("rahma", **hidden_of(form_of(page, "/meja/masuk")))
        assert name in form_of(page, f"/meja/kasus/{case.hex()}/{deed}")
        nobody.client.delete_cookie("__Host-meja")


@pytest.mark.parametrize("target", ["https://example.org/", "/lapor", "/meja/keluar", "/meja/kasus/x/catat/..", "//x"])
def test_nothing_is_carried_to_another_place(target: str, nobody: Browser) -> None:
    answer = nobody.sign_in("rahma", **{"tujuan": target, "tertunda-text": "Rahasia"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/meja"


@pytest.mark.parametrize("deed", ["telaah", "tanya", "balas", "catat", "unit", "pindah", "tutup"])
def test_a_full_disk_gives_every_form_back(
    deed: str, office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}"
    browser = sit("rahma")
    shown = browser.get(f"{path}/tutup" if deed == "tutup" else path)
    form = browser.fill(shown, f"{path}/{deed}", **TYPED[deed])

    @contextmanager
    def full() -> Iterator[Any]:
        raise StoreUnavailable("disk full")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(office.ctx.store, "write", full)
        answer = browser.post(f"{path}/{deed}", form)
    assert answer.status_code == 503
    assert "Belum tersimpan" in answer.text and "Ketikan saya" in answer.text
    assert browser.post(f"{path}/{deed}", browser.fill(answer, f"{path}/{deed}", **TYPED[deed])).status_code == 303


def test_what_a_colleague_did_meanwhile_keeps_the_text(office: Inspectorate, sit: Sit) -> None:
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}"
    browser = sit("rahma")
    form = browser.fill(browser.get(path), f"{path}/tanya", text="Ketikan saya")
    casework.move(office.ctx, office.officer("rahma"), case, act(), "DIGABUNG", "Sudah ada.")
    answer = browser.post(f"{path}/tanya", form)
    assert answer.status_code == 422
    assert "Yang bisa:" in answer.text and "Ketikan saya" in answer.text


@pytest.mark.parametrize("deed", ["telaah", "tanya", "balas", "catat", "unit", "pindah", "tutup"])
def test_a_store_that_is_gone_gives_every_form_back(
    deed: str, office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even the session can be looked up then."""
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}"
    browser = sit("rahma")
    shown = browser.get(f"{path}/tutup" if deed == "tutup" else path)
    form = browser.fill(shown, f"{path}/{deed}", **TYPED[deed])

    @contextmanager
    def gone() -> Iterator[Any]:
        raise StoreUnavailable("no connection")
        yield

    with monkeypatch.context() as patch:
        for way in ("read", "write"):
            patch.setattr(office.ctx.store, way, gone)
        for _ in range(2):
            answer = browser.post(f"{path}/{deed}", form)
            assert answer.status_code == 503 and answer.headers["Retry-After"]
            assert "Belum tersimpan" in answer.text and "Ketikan saya" in answer.text and "dua menit" in answer.text
            form = browser.fill(answer, f"{path}/{deed}", **TYPED[deed])
        # And nobody else's page gets its text behind a button of ours
        foreign = browser.post(f"{path}/{deed}", form, {"Sec-Fetch-Site": "cross-site"})
        assert "Ketikan saya" not in foreign.text
    # Then the same session sends it with the same token
    assert browser.post(f"{path}/{deed}", form).status_code == 303


def test_a_mistake_of_ours_gives_the_form_back(office: Inspectorate, sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    _, _, case = office.triaged()
    path, browser = f"/meja/kasus/{case.hex()}", sit("rahma")
    form = browser.fill(browser.get(path), f"{path}/catat", text="Ketikan saya")
    with monkeypatch.context() as patch:
        patch.setattr(casework, "note", lambda *_: 1 / 0)
        answer = browser.post(f"{path}/catat", form)
    assert answer.status_code == 500
    assert "Ada kesalahan di pihak kami" in answer.text and "Ketikan saya" in answer.text
    assert browser.post(f"{path}/catat", browser.fill(answer, f"{path}/catat", text="Ketikan saya")).status_code == 303


def test_a_sign_in_to_a_store_that_is_gone_carries_the_text_and_repeats_no_password(
    office: Inspectorate, nobody: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, case = office.triaged()
    path = f"/meja/kasus/{case.hex()}/catat"
    page = nobody.post(path, {"text": "Ketikan saya", "action_id": act().hex()})
    carried = hidden_of(form_of(page, "/meja/masuk"))

    @contextmanager
    def gone() -> Iterator[Any]:
        raise StoreUnavailable("no connection")
        yield

    with monkeypatch.context() as patch:
        patch.setattr(office.ctx.store, "read", gone)
        answer = nobody.sign_in("rahma", **carried)
    assert answer.status_code == 503 and "Belum bisa masuk" in answer.text and "dua menit" in answer.text
    assert "demo-rahma" not in answer.text
    answer = nobody.sign_in("rahma", **hidden_of(form_of(answer, "/meja/masuk")))
    assert "Ketikan saya" in answer.text
