"""Where a script uploads a file in parts: what it gives the form, and a clear answer to whatever does not fit."""

import base64
import hashlib
import json
import os
import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.clean.making import CANARY, picture
from tests.inspectorate import Inspectorate, Prepared
from tests.sealer import Sender
from tests.web.channel.conftest import Phone, said, words_on
from tests.web.channel.test_sealed import code as code_of
from tests.web.channel.test_sealed import post as post_report
from tests.web.channel.test_sealed import told as told_to_seal
from whistle import create_app
from whistle.crypto.stream import CHUNK, SEALED_CHUNK, FilePlace, FileSealer
from whistle.crypto.tokens import seal_token
from whistle.services import evidence, followup, housekeeping
from whistle.services.evidence import Content
from whistle.store.errors import StoreUnavailable
from whistle.web.channel import files
from whistle.web.channel.upload import KIND, PURPOSE, TOKEN

UNKNOWN = bytes(range(256)) * 4097  # a little more than a part, of no kind that is cleaned


@pytest.fixture
def city(prepared: Callable[[str], Prepared], tmp_path_factory: pytest.TempPathFactory) -> Inspectorate:
    """A city of each test's own, so that its folder holds what this test left there."""
    return prepared("sqlite").copy(tmp_path_factory.mktemp("city"))


@pytest.fixture
def phone(city: Inspectorate) -> Phone:
    app = create_app("channel", city.ctx.settings)
    app.extensions["peluit"] = city.ctx
    return Phone(app, city)


