"""Uploads in parts: what a broken line costs is one part, and never the file.

Nothing is remembered between requests but the parts: an upload is what its token says (`Pending`), so any worker takes
the next part. A part is stored sealed, under a name that only the upload's key gives; `finish` makes one file of them,
and what is never finished goes like every other file that nothing attaches (`whistle.services.housekeeping.settle`).
While one worker makes the file, whoever asks for it again is told that it is being made (`whistle.services.alone`).
"""

import json
import os
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Final

from whistle.casefile.attachments import NAME_LIMIT
from whistle.crypto.parts import Parts, stored_size
from whistle.crypto.pool import Pool
from whistle.crypto.stream import CHUNK, SEALED_CHUNK, sealed_size
from whistle.crypto.suite import KEY, Refused
from whistle.services import evidence
from whistle.services.alone import alone
from whistle.services.context import Context
from whistle.services.evidence import Arriving, Upload
from whistle.store.blobs import BlobMissing
from whistle.store.errors import Conflict

TRIES: Final = 5  # to make one file of an upload
_NOTE: Final = 2**32 - 1  # the place, beyond all parts, of the note on what came of it; the tries stand before it
_LOCK: Final = _NOTE - 1 - TRIES  # and before them what is stored nowhere: the name under which a worker makes the file
_NOTED: Final = 4000  # bytes of that note, with a name of NAME_LIMIT characters as JSON writes it
_THREADS: Final = Pool("uploads", 2)  # a worker goes on answering while it makes one file of many parts


class UploadRefused(Exception):
    """An upload, or a part of it, is not taken; what is there already stays.

    ``code``: "large", "empty" (the file); "length", "doubled", "order" (a part: not as long as it must be, there
    already, the one before it is not there); "missing" (not all parts are there); "taken" (another file has this id);
    "making" (its file is being made by a request that came before: ask again).
    """

    def __init__(self, code: str) -> None:
        super().__init__(f"upload refused: {code}")
        self.code = code


