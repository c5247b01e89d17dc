"""The monthly report as files: the same tables as the desk's page, in HTML with its stylesheet and in CSV."""

from flask import Flask, render_template

from whistle.domain.figures import Figures
from whistle.domain.month import Month
from whistle.render.charts import charts
from whistle.render.csv_tables import to_csv
from whistle.render.report_json import to_json
from whistle.render.report_tables import tables
from whistle.render.report_words import month as month_words
from whistle.render.report_words import workbook_title
from whistle.render.workbook import to_xlsx
from whistle.web.assets import FOLDER

STYLESHEET = "laporan.css"
PARTS = ("peluit.css", "desk.css", "report.css")


def files(app: Flask, figures: Figures, month: Month, lang: str) -> dict[str, bytes]:
    """File name -> contents; figures only, nothing of any report's words. ``lang`` is "id" or "en"."""
    shown = tables(figures, lang)
    with app.test_request_context("/en/meja/laporan" if lang == "en" else "/meja/laporan"):
        page = render_template(
            "report/file.html",
            figures=figures,
            tables=shown,
            charts=charts(shown, lang),
            month=month,
            month_words=month_words,
            stylesheet=STYLESHEET,
        )
    style = "\n".join((FOLDER / part).read_text(encoding="utf-8") for part in PARTS)
    return {
        f"laporan-{month}.csv": to_csv(shown),
        f"laporan-{month}.xlsx": to_xlsx(shown, workbook_title(month, lang), lang),
        f"laporan-{month}.json": to_json(shown, month, lang),
        f"laporan-{month}.html": page.encode(),
        STYLESHEET: style.encode(),
    }
