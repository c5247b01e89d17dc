"""What holds of every page of the channel: no cookie, neutral, light, the way out in sight."""

import gzip
import re

import pytest

from tests.web.channel.conftest import Phone, said

LIMIT = 40 * 1024
GETS = ("/", "/lapor", "/lapor/selesai", "/lacak", "/bantuan")


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", [*GETS, "/tidak-ada"])
def test_every_page_is_neutral_and_has_its_way_out(phone: Phone, path: str, prefix: str) -> None:
    page = phone.get(prefix + path)
    title = re.search("<title>(.*?)</title>", page.text)
    assert title and title[1] == ("Public services" if prefix else "Layanan warga")
    assert re.search(r'<a class="exit" href="https://[^"]+" rel="noreferrer">', page.text)
    assert 'href="tel:110"' in page.text
    assert 'href="#isi"' in page.text and 'id="isi"' in page.text
    assert f'<html lang="{"en" if prefix else "id"}">' in page.text


@pytest.mark.parametrize("path", GETS)
def test_each_page_leads_to_itself_in_the_other_language(phone: Phone, path: str) -> None:
    types = path in ("/lapor", "/lacak")  # where somebody types, the text goes along
    for here, there in ((path, f"/en{path}"), (f"/en{path}", path)):
        page = phone.get(here).text
        assert ('<button class="lang"' in page, f'class="lang" href="{there}"' in page) == (types, not types)
        assert not types or f'formaction="{there}" name="langkah" value="bahasa"' in page


@pytest.mark.parametrize("path", ["/lapor", "/lacak"])
def test_the_first_button_of_a_form_is_not_the_one_for_the_language(phone: Phone, path: str) -> None:
    page = phone.get(path).text
    id_ = re.search('<form [^>]*id="([^"]+)"', page)
    assert id_
    first = re.findall(f'<button[^>]*form="{id_[1]}"[^>]*>', page)[0]  # HTML, implicit submission: in tree order
    assert "formaction" not in first and 'value="lihat"' in first and "hidden" in first


def test_no_page_sets_a_cookie_or_minds_one(phone: Phone) -> None:
    draft, words = phone.send()
    answers = [
        *(phone.get(path) for path in GETS),
        phone.post("/lapor", draft),
        phone.post("/lapor/kirim", draft),
        phone.post("/lacak", {"kata": words}),
        phone.post("/lacak/pesan", {}),
        phone.get("/tidak-ada"),
        phone.get("/aset/peluit.css"),
    ]
    assert [answer for answer in answers if "Set-Cookie" in answer.headers] == []
    assert not any("Cookie" in answer.headers.get("Vary", "") for answer in answers)
    with_cookie = phone.client.get("/", headers={"Cookie": "__Host-meja=abc; session=x"})
    assert with_cookie.text == answers[0].text


@pytest.mark.parametrize("path", ["/lapor", "/lacak", "/en/lapor"])
def test_a_form_tells_the_browser_to_remember_nothing(phone: Phone, path: str) -> None:
    page = phone.get(path)
    assert page.headers["Cache-Control"] == "no-store"
    assert 'autocomplete="off"' in re.findall("<form[^>]*>", page.text)[0]
    for control in re.findall(r"<(?:textarea|select)[^>]*>", page.text):
        assert 'autocomplete="off"' in control


def test_the_form_and_all_that_it_loads_weigh_less_than_40_kb(phone: Phone) -> None:
    headers = {"Accept-Encoding": "gzip"}
    page = phone.client.get("/lapor", headers=headers)
    text = gzip.decompress(page.data).decode()
    weight = len(page.data)
    loaded = set(re.findall(r'(?:href|src)="(/aset/[^"#]+)', text))
    assert {name.partition("?")[0] for name in loaded} == {
        "/aset/peluit.css", "/aset/channel.js", "/aset/upload.js", "/aset/recorder.js", "/aset/icon.svg",
        "/aset/icons.svg",
    }  # fmt: skip
    for address in loaded:
        weight += len(phone.client.get(address, headers=headers).data)
    assert weight < LIMIT, weight
    assert len(phone.client.get("/aset/channel.js", headers=headers).data) < 1024


def test_an_old_browser_without_compression_gets_the_page_too(phone: Phone) -> None:
    plain = phone.client.get("/lapor", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers and "<form" in plain.text
    refused = phone.client.get("/lapor", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in refused.headers


def test_help_says_who_reads_what_is_not_the_citys_and_what_cannot_be_promised(phone: Phone) -> None:
    text = said(phone.get("/bantuan"))
    for expected in ("Samsat", "Propam", "Inspektorat Provinsi", "Tor", "110", "30 hari", "riwayat peramban"):
        assert expected in text


def test_help_owns_up_to_the_backup_keys(phone: Phone) -> None:
    assert "beberapa orang bersama-sama bisa membuka laporan" in said(phone.get("/bantuan"))


def test_the_home_page_says_what_an_observer_can_see(phone: Phone) -> None:
    assert "penyedia internet atau Wi-Fi dapat melihat" in said(phone.get("/"))


def test_help_says_what_may_be_attached_what_is_removed_and_what_cannot_be(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = phone.client.application.jinja_env.globals["file_limits"]
    for name, value in (("files", 7), ("file_mib", 33)):
        monkeypatch.setitem(limits.__dict__, name, value)
    text = said(phone.get("/bantuan"))
    for expected in (
        "Paling banyak 7 berkas, masing-masing sampai 33 MB",
        "rekaman suara, video, PDF",
        "kami hapus sendiri",
    ):
        assert expected in text
    for expected in (
        "lokasi, jenis HP",
        "Wajah, suara, tulisan tangan",
        "di mana Anda berdiri",
        "“Simpan juga aslinya”",
    ):
        assert expected in text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_home_page_leads_to_what_is_said_of_evidence(phone: Phone, prefix: str) -> None:
    assert f'href="{prefix}/bantuan#bukti"' in phone.get(f"{prefix}/").text
    assert 'id="bukti"' in phone.get(f"{prefix}/bantuan").text


@pytest.mark.parametrize("path", [*GETS, "/en/bantuan"])
def test_every_page_with_all_that_it_loads_weighs_less_than_40_kb(phone: Phone, path: str) -> None:
    headers = {"Accept-Encoding": "gzip"}
    page = phone.client.get(path, headers=headers)
    loaded = set(re.findall(r'(?:href|src)="(/aset/[^"#]+)', gzip.decompress(page.data).decode()))
    weight = len(page.data) + sum(len(phone.client.get(address, headers=headers).data) for address in loaded)
    assert weight < LIMIT, weight
