"""What people had in hand when a fault came: each is told that nothing was stored, keeps the text, and sends it again.

`begin` before the fault, `in_trouble` while it lasts (as often as one likes), `over` after the repair.
"""

from dataclasses import dataclass, field

from tests import officer, reporter
from tests.faults.city import STORY, City
from tests.nojs import Browser, Form, Page
from tests.officer import Desk
from whistle.crypto.receipt import Receipt
from whistle.services import casework, followup

SOON = "dua menit"  # when to try again, as the pages say it
RETRY_AFTER = "120"  # seconds, as the header says it
FULL: dict[str, str | list[str]] = {
    "who": "Petugas loket dua, kemeja putih", "in_kind": "satu bungkus rokok", "witnesses": "tiga orang di antrean",
    "amount": "50rb", "when": "hari_ini", "how": ["calo", "whatsapp"], "paid": "sebagian", "worried": "sangat",
    "relation": "pegawai", "accused": ["pimpinan_kantor"],
}  # fmt: skip
MESSAGE = "Tambahan: besoknya diminta lagi.\nTanpa kuitansi."
NOTE = "Ketikan penelaah yang panjang.\nBaris kedua."


@dataclass
class Errands:
    """A reporter before "kirim", a reporter with a message, a reporter with words, an officer with a note."""

    place: City
    stories: dict[str, Receipt] = field(default_factory=dict)
    same_hour: bool = True  # whether the server's key of the hour lives through the fault

    def begin(self) -> "Errands":
        """Everybody has come as far as one comes before anything is stored."""
        base = self.place.server.base
        self.browser = Browser(base, timeout=60)
        self.older = reporter.write(self.browser, "Laporan lama: petugas meminta uang.").send()
        self.stories["Laporan lama: petugas meminta uang."] = self.older
        self.look = reporter.write(self.browser, STORY, **FULL).page
        self.case_page = reporter.follow(self.browser, self.older)
        self.words_page = self.browser.get("/lacak")
        self.desk: Desk = self.place.sit("rahma")
        self.case = self.place.case_of(self.older)
        self.desk_page = self.desk.declare(self.case)
        self.on_hand = {"report": self.look, "message": self.case_page, "note": self.desk_page}
        return self

    def in_trouble(self) -> None:
        """Nothing can be stored or read now, and every page says so and keeps everything."""
        self.report_in_trouble()
        self.message_in_trouble()
        self.words_in_trouble()
        self.note_in_trouble()
        assert self.browser.get("/").status == 200, "pages that need no store are there"
        assert self.browser.get("/lapor").status == 200

    def report_in_trouble(self) -> None:
        """The report was not sent, and the page that says so holds every field."""
        before = self.on_hand["report"].form("story")
        page = self.browser.send(self.on_hand["report"], before, {}, "kirim")
        not_stored(page)
        assert "belum terkirim" in page.text
        assert typed(page.form("story")) == typed(before), "the page holds every field as it was"
        self.on_hand["report"] = page

    def message_in_trouble(self) -> None:
        """A message was not sent, and stands on the page."""
        page = self.on_hand["message"]
        form = next(form for form in page.forms if "teks" in form.names)
        answer = self.browser.send(page, form, {"teks": MESSAGE})
        not_stored(answer)
        assert ("teks", MESSAGE) in whole(answer.form("teks")) and "belum terkirim" in answer.text
        self.on_hand["message"] = answer

    def words_in_trouble(self) -> None:
        """The eight words need not be typed again."""
        words = " ".join(self.older.words)
        answer = self.browser.send(self.words_page, self.words_page.form("kata"), {"kata": words})
        not_stored(answer)
        assert ("kata", words) in answer.form("kata").values

    def note_in_trouble(self) -> None:
        """An officer's text stands on the page that says that it was not stored."""
        answer = self.desk.browser.send(self.on_hand["note"], note_form(self.on_hand["note"]), {"text": NOTE})
        not_stored(answer)
        assert ("text", NOTE) in whole(note_form(answer)) and "Belum tersimpan" in answer.text
        self.on_hand["note"] = answer

    def over(self) -> None:
        """Everything is sent once more, from the pages that came back and from the first ones; it is there once."""
        first = self.browser.send(self.on_hand["report"], self.on_hand["report"].form("story"), {}, "kirim")
        receipt = reporter.receipt_on(first)
        again = self.browser.send(self.look, self.look.form("story"), {}, "kirim")
        assert reporter.receipt_on(again) == receipt, "the same report under another receipt"
        self.stories[STORY] = receipt
        self._message_over()
        self._note_over()
        self.place.check(self.stories)

    def _message_over(self) -> None:
        words = {"kata": " ".join(self.older.words)}
        for page in (self.on_hand["message"], self.case_page):
            answer = self.browser.send(page, page.form("teks"), {"teks": MESSAGE})
            if any("kata" in form.names for form in answer.forms):  # the hour's key went with the server
                answer = self.browser.send(answer, answer.form("kata"), dict(words))
                box = next(form for form in answer.forms if ("teks", MESSAGE) in whole(form))
                answer = self.browser.send(answer, box, {})
            assert answer.status == 200 and "sudah kami terima" in answer.text, answer.text[:500]
            if not self.same_hour:
                break
        view = followup.open_with_root(self.place.ctx, self.place.keys(self.older).root)
        assert [item.text for item in view.thread].count(MESSAGE) == 1

    def _note_over(self) -> None:
        for page in (self.on_hand["note"], self.desk_page):
            answer = self.desk.browser.send(page, note_form(page), {"text": NOTE})
            assert answer.status == 200, answer.text[:300]
        view = casework.open_case(self.place.ctx, self.place.officer("rahma"), self.case)
        assert [item.text for item in view.file].count(NOTE) == 1


def not_stored(page: Page) -> None:
    """A page that says honestly that nothing was stored, and when to try again."""
    assert page.status == 503, (page.status, page.url, page.text[:500])
    assert page.headers["retry-after"] == RETRY_AFTER
    assert SOON in page.text, page.text[:800]


def note_form(page: Page) -> Form:
    return officer.form_to(page, "catat")


def typed(form: Form) -> list[tuple[str, str]]:
    """What a form would send, without the button."""
    return sorted(whole(form))


def whole(form: Form) -> list[tuple[str, str]]:
    """A form's values with one kind of line end."""
    return [(name, value.replace("\r\n", "\n")) for name, value in form.values]
