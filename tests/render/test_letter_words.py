"""The letter's sentences say what the figures bear, and nothing else."""

from datetime import date

from hypothesis import given

from tests.domain.histories import case, many
from tests.domain.test_figures import MONTHS
from whistle.domain.calendar import CALENDAR
from whistle.domain.figures import Month, month_figures
from whistle.domain.summary import Summary
from whistle.render.letter_words import sentences

MARCH = Month(2026, 3)


def said(*summaries: Summary, lang: str = "id") -> str:
    return " ".join(sentences(month_figures(summaries, MARCH, CALENDAR), lang))


def test_more_fewer_and_as_many_are_told_apart() -> None:
    february, march = case(date(2026, 2, 3)), case(date(2026, 3, 3))
    assert "Masuk 2 laporan, 1 lebih banyak daripada bulan sebelumnya (1)." in said(february, march, march)
    assert "Masuk 1 laporan, 1 lebih sedikit daripada bulan sebelumnya (2)." in said(february, february, march)
    assert "1 reports came in, as many as in the month before (1)." in said(february, march, lang="en")


def test_an_office_is_named_from_five_reports_on_and_when_it_leads_alone() -> None:
    five, other = [case(date(2026, 3, 3), office="DISHUB")] * 5, [case(date(2026, 3, 3), office="DISDIK")] * 5
    assert "Dinas Perhubungan" in said(*five, *other[:4]) and "(5 dari 9)" in said(*five, *other[:4])
    for cases in (five[:4], [*five, *other]):
        assert "paling banyak dilaporkan" not in said(*cases)


def test_money_and_results_are_told_only_where_there_are_some() -> None:
    plain = said(case(date(2026, 3, 3), (1, "TELAAH")))
    assert "Rp" not in plain and "terbukti" not in plain
    rich = said(
        case(date(2026, 3, 3), (1, "SELESAI"), result="terbukti", amount_asked=75_000, amount_returned=50_000),
        case(date(2026, 3, 3), (1, "SELESAI"), result="tidak_terbukti"),
    )
    assert "1 laporan berakhir terbukti" in rich and "Rp75.000" in rich and "Rp50.000" in rich


def test_late_reports_are_counted_or_said_to_be_none() -> None:
    assert "Tidak ada laporan terbuka yang melewati tenggat." in said(case(date(2026, 3, 31)))
    assert "Dari yang masih terbuka, 1 melewati tenggat." in said(case(date(2026, 1, 5)))


@given(many(), MONTHS)
def test_every_number_of_the_rekap_is_the_tables(summaries: list[Summary], month: Month) -> None:
    figures = month_figures(summaries, month, CALENDAR)
    rekap = figures.now.rekap
    told = sentences(figures, "id")[1]
    assert told == (
        f"Saldo awal {rekap.opening}, masuk {rekap.received}, dibuka kembali {rekap.reopened}, "
        f"selesai {rekap.closed}, saldo akhir {rekap.closing}."
    )
    assert rekap.opening + rekap.received + rekap.reopened - rekap.closed == rekap.closing
