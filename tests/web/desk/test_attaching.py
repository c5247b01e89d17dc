"""An officer's own files: attached with a word on them, once, all or none; whatever is wrong, the word is kept."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.attaching import UNKNOWN, exhibits_of
from tests.clean.making import document, picture, saved
from tests.inspectorate import Inspectorate, act
from tests.web.desk.conftest import FROM_HERE, Browser, form_of, hidden_of
from whistle.services import casework, exhibits
from whistle.services.refusals import Refusal
from whistle.store.errors import StoreUnavailable

Sit = Callable[[str], Browser]
Given = tuple[bytes, str]
LETTER: Given = (saved(document("LHP")), "LHP 700.pdf")


@pytest.fixture
def case(office: Inspectorate) -> bytes:
    _, _, case = office.triaged()
    return case


def send(browser: Browser, path: str, fields: dict[str, object], *given: Given) -> TestResponse:
    """The form with files, as a browser sends it; without any, it sends one empty part."""
    files = [FileStorage(io.BytesIO(data), name, "berkas") for data, name in given or ((b"", ""),)]
    boundary, body = encode_multipart(MultiDict({**fields, "berkas": files}))
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(path, data=body, content_type=kind, headers=FROM_HERE)


def attach(browser: Browser, case: bytes, *given: Given, **typed: object) -> TestResponse:
    home = f"/meja/kasus/{case.hex()}"
    fields = browser.fill(browser.get(home), f"{home}/lampirkan", **{"text": "LHP nomor 700/15/LHP", **typed})
    return send(browser, f"{home}/lampirkan", fields, *given)


def complaint(page: TestResponse) -> str:
    """What stands beside the picker of files."""
    found = re.search(r'id="attach-berkas-error">(.*?)</p>', page.text, re.S)
    assert found, page.text
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", found[1]).split()))


def left(office: Inspectorate) -> int:
    return len(set(office.ctx.blobs.ids()))


def test_files_are_attached_to_the_internal_file_with_the_officers_word_on_them(
    office: Inspectorate, case: bytes, sit: Sit
) -> None:
    browser = sit("rahma")
    answer = attach(browser, case, LETTER, (picture("JPEG"), "loket.jpg"), (UNKNOWN, "../../catatan.xyz"))
    assert answer.status_code == 303 and "selesai=attach" in answer.headers["Location"]
    page = browser.get(f"/meja/kasus/{case.hex()}")
    assert "3 lampiran" in page.text and "LHP nomor 700/15/LHP" in page.text
    inside = page.text.partition('id="berkas"')[2]
    assert all(f'id="i-{number}"' in inside for number in (1, 2, 3))
    found = exhibits_of(office, case)
    assert [one.attachment.name for one in found] == ["LHP 700.pdf", "loket.jpg", "../../catatan.xyz"]
    assert [bool(one.attachment.original) for one in found] == [True, True, False]
    assert "Melampirkan berkas pada kasus" in sit("auditor").get("/meja/audit").text


def test_the_same_form_sent_twice_attaches_once(office: Inspectorate, case: bytes, sit: Sit) -> None:
    browser, home = sit("rahma"), f"/meja/kasus/{case.hex()}"
    fields = browser.fill(browser.get(home), f"{home}/lampirkan", text="Sekali saja")
    before = left(office)
    for _ in range(2):
        assert send(browser, f"{home}/lampirkan", fields, LETTER).status_code == 303
    (one,) = exhibits_of(office, case)
    assert left(office) - before == len(one.attachment.stored)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ([], "Pilih berkasnya."),
        ([LETTER, (b"x" * (1024 * 1024 + 1), "besar.bin")], "“besar.bin” tidak ikut: lebih besar dari 1 MB."),
        ([LETTER, (b"", "kosong.pdf")], "“kosong.pdf” tidak ikut: berkasnya kosong."),
        ([LETTER, LETTER, LETTER, (b"x", "e.pdf")], "Anda memilih 4 berkas; paling banyak 2 sekali kirim. Belum ada"),
    ],
)
def test_what_cannot_be_taken_is_said_by_name_and_the_word_is_kept(
    given: list[Given], sentence: str, office: Inspectorate, case: bytes, sit: Sit
) -> None:
    office.ctx.settings = replace(office.ctx.settings, file_mib=1, files=2)
    browser = sit("rahma")
    answer = attach(browser, case, *given, text="Yang saya tulis")
    assert answer.status_code == 422 and sentence in complaint(answer)
    assert "Yang saya tulis" in form_of(answer, f"/meja/kasus/{case.hex()}/lampirkan")
    assert ("pilih sekali lagi" in complaint(answer)) == bool(given)
    assert left(office) == 0 and exhibits_of(office, case) == []


def test_files_without_a_word_on_them_are_dropped_and_asked_for_again(
    office: Inspectorate, case: bytes, sit: Sit
) -> None:
    answer = attach(sit("rahma"), case, LETTER, text="  ")
    assert answer.status_code == 422 and "Tulis apa isinya" in answer.text
    assert "pilih sekali lagi semua berkasnya" in complaint(answer)
    assert left(office) == 0


def test_another_sessions_form_attaches_nothing(office: Inspectorate, case: bytes, sit: Sit) -> None:
    browser, other = sit("rahma"), sit("rahma")
    home = f"/meja/kasus/{case.hex()}"
    fields = other.fill(other.get(home), f"{home}/lampirkan", text="Yang saya tulis")
    answer = send(browser, f"{home}/lampirkan", fields, LETTER)
    assert answer.status_code == 422 and "Yang saya tulis" in answer.text and "sesi yang lain" in answer.text
    assert left(office) == 0 and exhibits_of(office, case) == []


def test_a_rule_that_refuses_keeps_the_word_and_drops_the_files(
    office: Inspectorate, case: bytes, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Refusal("closed")

    monkeypatch.setattr(exhibits, "attach", refuse)
    answer = attach(sit("rahma"), case, LETTER, text="Yang saya tulis")
    assert answer.status_code == 422 and "sudah selesai" in answer.text and "Yang saya tulis" in answer.text
    assert "pilih sekali lagi" in complaint(answer)
    assert left(office) == 0


@pytest.mark.parametrize("room", [1, 3], ids=["for one file", "for both, and for one that is clean"])
def test_a_store_of_files_that_is_full_keeps_the_word_and_no_file(
    room: int, office: Inspectorate, case: bytes, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    create, made = type(office.ctx.blobs).create, list[object]()

    def full(store: object, *of: object) -> object:
        if len(made) == room:
            raise StoreUnavailable("full")
        made.append(of)
        return create(store, *of)  # type: ignore[arg-type]

    monkeypatch.setattr(type(office.ctx.blobs), "create", full)
    answer = attach(sit("rahma"), case, LETTER, (picture("JPEG"), "loket.jpg"), text="Yang saya tulis")
    assert answer.status_code == 422 and "Yang saya tulis" in answer.text
    assert "Penyimpanan berkas sedang tidak bisa dipakai" in complaint(answer) and "dua menit" in complaint(answer)
    assert left(office) == 0


def test_a_database_that_is_away_keeps_the_word_and_says_that_files_are_chosen_again(
    office: Inspectorate, case: bytes, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, path = sit("rahma"), f"/meja/kasus/{case.hex()}/lampirkan"
    with monkeypatch.context() as patch:
        patch.setattr(exhibits, "attach", _away)
        answer = attach(browser, case, LETTER, text="Yang saya tulis")
    assert answer.status_code == 503 and "Yang saya tulis" in answer.text
    assert "pilih sekali lagi" in answer.text and 'enctype="multipart/form-data"' in form_of(answer, path)
    assert send(browser, path, browser.fill(answer, path, text="Yang saya tulis"), LETTER).status_code == 303


def _away(*_: object) -> None:
    raise StoreUnavailable("no answer")


def test_a_session_that_ended_carries_the_word_past_the_sign_in_however_large_the_files_were(
    office: Inspectorate, case: bytes, nobody: Browser
) -> None:
    path = f"/meja/kasus/{case.hex()}/lampirkan"
    large = (b"x" * (5 * 1024 * 1024), "besar.bin")
    page = send(nobody, path, {"text": "Yang saya tulis", "action_id": act().hex()}, large)
    assert page.status_code == 403 and left(office) == 0
    page = nobody.sign_in("rahma", **hidden_of(form_of(page, "/meja/masuk")))
    assert "Yang saya tulis" in page.text and "pilih sekali lagi" in page.text
    assert send(nobody, path, nobody.fill(page, path, text="Yang saya tulis"), LETTER).status_code == 303
    assert len(exhibits_of(office, case)) == 1


def test_who_may_not_attach_is_not_offered_it(office: Inspectorate, case: bytes, sit: Sit) -> None:
    home = f"/meja/kasus/{case.hex()}"
    assert sit("auditor").post(f"{home}/lampirkan", {}).status_code == 403
    assert send(sit("hendra"), f"{home}/lampirkan", {"text": "x"}, LETTER).status_code == 404
    browser = sit("rahma")
    assert "Lampirkan berkas" in browser.get(home).text
    office.ctx.settings = replace(office.ctx.settings, files=0)
    assert "Lampirkan berkas" not in browser.get(home).text
    assert left(office) == 0


def test_a_colleagues_files_are_news_before_a_decision(office: Inspectorate, case: bytes, sit: Sit) -> None:
    casework.declare(office.ctx, office.officer("yusuf"), case)
    browser, home = sit("rahma"), f"/meja/kasus/{case.hex()}"
    form = browser.fill(browser.get(home), f"{home}/tanya", text="Kapan?")
    assert attach(sit("yusuf"), case, LETTER).status_code == 303
    told = browser.post(f"{home}/tanya", form)
    assert told.status_code == 422 and "ada yang baru dari Yusuf Maulana" in told.text
