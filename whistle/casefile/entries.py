"""The kinds of entry a case file may hold, on which chain, and who may write each.

An entry's body is canonical JSON: ``v``, ``kind``, ``by`` (officer id in hex, or "pelapor"), ``day`` (WITA day),
for officers ``at`` (instant; a reporter's is never written), on the file chain ``thread`` (how many entries of the
thread the author had before them), and ``data``, whose keys depend on the kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from whistle.casefile import canon
from whistle.crypto.envelope import Chain

VERSION = 1
REPORTER_NAME = "pelapor"

REPORTER_KINDS = {"complaint", "message", "answer", "detail"}
THREAD_KINDS = {"question", "reply", "stage", "closing", "epoch"}
FILE_KINDS = {
    "opened",  # first opening: the file key is made; names the readers
    "declared",  # this officer has no conflict of interest
    "triage",
    "note",
    "route",  # sent to a unit; names the readers who get the keys
    "asked",  # a question went out on the thread
    "replied",  # a message went out on the thread
    "move",
    "close_proposed",
    "close_returned",
    "closed",
    "held",  # not to be deleted, whatever its time, until `released`
    "released",
    "attached",  # an officer's own files, with a word on them
    "prepared",  # what the desk's sandbox made of a file, to look at
    "regranted",  # readers added to the track's later are given the keys
    "epoch",
}


@dataclass(frozen=True)
class Entry:
    """An entry that was decrypted and whose author was verified. ``author`` is None for the reporter."""

    id: bytes
    chain: Chain
    epoch: int
    place: int
    kind: str
    author: bytes | None
    day: date
    at: datetime | None
    thread: int
    data: Mapping[str, Any] = field(default_factory=dict)


def encode_body(
    kind: str, author: bytes | None, day: date, at: datetime | None, thread: int, data: Mapping[str, Any]
) -> bytes:
    """The body to be signed and sealed."""
    body: dict[str, Any] = {
        "v": VERSION,
        "kind": kind,
        "by": author.hex() if author else REPORTER_NAME,
        "day": day.isoformat(),
        "data": dict(data),
    }
    if author and at:
        body["at"] = at.astimezone(UTC).isoformat(timespec="seconds")
        body["thread"] = thread
    return canon.dumps(body)


def decode_body(body: bytes, id_: bytes, chain: Chain, epoch: int, place: int) -> Entry:
    """The entry in ``body``. Raises ValueError when it is not one of this version, or not of this chain."""
    try:
        value = canon.loads(body)
        if value["v"] != VERSION:
            raise ValueError(f"entry version {value['v']} is unknown")
        by = value["by"]
        author = None if by == REPORTER_NAME else bytes.fromhex(by)
        entry = Entry(
            id_,
            chain,
            epoch,
            place,
            value["kind"],
            author,
            date.fromisoformat(value["day"]),
            datetime.fromisoformat(value["at"]) if "at" in value else None,
            int(value.get("thread", 0)),
            value["data"],
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"entry body cannot be read: {error}") from error
    check_kind(entry)
    return entry


def check_kind(entry: Entry) -> None:
    """A reporter writes what reporters write, an officer what officers write. Raises ValueError."""
    if entry.author is None:
        allowed = REPORTER_KINDS if entry.chain is Chain.THREAD else set()
    else:
        allowed = THREAD_KINDS if entry.chain is Chain.THREAD else FILE_KINDS
    if entry.kind not in allowed or (entry.kind == "complaint") != (entry.chain is Chain.THREAD and entry.place == 0):
        raise ValueError(f"entry kind {entry.kind!r} does not belong at place {entry.place} of this chain")
