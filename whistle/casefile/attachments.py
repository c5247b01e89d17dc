"""Files that an entry attaches: what is stored of each, under which key, and what was done to it.

The key of a file stands in the entry and nowhere else, so whoever reads the entry reads the file, and nobody else does
(docs/envelope.md, Files). A reporter's name for a file tells of the sender too often: it is kept only together with
the file as it was sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from whistle.casefile.entries import Entry
from whistle.crypto.stream import LARGEST, FileOpener, FilePlace
from whistle.crypto.suite import KEY

FILES: Final = "files"  # where they stand in an entry's data
MOST: Final = 50  # of one entry; what settings allow is less
NAME_LIMIT: Final = 200  # characters

CLEAN, LATER, AS_SENT = "clean", "later", "as-sent"
STATES: Final = frozenset({CLEAN, LATER, AS_SENT})
"""What its sender's server did: cleaned it; left that to the desk; kept it unclean because the sender insists.

The desk believes none of it: a sender may say so of anything. It cleans whatever it shows.
"""


@dataclass(frozen=True)
class Stored:
    """One sealed file in the store: 16-byte id, 32-byte key, bytes of content and their SHA-256; ``media`` its type."""

    id: bytes
    key: bytes
    size: int
    sha256: bytes
    media: str

    def opener(self, installation: bytes) -> FileOpener:
        """What opens its chunks."""
        return FileOpener(self.key, FilePlace(installation, self.id), self.size)

    def to_dict(self) -> dict[str, Any]:
        """As it stands in an entry."""
        return {
            "id": self.id.hex(),
            "key": self.key.hex(),
            "size": self.size,
            "sha256": self.sha256.hex(),
            "media": self.media,
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Stored":
        """Raises ValueError for anything but what `to_dict` gave."""
        try:
            stored = cls(
                bytes.fromhex(value["id"]),
                bytes.fromhex(value["key"]),
                value["size"],
                bytes.fromhex(value["sha256"]),
                value["media"],
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("a stored file lacks something") from error
        if (len(stored.id), len(stored.key), len(stored.sha256)) != (16, KEY, 32):
            raise ValueError("an id, key or digest of a stored file has a wrong length")
        if type(stored.size) is not int or not 0 <= stored.size <= LARGEST or type(stored.media) is not str:
            raise ValueError("a stored file has a size or a type that none has")
        return stored


@dataclass(frozen=True)
class Attachment:
    """A file as its sender attached it.

    ``file`` is what is to be shown, cleaned or yet to be cleaned (``state``), ``removed`` what cleaning took out and
    ``why`` why it could not be cleaned (codes of whistle.clean.result). ``original`` is the file as it was sent, with
    its ``name``, where the sender wanted both to be kept.
    """

    file: Stored
    state: str
    removed: tuple[str, ...] = ()
    why: str = ""
    original: Stored | None = None
    name: str = ""

    @property
    def stored(self) -> tuple[Stored, ...]:
        """All that is in the store of it."""
        return (self.file, self.original) if self.original else (self.file,)

    def to_dict(self) -> dict[str, Any]:
        """As it stands in an entry."""
        told: dict[str, Any] = {"file": self.file.to_dict(), "state": self.state, "removed": list(self.removed)}
        if self.why:
            told["why"] = self.why
        if self.original:
            told["original"] = self.original.to_dict()
        if self.name:
            told["name"] = self.name
        return told

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Attachment":
        """Raises ValueError for anything but what `to_dict` gave."""
        try:
            attachment = cls(
                Stored.from_dict(value["file"]),
                value["state"],
                tuple(map(str, value["removed"])),
                str(value.get("why", "")),
                Stored.from_dict(value["original"]) if "original" in value else None,
                str(value.get("name", ""))[:NAME_LIMIT],
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("an attachment lacks something") from error
        if attachment.state not in STATES:
            raise ValueError("an attachment is in a state that none has")
        return attachment


def files_of(entry: Entry) -> list[Attachment]:
    """The files of an entry. Of what its author attached in no form that is known, nothing: the entry is still read."""
    given = entry.data.get(FILES, ())
    found = list[Attachment]()
    for value in given[:MOST] if isinstance(given, list) else ():
        try:
            found.append(Attachment.from_dict(value))
        except ValueError:
            continue
    return found


def with_files(data: Mapping[str, Any], files: Iterable[Attachment]) -> dict[str, Any]:
    """An entry's data that attaches ``files``."""
    listed = [file.to_dict() for file in files]
    return {**data, FILES: listed} if listed else dict(data)


def not_yet(files: Iterable[Attachment], entries: Iterable[Entry]) -> list[Attachment]:
    """What of ``files`` no entry attaches: whole files, and originals that were not to be kept before."""
    known = {id_ for entry in entries for id_ in stored_ids(files_of(entry))}
    more = list[Attachment]()
    for file in files:
        if file.file.id not in known:
            more.append(file)
        elif file.original and file.original.id not in known:
            more.append(Attachment(file.original, LATER, name=file.name))
    return more


def stored_ids(files: Iterable[Attachment]) -> list[bytes]:
    """The ids under which ``files`` are stored: the store keeps them from now on."""
    return [stored.id for file in files for stored in file.stored]
