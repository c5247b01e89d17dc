"""One request that costs its sender nothing must not hold a worker."""

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from whistle.domain.composed import MOST_MARKS, nfc

MARKS = "\u0315\u0300"  # in the wrong order, so that they have to be sorted
PLACES = {
    "a report": "from whistle.web.forms.cleaning import clean; clean(text)",
    "the desk": "from whistle.web.desk.fields import tidy; tidy(text)",
    "a password": (
        "from whistle.crypto.vault import KdfParams, VaultRecord, open_vault\n"
        "from whistle.crypto.suite import Refused\n"
        "try: open_vault(VaultRecord(KdfParams(8, 1, 1), bytes(16), bytes(60)), text)\n"
        "except Refused: pass"
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_letter_under_a_million_marks_is_read_in_seconds(place: str) -> None:
    """It took a quarter of an hour, and nothing else was answered meanwhile: in a process of its own, to be ended."""
    program = f"text = 'a' + {MARKS!r} * 500_000\n{PLACES[place]}"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)  # noqa: S603


@given(st.text(max_size=200))
def test_ordinary_text_is_composed_as_unicode_says(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)


def test_every_mark_is_kept() -> None:
    text = "a" + MARKS * MOST_MARKS
    assert sorted(nfc(text).replace("\u034f", "")) == sorted(unicodedata.normalize("NFC", text))
