"""The English catalogue, kept in step with the Indonesian sentences in code and templates.

``python -m whistle.web.catalogue`` adds new sentences to messages.po without a translation, drops those that nothing
says any more, and compiles messages.mo. A test fails while a translation is missing or the two files differ.
"""

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from config import ROOT

PLACES = [("whistle/**.py", "python"), ("templates/**.html", "jinja2")]
ENGLISH = Path(__file__).with_name("translations") / "en" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "required": None}
UNSTEADY = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Generated-By", "Report-Msgid-Bugs-To")
Id = str | tuple[str, ...]


def sentences() -> set[Id]:
    """Every message id in code and templates; a tuple where there is a plural."""
    found = extract_from_dir(ROOT, PLACES, {}, KEYWORDS, directory_filter=_is_ours)
    return {message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found}


def read(path: Path = ENGLISH) -> Catalog:
    """The catalogue as it stands; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale="en", project="Peluit", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def updated(catalogue: Catalog, said: Iterable[Id]) -> Catalog:
    """A catalogue of exactly the sentences ``said``, with the translations that ``catalogue`` has."""
    new = Catalog(locale="en", project="Peluit", version="1", fuzzy=False)
    for id_ in said:
        old = catalogue.get(id_[0] if isinstance(id_, tuple) else id_)
        new.add(id_, old.string if old and old.id == id_ else None)
    return new


def missing(catalogue: Catalog) -> list[Id]:
    """Message ids without a translation."""
    return [_id(message) for message in catalogue if message.id and not _is_translated(message)]


def as_po(catalogue: Catalog) -> bytes:
    """Sorted and without dates or names, so that a change shows only what it changes."""
    out = BytesIO()
    write_po(out, catalogue, no_location=True, sort_output=True, width=120)
    lines = out.getvalue().decode().splitlines(keepends=True)
    header = "# English. Message ids are the Indonesian sentences. Update: python -m whistle.web.catalogue\n"
    kept = [line for line in lines if not line.startswith(("#", *(f'"{name}' for name in UNSTEADY)))]
    return (header + "".join(kept)).encode()


def as_mo(catalogue: Catalog) -> bytes:
    """What is read at run time. The same sentences give the same bytes, on every day."""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> int:
    catalogue = updated(read(), sentences())
    ENGLISH.parent.mkdir(parents=True, exist_ok=True)
    ENGLISH.write_bytes(as_po(catalogue))
    ENGLISH.with_suffix(".mo").write_bytes(as_mo(read()))
    gaps = missing(catalogue)
    sys.stdout.writelines(f"without a translation: {gap}\n" for gap in gaps)
    return 1 if gaps else 0


def _id(message: Message) -> Id:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def _is_translated(message: Message) -> bool:
    string = message.string
    return all(string) if isinstance(string, (tuple, list)) else bool(string)


def _is_ours(folder: str | Path) -> bool:
    name = Path(folder).name
    return not name.startswith((".", "_")) and name not in {"tests", "docs", "bench", "data", "node_modules"}


if __name__ == "__main__":
    sys.exit(main())
