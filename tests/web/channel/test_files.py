"""Files on the form and on the way back: cleaned, carried until they are sent, and never a reason to lose a word."""

import io
import re
from collections.abc import Iterable
from datetime import timedelta
from html import unescape

import pytest
from flask import request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.clean.making import CANARY, document, picture, saved
from tests.web.channel.conftest import Fields, Phone, hidden, said, typed, words_on
from whistle.casefile.attachments import Attachment
from whistle.services import evidence, followup, housekeeping
from whistle.store.errors import StoreUnavailable
from whistle.web.channel import files

UNKNOWN = b"\x00\x01not a kind that anybody knows" * 20
Given = tuple[bytes, str]


def post(phone: Phone, path: str, fields: Fields, given: Iterable[Given] = ()) -> TestResponse:
    """A form with files, as a browser sends it."""
    chosen = [FileStorage(io.BytesIO(data), name, "berkas") for data, name in given]
    boundary, body = encode_multipart(MultiDict({**fields, "berkas": chosen}))
    return phone.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def carried(page: TestResponse) -> Fields:
    """What a page carries of files, for the next form."""
    return {"berkas-ada": [unescape(token) for token in re.findall(r'name="berkas-ada" value="([^"]+)"', page.text)]}


def attached(phone: Phone, words: str) -> list[Attachment]:
    """What the reporter's own words attach, in their order."""
    view = followup.open_with_words(phone.city.ctx, words)
    return [one for item in view.thread for one in item.files]


def content(phone: Phone, attachment: Attachment) -> bytes:
    """The bytes of what is shown of a file."""
    ctx = phone.city.ctx
    return evidence.Content(ctx, ctx.lately().installation, attachment.file).read(0, attachment.file.size)


@pytest.fixture
def before(phone: Phone) -> set[bytes]:
    """What other tests left in the store of files."""
    return set(phone.city.ctx.blobs.ids())


def stored(phone: Phone, before: set[bytes]) -> set[bytes]:
    return set(phone.city.ctx.blobs.ids()) - before


def test_a_photo_is_cleaned_shown_back_and_sent_with_the_report(phone: Phone, before: set[bytes]) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), f"{CANARY}.jpg")])
    assert look.status_code == 200
    assert "lokasi" in said(look) and "Sudah dibersihkan" in said(look)
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    (photo,) = attached(phone, words)
    assert (photo.state, photo.original, photo.name) == ("clean", None, "")
    assert CANARY.encode() not in content(phone, photo) and content(phone, photo)[:3] == b"\xff\xd8\xff"
    # The file as it was sent lies there under a key that nobody has any more, until the third night
    assert len(stored(phone, before)) == 2


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


def test_sending_twice_attaches_once(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg"), (picture("PNG"), "b.png")])
    words = {words_on(phone.post("/lapor/kirim", {**draft, **carried(look)})) for _ in range(2)}
    assert len(words) == 1 and len(attached(phone, words.pop())) == 2


def test_a_file_that_was_added_to_a_report_that_is_sent_already_is_added_to_it(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg")])
    words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    more = post(phone, "/lapor/kirim", {**draft, **carried(look)}, [(picture("PNG"), "b.png")])
    assert [one.file.media for one in attached(phone, words_on(more))] == ["image/jpeg", "image/png"]


def test_what_is_not_wanted_any_more_is_neither_sent_nor_kept(phone: Phone, before: set[bytes]) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg"), (picture("PNG"), "b.png")])
    first = re.findall(r'name="buang" value="([0-9a-f]{32})"', look.text)[0]
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look), "buang": first}))
    (kept,) = attached(phone, words)
    assert kept.file.media == "image/png"


def test_the_same_file_chosen_twice_goes_once_and_is_said_to_be_there(phone: Phone, before: set[bytes]) -> None:
    # Given: the same photo twice, the second time under another name.
    draft, photo = phone.draft(), picture("JPEG")
    look = post(phone, "/lapor", draft, [(photo, "a.jpg"), (photo, "a (1).jpg"), (picture("PNG"), "b.png")])
    assert look.status_code == 200 and "“a (1).jpg” sudah ada di daftar" in said(look)
    assert len(carried(look)["berkas-ada"]) == 2 and len(stored(phone, before)) == 4
    # When: it is chosen once more with the form that has it.
    form = post(phone, "/lapor", {**draft, **carried(look), "story": ""}, [(photo, "lagi.jpg")])
    assert "“lagi.jpg” sudah ada" in said(form) and "“a (1).jpg”" not in said(form)
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(form)}))
    assert [one.file.media for one in attached(phone, words)] == ["image/jpeg", "image/png"]


