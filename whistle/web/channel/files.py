"""The files of a form that is not sent yet, on every page that it passes through.

A file is stored as soon as it arrives; what opens it travels on in the form, sealed, until the form is sent. So nobody
uploads twice because an answer was missing, and the server keeps no key of a file that is not attached. What is taken
out of a form is not removed from the store by it: a second tap on a slow line may send an older page, whose file is
attached then. What nothing attaches goes at night.
"""

import json
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from werkzeug.datastructures import MultiDict

from whistle.casefile.attachments import Attachment
from whistle.crypto.suite import Refused
from whistle.crypto.tokens import open_token, seal_token
from whistle.services import evidence
from whistle.services.context import Context
from whistle.services.evidence import Upload
from whistle.store.errors import StoreError
from whistle.web.incoming import FilesRequest

PURPOSE = "file"
KEPT_DAYS = 1  # nights for which the form may lie open; two later what was not sent is removed (evidence.SETTLED_AFTER)
TOKEN, DROPPED, INSISTED, ORIGINALS = "berkas-ada", "buang", "apa-adanya", "asli"


@dataclass(frozen=True)
class Chosen:
    """A file of the form. ``insisted``: it is sent although nobody could clean it."""

    upload: Upload
    token: str
    insisted: bool = False
    fresh: bool = False  # it came with this very request
    late: bool = False  # its token is too old, but it went with the report while it was not

    @property
    def id(self) -> str:
        """What names it in the form."""
        return self.upload.sent.id.hex()

    @property
    def goes(self) -> bool:
        """Whether it goes with the form as it stands."""
        return self.insisted or not self.upload.asks


@dataclass(frozen=True)
class Trouble:
    """A file that is not with the form: "large", "many", "empty", "unavailable", "expired"; ``name`` where known.

    ``waited``: what is "expired", which may have gone with the report in time; it is for `Files.sent_before` to say.
    """

    why: str
    name: str = ""
    waited: Chosen | None = None


@dataclass(frozen=True)
class Files:
    """What a form carries besides its answers. ``originals``: the files as they were sent are kept beside the clean.

    ``twice``: names of files that were chosen although the same bytes are among the chosen already; one of them goes.
    """

    chosen: list[Chosen] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    originals: bool = False
    twice: list[str] = field(default_factory=list)

    @property
    def undecided(self) -> bool:
        """Whether there is a file of which its sender did not say yet what to do with it."""
        return any(one.fresh and not one.goes for one in self.chosen)

    def attachments(self) -> list[Attachment]:
        """What is sent."""
        # An original that was not kept in time is gone by now.
        return [one.upload.attachment(self.originals and not one.late) for one in self.chosen if one.goes]

    @property
    def waited(self) -> bool:
        """Whether there is a file that counts as too old, unless it is attached."""
        return any(trouble.waited for trouble in self.troubles)

    def sent_before(self, attached: Container[bytes]) -> "Files":
        """These, where the form was sent before: a file whose id the report attaches is no trouble, however late."""
        chosen, troubles = list(self.chosen), list[Trouble]()
        for trouble in self.troubles:
            one = trouble.waited
            if one is not None and one.upload.attachment(False).file.id in attached:
                chosen.append(replace(one, insisted=one.upload.asks, late=True))
            else:
                troubles.append(trouble)
        files = replace(self, chosen=chosen)
        late = [one for one in troubles if not one.waited or files.place_of(one.waited.upload.sent.sha256) is None]
        return replace(files, troubles=late)

    def sent_again(self, box: str = "") -> Iterator[tuple[str, str]]:
        """(name, value) pairs that carry it on as it stands, for hidden inputs. ``box``: as for `of_box`."""
        yield from ((TOKEN + box, one.token) for one in self.chosen)
        yield from ((INSISTED, one.id) for one in self.chosen if one.insisted)
        if self.originals:
            yield ORIGINALS + box, "y"

    def with_(self, other: "Files") -> "Files":
        """These and another box's."""
        both = Files(self.chosen + other.chosen, self.troubles + other.troubles, self.originals or other.originals)
        return replace(both, twice=self.twice + other.twice)

    def place_of(self, sha256: bytes) -> int | None:
        """Where among the chosen a file of these very bytes is."""
        return next((at for at, one in enumerate(self.chosen) if one.upload.sent.sha256 == sha256), None)


