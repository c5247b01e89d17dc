"""docs/envelope.md says what the package does: its labels, its sizes, its links."""

import re
from pathlib import Path

from tests.crypto.givens import PLACE
from whistle.crypto import envelope, signing, stream, suite
from whistle.crypto.suite import LABELS

DOCUMENT = Path(__file__).parents[2] / "docs" / "envelope.md"
TEXT = DOCUMENT.read_text("utf-8")


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_the_label_table_holds_every_label_and_no_other() -> None:
    rows = [line.split("|")[1] for line in section("Labels").splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`([a-z-]+)`", row)]
    assert sorted(named) == sorted(LABELS)


def test_sizes_are_those_of_the_package() -> None:
    sizes = section("Sizes").replace(",", "")
    for size in (
        suite.PUBLIC,
        suite.ENC,
        envelope.GRANT_SIZE,
        envelope.WRAPPED_SIZE,
        envelope.SUMMARY_SIZE,
        envelope.IDENTITY_SIZE,
        signing.SIGNATURE,
        signing.DUAL_SIGNATURE,
        signing.DUAL_PUBLIC,
        stream.SEALED_CHUNK,
    ):
        assert re.search(rf"\b{size}\b", sizes), size
    assert f"That is {len(PLACE.aad())} bytes." in TEXT
    assert f"pad_to(body, {envelope.SUMMARY_ROOM + 1})" in TEXT


def test_every_link_leads_somewhere() -> None:
    headings = {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.+)$", TEXT, re.M)}
    for target in re.findall(r"\]\(([^)]+)\)", TEXT):
        if target.startswith("#"):
            assert target[1:] in headings, target
        else:
            assert (DOCUMENT.parent / target).exists(), target
