"""Where a sealed report comes in: a clear answer to anything, of one length, and never a mistake of ours."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.sealer import FIELDS, Sender, joined, split
from tests.services import staff
from tests.web.channel.conftest import Phone
from whistle.casefile.sealed import MOST
from whistle.services import sealed
from whistle.store.errors import StoreUnavailable
from whistle.web.channel.sealed import KIND, LENGTH, _answer


def told(phone: Phone, path: str = "/lapor/kunci") -> dict[str, Any]:
    answer = phone.get(path)
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (
        200,
        "application/json",
        "no-store",
    )
    words: dict[str, Any] = json.loads(answer.text)
    return words


def post(phone: Phone, report: bytes, path: str = "/lapor/tersegel", **headers: str) -> TestResponse:
    """A report as a script sends it, and what holds of every answer."""
    sent = {"Content-Type": KIND, **{name.replace("_", "-"): value for name, value in headers.items()}}
    answer = phone.client.post(path, data=report, headers=sent)
    assert answer.mimetype == "application/json"
    assert len(answer.data) + len(answer.status.partition(" ")[2]) == LENGTH
    assert "Set-Cookie" not in answer.headers
    words = json.loads(answer.text)
    assert words["says"] and set(words) == {"code", "received", "day", "says", "pad"}
    assert (answer.status_code == 200) == (words["code"] in ("stored", "already"))
    assert "Content-Encoding" not in answer.headers
    return answer


def code(answer: TestResponse) -> str:
    return str(json.loads(answer.text)["code"])


def test_a_sender_learns_what_it_needs_seals_and_is_told_that_it_is_stored(phone: Phone) -> None:
    before, report = phone.reports(), Sender(told(phone)).seal()
    assert json.loads(post(phone, report).text)["received"] == told(phone)["day"]
    assert code(post(phone, report)) == "already"
    assert phone.reports() == before + 1


def test_the_words_are_in_the_language_of_the_address(phone: Phone) -> None:
    words = told(phone, "/en/lapor/kunci")
    report = Sender(words).seal()
    assert "received your report" in json.loads(post(phone, report, "/en/lapor/tersegel").text)["says"]
    assert "sudah pernah terkirim" in json.loads(post(phone, report).text)["says"]


def test_nobody_who_asks_for_the_keys_learns_who_works_here(phone: Phone) -> None:
    answer = phone.get("/lapor/kunci").text
    people = staff.directory(phone.city).current.readers
    assert people and all(reader.id.hex() in answer for reader in people)
    assert not any(reader.name in answer for reader in people)
    assert '"login' not in answer and '"name\\' not in answer


def test_keys_are_compressed_on_the_way(phone: Phone) -> None:
    answer = phone.client.get("/lapor/kunci", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://lain.example"},
        {"Origin": "null"},
    ],
)
def test_another_sites_page_cannot_send_reports_from_its_visitors(phone: Phone, headers: dict[str, str]) -> None:
    before, report = phone.reports(), Sender(told(phone)).seal()
    assert code(post(phone, report, **headers)) == "origin"
    assert phone.reports() == before
    assert code(post(phone, report, Sec_Fetch_Site="same-origin", Origin="http://localhost")) == "stored"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_what_a_form_of_any_site_can_send_is_not_taken(phone: Phone, kind: str) -> None:
    assert code(post(phone, Sender(told(phone)).seal(), Content_Type=kind)) == "kind"


def test_too_much_is_said_to_be_too_much(phone: Phone) -> None:
    answer = post(phone, bytes(MOST + 1))
    assert (answer.status_code, code(answer)) == (413, "size")


def test_when_it_cannot_be_stored_the_sender_is_told_that_it_was_not(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreUnavailable("full")

    report = Sender(told(phone)).seal()
    with monkeypatch.context() as patch:
        patch.setattr(sealed.birth, "store", full)
        answer = post(phone, report)
        assert (answer.status_code, code(answer)) == (503, "unavailable")
        assert "belum terkirim" in json.loads(answer.text)["says"]
    assert code(post(phone, report)) == "stored"


CODES = ("stored", "already", "other", "taken", "form", "size", "day", "manifest", "readers", "kind", "origin", "files")


@pytest.mark.parametrize("path", ["/lapor/tersegel", "/en/lapor/tersegel"])
@pytest.mark.parametrize("said", [*CODES, "unavailable"])
def test_every_answer_has_the_same_length(phone: Phone, path: str, said: str) -> None:
    with phone.client.application.test_request_context(path, method="POST"):
        answer = _answer(said, "2026-11-02")
    assert len(answer.get_data()) + len(answer.status.partition(" ")[2]) == LENGTH


CHANGES: dict[str, Callable[[bytes, int, bytes], bytes]] = {
    "cut": lambda field, at, new: field[: at % (len(field) + 1)],
    "longer": lambda field, at, new: field + new,
    "replaced": lambda field, at, new: new,
    "flipped": lambda field, at, new: (
        field[: at % len(field)] + bytes([field[at % len(field)] ^ 1]) + field[at % len(field) + 1 :] if field else new
    ),
}


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(FIELDS),
    how=st.sampled_from(sorted(CHANGES)),
    at=st.integers(0, 20_000),
    new=st.binary(max_size=2_000),
)
def test_a_report_with_any_field_changed_is_stored_or_refused_and_never_a_mistake_of_ours(
    phone: Phone, name: str, how: str, at: int, new: bytes
) -> None:
    fields = split(_ready(phone))
    before = phone.reports()
    answer = post(phone, joined(fields | {name: CHANGES[how](fields[name], at, new)}))
    assert answer.status_code in (200, 400, 409, 413)
    assert phone.reports() == before + (code(answer) == "stored")


@examples(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=5_000), st.tuples(st.integers(0, 40_000), st.binary(max_size=8))))
def test_any_bytes_are_answered(phone: Phone, data: bytes | tuple[int, bytes]) -> None:
    if isinstance(data, tuple):
        whole, (at, new) = _ready(phone), data
        data = whole[:at] + new + whole[at + len(new) :]
    assert post(phone, data).status_code in (200, 400, 409)


_READY: list[bytes] = []


def _ready(phone: Phone) -> bytes:
    """One report for all examples, never stored as it is; sealing takes longer than an example."""
    if not _READY:
        _READY.append(Sender(told(phone), root=bytes(32)).seal())
    return _READY[0]
