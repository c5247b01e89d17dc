"""The form, the look before sending, and the receipt."""

import pytest

from tests.inspectorate import STORY
from tests.web.channel.conftest import Phone, hidden, said, typed, words_on
from whistle.domain.deadlines import promises
from whistle.domain.questions import QUESTIONS
from whistle.domain.tracks import TRACKS
from whistle.services import followup, intake
from whistle.store.errors import StoreUnavailable


def test_the_form_asks_every_question_and_requires_four(phone: Phone) -> None:
    page = phone.get("/lapor")
    for code in QUESTIONS:
        assert f'name="{code}"' in page.text, code
    missing = phone.post("/lapor", {})
    assert missing.status_code == 422
    assert missing.text.count('<p class="error"') == 4


@pytest.mark.parametrize(
    ("accused", "offered"), [("inspektorat", True), ("inspektur", True), ("sekda", False), ("walikota", False)]
)
def test_other_readers_are_offered_only_while_there_are_stricter_ones(
    phone: Phone, accused: str, offered: bool
) -> None:
    text = said(phone.post("/lapor", phone.draft(accused=[accused])))
    assert ("beri centang yang cocok" in text) is offered


def test_the_look_says_which_button_keeps_what_was_typed(phone: Phone) -> None:
    assert "Tombol kembali di HP bisa mengosongkan formulir" in said(phone.post("/lapor", phone.draft()))


def test_an_error_is_said_on_top_with_a_link_to_the_place_and_beside_it(phone: Phone) -> None:
    page = phone.post("/lapor", phone.draft(happened="", office=""))
    for anchor in ("happened-0", "office"):
        assert f'<a href="#{anchor}">' in page.text
        assert f'id="{anchor}"' in page.text
    assert 'aria-describedby="office-hint office-error" aria-invalid="true"' in page.text
    assert typed(page, "story") == [STORY]


def test_everything_is_shown_back_before_it_is_sent(phone: Phone) -> None:
    before = phone.reports()
    answers = {
        "amount": "1,5 juta",
        "how": ["calo", "map"],
        "paid": "sebagian",
        "worried": "sangat",
        "when": "hari_ini",
    }
    page = phone.post("/lapor", phone.draft(**answers))
    assert page.status_code == 200
    text = said(page)
    for expected in (STORY, "Rp1.500.000", "Lewat calo", "Titip di map", "Sudah sebagian", "Sangat", "Hari ini"):
        assert expected in text
    assert "sebelum disimpan" in text  # what the server sees without JavaScript
    assert phone.reports() == before


def test_what_may_show_who_the_reporter_is_is_marked_in_its_field(phone: Phone) -> None:
    story = "Antrean saya A-045, NIK 6371012345678901, HP saya 0812-3456-7890, kata petugas."
    page = phone.post("/lapor", phone.draft(story=story))
    assert page.text.count("<mark>") >= 3
    assert "0812-3456-7890</mark>" in page.text
    assert "nomor telepon" in said(page)
    assert typed(page, "story") == [story]  # a question, never a change


@pytest.mark.parametrize(
    ("answers", "track"),
    [
        ({}, "biasa"),
        ({"office": "INSP"}, "inspektorat"),
        ({"accused": ["inspektur"]}, "inspektur"),
        ({"office": "SETDA", "accused": ["pimpinan_kantor"]}, "kepala-daerah"),
    ],
)
def test_who_will_be_able_to_read_is_said_before_sending(
    phone: Phone, answers: dict[str, str | list[str]], track: str
) -> None:
    assert TRACKS[track].readers.id in said(phone.post("/lapor", phone.draft(**answers)))


def test_change_leads_back_to_the_form_with_everything_kept(phone: Phone) -> None:
    draft = phone.draft(who="Petugas loket 2", amount="50rb", how=["calo"], worried="sangat")
    page = phone.post("/lapor/kirim", {**draft, "langkah": "ubah"})
    assert page.status_code == 200
    assert typed(page, "who") == ["Petugas loket 2"]
    assert typed(page, "amount") == ["50rb"]
    assert 'value="calo" checked' in page.text
    assert 'value="DISDUKCAPIL" selected' in page.text
    assert page.text.count("<details open>") == 3  # what holds an answer is not folded away
    assert typed(page, "kunci") == [draft["kunci"]]


