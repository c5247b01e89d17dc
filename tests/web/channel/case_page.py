"""The page of a case: its boxes, its questions, and what was written into them."""

import re

from werkzeug.test import TestResponse

from tests.web.channel.conftest import Fields, Phone, hidden
from whistle.services import followup


def box(phone: Phone, words: str, text: str, question: bool = False) -> Fields:
    """The form of a case page: a text in its general box or its first question's, whose button is pressed."""
    page = phone.post("/lacak", {"kata": words})
    fields: Fields = {name: hidden(page, name, "/lacak/pesan") for name in ("kunci", "nomor")}
    asked = questions(page)[0] if question else ""
    return {**fields, "pertanyaan": asked or "pesan", f"teks-{asked}" if asked else "teks": text}


def questions(page: TestResponse) -> list[str]:
    """The ids of the questions that have a box on a case page."""
    return re.findall(r'name="pertanyaan" value="([0-9a-f]{32})"', page.text)


def texts(phone: Phone, words: str) -> list[str]:
    """What the reporter wrote after the report itself."""
    return [item.text for item in followup.open_with_words(phone.city.ctx, words).thread[1:] if item.mine]
