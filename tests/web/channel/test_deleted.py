"""The reporter comes back after the contents were deleted."""

from tests.inspectorate import act
from tests.retiring import TWO_YEARS, end, past_the_wait, signed
from tests.web.channel.conftest import Phone, hidden, said
from whistle.crypto.receipt import parse
from whistle.services import casework, purging
from whistle.store import cases


def test_the_words_open_a_page_that_says_what_was_deleted_and_keeps_what_was_typed(phone: Phone) -> None:
    # Given a reporter whose page is open when the report is deleted
    _, words = phone.send()
    office = phone.city
    with office.ctx.store.read() as tx:
        row = cases.case_by_lookup(tx, office.keys(parse(words)).lookup_hash)
    assert row is not None
    rahma = office.officer("rahma")
    casework.declare(office.ctx, rahma, row.id)
    triage = casework.Triage("Uang untuk KTP", "pungli", "DISDUKCAPIL", "kependudukan")
    casework.triage(office.ctx, rahma, row.id, act(), triage)
    end(office, row.id)
    office.clock.advance(TWO_YEARS)
    signed(office, [row.id])
    past_the_wait(office)
    page = phone.post("/lacak", {"kata": words})
    key, number = hidden(page, "kunci"), hidden(page, "nomor")
    assert purging.purge(office.ctx) == purging.Purged(1, 0)
    # When they send what they wrote
    page = phone.post("/lacak/pesan", {"kunci": key, "nomor": number, "teks": "Terjadi lagi\nkemarin."})
    # Then the page says that nothing is there any more, and the text can be copied
    assert page.status_code == 200 and "Terjadi lagi\nkemarin." in page.text
    assert "Tulisan Anda belum terkirim" in said(page)
    # And with the words it says so too, with both days, in both languages, and offers a new report
    page = phone.post("/lacak", {"kata": words})
    assert "Isi laporan ini sudah dihapus" in said(page) and "belum terkirim" not in said(page)
    assert "2 November 2026" in said(page) and "/lapor" in page.text
    english = said(phone.post("/en/lacak", {"kata": words}))
    assert "The contents of this report were deleted" in english and "2 November 2026" in english
