"""Files on the forms of a phone: sent, carried by a page, attached to a report, and their bytes."""

import io
import re
from collections.abc import Iterable
from html import unescape

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from tests.web.channel.conftest import Fields, Phone
from whistle.casefile.attachments import Attachment
from whistle.services import evidence, followup

UNKNOWN = b"\x00\x01not a kind that anybody knows" * 20
Given = tuple[bytes, str]


def post(phone: Phone, path: str, fields: Fields, given: Iterable[Given] = ()) -> TestResponse:
    """A form with files, as a browser sends it."""
    chosen = [FileStorage(io.BytesIO(data), name, "berkas") for data, name in given]
    boundary, body = encode_multipart(MultiDict({**fields, "berkas": chosen}))
    return phone.client.post(path, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def carried(page: TestResponse) -> Fields:
    """What a page carries of files, for the next form."""
    return {"berkas-ada": [unescape(token) for token in re.findall(r'name="berkas-ada" value="([^"]+)"', page.text)]}


def attached(phone: Phone, words: str) -> list[Attachment]:
    """What the reporter's own words attach, in their order."""
    view = followup.open_with_words(phone.city.ctx, words)
    return [one for item in view.thread for one in item.files]


def content(phone: Phone, attachment: Attachment) -> bytes:
    """The bytes of what is shown of a file."""
    ctx = phone.city.ctx
    return evidence.Content(ctx, ctx.lately().installation, attachment.file).read(0, attachment.file.size)
