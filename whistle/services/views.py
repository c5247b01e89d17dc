"""What pages show of an opened case: plain values, no keys."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from whistle.casefile.attachments import Attachment, files_of
from whistle.casefile.entries import Entry
from whistle.casefile.exhibits import PREPARED, Exhibit
from whistle.casefile.manifest import Directory
from whistle.casefile.reading import CaseFile
from whistle.domain.complaint import Complaint
from whistle.domain.deadlines import Due
from whistle.domain.summary import Summary


@dataclass(frozen=True)
class ThreadItem:
    """One word of the conversation between reporter and desk. ``mine``: the reporter wrote it."""

    id: bytes
    place: int
    mine: bool
    kind: str
    day: date
    text: str
    author: str = ""  # an officer's name, for the desk only
    question: bytes | None = None
    answered: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True)
class FileItem:
    """One internal entry: who did what, when, in which words."""

    id: bytes
    place: int
    kind: str
    author: str
    role: str
    at: datetime
    text: str
    data: Mapping[str, Any]
    label: str = ""  # of the exhibit that was made ready to look at


@dataclass(frozen=True)
class Closing:
    """What a closing asks (DOMAIN section 4). Codes of ``results``, ``sanctions``; days ISO; amounts whole rupiah."""

    result: str
    summary: str
    answer: str  # what the reporter reads
    lhp_number: str = ""
    lhp_date: str = ""
    employment: str = ""
    sanction_level: str = ""
    sanction: str = ""
    value: int | None = None
    returned: int | None = None
    returned_date: str = ""
    victims: int | None = None
    causes: list[str] = field(default_factory=list)
    recommendation: str = ""
    recommendation_owner: str = ""
    recommendation_due: str = ""
    referral: str = ""


@dataclass(frozen=True)
class GivenBack:
    """A proposed closing that its second person returned, and that nobody has proposed again since."""

    closing: Closing
    by: str
    reason: str


@dataclass(frozen=True)
class Held:
    """Who keeps the case from being deleted, since when, and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class CaseView:
    """An opened case for the desk; only the first four are filled before the officer has declared."""

    id: bytes
    received: date
    track: str
    declared: bool
    summary: Summary | None = None
    complaint: Complaint | None = None
    thread: list[ThreadItem] = field(default_factory=list)
    file: list[FileItem] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    may_ask: bool = False
    may_close: bool = False
    dues: list[Due] = field(default_factory=list)
    closing: Closing | None = None  # waits for a second person
    closing_by: str = ""
    may_approve: bool = False
    given_back: GivenBack | None = None
    units: list[str] = field(default_factory=list)
    readers: list[str] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)
    held: Held | None = None


def held_by(entry: Entry | None, directory: Directory) -> Held | None:
    """The hold that ``entry`` set, if one did."""
    if entry is None:
        return None
    by = directory.name(entry.author) if entry.author else ""
    return Held(by, entry.at or datetime.min, _text(entry))


def given_back(file: CaseFile) -> GivenBack | None:
    """The closing that waits to be mended, if the latest word about closing is that it was returned."""
    about = [e for e in file.file if e.kind in ("close_proposed", "close_returned", "closed")]
    if not about or about[-1].kind != "close_returned":
        return None
    returned = about[-1]
    proposal = next(e for e in about if e.id.hex() == returned.data["proposal"])
    by = file.directory.name(returned.author) if returned.author else ""
    return GivenBack(Closing(**proposal.data["closing"]), by, _text(returned))


def thread_items(entries: list[Entry], directory: Directory, names: bool) -> list[ThreadItem]:
    """The thread without key changes; officers' names only for the desk."""
    answered = {entry.data.get("question") for entry in entries if entry.kind == "answer"}
    return [
        ThreadItem(
            id=entry.id,
            place=entry.place,
            mine=entry.author is None,
            kind=entry.kind,
            day=entry.day,
            text=_text(entry),
            author=directory.name(entry.author) if names and entry.author else "",
            question=bytes.fromhex(entry.data["question"]) if entry.data.get("question") else None,
            answered=entry.id.hex() in answered,
            data=entry.data,
            files=tuple(files_of(entry)),
        )
        for entry in entries
        if entry.kind != "epoch"
    ]


def file_items(entries: list[Entry], directory: Directory, exhibits: Iterable[Exhibit]) -> list[FileItem]:
    """The internal file without key changes."""
    labels = {exhibit.id.hex(): exhibit.label for exhibit in exhibits}
    return [
        FileItem(
            id=entry.id,
            place=entry.place,
            kind=entry.kind,
            author=directory.name(entry.author) if entry.author else "",
            role=_role(entry, directory),
            at=entry.at or datetime.min,
            text=_text(entry),
            data=entry.data,
            label=labels.get(entry.data.get("file", ""), "") if entry.kind == PREPARED else "",
        )
        for entry in entries
        if entry.kind != "epoch"
    ]


def _role(entry: Entry, directory: Directory) -> str:
    reader = directory.officers.get(entry.author or b"")
    return reader.role if reader else ""


def _text(entry: Entry) -> str:
    if entry.kind == "complaint":
        return str(entry.data["complaint"]["story"])
    return str(entry.data.get("text", ""))
