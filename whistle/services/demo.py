"""The demonstration inspectorate: officers in every role, and reports that lived through every stage.

Everything goes through the same use cases as real work, with a clock that is put where the story is: no row is
written by hand.
"""

import hashlib
import os
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from importlib.resources import files
from mimetypes import guess_type
from typing import Any

from whistle.casefile.attachments import LATER, Attachment
from whistle.crypto import totp
from whistle.crypto.receipt import Receipt, ReceiptKeys, keys_of, new_receipt
from whistle.domain.calendar import CALENDAR
from whistle.domain.clock import SetClock
from whistle.domain.complaint import Complaint
from whistle.services import casework, closing, followup, intake, routing, transparency, unlock
from whistle.services.context import Context
from whistle.services.evidence import UNKNOWN_TYPE, Arriving
from whistle.services.lives import closing_of
from whistle.services.officer import Officer
from whistle.services.setup import Credentials, NewOfficer
from whistle.store import cases, settings

OFFICERS = (
    ("rahma", "Rahma Yuliani", "penelaah", "triase"),
    ("yusuf", "Yusuf Maulana", "penelaah", "triase"),
    ("hendra", "Hendra Saputra", "irban", "irban-1"),
    ("lestari", "Lestari Handayani", "irban", "irban-2"),
    ("fajar", "Fajar Rahmadi", "irban", "irban-3"),
    ("nurul", "Nurul Hikmah", "irban", "irban-4"),
    ("gunawan", "Gunawan Wibisono", "irban", "irban-khusus"),
    ("inspektur", "Drs. Arifin Noor", "pimpinan", "pimpinan"),
    ("sekda", "Ir. Mahyuni", "luar", "sekda"),
    ("prov1", "Siti Raudah", "luar", "provinsi"),
    ("prov2", "Ahmad Zaini", "luar", "provinsi"),
    ("auditor", "Dewi Kartika", "auditor", ""),
    ("admin", "Bayu Pratama", "admin", ""),
)
SHOWN = ("b-komite", "b-jenazah", "a-calo-kk")  # receipts to try: a question waits, one was answered, one is closed
WHOLE = "demonstration"  # the setting that stands when every report was told
ROOT_KEEPER = "inspektur"
DAYS_A_MONTH = 30


@dataclass
class _Life:
    """One story on its way: its receipt, its case, the register number it got."""

    receipt: Receipt
    keys: ReceiptKeys | None = None
    case: bytes = b""
    register: str = ""


@dataclass(frozen=True, order=True)
class _Event:
    day: date
    number: int
    step: int
    what: Mapping[str, Any] = field(compare=False)


def officers(fixed: bool) -> list[NewOfficer]:
    """The demonstration's officers; ``fixed`` gives them logins that are always the same (for development only)."""
    people = [NewOfficer(*row) for row in OFFICERS]
    if not fixed:
        return people
    return [
        replace(
            person,
            password=f"demo-{person.login}",
            totp_secret=hashlib.sha256(b"peluit-demo" + person.login.encode()).digest()[:20],
        )
        for person in people
    ]


def stories() -> list[dict[str, Any]]:
    """The reports of demo_data/stories-*.toml."""
    folder = files("whistle.services").joinpath("demo_data")
    told = sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)
    return [story for path in told for story in tomllib.loads(path.read_text(encoding="utf-8"))["story"]]


def is_whole(ctx: Context) -> bool:
    """Whether the demonstration was prepared to its end."""
    with ctx.store.read() as tx:
        return settings.get_setting(tx, WHOLE) is not None


def mark_whole(ctx: Context) -> None:
    """Note that nothing is missing; a start after an interrupted preparation then knows."""
    with ctx.store.write() as tx:
        settings.put_setting(tx, WHOLE, b"1")


def live(ctx: Context, credentials: Iterable[Credentials], told: Iterable[Mapping[str, Any]]) -> dict[str, Receipt]:
    """Live through the stories up to today, in the order of their days. Returns story id -> receipt."""
    told = list(told)
    today, clock = ctx.clock.today(), SetClock(ctx.clock.now())
    past = Context(ctx.store, ctx.trust, clock, ctx.settings)
    events = sorted(event for number, story in enumerate(told) for event in _events(number, story, today))
    clock.put(events[0].day - timedelta(days=1))
    staff = {c.login: _signed_in(past, c) for c in credentials if c.role not in ("admin", "auditor")}
    lives = {story["id"]: _Life(new_receipt()) for story in told}
    for event in events:
        clock.put(event.day, 9 + event.step % 6)
        life = lives[told[event.number]["id"]]
        if event.step == 0:
            _report(past, event.what, life)
        else:
            _STEPS[event.what["do"]](past, staff.get(event.what.get("by", "")), life, event.what, lives)
    transparency.order(ctx)  # as every night would have done
    return {id_: life.receipt for id_, life in lives.items() if life.case}


