"""Files on the form: cleaned, carried until they are sent, and never a reason to lose a word."""

import io
import re

import pytest
from flask import request

from tests.clean.making import CANARY, picture
from tests.web.channel.conftest import Fields, Phone, said, typed, words_on
from tests.web.channel.files_of_forms import UNKNOWN, Given, attached, carried, content, post
from whistle.casefile.attachments import Attachment
from whistle.store.errors import StoreUnavailable
from whistle.web.channel import files


def test_a_photo_is_cleaned_shown_back_and_sent_with_the_report(phone: Phone, others: set[bytes]) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), f"{CANARY}.jpg")])
    assert look.status_code == 200
    assert "lokasi" in said(look) and "Sudah dibersihkan" in said(look)
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    (photo,) = attached(phone, words)
    assert (photo.state, photo.original, photo.name) == ("clean", None, "")
    assert CANARY.encode() not in content(phone, photo) and content(phone, photo)[:3] == b"\xff\xd8\xff"
    # The file as it was sent lies there under a key that nobody has any more, until the third night
    assert len(set(phone.city.ctx.blobs.ids()) - others) == 2


def test_the_original_and_its_name_are_kept_only_if_the_reporter_says_so(phone: Phone) -> None:
    draft, sent = phone.draft(asli="y"), picture("JPEG")
    look = post(phone, "/lapor", draft, [(sent, "kwitansi.jpg")])
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    (photo,) = attached(phone, words)
    assert photo.original and photo.name == "kwitansi.jpg"
    assert content(phone, Attachment(photo.original, "as-sent")) == sent
    assert CANARY.encode() not in content(phone, photo)


def test_an_answer_that_is_missing_costs_no_file(phone: Phone) -> None:
    draft = phone.draft(story="")
    form = post(phone, "/lapor", draft, [(picture("PNG"), "layar.png")])
    assert form.status_code == 422 and "layar.png" in said(form)
    look = phone.post("/lapor", {**draft, "story": "Diminta lima puluh ribu.", **carried(form)})
    words = words_on(phone.post("/lapor/kirim", {**draft, "story": "Diminta lima puluh ribu.", **carried(look)}))
    assert [one.file.media for one in attached(phone, words)] == ["image/png"]


def test_the_other_language_costs_no_file(phone: Phone) -> None:
    begun: Fields = {**phone.draft(story=""), "langkah": "bahasa"}
    english = post(phone, "/en/lapor", begun, [(picture("PNG"), "layar.png")])
    assert english.status_code == 200 and "layar.png" in said(english) and "Cleaned" in said(english)
    draft = phone.draft()
    look = phone.post("/en/lapor", {**draft, **carried(english)})
    words = words_on(phone.post("/en/lapor/kirim", {**draft, **carried(look)}))
    assert [one.file.media for one in attached(phone, words)] == ["image/png"]


def test_what_is_not_wanted_any_more_is_neither_sent_nor_kept(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg"), (picture("PNG"), "b.png")])
    first = re.findall(r'name="buang" value="([0-9a-f]{32})"', look.text)[0]
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look), "buang": first}))
    (kept,) = attached(phone, words)
    assert kept.file.media == "image/png"


def test_a_file_of_an_unknown_kind_can_be_taken_out_and_leaves_its_place(phone: Phone) -> None:
    draft = phone.draft()
    form = post(phone, "/lapor", draft, [(UNKNOWN, "data.bin")])
    (id_,) = re.findall(r'name="buang" value="([0-9a-f]{32})"', form.text)
    look = phone.post("/lapor", {**draft, **carried(form), "buang": id_})
    assert look.status_code == 200 and "data.bin" not in said(look) and carried(look) == {"berkas-ada": []}


