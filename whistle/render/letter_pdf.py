"""The monthly letter with its enclosure as PDF (PDF/UA-1, by typst): what the page and the workbook say, on paper.

The template (letter.typ) is handed data and no markup, so that no word of a table is ever taken for a command. The
fonts are those that come with typst; the same month, day and name give the same bytes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import typst
from markupsafe import Markup

from whistle.domain.figures import Figures
from whistle.domain.labels import Label
from whistle.domain.letter import Letterhead
from whistle.domain.money import format_rupiah
from whistle.render import letter_words, report_words
from whistle.render.charts import CHARTS
from whistle.render.tables import Cell, Kind, Table

TEMPLATE = Path(__file__).with_name("letter.typ")
NUMBER, NATURE = Label("Nomor", "Number"), Label("Sifat", "Nature")
ENCLOSURE, SUBJECT = Label("Lampiran", "Enclosure"), Label("Hal", "Subject")
TO, AT, COPIES = Label("Yth.", "To"), Label("di tempat", ""), Label("Tembusan:", "Copies:")
NIP = Label("NIP ........................................", "NIP ........................................")
TABLES, NOTHING = Label("Lampiran: angka bulan {month}", "Enclosure: figures of {month}"), Label("Tidak ada.", "None.")
_COLOUR, _FONT = "#1a1a1a", "Libertinus Serif"


@dataclass(frozen=True)
class Signer:
    """Who signs the letter on paper; ``prefix``: "Plt. " or "Plh. " for who acts as head."""

    name: str
    prefix: str = ""


def to_pdf(
    figures: Figures,
    tables: Sequence[Table],
    charts: Mapping[str, Markup],
    letter: Letterhead,
    signer: Signer,
    day: date,
    lang: str,
) -> bytes:
    """The letter's bytes. ``day``: the letter's own."""
    told = json.dumps(_data(figures, tables, charts, letter, signer, day, lang), ensure_ascii=False)
    made = typst.compile(
        TEMPLATE.read_bytes(),
        sys_inputs={"letter": told},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return bytes(made)


def _data(
    figures: Figures,
    tables: Sequence[Table],
    charts: Mapping[str, Markup],
    letter: Letterhead,
    signer: Signer,
    day: date,
    lang: str,
) -> dict[str, Any]:
    month = letter_words.month_name(figures, lang)
    places = {"month": f"{figures.month.month:02d}", "year": figures.month.year, "month_name": month}
    subject = letter.subject.text(lang).format(**places)
    running = [letter_words.RUNNING.text(lang).format(day=report_words.day(figures.until, lang))]
    fields = [(NUMBER, letter.number.format(**places)), (NATURE, letter.nature.text(lang))]
    fields += [(ENCLOSURE, letter.enclosure.text(lang)), (SUBJECT, subject)]
    return {
        "lang": lang,
        "title": subject,
        "author": letter.head[-1],
        "footer": subject,
        "head": letter.head,
        "address": letter.address,
        "fields": [[label.text(lang), value] for label, value in fields],
        "place_day": f"{letter.place}, {report_words.day(day, lang)}",
        "to_label": TO.text(lang),
        "to": letter.to.text(lang),
        "to_place": AT.text(lang),
        "opening": [
            letter_words.OPENING.text(lang).format(month=month),
            letter_words.BASIS.text(lang).format(basis=letter.basis.text(lang)),
            *([] if figures.over else running),
        ],
        "sentences": letter_words.sentences(figures, lang),
        "closing": [letter_words.CLOSING.text(lang)],
        "signer": f"{signer.prefix}{letter.signer.text(lang)}",
        "name": signer.name,
        "nip": NIP.text(lang),
        "copies_label": COPIES.text(lang),
        "copies": [letter.copies.text(lang)],
        "enclosure": TABLES.text(lang).format(month=month),
        "nothing": NOTHING.text(lang),
        "tables": [_table(table, charts.get(table.code), lang) for table in tables],
    }


def _table(table: Table, chart: Markup | None, lang: str) -> dict[str, Any]:
    kinds = [column.kind for column in table.columns]
    drawn = {"svg": _for_paper(chart), "alt": CHARTS[table.code].TITLE.text(lang)} if chart else None
    return {
        "title": table.title,
        "note": table.note,
        "columns": [column.title for column in table.columns],
        "rows": [_row(row, kinds) for row in table.rows],
        "total": _row(table.total, kinds) if table.total is not None else None,
        "chart": drawn,
    }


def _row(row: Sequence[Cell], kinds: Sequence[Kind]) -> list[str]:
    return [printed(cell, kind) for cell, kind in zip(row, kinds, strict=True)]


def printed(cell: Cell, kind: Kind) -> str:
    """A cell as it is read on the page and on paper: "1.250", "Rp1.250.000", "45%", "–" for nothing to say."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if kind == "percent":
        return f"{cell}%"
    rupiah = format_rupiah(cell)
    return rupiah if kind == "rupiah" else rupiah.removeprefix("Rp")


def _for_paper(chart: Markup) -> str:
    """The page's chart with what a page's stylesheet would say: colour and font."""
    root = f'<svg xmlns="http://www.w3.org/2000/svg" color="{_COLOUR}" fill="{_COLOUR}" font-family="{_FONT}" '
    return str(chart).replace("<svg ", root, 1)
