"""The form of the monthly letter (data/letter.toml): head, number, nature, enclosure, subject, to whom, who signs."""

from collections.abc import Mapping
from dataclasses import dataclass

from whistle.domain.data import Entry, read_toml
from whistle.domain.labels import Label


@dataclass(frozen=True)
class Letterhead:
    """``number`` and ``subject`` hold places for the month: see the data file. ``copies``: tembusan, one a line."""

    head: tuple[str, ...]
    address: tuple[str, ...]
    place: str
    number: str
    nature: Label
    enclosure: Label
    subject: Label
    to: Label
    copies: Label
    signer: Label
    basis: Label


def _letter(entry: Entry) -> Letterhead:
    entry.text("source")
    labels = (entry.label(name) for name in ("nature", "enclosure", "subject", "to", "copies", "signer", "basis"))
    return Letterhead(
        entry.texts("head"), entry.optional_texts("address"), entry.text("place"), entry.text("number"), *labels
    )


LETTERS: Mapping[str, Letterhead] = read_toml("letter.toml", _letter, "letter")
MONTHLY = LETTERS["monthly"]
