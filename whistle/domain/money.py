"""Rupiah as people type them and as pages print them: whole numbers only, never a float.

Sums are written in many ways: ``Rp 50.000,-``, ``50rb``, ``1,5 juta``, ``1 juta 250 ribu``, ``dua ratus ribu``. Where a
spelling could mean two amounts that differ a thousandfold (``1.250 juta``) it is refused rather than guessed.
"""

import re
import unicodedata
from typing import Literal

from whistle.domain.complaint import AMOUNT_LIMIT
from whistle.domain.number_words import number_of_words

LONGEST = 80  # characters; nobody writes an amount with more

AmountKind = Literal["negative", "absurd", "unreadable"]


class AmountError(ValueError):
    """``kind``: "negative", "absurd" (more than AMOUNT_LIMIT) or "unreadable"."""

    def __init__(self, kind: AmountKind) -> None:
        super().__init__(kind)
        self.kind: AmountKind = kind


def parse_rupiah(text: str) -> int | None:
    """The amount in whole rupiah, 0 to AMOUNT_LIMIT; None when nothing was typed. Raises AmountError."""
    if len(text) > 10 * LONGEST:
        raise AmountError("unreadable")
    typed = _bare(text)
    if not typed:
        return None
    if _MINUS.match(typed):
        raise AmountError("negative")
    if len(typed) > LONGEST:
        raise AmountError("unreadable" if any(char.isalpha() for char in typed) else "absurd")
    amount = _amount(typed)
    if amount is None:
        raise AmountError("unreadable")
    if amount > AMOUNT_LIMIT:
        raise AmountError("absurd")
    return amount


def format_rupiah(amount: int) -> str:
    """``Rp1.250.000``."""
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")


_SCALES = {"ribu": 3, "rb": 3, "k": 3, "juta": 6, "jt": 6, "miliar": 9, "milyar": 9, "triliun": 12, "trilyun": 12}
_MINUS = re.compile(r"(?:(?:rp|idr)\.? ?)?(?:[-(] ?[0-9]|(?:minus|negatif)\b)")
_AROUND = re.compile(
    r"^(?:kira-kira|kira kira|kurang lebih|sekitar|kl\.?|k\.l\.|\+/?-|±|~|=)? ?"
    r"(?P<sum>.*?)"
    r"(?: ?rupiah|,?-+|,--|\.-| ?an)?\.?$"
)
_CURRENCY = re.compile(r"^(?:rp|idr|rupiah)\.? ?")
_PART = re.compile(r"([0-9][0-9.,' ]*?) ?(ribu|rb|k|juta|jt|miliar|milyar|triliun|trilyun)(?![a-z]) ?")
_GROUPED = re.compile(r"(?P<whole>[0-9]{1,3}(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)(?P<sen>[.,][0-9]{2})?")
_PLAIN = re.compile(r"(?P<whole>[0-9]{4,}),00|(?P<small>[0-9]+)")  # "50,00" may be 50 or 50.000
_DECIMAL = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,2}))?")


def _bare(text: str) -> str:
    """Lower case, without currency, "about" and what may stand behind an amount; single spaces."""
    shown = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").casefold()
    shown = "".join(char for char in shown if unicodedata.category(char) != "Cf")  # marks of direction and width
    shown = " ".join(shown.split())
    found = _AROUND.match(shown)
    shown = found["sum"].strip() if found else shown
    return _CURRENCY.sub("", shown).strip() if not _MINUS.match(shown) else shown


def _amount(typed: str) -> int | None:
    if not typed[0].isdigit():
        return number_of_words(typed)
    return _scaled(typed) if any(char.isalpha() for char in typed) else _digits(typed)


def _digits(typed: str) -> int | None:
    """Digits with or without marks between thousands; two digits of sen are dropped when a mark says so."""
    grouped = _GROUPED.fullmatch(typed)
    if grouped:
        if grouped["sen"] and grouped["sen"][0] == grouped["mark"]:
            return None
        return int("".join(char for char in grouped["whole"] if char.isdigit()))
    plain = _PLAIN.fullmatch(typed)
    return int(plain["whole"] or plain["small"]) if plain else None


def _scaled(typed: str) -> int | None:
    """``1,5 juta``, ``1 juta 250 ribu``: numbers with their scale, each scale smaller than the one before."""
    total, place, last = 0, 0, 99
    while place < len(typed):
        part = _PART.match(typed, place)
        if part is None:
            return None
        scale = _SCALES[part[2]]
        number = _DECIMAL.fullmatch(part[1].strip())
        if number is None or scale >= last:
            return None
        decimals = number[2] or ""
        total += int(number[1] + decimals) * 10 ** (scale - len(decimals))
        place, last = part.end(), scale
    return total
