"""Files in a form's request: each goes from the line straight into its encryption, never onto a disk in the clear.

Werkzeug asks for a stream for each file as it comes to it in the request, and writes the file there piece by piece.
What cannot be taken is read and dropped, so that the rest of the form is kept and the page can say what was wrong.
"""

from collections.abc import Iterator
from typing import IO, cast

from flask import Request, request

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


class FilesRequest(Request):
    """A request whose files nobody takes, until a view says so."""

    _taking: Context | None = None
    _came: list[Incoming]

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
