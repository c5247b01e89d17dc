"""The files of a case as its chains tell of them: who attached each, when, and what the desk made of it to look at.

What a sender says of a file ("cleaned", its type) is not believed. At its first opening a desk's sandbox cleans it and
makes previews; an entry of the file chain, signed by the officer who opened it, says what came of that.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from whistle.casefile.attachments import CLEAN, Attachment, Stored, files_of
from whistle.casefile.entries import Entry
from whistle.casefile.reading import CaseFile
from whistle.crypto.envelope import Chain

PREPARED: Final = "prepared"
"""The kind of the entry that says what the desk made of a file."""


@dataclass(frozen=True)
class Prepared:
    """What the desk's sandbox made of a file.

    ``clean`` is what is shown and downloaded, None where it could not be cleaned. ``pictures`` are previews: of a
    document the first of its ``pages``; ``sizes`` are the width and height in pixels of what each shows, none where
    nobody noted them; ``text`` is a document's text; ``heard`` a copy of a recording, for listening,
    that browsers play. ``why``: a code of `NotCleaned`, of the cleaning or, where that worked, of the previews.
    """

    clean: Stored | None
    why: str = ""
    removed: tuple[str, ...] = ()
    pictures: tuple[Stored, ...] = ()
    pages: int = 0
    text: Stored | None = None
    sizes: tuple[tuple[int, int], ...] = ()
    heard: Stored | None = None

    @property
    def stored(self) -> tuple[Stored, ...]:
        """All that is in the store of it."""
        return tuple(one for one in (self.clean, *self.pictures, self.text, self.heard) if one)

    def to_dict(self, file: bytes) -> dict[str, Any]:
        """The data of the entry that says so of ``file``."""
        return {
            "file": file.hex(),
            "clean": self.clean.to_dict() if self.clean else None,
            "why": self.why,
            "removed": list(self.removed),
            "pictures": [picture.to_dict() for picture in self.pictures],
            "pages": self.pages,
            "text": self.text.to_dict() if self.text else None,
            "sizes": [list(size) for size in self.sizes],
            "heard": self.heard.to_dict() if self.heard else None,
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Prepared":
        """Raises ValueError for what `to_dict` did not give."""
        try:
            return cls(
                Stored.from_dict(value["clean"]) if value["clean"] else None,
                str(value["why"]),
                tuple(map(str, value["removed"])),
                tuple(map(Stored.from_dict, value["pictures"])),
                int(value["pages"]),
                Stored.from_dict(value["text"]) if value["text"] else None,
                tuple((int(wide), int(high)) for wide, high in value.get("sizes", ())),
                Stored.from_dict(value["heard"]) if value.get("heard") else None,
            )
        except (KeyError, TypeError) as error:
            raise ValueError("what was made of a file cannot be read") from error


@dataclass(frozen=True)
class Exhibit:
    """A file of the case. ``label``: "P-1" from the reporter (pelapor), "I-1" from the inspectorate, and so on.

    ``entry`` attached it; ``made`` is what the desk made of it, ``maker`` the entry that says so, None before that.
    """

    label: str
    attachment: Attachment
    entry: Entry
    made: Prepared | None = None
    maker: Entry | None = None

    @property
    def id(self) -> bytes:
        """The id of the file that is shown, which no other exhibit of the case has."""
        return self.attachment.file.id

    @property
    def raw(self) -> Stored | None:
        """The file as it was sent, where that is kept and is not what is shown anyway: for a reader who was warned.

        Nothing before somebody opened the exhibit, but an original that its sender wanted to be kept.
        """
        if self.attachment.original or self.made is None:
            return self.attachment.original
        return None if self.made.clean and self.attachment.state == CLEAN else self.attachment.file

    @property
    def mark(self) -> bytes:
        """What the audit log names it by, 16 bytes: who reads the case can tell, and nobody else finds the stored file.

        With the id itself the log would say which stored files belong to which case.
        """
        told = b"peluit/v1/exhibit" + self.attachment.file.key + self.id
        return hashlib.sha256(told).digest()[:16]


def exhibits(file: CaseFile) -> list[Exhibit]:
    """All files of a case: the reporter's in the order in which they came, then the inspectorate's.

    A file that is attached twice is the exhibit that it was first. Of two entries on what was made of it the last is
    what counts.
    """
    makers = {entry.data.get("file"): entry for entry in file.file if entry.kind == PREPARED}
    found: dict[bytes, Exhibit] = {}
    for letter, entries in (("P", file.thread), ("I", file.file)):
        for number, (entry, attachment) in enumerate(_attached(entries, set(found)), 1):
            maker = makers.get(attachment.file.id.hex())
            made, maker = _made(maker)
            found[attachment.file.id] = Exhibit(f"{letter}-{number}", attachment, entry, made, maker)
    return list(found.values())


def how_many(file: CaseFile) -> int:
    """How many files a case has."""
    known = set[bytes]()
    for entries in (file.thread, file.file):
        known.update({attachment.file.id for _, attachment in _attached(entries, known)})
    return len(known)


def all_stored(file: CaseFile) -> dict[bytes, Stored]:
    """All that is in the store of a case by id: what was attached, and all that was ever made of it.

    A sender may name any id, also that of another case's file: only what opens under its key is the case's.
    """
    found: dict[bytes, Stored] = {}
    for entry in (*file.thread, *file.file):
        made, _ = _made(entry) if entry.kind == PREPARED else (None, None)
        named = [one for attached in files_of(entry) for one in attached.stored]
        for one in (*named, *(made.stored if made else ())):
            found.setdefault(one.id, one)
    return found


def exhibit(file: CaseFile, id_: bytes) -> Exhibit | None:
    """One file of the case, or None."""
    return next((one for one in exhibits(file) if one.id == id_), None)


def _attached(entries: list[Entry], known: set[bytes]) -> Iterator[tuple[Entry, Attachment]]:
    for entry in entries:
        if entry.chain is Chain.FILE and entry.kind == PREPARED:
            continue
        for attachment in files_of(entry):
            if attachment.file.id not in known:
                known.add(attachment.file.id)
                yield entry, attachment


def _made(maker: Entry | None) -> tuple[Prepared | None, Entry | None]:
    """What cannot be read counts as not made yet, so that it is made again."""
    try:
        return (Prepared.from_dict(maker.data), maker) if maker else (None, None)
    except ValueError:
        return None, None
