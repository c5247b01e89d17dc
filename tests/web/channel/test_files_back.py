"""Files on the way back: with words or without, in the box where they were chosen."""

import io
import re
from datetime import timedelta

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.clean.making import picture
from tests.web.channel.conftest import Fields, Phone, hidden, said, typed
from tests.web.channel.files_of_forms import UNKNOWN, attached, carried, post


def test_the_way_back_takes_files_with_or_without_words(phone: Phone) -> None:
    _, words = phone.send()
    for text, form, media in (("Ini buktinya.", "JPEG", "image/jpeg"), ("", "PNG", "image/png")):
        case = phone.post("/lacak", {"kata": words})
        fields: Fields = {name: hidden(case, name, "/lacak/pesan") for name in ("kunci", "nomor")}
        page = post(phone, "/lacak/pesan", {**fields, "teks": text}, [(picture(form), "bukti")])
        assert page.status_code == 200 and "sudah kami terima" in said(page) and "lokasi" in said(page)
        assert attached(phone, words)[-1].file.media == media
    assert len(attached(phone, words)) == 2


def test_the_way_back_asks_before_it_sends_what_cannot_be_cleaned(phone: Phone) -> None:
    _, words = phone.send()
    case = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(case, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    page = post(phone, "/lacak/pesan", {**fields, "teks": "Lihat ini."}, [(UNKNOWN, "data.bin")])
    assert page.status_code == 422 and typed(page, "teks") == ["Lihat ini."] and attached(phone, words) == []
    id_ = re.findall(r'name="apa-adanya" value="([0-9a-f]{32})"', page.text)[0]
    fields = {**fields, "nomor": hidden(page, "nomor", "/lacak/pesan")}
    page = phone.post("/lacak/pesan", {**fields, **carried(page), "teks": "Lihat ini.", "apa-adanya": id_})
    assert page.status_code == 200
    assert [one.state for one in attached(phone, words)] == ["as-sent"]


def test_files_outlive_the_hour_of_a_page(phone: Phone) -> None:
    _, words = phone.send()
    case = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(case, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    phone.city.clock.advance(timedelta(hours=2))
    late = post(phone, "/lacak/pesan", {**fields, "teks": "Bukti."}, [(picture("PNG"), "b.png")])
    assert "tidak perlu dipilih lagi" in said(late)
    again = phone.post("/lacak", {"kata": words, "teks": "Bukti.", **carried(late)})
    assert len(carried(again)["berkas-ada"]) == 1 and typed(again, "teks")[0] == "Bukti."


def test_nothing_to_send_is_said_in_words_that_fit(phone: Phone) -> None:
    _, words = phone.send()
    case = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(case, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    empty = post(phone, "/lacak/pesan", {**fields, "teks": ""}, [(b"", "kosong.jpg")])
    assert empty.status_code == 422 and "Ada berkas yang tidak ikut" in said(empty)
    asks = post(phone, "/lacak/pesan", {**fields, "teks": ""}, [(UNKNOWN, "data.bin")])
    assert asks.status_code == 422 and "perlu Anda putuskan" in said(asks)
    again = phone.post("/lacak/pesan", {**fields, **carried(asks), "teks": ""})
    assert again.status_code == 422 and "Centang berkas yang mau Anda kirim" in said(again)
    assert attached(phone, words) == []


def test_a_file_of_one_box_stays_there_when_the_other_is_sent(phone: Phone) -> None:
    # Given: a question's box with a file, beside a message. (The store does not mind that nobody asked it.)
    _, words = phone.send()
    case = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(case, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    chosen = [FileStorage(io.BytesIO(picture("PNG")), "jawaban.png")]
    given = {**fields, "teks": "Halo.", f"berkas-{'ab' * 16}": chosen, "berkas": []}
    boundary, body = encode_multipart(MultiDict(given))
    page = phone.client.post("/lacak/pesan", data=body, content_type=f"multipart/form-data; boundary={boundary}")
    # Then: the message went without it, and it is carried on.
    assert "sudah kami terima" in said(page) and "jawaban.png" in said(page) and attached(phone, words) == []
    (token,) = carried(page)["berkas-ada"]
    fields = {name: hidden(page, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    phone.post("/lacak/pesan", {**fields, "teks": "", "berkas-ada": [token]})
    assert [one.file.media for one in attached(phone, words)] == ["image/png"]
