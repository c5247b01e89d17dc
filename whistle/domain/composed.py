"""Unicode's composed form (NFC) in a time that grows with the text and not with its square.

Marks that follow one letter are sorted, and ``unicodedata`` does that by comparing each with each: a few hundred
kilobytes of marks hold a process for minutes. So no more than 30 follow one another, as in Unicode's Stream-Safe Text
Format (UAX 15, section 13): a joiner that nobody sees begins a new run. No language's letter carries as many.
"""

import unicodedata

MOST_MARKS = 30
JOINER = "\u034f"  # combining grapheme joiner: not a mark to be sorted, not visible


def nfc(text: str) -> str:
    """``text`` in NFC; nothing visible is lost, whatever its length."""
    return text if text.isascii() else unicodedata.normalize("NFC", _stream_safe(text))


def _stream_safe(text: str) -> str:
    if len(text) <= MOST_MARKS:
        return text
    out, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks > MOST_MARKS:
            out.append(JOINER)
            marks = 1
        out.append(char)
    return "".join(out)
