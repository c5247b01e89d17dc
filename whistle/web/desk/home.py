"""Where each role starts, and what it can do from there."""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from whistle.services.officer import Officer
from whistle.web.desk.blueprint import desk
from whistle.web.desk.here import officer
from whistle.web.desk.say import _
from whistle.web.guard import needs

OFFICERS = (
    "officers", "officer_page", "suspend", "lift", "invitation_page", "invite", "withdrawal", "changes", "acting",
    "delegation", "sign", "manifests",
)  # fmt: skip
ACTIONS = ("triage", "ask", "reply", "note", "route", "move", "hold", "release")


@dataclass(frozen=True)
class Door:
    """One page that a role may open: its permission, its view, its name, and what one does there."""

    permission: str
    view: str
    name: str
    what: str
    within: tuple[str, ...]  # the views for which this door is the present one


def doors(officer: Officer) -> list[Door]:
    """The pages for this officer, in the order of the navigation; nobody is shown a door that stays shut."""
    every = [
        Door(
            "case.list",
            ".cases",
            _("Laporan"),
            _("Baca laporan, tanya pelapor, dan ikuti tenggatnya."),
            ("cases", "case", "declare", "closing_page", "close", "approval", "approve", "give_back", *ACTIONS),
        ),
        Door(
            "report.view",
            ".report_latest",
            _("Laporan bulanan"),
            _("Lihat dan unduh angka setiap bulan.")
            if officer.may("report.export")
            else _("Lihat angka setiap bulan."),
            ("report",),
        ),
        Door(
            "retention.propose",
            ".retention_page",
            _("Penyimpanan"),
            _("Hapus laporan yang waktu simpannya habis, berdua."),
            ("retention_page", "retention_list", "retention_withdraw", "retention_stop"),
        ),
        Door(
            "audit.view",
            ".audit",
            _("Catatan audit"),
            _("Lihat siapa membuka dan mengubah apa, tanpa isi laporan."),
            ("audit", "audit_head", "audit_compare"),
        ),
        Door(
            "officers.view",
            ".officers",
            _("Petugas"),
            _("Lihat siapa saja yang bertugas dan apa perannya."),
            OFFICERS,
        ),
    ]
    return [door for door in every if officer.may(door.permission)]


@desk.get("")
@needs("desk.home")
def home() -> ResponseReturnValue:
    """Whoever works on cases starts at the list; the others at a page that says what they can do."""
    if officer().may("case.list"):
        return redirect(url_for(".cases"), 303)
    return render_template("desk/home.html", doors=doors(officer()))