@dataclass(frozen=True)
class Pending:
    """An upload on its way. ``size``: bytes of content; ``key``: 32 random bytes, for its parts alone.

    ``blob`` is the 16-byte id under which a file that its sender sealed will be stored; empty for a plain file, which
    is sealed here, under an id and a key that are drawn when it is whole. ``scaled``: it is a photo that the sender's
    page made smaller.
    """

    key: bytes
    size: int
    name: str
    day: date
    blob: bytes = b""
    scaled: bool = False

    @property
    def length(self) -> int:
        """Bytes of all parts together: the content, or what is stored of a file that comes sealed."""
        return sealed_size(self.size) if self.blob else self.size

    @property
    def parts(self) -> int:
        """How many parts it has."""
        return -(-self.length // self._step)

    def part_length(self, index: int) -> int:
        """Bytes of a part: a chunk of the content or a sealed chunk, the last one shorter; 0 where there is none."""
        return max(0, min(self._step, self.length - index * self._step)) if index >= 0 else 0

    @property
    def _step(self) -> int:
        return SEALED_CHUNK if self.blob else CHUNK


def begin(ctx: Context, name: str, size: int, blob: bytes = b"", scaled: bool = False) -> Pending:
    """An upload of ``size`` bytes of content; nothing is stored yet. Raises UploadRefused ("large", "empty")."""
    if size > ctx.settings.file_bytes:
        raise UploadRefused("large")
    if size < 1:
        raise UploadRefused("empty")
    return Pending(os.urandom(KEY), size, name[:NAME_LIMIT], ctx.clock.today(), blob, scaled)


def there(ctx: Context, upload: Pending) -> int:
    """How many parts are there: all before the first that is not. Raises StoreUnavailable."""
    parts = Parts(upload.key)
    return bisect_left(range(upload.parts), True, key=lambda index: not _is_there(ctx, parts, index))


def add(ctx: Context, upload: Pending, index: int, content: bytes) -> int:
    """Store a part durably; how many are there with it. One that is there is never replaced.

    Raises UploadRefused ("length", "doubled", "order"), and StoreUnavailable.
    """
    if not content or len(content) != upload.part_length(index):
        raise UploadRefused("length")
    parts = Parts(upload.key)
    if index and not _is_there(ctx, parts, index - 1):
        raise UploadRefused("order")
    try:
        ctx.blobs.put(parts.name(index), ctx.clock.today(), [parts.seal(index, content)])
    except Conflict:
        raise UploadRefused("doubled") from None
    return index + 1


def finish(ctx: Context, upload: Pending) -> Upload:
    """Seal the parts of a plain file as one, durably, and clean it.

    What came of it is noted beside the parts, sealed as they are, for whoever asks once more since the answer was lost.
    So nobody makes many files of one upload, but for a few tries (`TRIES`) that ended before they were noted; and one
    that is asked for while another request makes it costs none. Raises UploadRefused ("missing", "making", "taken" when
    there are no more tries), and StoreUnavailable.
    """
    with _alone(ctx, upload):
        return _noted(ctx, upload) or _make(ctx, upload)


@contextmanager
def _alone(ctx: Context, upload: Pending) -> Iterator[None]:
    with alone(ctx.settings.data_dir / "uploads.lock", Parts(upload.key).name(_LOCK)) as is_alone:
        if not is_alone:
            raise UploadRefused("making")
        yield


def _make(ctx: Context, upload: Pending) -> Upload:
    _begin_try(ctx, upload)
    installation = ctx.lately().installation
    with Arriving(ctx, installation, upload.size) as arriving:
        for content in _contents(ctx, upload):
            arriving.write(content)
        sent = arriving.finish()
    whole = evidence.take_in(ctx, installation, sent, upload.name, upload.scaled)
    if whole.why != "busy":  # else another try may come to more
        _note(ctx, upload, whole)
    return whole


def _noted(ctx: Context, upload: Pending) -> Upload | None:
    parts = Parts(upload.key)
    try:
        sealed = ctx.blobs.read(parts.name(_NOTE), 0, stored_size(_NOTED))
        return Upload.from_dict(json.loads(parts.open(_NOTE, sealed)))
    except (BlobMissing, Refused):
        return None


def _note(ctx: Context, upload: Pending, whole: Upload) -> None:
    parts = Parts(upload.key)
    told = json.dumps(whole.to_dict()).encode().ljust(_NOTED)
    with suppress(Conflict):  # somebody else was quicker
        ctx.blobs.put(parts.name(_NOTE), ctx.clock.today(), [parts.seal(_NOTE, told)])


def _begin_try(ctx: Context, upload: Pending) -> None:
    parts = Parts(upload.key)
    for number in range(TRIES):
        with suppress(Conflict):
            ctx.blobs.put(parts.name(_NOTE - 1 - number), ctx.clock.today(), [parts.seal(_NOTE - 1 - number, b"")])
            return
    raise UploadRefused("taken")


def finish_sealed(ctx: Context, upload: Pending) -> None:
    """Store a file that its sender sealed as it is, durably, under the id that the sender drew; once.

    Whether it opens is for those who have its key to see. Raises UploadRefused ("missing", "making", "taken"), and
    StoreUnavailable.
    """
    with _alone(ctx, upload):
        try:
            ctx.blobs.put(upload.blob, ctx.clock.today(), _contents(ctx, upload))
        except Conflict:
            if not _is_stored(ctx, upload):
                raise UploadRefused("taken") from None


def drop(ctx: Context, upload: Pending) -> None:
    """Remove the parts: of an upload that became a file, or that is not wanted any more. Raises StoreUnavailable."""
    parts = Parts(upload.key)
    for index in reversed(range(there(ctx, upload))):  # from the end: interrupted, those that are left still count
        ctx.blobs.remove(parts.name(index))


def _contents(ctx: Context, upload: Pending) -> Iterator[bytes]:
    parts = Parts(upload.key)
    for index in range(upload.parts):
        yield _opened(ctx, parts, index, upload.part_length(index))


def _opened(ctx: Context, parts: Parts, index: int, length: int) -> bytes:
    try:
        sealed = ctx.blobs.read(parts.name(index), 0, stored_size(length))
        return _THREADS.run(parts.open, index, sealed)  # not the store: its connections belong to the worker's loop
    except (BlobMissing, Refused):
        raise UploadRefused("missing") from None


def _is_there(ctx: Context, parts: Parts, index: int) -> bool:
    try:
        return bool(ctx.blobs.read(parts.name(index), 0, 1))
    except BlobMissing:
        return False


def _is_stored(ctx: Context, upload: Pending) -> bool:
    """Whether what is stored under the sender's id is this very file, as after an answer that was lost."""
    at = 0
    try:
        for content in _contents(ctx, upload):
            if ctx.blobs.read(upload.blob, at, at + len(content)) != content:
                return False
            at += len(content)
    except BlobMissing:
        return False
    return True
