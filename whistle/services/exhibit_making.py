"""What the desk makes of a file before anybody looks at it: a clean copy, pictures of its pages, its text.

All of it comes out of the sandbox, and is sealed and stored beside the file. Each piece has a key of its own.
"""

import hashlib
from dataclasses import replace
from typing import Final

from whistle.casefile.attachments import Stored
from whistle.casefile.exhibits import Prepared
from whistle.clean import sandbox
from whistle.clean.kinds import HEARD_AS, UNHEARD
from whistle.clean.result import NotCleaned
from whistle.crypto.stream import CHUNK
from whistle.services.aside import give_way
from whistle.services.context import Context
from whistle.services.evidence import AGAIN, Arriving, Content, Vanished, drop, take_in

PAGES: Final = 20  # of a document that are made at once; the others when somebody asks for one
PICTURE, TEXT = "image/jpeg", "text/plain"


def make(ctx: Context, installation: bytes, stored: Stored, before: Prepared | None = None) -> Prepared:
    """Clean a file, and make its previews. Takes seconds. Raises Vanished, StoreUnavailable.

    ``before``: what came of it the last time. A clean copy that is there and whole stays, and only previews are made.
    """
    if before and before.clean and _is_whole(ctx, installation, before.clean):
        return _with_previews(ctx, installation, Prepared(before.clean, removed=before.removed))
    _check(ctx, installation, stored)
    upload = take_in(ctx, installation, stored, "")
    if upload.cleaned is None:
        return Prepared(None, upload.why)
    clean = upload.cleaned
    if clean.sha256 == stored.sha256:  # it was clean before: one copy is enough
        drop(ctx, [clean])
        clean = Stored(stored.id, stored.key, stored.size, stored.sha256, clean.media)
    return _with_previews(ctx, installation, Prepared(clean, removed=upload.removed))


def is_unfinished(made: Prepared) -> bool:
    """Whether another try may come to more: for want of time or room, or of before copies for listening were made."""
    unheard = made.clean is not None and made.clean.media in UNHEARD and made.heard is None
    return made.why in AGAIN or (unheard and not made.why)


def _with_previews(ctx: Context, installation: bytes, made: Prepared) -> Prepared:
    """``made``, which has a clean copy, and what is looked at or heard of it, or why there is nothing."""
    clean = made.clean
    assert clean is not None  # noqa: S101 - said above
    try:
        look = sandbox.look(Content(ctx, installation, clean), 0, PAGES)
    except NotCleaned as error:
        return replace(made, why=error.code)
    pictures = tuple(_kept(ctx, installation, picture, PICTURE) for picture in look.pictures)
    text = _kept(ctx, installation, look.text.encode(), TEXT) if look.text else None
    made = replace(made, pictures=pictures, pages=look.pages, text=text, sizes=look.sizes)
    return _heard(ctx, installation, made, clean) if clean.media in UNHEARD else made


def _heard(ctx: Context, installation: bytes, made: Prepared, clean: Stored) -> Prepared:
    """With a copy for listening, or why there is none."""
    with Arriving(ctx, installation, sandbox.MOST_OUT) as out:
        try:
            sandbox.hear(Content(ctx, installation, clean), out.write)
        except NotCleaned as error:
            return replace(made, why=error.code)
        return replace(made, heard=out.finish(HEARD_AS))


def _is_whole(ctx: Context, installation: bytes, stored: Stored) -> bool:
    try:
        _check(ctx, installation, stored)
    except Vanished:
        return False
    return True


def _check(ctx: Context, installation: bytes, stored: Stored) -> None:
    """All of it is there and is what its entry says: a digest on the exhibit's sheet is one that was computed.

    Raises Vanished.
    """
    content, digest = Content(ctx, installation, stored), hashlib.sha256()
    for at in range(0, stored.size, CHUNK):
        digest.update(content.read(at, at + CHUNK))
        give_way()
    if digest.digest() != stored.sha256:
        raise Vanished("a stored file is not what its entry says")


def _kept(ctx: Context, installation: bytes, data: bytes, media: str) -> Stored:
    with Arriving(ctx, installation, len(data)) as arriving:
        arriving.write(data)
        return arriving.finish(media)
