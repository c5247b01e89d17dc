"""The bytes of a sealed report, against the vectors."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.sealer import joined, split
from whistle.casefile.sealed import SealedRefused, parse

FILE = Path(__file__).parents[1] / "vectors" / "report.json"
VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
REPORT = VECTORS["vectors"][0]
WHOLE = bytes.fromhex(REPORT["report"])
FIELDS = {name: bytes.fromhex(value) for name, value in REPORT["fields"].items()}


@pytest.mark.parametrize("vector", VECTORS["vectors"], ids=["without files", "with files"])
def test_the_report_has_one_spelling(vector: dict[str, Any]) -> None:
    whole = bytes.fromhex(vector["report"])
    fields = {name: bytes.fromhex(value) for name, value in vector["fields"].items()}
    assert parse(whole).to_bytes() == whole
    assert split(whole) == fields
    assert parse(whole).sequence == int.from_bytes(fields["sequence"], "big")
    assert b"".join(parse(whole).files) == fields.get("files", b"")


@pytest.mark.parametrize("refused", VECTORS["refused"], ids=lambda refused: str(refused["why"]))
def test_what_is_no_report_is_refused(refused: dict[str, Any]) -> None:
    if "ends" in refused:
        less, more = refused["ends"]
        data = WHOLE[: len(WHOLE) - less] + bytes.fromhex(more)
    else:
        data = joined(FIELDS | {name: bytes.fromhex(value) for name, value in refused["fields"].items()})
    with pytest.raises(SealedRefused, match="form"):
        parse(data)