def test_what_came_twice_in_parts_goes_once_and_as_its_sender_decided(phone: Phone) -> None:
    # Given: two tokens of the same bytes, as a script carries them that uploaded each by itself.
    draft = phone.draft()
    one, two = (carried(post(phone, "/lapor", draft, [(UNKNOWN, f"{n}.bin")]))["berkas-ada"][0] for n in (1, 2))
    second = files.open_(phone.city.ctx, two)
    assert second
    # When: its sender insists on the second.
    both: Fields = {**draft, "berkas-ada": [one, two], "apa-adanya": second.sent.id.hex()}
    look = phone.post("/lapor", both)
    assert "“2.bin” sudah ada di daftar" in said(look) and carried(look)["berkas-ada"] == [one]
    words = words_on(phone.post("/lapor/kirim", both))
    (kept,) = attached(phone, words)
    assert content(phone, kept) == UNKNOWN
    # Then: sent again days later, neither is missed.
    phone.city.clock.advance(timedelta(days=2))
    assert words_on(phone.post("/lapor/kirim", both)) == words


def test_one_that_was_taken_out_does_not_stand_in_the_way_of_the_same_chosen_anew(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg")])
    id_ = re.findall(r'name="buang" value="([0-9a-f]{32})"', look.text)[0]
    again = post(phone, "/lapor", {**draft, **carried(look), "buang": id_}, [(picture("JPEG"), "b.jpg")])
    assert "sudah ada di daftar" not in said(again) and "b.jpg" in said(again)
    assert len(carried(again)["berkas-ada"]) == 1


def test_the_same_file_twice_with_a_message_goes_once(phone: Phone) -> None:
    _, words = phone.send()
    case = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(case, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    page = post(phone, "/lacak/pesan", {**fields, "teks": ""}, [(picture("PNG"), "b.png"), (picture("PNG"), "c.png")])
    assert "“c.png” sudah ada di daftar" in said(page) and len(attached(phone, words)) == 1


def test_a_kind_that_nobody_knows_goes_only_if_the_reporter_insists(phone: Phone, before: set[bytes]) -> None:
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


def test_a_form_that_lay_open_for_too_long_says_that_the_file_must_be_chosen_again(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("PNG"), "layar.png")])
    phone.city.clock.advance(timedelta(days=2))
    form = phone.post("/lapor/kirim", {**draft, **carried(look)})
    assert form.status_code == 422 and "Pilih sekali lagi" in said(form)
    assert typed(form, "story") == [str(draft["story"])]


@pytest.mark.parametrize("days", [2, 4, 9], ids=["tokens over", "settled", "receipt over"])
@pytest.mark.parametrize("path", ["/lapor", "/lapor/kirim"])
def test_a_form_that_was_sent_days_ago_is_the_same_report_with_the_same_files(
    phone: Phone, path: str, days: int
) -> None:
    # Given: a report that was sent with a clean file and with one that nobody could clean.
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg"), (UNKNOWN, "data.bin")])
    id_ = re.findall(r'name="apa-adanya" value="([0-9a-f]{32})"', look.text)[0]
    sent: Fields = {**draft, **carried(look), "apa-adanya": id_}
    words, reports = words_on(phone.post("/lapor/kirim", sent)), phone.reports()
    before = attached(phone, words)
    # When: the page is sent again, days later.
    phone.city.clock.advance(timedelta(days=days))
    housekeeping.tick(phone.city.ctx)
    page = phone.post(path, {**sent, "asli": "y"})
    # Then: nothing is said to be gone, and nothing is stored anew, not even originals that are there no more.
    assert page.status_code == 200 and "terlalu lama menunggu" not in said(page)
    if path == "/lapor/kirim":
        assert words_on(page) == words and "sudah pernah terkirim" in said(page)
        assert "tidak bisa ditarik" not in said(page)
        assert "a.jpg : tersimpan bersama laporan" in said(page) and "data.bin : tersimpan" in said(page)
    else:
        assert "a.jpg" in said(page) and len(carried(page)["berkas-ada"]) == 2
    assert attached(phone, words) == before and phone.reports() == reports


