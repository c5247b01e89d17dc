"""The list: what is late first, narrowed by filters that live in the address, in pages of fifty."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Form, SearchField, SelectField

from whistle.domain.offices import UNKNOWN
from whistle.services.listing import Query, cases_for
from whistle.web.desk import choices
from whistle.web.desk.blueprint import desk
from whistle.web.desk.fields import tidy
from whistle.web.desk.here import ctx, officer
from whistle.web.desk.say import _, _l
from whistle.web.guard import needs

FILTERS = ("state", "stage", "unit", "office", "category", "priority", "due", "attention", "text")
RELOAD = 2  # seconds
SORTS = ("due", "register", "received", "office", "stage", "priority")


class FilterForm(Form):
    """What narrows the list. A GET form: the address can be kept and shared with a colleague."""

    text = SearchField(_l("Judul atau register"), filters=[tidy])
    state = SelectField(_l("Keadaan"), default="open", validate_choice=False)
    due = SelectField(_l("Tenggat"), validate_choice=False)
    attention = SelectField(_l("Perlu perhatian"), validate_choice=False)
    stage = SelectField(_l("Tahap"), validate_choice=False)
    unit = SelectField(_l("Unit"), validate_choice=False)
    office = SelectField(_l("Kantor"), validate_choice=False)
    category = SelectField(_l("Jenis"), validate_choice=False)
    priority = SelectField(_l("Prioritas"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("Semua"))]
        self.state.choices = [("open", _("Terbuka")), ("closed", _("Selesai")), ("all", _("Semua"))]
        self.due.choices = [*everything, ("late", _("Terlambat")), ("soon", _("Segera jatuh tempo"))]
        self.attention.choices = [
            *everything, ("new", _("Baru")), ("approve", _("Menunggu orang kedua")),
            ("returned", _("Penutupan dikembalikan")), ("unread", _("Pelapor menulis")),
        ]  # fmt: skip
        self.stage.choices = everything + choices.stages()
        self.unit.choices = everything + choices.units()
        self.office.choices = {"": [*everything, (UNKNOWN, choices.office_name(UNKNOWN))], **choices.offices()}
        self.category.choices = {"": everything, **choices.categories()}
        self.priority.choices = everything + choices.priorities()


@desk.get("/laporan-masuk")
@needs("case.list")
def cases() -> ResponseReturnValue:
    form = FilterForm(request.args)
    query = read_query(form, request.args)
    listing = cases_for(ctx(), officer(), query)
    page = render_template(
        "desk/cases.html",
        form=form,
        query=query,
        listing=listing,
        narrowed=any(getattr(query, name) for name in FILTERS if name != "state"),
        advanced=any(getattr(query, name) for name in FILTERS if name not in ("state", "text")),
        link=lambda **changes: link(query, **changes),
        only=lambda **changes: link(Query(), **changes),
        page_url=lambda page: link(query, page=page),
        today=ctx().clock.today(),
    )
    if not listing.waits:
        return page
    response = make_response(page)
    response.headers["Refresh"] = f"{RELOAD}"  # there is nothing on the page to read meanwhile
    return response


def read_query(form: FilterForm, args: Mapping[str, str]) -> Query:
    """The filters; whatever an address says that is no choice is dropped, and no page is refused for it."""
    query = Query()
    for name in FILTERS:
        field = form[name]
        value = field.data or ""
        if name == "text":
            query = replace(query, text=value[:100])
        elif value and value in _codes(field):
            query = replace(query, **cast(dict[str, Any], {name: value}))
    sort = args.get("sort", "")
    if sort.removeprefix("-") in SORTS:
        query = replace(query, sort=sort)
    page = args.get("page", "1")
    return replace(query, page=int(page) if page.isascii() and page.isdigit() and 0 < int(page[:6]) else 1)


def link(query: Query, **changes: Any) -> str:
    """The list's address for ``query`` with ``changes``; a changed filter or order starts at the first page again."""
    if "page" not in changes:
        changes["page"] = 1
    changed, plain = replace(query, **changes), Query()
    said = {
        name: getattr(changed, name)
        for name in (*FILTERS, "sort", "page")
        if getattr(changed, name) != getattr(plain, name)
    }
    return url_for(".cases", **said)


def _codes(field: Any) -> set[str]:
    given = field.choices
    groups = given.values() if isinstance(given, dict) else [given]
    return {code for group in groups for code, _words in group}