def of_form(ctx: Context, request: FilesRequest) -> Files:
    """The files of a form as it was sent: those that it carried and those that came with it.

    Never refuses the form: what is wrong with a file stands among the troubles.
    """
    request.take_files(ctx)
    return of_box(ctx, request, "")


def of_box(ctx: Context, request: FilesRequest, box: str) -> Files:
    """As `of_form`, for one of several boxes of a form, whose fields' names end in ``box``; the files are taken in."""
    files = _carried(ctx, request.form, box)
    for name, came in request.incoming(box):
        if came.stored is not None and files.place_of(came.stored.sha256) is not None:
            evidence.drop(ctx, [came.stored])  # no page carries it, so that no older page can send it
            files.twice.append(name)
            continue
        if came.stored is None or len(files.chosen) >= ctx.settings.files:
            files.troubles.append(Trouble(came.refused or "many", name))
            continue
        try:
            upload = evidence.take_in(ctx, ctx.lately().installation, came.stored, name)
        except StoreError:
            files.troubles.append(Trouble("unavailable", name))
            continue
        files.chosen.append(Chosen(upload, seal(ctx, upload), fresh=True))
    return files


def _carried(ctx: Context, form: MultiDict[str, str], box: str) -> Files:
    dropped, insisted = set(form.getlist(DROPPED)), set(form.getlist(INSISTED))
    files, away = Files(originals=ORIGINALS + box in form), False
    for token in dict.fromkeys(form.getlist(TOKEN + box)):
        upload, old = _opened(ctx, token)
        if upload is None:
            files.troubles.append(Trouble("expired"))
            continue
        if Chosen(upload, token).id in dropped:
            continue
        try:
            if old or not (away or evidence.is_there(ctx, upload)):
                files.troubles.append(Trouble("expired", upload.name, Chosen(upload, token)))
                continue
            if upload.why == "busy" and not away:  # too many files at once, and perhaps no more
                upload = evidence.take_in(ctx, ctx.lately().installation, upload.sent, upload.name, upload.scaled)
                token = seal(ctx, upload)
        except StoreError:
            away = True  # it was stored, and is believed to be there; a store that is away is waited for once
        one = Chosen(upload, token)
        one = replace(one, insisted=upload.asks and one.id in insisted)
        place = files.place_of(upload.sent.sha256)
        if place is not None:
            other = files.chosen[place]
            files.chosen[place] = replace(other, insisted=other.insisted or one.insisted)
            if one.id != other.id:
                files.twice.append(upload.name)
            continue
        if len(files.chosen) >= ctx.settings.files:
            files.troubles.append(Trouble("many", upload.name))
        else:
            files.chosen.append(one)
    return files


def seal(ctx: Context, upload: Upload) -> str:
    """What a form carries of a file: nobody reads in it, and nobody changes it."""
    told = {"day": ctx.clock.today().toordinal(), **upload.to_dict()}
    return seal_token(ctx.settings.secret_key, PURPOSE, json.dumps(told).encode())


def open_(ctx: Context, token: str) -> Upload | None:
    """The file of a token; None for one that was changed, is another server's, or is older than files are kept."""
    upload, old = _opened(ctx, token)
    return None if old else upload


def _opened(ctx: Context, token: str) -> tuple[Upload | None, bool]:
    """The file of a token, and whether that is older than files are kept; None for one that was changed."""
    try:
        told = json.loads(open_token(ctx.settings.secret_key, PURPOSE, token))
    except Refused:
        return None, False
    age = (ctx.clock.today() - date.fromordinal(told["day"])).days
    return Upload.from_dict(told), not -1 <= age <= KEPT_DAYS