class Script:
    """What upload.js does, one request at a time; it holds every answer against what all of them have."""

    def __init__(self, phone: Phone, prefix: str = "", **headers: str) -> None:
        self.phone, self.prefix, self.token = phone, prefix, ""
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    def ask(self, step: str, data: bytes = b"", **headers: str) -> TestResponse:
        sent = {TOKEN: self.token, **self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = self.phone.client.post(f"{self.prefix}/lapor/unggah{step}", data=data, headers=sent)
        told = json.loads(answer.text)
        assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/json", "no-store")
        assert "Set-Cookie" not in answer.headers
        assert (answer.status_code == 200) == (told["code"] in ("ok", "stored")) == (not told["says"])
        return answer

    def begin(self, name: str, size: int, **more: Any) -> dict[str, Any]:
        told = {"name": name, "size": size, "mode": "plain"} | more
        answer = self.ask("", json.dumps(told).encode(), Content_Type="application/json")
        words: dict[str, Any] = json.loads(answer.text)
        self.token = words.get("token", "")
        return words

    def part(self, index: int | str, data: bytes, kind: str = KIND) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.ask("/bagian", data, Peluit_Part=str(index), Content_Type=kind).text)
        return answer

    def all(self, data: bytes, name: str = "foto.jpg", **more: Any) -> dict[str, Any]:
        """Upload a file as a whole; what the last answer tells."""
        step = SEALED_CHUNK if more.get("mode") == "sealed" else CHUNK
        self.begin(name, more.pop("size", len(data)), **more)
        for index in range(-(-len(data) // step)):
            assert self.part(index, data[index * step : (index + 1) * step])["there"] == index + 1
        return self.told("/selesai")

    def told(self, step: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.ask(step).text)
        return answer


def shown(item: str) -> str:
    """An item's text without tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", item)).split())


def carried(item: str) -> str:
    """The token by which a form carries the file."""
    found = re.search(r'<input type="hidden" name="berkas-ada" value="([^"]+)"', item)
    assert found, item
    return unescape(found[1])


def test_a_file_that_came_in_parts_goes_with_the_report_like_one_of_the_form(phone: Phone) -> None:
    script = Script(phone)
    item = script.all(picture("JPEG"), f"{CANARY}.jpg")["item"]
    assert script.told("/batal")["code"] == "ok"
    assert f"{CANARY}.jpg" in shown(item) and "Sudah dibersihkan" in shown(item) and "lokasi" in shown(item)
    draft = phone.draft(**{"berkas-ada": carried(item)})
    assert f"{CANARY}.jpg" in said(phone.post("/lapor", draft))
    view = followup.open_with_words(phone.city.ctx, words_on(phone.post("/lapor/kirim", draft)))
    (file,) = [one for entry in view.thread for one in entry.files]
    assert file.state == "clean" and "place" in file.removed
    phone.city.clock.advance(timedelta(days=3))
    housekeeping.tick(phone.city.ctx)
    assert set(phone.city.ctx.blobs.ids()) == {file.file.id}  # what came, under a key that nobody has any more, went


def test_what_cannot_be_cleaned_asks_as_it_does_on_the_form_and_arrived_whole(phone: Phone) -> None:
    item = Script(phone).all(UNKNOWN, "kotak.dat")["item"]
    assert "Tetap kirim apa adanya" in shown(item)
    file = files.open_(phone.city.ctx, carried(item))
    assert file is not None
    content = Content(phone.city.ctx, phone.city.ctx.lately().installation, file.sent)
    assert content.read(0, file.sent.size) == UNKNOWN


def test_a_photo_that_the_page_made_smaller_is_no_original(phone: Phone) -> None:
    item = Script(phone).all(picture("JPEG"), scaled=True)["item"]
    assert "foto diperkecil di HP Anda" in shown(item) and "Sudah dibersihkan" not in shown(item)
    draft = phone.draft(**{"berkas-ada": carried(item), "asli": "y"})
    assert "Aslinya tidak ada pada kami" in said(phone.post("/lapor", draft | {"story": ""}))
    assert "Aslinya tidak ada pada kami" not in said(phone.post("/lapor", draft | {"story": "", "asli": []}))
    view = followup.open_with_words(phone.city.ctx, words_on(phone.post("/lapor/kirim", draft)))
    (file,) = [one for entry in view.thread for one in entry.files]
    assert file.state == "clean" and file.original is None


def test_the_words_are_in_the_language_of_the_address(phone: Phone) -> None:
    assert "Cleaned. Removed: the place" in shown(Script(phone, "/en").all(picture("PNG"))["item"])
    assert "larger than" in Script(phone, "/en").begin("", 1 << 40)["says"]


def test_the_token_tells_nothing_and_is_never_in_an_address(phone: Phone) -> None:
    script = Script(phone)
    script.begin("kwitansi-siti.jpg", 12_345)
    raw = base64.urlsafe_b64decode(script.token + "===")
    assert b"siti" not in raw and b"12345" not in raw
    again = Script(phone)
    again.begin("kwitansi-siti.jpg", 12_345)
    assert script.token != again.token
    addresses = [rule.rule for rule in phone.client.application.url_map.iter_rules() if "unggah" in rule.rule]
    assert len(addresses) == 10 and not any("<" in address for address in addresses)


def test_every_answer_says_how_many_parts_are_there(phone: Phone) -> None:
    script = Script(phone)
    assert script.begin("", len(UNKNOWN))["parts"] == 2
    assert script.told("/sampai")["there"] == 0
    assert (script.part(1, UNKNOWN[CHUNK:])["code"], script.told("/selesai")["code"]) == ("order", "missing")
    assert script.part(0, UNKNOWN[:CHUNK]) == {"code": "ok", "says": "", "there": 1}
    for length, code in [(CHUNK, "doubled"), (CHUNK - 1, "length"), (SEALED_CHUNK, "length")]:
        answer = script.part(0, bytes(length))
        assert (answer["code"], answer["there"]) == (code, 1) and answer["says"]
    assert script.told("/sampai")["there"] == 1
    assert script.part(1, UNKNOWN[CHUNK:])["there"] == 2
    assert script.told("/selesai")["code"] == "stored"


def test_while_the_file_is_made_the_answer_says_so_in_words_and_the_file_comes_later(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, take_in = Script(phone), evidence.take_in

    def asked_again(*of: Any) -> Any:
        answer = script.ask("/selesai")
        told = {"code": "making", "says": "Berkas sedang dibersihkan…", "there": 2}
        assert (answer.status_code, json.loads(answer.text)) == (202, told)
        return take_in(*of)

    monkeypatch.setattr(evidence, "take_in", asked_again)
    item = script.all(UNKNOWN)["item"]
    again = script.told("/selesai")["item"]
    assert files.open_(phone.city.ctx, carried(again)) == files.open_(phone.city.ctx, carried(item))


def test_a_part_that_is_larger_than_any_is_dropped_on_the_way(phone: Phone) -> None:
    script = Script(phone)
    script.begin("", len(UNKNOWN))
    assert script.part(0, bytes(SEALED_CHUNK + 1))["code"] == "length"
    assert script.told("/sampai")["there"] == 0


@pytest.mark.parametrize(
    ("told", "status", "code"),
    [
        ({"size": 0}, 400, "empty"),
        ({"size": 201 * 1024 * 1024}, 413, "large"),
        ({"size": "5"}, 400, "form"),
        ({"size": True}, 400, "form"),
        ({"size": 10**400}, 413, "large"),
        ({"name": None}, 400, "form"),
        ({"mode": "clean"}, 400, "form"),
        ({"scaled": 1}, 400, "form"),
        ({"mode": "sealed"}, 400, "form"),
        ({"mode": "sealed", "file": "ab"}, 400, "form"),
        ({"mode": "sealed", "file": 5}, 400, "form"),
        ({"name": "a" * 5000}, 400, "length"),
    ],
)
def test_what_is_no_file_is_refused_in_words(phone: Phone, told: dict[str, Any], status: int, code: str) -> None:
    body = json.dumps({"name": "", "size": 5, "mode": "plain"} | told).encode()
    answer = Script(phone).ask("", body, Content_Type="application/json")
    assert (answer.status_code, json.loads(answer.text)["code"]) == (status, code)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b"null", b"[" * 4000])
def test_any_bytes_are_answered(phone: Phone, body: bytes) -> None:
    answer = Script(phone).ask("", body, Content_Type="application/json")
    assert (answer.status_code, json.loads(answer.text)["code"]) == (400, "form")


def test_a_name_is_cut_and_half_a_character_in_it_does_no_harm(phone: Phone) -> None:
    script = Script(phone)
    script.begin("\ud83dx\u202e" + "x" * 3900, 1)
    script.part(0, b"a")
    assert "?x" in shown(script.told("/selesai")["item"])
    assert len(script.token) < 4000  # a header's limit (deploy/gunicorn.conf.py)


@pytest.mark.parametrize("step", ["", "/bagian", "/sampai", "/selesai", "/batal"])
@pytest.mark.parametrize("headers", [{"Sec_Fetch_Site": "cross-site"}, {"Origin": "https://lain.example"}])
def test_another_sites_page_can_do_nothing_here(phone: Phone, step: str, headers: dict[str, str]) -> None:
    script = Script(phone)
    script.begin("", 5)
    answer = script.ask(step, b"12345", Content_Type=KIND, Peluit_Part="0", **headers)
    assert (answer.status_code, json.loads(answer.text)["code"]) == (403, "origin")
    assert script.told("/sampai")["there"] == 0


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_form_of_any_site_can_send_is_not_taken(phone: Phone, kind: str) -> None:
    script = Script(phone)
    body = json.dumps({"name": "", "size": 5, "mode": "plain"}).encode()
    assert script.ask("", body, Content_Type=kind).status_code == 415
    script.begin("", 5)
    assert script.part(0, b"12345", kind)["code"] == "kind"


@pytest.mark.parametrize("step", ["/bagian", "/sampai", "/selesai", "/batal"])
def test_a_token_that_is_not_of_this_server_opens_nothing(phone: Phone, step: str) -> None:
    other = seal_token(b"another secret, of 32 bytes and more", PURPOSE, b"{}")
    mine = seal_token(phone.city.ctx.settings.secret_key, "file", b"{}")
    for token in ("", "x", other, mine):
        script = Script(phone)
        script.token = token
        assert script.ask(step, b"a", Peluit_Part="0", Content_Type=KIND).status_code == 403


def test_a_token_is_good_until_the_next_night_and_its_parts_are_there_as_long(phone: Phone) -> None:
    script = Script(phone)
    script.begin("", len(UNKNOWN))
    script.part(0, UNKNOWN[:CHUNK])
    phone.city.clock.advance(timedelta(days=1))
    housekeeping.tick(phone.city.ctx)
    assert script.part(1, UNKNOWN[CHUNK:])["there"] == 2
    phone.city.clock.advance(timedelta(days=1))
    answer = script.ask("/selesai")
    assert (answer.status_code, json.loads(answer.text)["code"]) == (410, "expired")
    assert "Pilih sekali lagi" in json.loads(answer.text)["says"]


@pytest.mark.parametrize("number", ["", "-1", "x", "1.0", "99999999", "\u0663"])
def test_the_number_of_a_part_is_a_number(phone: Phone, number: str) -> None:
    script = Script(phone)
    script.begin("", 5)
    answer = script.ask("/bagian", b"12345", Content_Type=KIND, Peluit_Part=number)
    assert (answer.status_code, json.loads(answer.text)["code"]) == (400, "form")


def test_when_nothing_can_be_stored_it_is_said_and_nothing_is_lost(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreUnavailable("full")

    script = Script(phone)
    script.begin("", len(UNKNOWN))
    script.part(0, UNKNOWN[:CHUNK])
    with monkeypatch.context() as patch:
        patch.setattr(phone.city.ctx.blobs, "put", full)
        answer = script.ask("/bagian", UNKNOWN[CHUNK:], Content_Type=KIND, Peluit_Part="1")
        assert (answer.status_code, json.loads(answer.text)["code"]) == (503, "unavailable")
        assert "Laporan tanpa berkas tetap bisa dikirim" in json.loads(answer.text)["says"]
    assert script.part(1, UNKNOWN[CHUNK:])["there"] == 2


class Sealing:
    """A sender that seals its file too, from what the document says."""

    def __init__(self, phone: Phone, data: bytes) -> None:
        self.id, self.key, self.data = os.urandom(16), os.urandom(32), data
        sealer = FileSealer(self.key, FilePlace(phone.city.ctx.lately().installation, self.id))
        self.sealed = sealer.add(data) + b"".join(sealer.finish())

    def attached(self) -> dict[str, Any]:
        """As its entry names it; that it says it was cleaned is nobody's concern."""
        file = {"id": self.id.hex(), "key": self.key.hex(), "size": len(self.data)}
        file |= {"sha256": hashlib.sha256(self.data).hexdigest(), "media": "image/jpeg"}
        return {"file": file, "state": "later", "removed": []}


def test_a_file_that_its_sender_sealed_is_attached_by_a_sealed_report_and_kept(phone: Phone) -> None:
    ctx, sender = phone.city.ctx, Sender(told_to_seal(phone))
    one, loose = Sealing(phone, picture("JPEG")), Sealing(phone, UNKNOWN)
    for file in (one, loose):
        script = Script(phone)
        told = script.all(file.sealed, size=len(file.data), mode="sealed", file=file.id.hex())
        assert told["code"] == "stored" and "item" not in told
        script.told("/batal")
    report = sender.seal(attached=[one.attached()])
    assert [code_of(post_report(phone, report)) for _ in range(2)] == ["stored", "already"]
    phone.city.clock.advance(timedelta(days=3))
    housekeeping.tick(ctx)
    assert set(ctx.blobs.ids()) == {one.id}
    view = followup.open_with_root(ctx, sender.root)
    (file,) = [one for entry in view.thread for one in entry.files]
    assert file.state == "later"
    assert Content(ctx, ctx.lately().installation, file.file).read(0, file.file.size) == one.data


def test_a_sealed_report_with_a_file_that_is_not_there_is_refused_and_may_be_sent_again(phone: Phone) -> None:
    sender, file, before = Sender(told_to_seal(phone)), Sealing(phone, b"foto"), phone.reports()
    report = sender.seal(attached=[file.attached()])
    answer = post_report(phone, report)
    assert (code_of(answer), answer.status_code, phone.reports()) == ("files", 409, before)
    Script(phone).all(file.sealed, size=4, mode="sealed", file=file.id.hex())
    assert code_of(post_report(phone, report)) == "stored"


def test_a_sealed_file_does_not_take_anothers_place(phone: Phone) -> None:
    mine, other = Sealing(phone, b"foto"), Sealing(phone, b"lain")
    Script(phone).all(mine.sealed, size=4, mode="sealed", file=mine.id.hex())
    answer = Script(phone).all(other.sealed, size=4, mode="sealed", file=mine.id.hex())
    assert answer["code"] == "taken" and answer["says"]
    assert phone.city.ctx.blobs.read(mine.id, 0, len(mine.sealed)) == mine.sealed