def test_a_file_that_was_not_sent_in_time_is_said_to_be_gone_beside_one_that_was(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg")])
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    more = post(phone, "/lapor", {**draft, **carried(look)}, [(picture("PNG"), "b.png")])
    phone.city.clock.advance(timedelta(days=2))
    form = phone.post("/lapor/kirim", {**draft, **carried(more)})
    assert form.status_code == 422 and "“b.png” terlalu lama menunggu" in said(form)
    assert "“a.jpg”" not in said(form) and len(attached(phone, words)) == 1


def test_what_was_taken_out_of_a_form_is_not_missed_when_it_waited_too_long(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg")])
    id_ = re.findall(r'name="buang" value="([0-9a-f]{32})"', look.text)[0]
    phone.city.clock.advance(timedelta(days=2))
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look), "buang": id_}))
    assert attached(phone, words) == []


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


def test_at_night_what_was_sent_stays_and_what_was_not_goes(phone: Phone, before: set[bytes]) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(saved(document()), "surat.pdf")])
    words = words_on(phone.post("/lapor/kirim", {**draft, **carried(look)}))
    post(phone, "/lapor", phone.draft(), [(picture("JPEG"), "lupa.jpg")])
    assert len(stored(phone, before)) == 4
    phone.city.clock.advance(timedelta(days=1))
    housekeeping.tick(phone.city.ctx)
    assert len(stored(phone, before)) == 4  # the form may still be sent
    phone.city.clock.advance(timedelta(days=2))
    housekeeping.tick(phone.city.ctx)
    (paper,) = attached(phone, words)
    assert stored(phone, before) == {paper.file.id} and b"%PDF" in content(phone, paper)


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


def lost_answer_of(phone: Phone, fields: Fields) -> Fields:
    """What a reporter sends whose answer never comes: the page of before stays, and is sent again."""
    words_on(phone.post("/lapor/kirim", fields))
    return fields


def test_after_a_lost_answer_what_was_taken_out_stays_and_is_said_to(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(picture("JPEG"), "a.jpg"), (picture("PNG"), "b.png")])
    sent = lost_answer_of(phone, {**draft, **carried(look)})
    first = re.findall(r'name="buang" value="([0-9a-f]{32})"', look.text)[0]
    again = phone.post("/lapor/kirim", {**sent, "buang": first})
    assert "tidak bisa ditarik" in said(again)
    files_ = attached(phone, words_on(again))
    assert [content(phone, one)[:3] for one in files_] == [b"\xff\xd8\xff", b"\x89PN"]


def test_after_a_lost_answer_a_file_that_was_ticked_since_is_added_and_opens(phone: Phone) -> None:
    draft = phone.draft()
    look = post(phone, "/lapor", draft, [(UNKNOWN, "data.bin")])
    sent = lost_answer_of(phone, {**draft, **carried(look)})
    id_ = re.findall(r'name="apa-adanya" value="([0-9a-f]{32})"', look.text)[0]
    (kept,) = attached(phone, words_on(phone.post("/lapor/kirim", {**sent, "apa-adanya": id_})))
    assert content(phone, kept) == UNKNOWN


@pytest.mark.parametrize("first", [{}, {"asli": "y"}], ids=["wanted later", "no more wanted"])
def test_after_a_lost_answer_an_original_is_there_if_it_was_ever_wanted(phone: Phone, first: Fields) -> None:
    sent_file, draft = picture("JPEG"), phone.draft()
    look = post(phone, "/lapor", draft, [(sent_file, "kwitansi.jpg")])
    sent = lost_answer_of(phone, {**draft, **carried(look), **first})
    sent.pop("asli", None)
    words = words_on(phone.post("/lapor/kirim", {**sent, **({} if first else {"asli": "y"})}))
    stored_ = [one for file in attached(phone, words) for one in file.stored]
    assert sent_file in [content(phone, Attachment(one, "as-sent")) for one in stored_]


def test_after_a_lost_answer_another_file_with_the_same_words_is_added_once(phone: Phone) -> None:
    _, words = phone.send()
    case = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(case, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    post(phone, "/lacak/pesan", {**fields, "teks": ""}, [(picture("JPEG"), "satu.jpg")])
    for _ in range(2):
        page = post(phone, "/lacak/pesan", {**fields, "teks": ""}, [(saved(document()), "dua.pdf")])
        assert "dua.pdf" in said(page)
    media = [one.file.media for one in attached(phone, words)]
    assert media[:2] == ["image/jpeg", "application/pdf"]


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
