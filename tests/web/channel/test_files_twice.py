"""The same file twice, or the same form: everything goes once."""

import re
from datetime import timedelta

from tests.clean.making import picture
from tests.web.channel.conftest import Fields, Phone, hidden, said, words_on
from tests.web.channel.files_of_forms import UNKNOWN, attached, carried, content, post
from whistle.web.channel import files


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


def test_the_same_file_chosen_twice_goes_once_and_is_said_to_be_there(phone: Phone, others: set[bytes]) -> None:
    # Given: the same photo twice, the second time under another name.
    draft, photo = phone.draft(), picture("JPEG")
    look = post(phone, "/lapor", draft, [(photo, "a.jpg"), (photo, "a (1).jpg"), (picture("PNG"), "b.png")])
    assert look.status_code == 200 and "“a (1).jpg” sudah ada di daftar" in said(look)
    assert len(carried(look)["berkas-ada"]) == 2 and len(set(phone.city.ctx.blobs.ids()) - others) == 4
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
