"""Files come in: sealed as they arrive, cleaned, and kept once something attaches them.

What arrives is never in the clear on a disk and never as a whole in this process: it is sealed piece by piece under a
key of its own, and a sandbox cleans it by reading it back piece by piece. Until a report or a message attaches the file
its key stands in the page that uploaded it and nowhere else; nobody can open what is left behind.
"""

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from whistle.casefile.attachments import AS_SENT, CLEAN, LATER, NAME_LIMIT, Attachment, Stored
from whistle.clean import sandbox
from whistle.clean.result import NotCleaned
from whistle.crypto.stream import CHUNK, FilePlace, FileSealer
from whistle.crypto.suite import KEY, Refused
from whistle.services.context import Context
from whistle.store.blobs import BlobMissing, BlobWriter
from whistle.store.errors import StoreUnavailable

UNKNOWN_TYPE: Final = "application/octet-stream"
AGAIN: Final = frozenset({"limits", "sandbox", "busy"})  # why not, where another try may clean what this did not
SETTLED_AFTER: Final = 2  # days for which an upload waits to be attached, after the one on which it came


class TooLarge(Exception):
    """A file is larger than the settings allow."""


class Vanished(Exception):
    """A stored file is not there, or is not what was stored."""


@dataclass(frozen=True)
class Upload:
    """A file that came in and that nothing attaches yet. ``name`` is what its sender calls it.

    ``cleaned`` is None where that failed for the reason ``why`` (a code of `NotCleaned`).
    """

    sent: Stored
    cleaned: Stored | None
    removed: tuple[str, ...]
    why: str
    name: str
    scaled: bool = False  # a photo that its sender's page made smaller: what came is no original

    @property
    def asks(self) -> bool:
        """Whether its sender must say that it is to be sent although nobody can clean it."""
        return self.cleaned is None

    def to_dict(self) -> dict[str, Any]:
        """As it travels until something attaches it, sealed."""
        return {
            "sent": self.sent.to_dict(),
            "cleaned": self.cleaned.to_dict() if self.cleaned else None,
            "removed": self.removed,
            "why": self.why,
            "name": self.name,
            "scaled": self.scaled,
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> "Upload":
        """What `to_dict` gave."""
        cleaned = Stored.from_dict(told["cleaned"]) if told["cleaned"] else None
        removed, why, name = tuple(told["removed"]), told["why"], told["name"]
        return cls(Stored.from_dict(told["sent"]), cleaned, removed, why, name, told["scaled"])

    def attachment(self, original: bool) -> Attachment:
        """As it is attached; ``original``: the file as it was sent, and its name, are kept beside the clean one."""
        if self.cleaned is None:
            state = LATER if self.why in AGAIN else AS_SENT
            return Attachment(self.sent, state, (), self.why, None, self.name if original else "")
        kept = self.sent if original and not self.scaled and self.sent != self.cleaned else None
        return Attachment(self.cleaned, CLEAN, self.removed, "", kept, self.name if original else "")


class Arriving:
    """A file on its way in: what is written to it is sealed and stored at once. ``with`` it.

    Raises TooLarge at the first byte that is too many, and StoreUnavailable.
    """

    def __init__(self, ctx: Context, installation: bytes, most: int) -> None:
        self._ctx, self._most = ctx, most
        self.id, self._key = os.urandom(16), os.urandom(KEY)
        self._sealer = FileSealer(self._key, FilePlace(installation, self.id))
        self._digest = hashlib.sha256()
        self._writer: BlobWriter | None = None

    def __enter__(self) -> "Arriving":
        return self

    def __exit__(self, *_error: object) -> None:
        self.abandon()

    @property
    def size(self) -> int:
        """Bytes so far."""
        return self._sealer.size

    def write(self, data: bytes) -> None:
        """Add to the end."""
        if self.size + len(data) > self._most:
            raise TooLarge
        if self._writer is None:
            self._writer = self._ctx.blobs.create(self.id, self._ctx.clock.today())
        self._digest.update(data)
        sealed = self._sealer.add(data)
        if sealed:
            self._writer.write(sealed)

    def finish(self, media: str = UNKNOWN_TYPE) -> Stored:
        """Durably stored, when this returns."""
        size = self.size
        self.write(b"")
        assert self._writer is not None  # noqa: S101 - made by the write above
        for sealed in self._sealer.finish():
            self._writer.write(sealed)
        self._writer.commit()
        return Stored(self.id, self._key, size, self._digest.digest(), media)

    def abandon(self) -> None:
        """Take away what was not finished."""
        if self._writer is not None:
            self._writer.abandon()


class Content:
    """A stored file as bytes that can be read from any place; it holds one chunk at a time."""

    def __init__(self, ctx: Context, installation: bytes, stored: Stored) -> None:
        self._blobs, self._id, self._opener = ctx.blobs, stored.id, stored.opener(installation)
        self.size = stored.size
        self._held: tuple[int, bytes] = (-1, b"")

    def read(self, start: int, stop: int) -> bytes:
        """The bytes from ``start`` up to, not including, ``stop``; fewer at the end of the file.

        Raises Vanished, and StoreUnavailable.
        """
        stop, parts = min(stop, self.size), list[bytes]()
        while start < stop:
            chunk = self._chunk(start // CHUNK)
            part = chunk[start % CHUNK : start % CHUNK + stop - start]
            parts.append(part)
            start += len(part)
        return b"".join(parts)

    def _chunk(self, index: int) -> bytes:
        if self._held[0] != index:
            try:
                self._held = (index, self._opener.open(index, self._blobs.read(self._id, *self._opener.where(index))))
            except (BlobMissing, Refused) as error:
                raise Vanished("a stored file is missing or was changed") from error
        return self._held[1]


def take_in(ctx: Context, installation: bytes, sent: Stored, name: str, scaled: bool = False) -> Upload:
    """Clean what came in, if it can be done here and now. Raises StoreUnavailable."""
    name = name[:NAME_LIMIT]
    with Arriving(ctx, installation, sandbox.MOST_OUT) as out:
        try:
            made = sandbox.clean(Content(ctx, installation, sent), out.write)
            return Upload(sent, out.finish(made.media), made.removed, "", name, scaled)
        except NotCleaned as error:
            return Upload(replace(sent, media=error.media or UNKNOWN_TYPE), None, (), error.code, name, scaled)
        except TooLarge:
            return Upload(sent, None, (), "large", name, scaled)
        except Vanished as error:
            raise StoreUnavailable("what was stored is not there") from error


def is_there(ctx: Context, upload: Upload) -> bool:
    """Whether what was stored of an upload is still there. Raises StoreUnavailable."""
    try:
        for stored in (upload.sent, upload.cleaned):
            if stored is not None:
                ctx.blobs.read(stored.id, 0, 1)
    except BlobMissing:
        return False
    return True


def drop(ctx: Context, files: Iterable[Stored]) -> None:
    """Take files away that nothing attaches. One that stays is opened by nobody, and goes at night."""
    for stored in files:
        try:
            ctx.blobs.remove(stored.id)
        except StoreUnavailable:
            return