def test_a_kind_that_nobody_knows_goes_only_if_the_reporter_insists(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(UNKNOWN, "data.bin")])
    assert "tidak kami kenal" in said(look) and "JPG, PNG" in said(look)
    id_ = re.findall(r'name="apa-adanya" value="([0-9a-f]{32})"', look.text)[0]
    without = words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    assert attached(phone, without) == []
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(UNKNOWN, "data.bin")])
    id_ = re.findall(r'name="apa-adanya" value="([0-9a-f]{32})"', look.text)[0]
    insisting = words_on(phone.post("/lapor/kirim", {**draft, **carried(look), "apa-adanya": id_}))
    (kept,) = attached(phone, insisting)
    assert (kept.state, kept.why) == ("as-sent", "kind") and content(phone, kept) == UNKNOWN


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([(b"", "kosong.jpg")], "berkasnya kosong"),
        ([(b"\xff\xd8\xff" + b"x" * (1 << 20), "besar.jpg")], "lebih besar dari 1 MB"),
        ([(picture("PNG") + bytes(n), f"{n}.png") for n in range(4)], "paling banyak 3 berkas"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_form_is_kept(
    phone: Phone, given: list[Given], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = phone.client.application.extensions["peluit"].settings
    for name, value in (("files", 3), ("file_mib", 1)):
        monkeypatch.setitem(settings.__dict__, name, value)
    draft = phone.draft()
    form = post(phone, "/lapor", draft, given)
    assert form.status_code == 422
    assert says in said(form) and given[-1][1] in said(form)
    assert typed(form, "story") == [str(draft["story"])]
    look = phone.post("/lapor", {**draft, **carried(form)})
    assert look.status_code == 200 and len(carried(look)["berkas-ada"]) == len(given) - 1


def test_when_files_cannot_be_stored_the_report_can_still_be_sent(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object) -> None:
        raise StoreUnavailable("full")

    monkeypatch.setattr(phone.client.application.extensions["peluit"].blobs, "create", full)
    draft = phone.draft()
    form = post(phone, "/lapor", draft, [(picture("PNG"), "layar.png")])
    assert form.status_code == 422 and "tidak bisa menyimpan berkas" in said(form)
    assert attached(phone, words_on(phone.post("/lapor/kirim", draft))) == []


def test_nobody_makes_up_a_file(phone: Phone) -> None:
    draft, reports = phone.draft(), phone.reports()
    token = carried(post(phone, "/lapor", draft, [(picture("PNG"), "layar.png")]))["berkas-ada"][0]
    for forged in (token[:-2] + "AA", "x", ""):
        form = phone.post("/lapor/kirim", {**draft, "berkas-ada": [forged]})
        assert form.status_code == 422 and "terlalu lama menunggu" in said(form)
    assert phone.reports() == reports


@pytest.mark.parametrize("name", ["../../x", "صورة.jpg", "foto 📷.jpg", "a" * 500 + ".jpg", "<b>tebal</b>.jpg"])
def test_any_name_is_shown_to_its_sender_and_goes_no_further(phone: Phone, name: str) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), name)])
    assert look.status_code == 200 and "<b>tebal" not in look.text
    (photo,) = attached(phone, words_on(phone.post("/lapor/kirim", {**draft, **carried(look)})))
    assert photo.name == ""


def test_pages_that_take_no_files_drop_them(phone: Phone) -> None:
    _, words = phone.send()
    post(phone, "/lacak", {"kata": words}, [(picture("JPEG"), "a.jpg")])
    assert "bukti" not in request_files(phone)


def request_files(phone: Phone) -> set[str]:
    """Which fields of files a page that takes none hands to its view."""
    with phone.client.application.test_request_context(
        "/", method="POST", data={"x": (io.BytesIO(b"data"), "x")}, content_type="multipart/form-data"
    ):
        return {name for name, file in request.files.items() if file.read()}


def test_a_token_holds_what_was_sealed_into_it(phone: Phone) -> None:
    draft = phone.draft()
    token = carried(post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg")]))["berkas-ada"][0]
    upload = files.open_(phone.city.ctx, token)
    assert upload and upload.cleaned and upload.name == "a.jpg" and "place" in upload.removed
    assert files.open_(phone.city.ctx, files.seal(phone.city.ctx, upload)) == upload


def test_a_file_that_is_gone_from_the_store_is_never_acknowledged(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg")])
    for id_ in set(phone.city.ctx.blobs.ids()):
        phone.city.ctx.blobs.remove(id_)
    form = phone.post("/lapor/kirim", {**draft, **carried(look)})
    assert form.status_code == 422 and "a.jpg" in said(form) and "Pilih sekali lagi" in said(form)


def test_the_receipt_says_which_files_went(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg"), (UNKNOWN, "data.bin")])
    assert "Belum ikut: putuskan dulu" in said(look)
    text = said(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    assert "a.jpg : tersimpan bersama laporan" in text and "data.bin : tidak ikut terkirim" in text
