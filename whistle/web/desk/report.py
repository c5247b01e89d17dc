"""The monthly report on the desk: the figures as a page and as a file for a spreadsheet."""

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from whistle.domain.letter import MONTHLY
from whistle.domain.month import Month
from whistle.domain.roles import UNITS
from whistle.render.charts import charts
from whistle.render.csv_tables import to_csv
from whistle.render.letter_pdf import Signer, to_pdf
from whistle.render.report_json import MEDIA, to_json
from whistle.render.report_tables import tables
from whistle.render.report_words import month as month_words
from whistle.render.report_words import workbook_title
from whistle.render.workbook import to_xlsx
from whistle.services import handover, reporting
from whistle.services.aside import aside
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import ctx, officer
from whistle.web.guard import needs
from whistle.web.i18n import lang

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@desk.get("/laporan")
@needs("report.view")
def report_latest() -> ResponseReturnValue:
    """The last month that is over."""
    today = ctx().clock.today()
    return redirect(url_for(".report", month=str(Month.of(today).previous())), 303)


@desk.get("/laporan/<month>")
@needs("report.view")
def report(month: str) -> ResponseReturnValue:
    """One month, the running one included; of a month to come there is nothing to show."""
    wanted = _month(month)
    if wanted is None:
        return _no_month()
    after = wanted.next()
    figures = reporting.report(ctx(), officer(), wanted)
    shown = tables(figures, lang())
    return render_template(
        "report/month.html",
        figures=figures,
        deleted=reporting.deleted(ctx(), officer(), wanted),
        keyless=handover.keyless(ctx(), officer()),
        tables=shown,
        charts=charts(shown, lang()),
        month=wanted,
        month_words=month_words,
        previous=url_for(".report", month=str(wanted.previous())),
        next=url_for(".report", month=str(after)) if after.first <= ctx().clock.today() else "",
        csv_url=url_for(".report_csv", month=month) if officer().may("report.export") else "",
        xlsx_url=url_for(".report_workbook", month=month) if officer().may("report.export") else "",
        pdf_url=url_for(".report_letter", month=month) if officer().may("report.letter") else "",
        json_url=url_for(".report_json", month=month) if officer().may("report.export") else "",
    )


@desk.get("/laporan/<month>.xlsx")
@needs("report.export")
def report_workbook(month: str) -> ResponseReturnValue:
    """The same as a workbook, made aside: it takes as long as a hundred small requests."""
    wanted = _month(month)
    if wanted is None:
        return _no_month()
    made = tables(reporting.report(ctx(), officer(), wanted, export=True), lang())
    language = lang()
    title = workbook_title(wanted, language)
    return _as_file(aside(lambda: to_xlsx(made, title, language)), XLSX, f"laporan-{month}.xlsx")


@desk.get("/laporan/<month>.pdf")
@needs("report.letter")
def report_letter(month: str) -> ResponseReturnValue:
    """The letter to the mayor with the tables as its enclosure, to be numbered and signed on paper."""
    wanted = _month(month)
    if wanted is None:
        return _no_month()
    figures, language, me = reporting.report(ctx(), officer(), wanted, export=True), lang(), officer()
    made, today = tables(figures, language), ctx().clock.today()
    signs = next((acting.kind.title() for acting in me.acting if UNITS[acting.unit].role == "pimpinan"), "")
    signer = Signer(me.name, f"{signs}. " if signs else "")
    drawn = charts(made, language)
    return _as_file(
        aside(lambda: to_pdf(figures, made, drawn, MONTHLY, signer, today, language)), PDF, f"laporan-{month}.pdf"
    )


@desk.get("/laporan/<month>.json")
@needs("report.export")
def report_json(month: str) -> ResponseReturnValue:
    """The same for machines."""
    wanted = _month(month)
    if wanted is None:
        return _no_month()
    made = tables(reporting.report(ctx(), officer(), wanted, export=True), lang())
    return _as_file(to_json(made, wanted, lang()), MEDIA, f"laporan-{month}.json")


@desk.get("/laporan/<month>.csv")
@needs("report.export")
def report_csv(month: str) -> ResponseReturnValue:
    wanted = _month(month)
    if wanted is None:
        return _no_month()
    figures = reporting.report(ctx(), officer(), wanted, export=True)
    return _as_file(to_csv(tables(figures, lang())), "text/csv", f"laporan-{month}.csv")


def _as_file(data: bytes, media: str, name: str) -> Response:
    response = Response(data, mimetype=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _month(text: str) -> Month | None:
    """The month of an address; None when there is no such month, or it has not begun."""
    try:
        month = Month.parse(text)
    except ValueError:
        return None
    return None if month.first > ctx().clock.today() or month.year < 2000 else month


def _no_month() -> ResponseReturnValue:
    return render_template("desk/no_month.html"), 404
