"""What somebody wrote on the page of their case: a general box, and one for each open question, all in one form.

One form, so that whatever button is pressed, what stands in the other boxes comes along and is not lost, without a
script too. A question's fields have its id behind their names: ``teks-3f…``, ``berkas-3f…``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from flask import request

from whistle.services.context import Context
from whistle.web.channel.files import ORIGINALS, TOKEN, Files, of_box
from whistle.web.forms.cleaning import Removed, clean
from whistle.web.incoming import FIELD, the_request

TEXT = "teks"
GENERAL = "pesan"  # what the general box's button says
OF_A_QUESTION = re.compile(rf"(?:{TEXT}|{FIELD}|{TOKEN}|{ORIGINALS})-([0-9a-f]{{32}})")
QUESTION = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Box:
    """One box, what is in it, and what is wrong with that. ``question``: a question's id in hexadecimal, or ""."""

    question: str = ""
    text: str = ""
    complaint: str = ""
    removed: frozenset[Removed] = frozenset()
    files: Files = field(default_factory=Files)

    @property
    def used(self) -> bool:
        """Whether something is in it that is not sent yet."""
        return bool(self.text or self.files.chosen)

    @property
    def anchor(self) -> str:
        """Its id on the page."""
        return f"jawab-{self.question}" if self.question else "pesan"

    @property
    def suffix(self) -> str:
        """What stands behind the names of its fields."""
        return f"-{self.question}" if self.question else ""

    def sent_again(self) -> Iterator[tuple[str, str]]:
        """(name, value) pairs that carry its text on, for hidden inputs; its files do so themselves."""
        if self.text:
            yield TEXT + self.suffix, self.text

    def with_(self, other: "Box") -> "Box":
        """This box with what is in another one as well."""
        text = "\n\n".join(one for one in (self.text, other.text) if one)
        files = self.files.with_(other.files)
        return replace(self, text=text, removed=self.removed | other.removed, files=files)


def of_form(ctx: Context) -> dict[str, Box]:
    """The boxes of the request's form, by question: the general one always, and each that has a field in it."""
    the_request().take_files(ctx)
    found = (OF_A_QUESTION.fullmatch(name) for name in (*request.form, *request.files))
    questions = dict.fromkeys(match[1] for match in found if match)
    return {question: _of_form(ctx, question) for question in ("", *questions)}


def pressed() -> str | None:
    """The question whose button was pressed; "" for the general box, None when it was no box's button."""
    value = request.form.get("pertanyaan", "")
    if request.form.get("langkah") or not (value in ("", GENERAL) or QUESTION.fullmatch(value)):
        return None
    return value if value != GENERAL else ""


def placed(boxes: Mapping[str, Box], questions: Iterable[str]) -> dict[str, Box]:
    """A box for each open question and the general one, to which goes what was written under any other question."""
    out = {question: Box(question) for question in ("", *questions)}
    for box in boxes.values():
        where = box.question if box.question in out else ""
        out[where] = replace(out[where].with_(box), complaint=out[where].complaint or box.complaint)
    return out


def _of_form(ctx: Context, question: str) -> Box:
    empty = Box(question)
    cleaned = clean(request.form.get(TEXT + empty.suffix, ""))
    files = of_box(ctx, the_request(), empty.suffix)
    return replace(empty, text=cleaned.text, removed=cleaned.removed, files=files)