def _events(number: int, story: Mapping[str, Any], today: date) -> list[_Event]:
    """The story's days, ending today; officers act on working days."""
    day = today - timedelta(days=DAYS_A_MONTH * story["months_ago"] + 28 - story["day"])
    events = [_Event(day, number, 0, story)]
    for index, step in enumerate(story.get("step", ()), start=1):
        day += timedelta(days=step["after"])
        while step.get("by") and not CALENDAR.is_working(day):
            day += timedelta(days=1)
        if day > today:
            break
        events.append(_Event(day, number, index, {**step, "day": day}))
    return events


def _signed_in(ctx: Context, who: Credentials) -> Officer:
    code = totp.code(who.totp_secret, int(ctx.clock.now().timestamp()))
    return unlock.authenticate(ctx, who.login, who.password, code)


def _report(ctx: Context, story: Mapping[str, Any], life: _Life) -> None:
    complaint = Complaint.from_dict({"language": "id", **story["complaint"]})
    intake.submit(ctx, complaint, life.receipt, [_attached(ctx, name) for name in story.get("files", ())])
    with ctx.store.read() as tx:
        life.keys = keys_of(life.receipt, ctx.directory(tx).installation)
        row = cases.case_by_lookup(tx, life.keys.lookup_hash)
    life.case = row.id if row else b""


def _attached(ctx: Context, name: str) -> Attachment:
    """A file of demo_data, stored; the desk cleans it when somebody opens it first."""
    data = files("whistle.services").joinpath("demo_data", name).read_bytes()
    with Arriving(ctx, ctx.newest().installation, len(data)) as arriving:
        arriving.write(data)
        return Attachment(arriving.finish(guess_type(name)[0] or UNKNOWN_TYPE), LATER)


Step = Callable[[Context, Any, _Life, Mapping[str, Any], Mapping[str, _Life]], None]


def _declare(ctx: Context, by: Officer, life: _Life, what: Mapping[str, Any], _: Mapping[str, _Life]) -> None:
    casework.declare(ctx, by, life.case)


def _triage(ctx: Context, by: Officer, life: _Life, what: Mapping[str, Any], _: Mapping[str, _Life]) -> None:
    names = casework.Triage.__dataclass_fields__
    values = casework.Triage(**{name: what[name] for name in names if name in what})
    life.register = casework.triage(ctx, by, life.case, os.urandom(16), values)


def _text(act: Callable[[Context, Officer, bytes, bytes, str], None]) -> Step:
    def step(ctx: Context, by: Officer, life: _Life, what: Mapping[str, Any], _: Mapping[str, _Life]) -> None:
        act(ctx, by, life.case, os.urandom(16), what["text"])

    return step


def _reporter(ctx: Context, by: None, life: _Life, what: Mapping[str, Any], _: Mapping[str, _Life]) -> None:
    if life.keys is None:
        return
    questions = followup.open_with_root(ctx, life.keys.root).questions if what["do"] == "answer" else []
    followup.add(ctx, life.keys.root, os.urandom(16), what["text"], questions[0].id if questions else None)


def _route(ctx: Context, by: Officer, life: _Life, what: Mapping[str, Any], _: Mapping[str, _Life]) -> None:
    routing.route(ctx, by, life.case, os.urandom(16), what["unit"], what["reason"])


def _move(ctx: Context, by: Officer, life: _Life, what: Mapping[str, Any], lives: Mapping[str, _Life]) -> None:
    extra = {
        name: what[name] for name in ("letter_number", "team", "handed_to", "handed_name", "referral") if name in what
    }
    if "letter_number" in what:
        extra["letter_date"] = what["day"].isoformat()
    to = what.get("to", "")
    if what["do"] == "merge":
        to, extra["merged_into"] = "DIGABUNG", lives[what["into"]].register
    if what["do"] == "reopen":
        to = "DIBUKA_KEMBALI"
    casework.move(ctx, by, life.case, os.urandom(16), to, what["reason"], what.get("public_text", ""), extra)


def _close(ctx: Context, by: Officer, life: _Life, what: Mapping[str, Any], _: Mapping[str, _Life]) -> None:
    closing.close(ctx, by, life.case, os.urandom(16), closing_of(what, what["day"]))


def _approve(ctx: Context, by: Officer, life: _Life, what: Mapping[str, Any], _: Mapping[str, _Life]) -> None:
    closing.approve(ctx, by, life.case, os.urandom(16), what.get("note", ""))


def _give_back(ctx: Context, by: Officer, life: _Life, what: Mapping[str, Any], _: Mapping[str, _Life]) -> None:
    closing.give_back(ctx, by, life.case, os.urandom(16), what["reason"])


_STEPS: dict[str, Step] = {
    "declare": _declare,
    "triage": _triage,
    "note": _text(casework.note),
    "ask": _text(casework.ask),
    "reply": _text(casework.reply),
    "answer": _reporter,
    "message": _reporter,
    "route": _route,
    "move": _move,
    "merge": _move,
    "reopen": _move,
    "close": _close,
    "approve": _approve,
    "give_back": _give_back,
}
