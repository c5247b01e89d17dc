"""The bytes of a sealed report, against the vectors."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sealer import joined, split
from whistle.casefile.sealed import SealedRefused, parse

FILE = Path(__file__).parents[1] / "vectors" / "report.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
(REPORT,) = VECTORS["vectors"]
WHOLE = bytes.fromhex(REPORT["report"])
FIELDS = {name: bytes.fromhex(value) for name, value in REPORT["fields"].items()}


def test_the_report_has_one_spelling() -> None:
    assert parse(WHOLE).to_bytes() == WHOLE
    assert split(WHOLE) == FIELDS
    assert parse(WHOLE).sequence == int.from_bytes(FIELDS["sequence"], "big")


@pytest.mark.parametrize("refused", VECTORS["refused"], ids=lambda refused: str(refused["why"]))
def test_what_is_no_report_is_refused(refused: dict[str, Any]) -> None:
    if "ends" in refused:
        less, more = refused["ends"]
        data = WHOLE[: len(WHOLE) - less] + bytes.fromhex(more)
    else:
        data = joined(FIELDS | {name: bytes.fromhex(value) for name, value in refused["fields"].items()})
    with pytest.raises(SealedRefused, match="form"):
        parse(data)
