"""Files in a form's request: each goes from the line straight into its encryption, never onto a disk in the clear.

Werkzeug asks for a stream for each file as it comes to it in the request, and writes the file there piece by piece.
What cannot be taken is read and dropped, so that the rest of the form is kept and the page can say what was wrong.
"""

from collections.abc import Iterator
from typing import IO, Any, cast

from flask import Request, request
from werkzeug.exceptions import BadRequest
from werkzeug.formparser import FormDataParser
from werkzeug.wsgi import get_content_length

from whistle.casefile.attachments import Stored
from whistle.services.context import Context
from whistle.services.evidence import Arriving, TooLarge
from whistle.store.errors import StoreError
from whistle.web.errors import UNAVAILABLE

FIELD = "berkas"
FORM = 4 * 1024 * 1024  # bytes of a request besides its files


class Incoming:
    """One file as it comes. ``refused`` is "" or why it was dropped: "large", "many", "empty", "unavailable".

    ``stored`` is the file once it is there as a whole, durably; None where it was refused.
    """

    def __init__(self, arriving: Arriving | None, refused: str = "") -> None:
        self._arriving, self.refused = arriving, refused
        self.size = 0
        self.stored: Stored | None = None

    def write(self, data: bytes) -> int:
        """Take in a piece. It never fails: the file is marked as refused instead."""
        self.size += len(data)
        if data and self._arriving is not None and not self.refused:  # a field that was left empty asks for no store
            try:
                self._arriving.write(data)
            except TooLarge:
                self._refuse("large")
            except StoreError:
                self._refuse("unavailable")
        return len(data)

    def seek(self, *_where: int) -> int:
        """Werkzeug goes back to the beginning once a file has come: it is brought to its end, and nothing is read."""
        if self._arriving is not None and not self.refused:
            if not self.size:
                self.refused = "empty"
                return 0
            try:
                self.stored = self._arriving.finish()
            except StoreError:
                self._refuse("unavailable")
        return 0

    def read(self, *_size: int) -> bytes:
        return b""

    def close(self) -> None:
        """Take away what was not finished."""
        if self._arriving is not None:
            self._arriving.abandon()

    def _refuse(self, why: str) -> None:
        self.refused = why
        self.close()


class Body:
    """What the server reads of a request, where OSError means each thing that can be wrong with it.

    The server's own errors about chunks are no OSErrors, and it takes a body for whole that ends before it is as long
    as it said it was: half a report would be stored as one. Werkzeug answers an OSError with 400.
    """

    def __init__(self, stream: IO[bytes], length: int | None) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes; none at the end. Raises OSError."""
        try:
            data = self._stream.read(size)
        except (OSError, ValueError):
            raise
        except Exception as error:  # of whatever server there is
            raise OSError("the body cannot be read") from error
        if self._left is not None:
            self._left -= len(data)
            if not data and size and self._left > 0:
                raise OSError("the body ended too soon")
        return data


class FilesRequest(Request):
    """A request whose files nobody takes, until a view says so."""

    _taking: Context | None = None
    _came: list[Incoming]

    def __init__(self, environ: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        if "wsgi.input" in environ:
            environ["wsgi.input"] = Body(environ["wsgi.input"], get_content_length(environ))
        super().__init__(environ, *args, **kwargs)

    def make_form_data_parser(self) -> FormDataParser:
        parser = super().make_form_data_parser()
        parser.silent = False  # else a form that is broken counts as an empty one, and the page asks for every answer
        return parser

    def _load_form_data(self) -> None:
        try:
            super()._load_form_data()
        except ValueError as error:
            raise BadRequest from error

    def take_files(self, ctx: Context) -> None:
        """From here on this request's files are sealed and stored. To be called before its form is looked at."""
        self._taking, self._came = ctx, []
        self.pass_over_files(ctx)

    def pass_over_files(self, ctx: Context) -> None:
        """From here on the form is read however large its files are: to keep its text where nobody takes them."""
        if self.mimetype == "multipart/form-data":  # any other form is read into memory as a whole
            # What is too much is dropped file by file, so that the form is kept; twice as much is where reading ends.
            self.max_content_length = 2 * ctx.settings.files * ctx.settings.file_bytes + FORM

    def incoming(self, box: str = "") -> Iterator[tuple[str, Incoming]]:
        """The form's files, with the names that their sender gave them; fields that were left empty do not count.

        ``box``: what stands behind the field's name where a form has several.
        """
        for file in self.files.getlist(FIELD + box):
            came = cast(Incoming, file.stream)
            if file.filename or came.size:
                yield file.filename or "", came

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Werkzeug's way to say where a file is to go."""
        return cast(IO[bytes], self._stream())

    def _stream(self) -> Incoming:
        if self._taking is None:
            return Incoming(None, "unasked")
        settings = self._taking.settings
        if len(self._came) >= settings.files:
            return Incoming(None, "many")
        if any(came.refused == "unavailable" for came in self._came):
            return Incoming(None, "unavailable")  # a store that is away is waited for once in a request
        try:
            came = Incoming(Arriving(self._taking, self._taking.lately().installation, settings.file_bytes))
        except (*UNAVAILABLE, StoreError):
            return Incoming(None, "unavailable")
        self._came.append(came)
        return came

    def close(self) -> None:
        """Also what was broken off is taken away, which is in no form."""
        for came in getattr(self, "_came", ()):
            came.close()
        super().close()


def the_request() -> FilesRequest:
    """The request at hand, as this application makes it."""
    return cast(FilesRequest, request)