@pytest.mark.parametrize("story", ["", "Diminta lima puluh ribu."])
def test_a_half_filled_form_goes_on_in_english_with_everything_and_without_a_complaint(
    phone: Phone, story: str
) -> None:
    # Given: a form that somebody began to fill in.
    begun = {**phone.draft(story=story), "office": "", "who": "Petugas loket 2", "amount": "lima puluh rebu"}
    # When: it is sent by the button for the other language.
    english = phone.post("/en/lapor", {**begun, "langkah": "bahasa"})
    # Then: it is the same form, in English; nothing is lost and nothing is complained about yet.
    assert english.status_code == 200 and 'lang="en"' in english.text and 'class="summary"' not in english.text
    assert [typed(english, name)[0] for name in ("story", "who", "amount")] == [story, begun["who"], begun["amount"]]
    assert 'value="uang" checked' in english.text and 'value="kependudukan" selected' in english.text
    assert hidden(english, "kunci") == begun["kunci"]
    # And it leads back in the same way.
    assert 'formaction="/lapor" name="langkah" value="bahasa"' in english.text
    assert typed(phone.post("/lapor", {**begun, "langkah": "bahasa"}), "who") == [begun["who"]]


def test_the_look_before_sending_can_be_had_in_the_other_language(phone: Phone) -> None:
    page = phone.post("/lapor", phone.draft())
    assert page.text.index("langkah") < page.text.index('formaction="/en/lapor"')  # Enter presses the first button
    english = phone.post("/en/lapor", {**phone.draft(), "kunci": hidden(page, "kunci")})
    assert english.status_code == 200 and "Check before you send" in english.text
    assert hidden(english, "kunci") == hidden(page, "kunci")  # still the same receipt


def test_the_receipt_page_says_what_happens_by_when_in_real_dates(phone: Phone) -> None:
    page = phone.post("/lapor/kirim", phone.draft())
    days = dict(promises(phone.city.clock.today()))
    assert days["verify"].isoformat() == "2026-11-05"
    for expected in ("Kamis, 5 November 2026", "Senin, 16 November 2026"):
        assert expected in said(page)


def test_the_only_way_on_from_the_receipt_is_to_have_written_it_down(phone: Phone) -> None:
    page = phone.post("/lapor/kirim", phone.draft())
    main = page.text[page.text.index("<main") :]
    assert main.count("<a ") == 2 and 'href="/lapor/selesai"' in main and 'href="tel:110"' in main
    assert 'class="lang"' not in page.text  # the other language would be a page without the code
    assert phone.get("/lapor/selesai").status_code == 200


def test_the_stored_report_holds_every_answer(phone: Phone) -> None:
    sent = {
        "when": "bulan_ini", "who": "Petugas loket 2", "accused": ["pimpinan_kantor"], "amount": "Rp 50.000,-",
        "in_kind": "rokok", "how": ["langsung", "calo"], "paid": "belum", "proof_of_payment": "tidak_ada",
        "witnesses": "dua orang di antrean", "reported_to": ["atasan"], "worried": "sedikit", "relation": "warga",
    }  # fmt: skip
    _, words = phone.send(**sent)  # type: ignore[arg-type]
    view = followup.open_with_words(phone.city.ctx, words)
    stored = view.thread[0].data["complaint"]
    assert stored == {**sent, "amount": 50_000, "amount_unknown": False, "language": "id", **{
        "happened": "uang", "service": "kependudukan", "office": "DISDUKCAPIL", "story": STORY}}  # fmt: skip


def test_a_report_in_english_says_so(phone: Phone) -> None:
    page = phone.post("/en/lapor/kirim", phone.draft())
    assert 'lang="en"' in page.text
    view = followup.open_with_words(phone.city.ctx, words_on(page))
    assert view.thread[0].data["complaint"]["language"] == "en"


def test_when_nothing_could_be_stored_the_page_says_so_and_keeps_the_text(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = phone.draft(who="Petugas loket 2")

    def full(*_: object) -> None:
        raise StoreUnavailable("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(intake, "submit", full)
        page = phone.post("/lapor/kirim", draft)
    assert page.status_code == 503
    assert int(page.headers["Retry-After"]) > 0
    assert "belum terkirim" in said(page) and "disk full" not in page.text
    assert STORY in typed(page, "story") and "Petugas loket 2" in typed(page, "who")
    again = {name: typed(page, name)[0] for name in ("kunci", "story", "who", "happened", "service", "office")}
    words_on(phone.post("/lapor/kirim", again))  # the page itself can send once more
