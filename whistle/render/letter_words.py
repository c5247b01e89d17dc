"""The letter's sentences, made from the figures by rules: none says what the figures do not bear.

A comparison is with the month before, in whole numbers. Nothing is called a trend here, and no office is named for a
handful of reports.
"""

from collections.abc import Iterator

from whistle.domain.figures import Figures
from whistle.domain.labels import Label
from whistle.domain.money import format_rupiah
from whistle.domain.offices import OFFICES
from whistle.render import report_words

NAMED_FROM = 5  # reports about one office in the month, from which on the letter names it
PROVEN = ("terbukti", "terbukti_sebagian")

OPENING = Label(
    "Bersama ini kami sampaikan laporan integritas bulan {month}, yang dihitung dari laporan masyarakat melalui "
    "Peluit. Angka lengkapnya ada pada lampiran.",
    "We herewith submit the integrity report for {month}, counted from the public's reports through Peluit. All "
    "figures are in the enclosure.",
)
BASIS = Label("Dasar: {basis}.", "Basis: {basis}.")
CLOSING = Label(
    "Demikian laporan ini kami sampaikan sebagai bahan pengambilan keputusan.",
    "We submit this report as a basis for decisions.",
)
RUNNING = Label(
    "Bulan ini belum selesai: angka dihitung sampai {day}.", "This month is not over: figures are up to {day}."
)
RECEIVED = Label(
    "Masuk {n} laporan, {change} ({before}).", "{n} reports came in, {change} ({before})."
)
MORE = Label("{n} lebih banyak daripada bulan sebelumnya", "{n} more than in the month before")
FEWER = Label("{n} lebih sedikit daripada bulan sebelumnya", "{n} fewer than in the month before")
SAME = Label("sama dengan bulan sebelumnya", "as many as in the month before")
REKAP = Label(
    "Saldo awal {opening}, masuk {received}, dibuka kembali {reopened}, selesai {closed}, saldo akhir {closing}.",
    "Open at the start {opening}, received {received}, opened again {reopened}, closed {closed}, open at the end "
    "{closing}.",
)
OVERDUE = Label("Dari yang masih terbuka, {n} melewati tenggat.", "Of those still open, {n} are past a deadline.")
IN_TIME = Label("Tidak ada laporan terbuka yang melewati tenggat.", "No open report is past a deadline.")
ANSWERED = Label(
    "Jawaban pertama diberikan tepat waktu pada {percent} % laporan yang tenggatnya jatuh pada bulan ini.",
    "The first answer came in time in {percent} % of the reports whose deadline fell in this month.",
)
ENDED = Label("{n} laporan berakhir terbukti atau terbukti sebagian.", "{n} reports ended as proven or partly proven.")
OFFICE = Label(
    "Kantor yang paling banyak dilaporkan bulan ini: {office} ({n} dari {all}).",
    "The office with the most reports this month: {office} ({n} of {all}).",
)
ASKED = Label(
    "Menurut laporan yang masuk, uang yang diminta seluruhnya {sum}.",
    "According to the reports that came in, {sum} was asked for in all.",
)
RETURNED = Label(
    "Uang yang dikembalikan menurut laporan yang selesai: {sum}.", "Money returned according to closed reports: {sum}."
)


def sentences(figures: Figures, lang: str) -> list[str]:
    """What matters of the month, a sentence each."""
    return [label.text(lang).format(**values) for label, values in _said(figures, lang)]


def _said(figures: Figures, lang: str) -> Iterator[tuple[Label, dict[str, object]]]:
    now, before = figures.now.rekap, figures.before.rekap
    change = now.received - before.received
    how = (MORE if change > 0 else FEWER if change < 0 else SAME).text(lang).format(n=abs(change))
    yield RECEIVED, {"n": now.received, "change": how, "before": before.received}
    yield REKAP, {name: getattr(now, name) for name in ("opening", "received", "reopened", "closed", "closing")}
    if now.closing:
        yield (OVERDUE, {"n": now.overdue}) if now.overdue else (IN_TIME, {})
    percent = figures.now.deadlines["first_answer"].percent
    if percent is not None:
        yield ANSWERED, {"percent": percent}
    proven = sum(figures.now.results.get(result, 0) for result in PROVEN)
    if proven:
        yield ENDED, {"n": proven}
    yield from _office(figures, lang)
    for label, name in ((ASKED, "asked"), (RETURNED, "returned")):
        total = figures.now.sums[name]
        if total.cases:
            yield label, {"sum": format_rupiah(total.rupiah)}


def _office(figures: Figures, lang: str) -> Iterator[tuple[Label, dict[str, object]]]:
    """The office with the most reports, where it is one alone and of more than a handful."""
    received = {code: flow.received for code, flow in figures.now.flows["office"].items() if code in OFFICES}
    most = max(received.values(), default=0)
    named = [code for code, number in received.items() if number == most]
    if most >= NAMED_FROM and len(named) == 1:
        yield OFFICE, {"office": OFFICES[named[0]].name, "n": most, "all": figures.now.rekap.received}


def month_name(figures: Figures, lang: str) -> str:
    """ "Oktober 2026"."""
    return report_words.month(figures.month, lang)
