"""The search of the canary tests finds what it claims to find: a search that finds nothing proves nothing."""

import base64
import gzip
import io
import os
import struct
import time
import zipfile
import zlib
from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from tests.faults.needles import (
    found_in,
    found_on_disk,
    moments_in_number,
    moments_in_text,
    near,
    spellings,
    telling_offsets,
)

CANARY = "Kenari-Merah 73"


def zipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", data)
    return file.getvalue()


PLAIN = CANARY.encode()
HIDDEN = {
    "plain": PLAIN,
    "upper case": CANARY.upper().encode(),
    "utf-16": CANARY.encode("utf-16"),
    "utf-16-be": CANARY.encode("utf-16-be"),
    "hex": PLAIN.hex().encode(),
    "percent": quote(CANARY).encode(),
    "repr": "".join(f"\\x{byte:02x}" for byte in PLAIN).encode(),
    "base64": base64.b64encode(PLAIN),
    "base64, one before": base64.b64encode(b"a" + PLAIN + b"zzz"),
    "base64, two before": base64.b64encode(b"ab" + PLAIN + b"z"),
    "base64url, three before": base64.urlsafe_b64encode(b"abc" + PLAIN + b"zz"),
    "zlib": zlib.compress(PLAIN * 3),
    "zlib inside": b"\x00" * 77 + zlib.compress(PLAIN, 9) + b"\xff" * 9,
    "gzip": gzip.compress(PLAIN),
    "zip": zipped(PLAIN),
    "base64 in zlib": zlib.compress(base64.b64encode(b"x" + PLAIN + b"yy")),
}


@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN.keys())
def test_a_canary_is_found_however_it_is_hidden(hidden: bytes) -> None:
    assert found_in(os.urandom(100) + hidden + os.urandom(100), [CANARY])


def test_a_canary_in_a_file_or_in_its_name_is_found(tmp_path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file").write_bytes(os.urandom(5000) + PLAIN)
    (tmp_path / PLAIN.hex()).touch()
    assert len(found_on_disk([CANARY], tmp_path)) >= 2


def test_random_bytes_hold_no_canary() -> None:
    assert found_in(os.urandom(1_000_000), [CANARY]) == []


def test_no_spelling_is_so_short_that_it_would_be_found_by_chance() -> None:
    assert min(len(needle) for needle in spellings(CANARY).values()) >= 14


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T09:31:07Z",
        "2026-11-24 17:31:07",
        "20261124_093107",
        "at 2026-11-24 16.31",
        str(int(datetime(2026, 11, 24, 9, 31, 7, tzinfo=UTC).timestamp())),
        str(int(datetime(2026, 11, 24, 9, 31, 7, tzinfo=UTC).timestamp() * 1e6)),
    ],
)
def test_a_moment_in_a_text_is_found(text: str) -> None:
    assert near(moments_in_text(text), [datetime(2026, 11, 24, 9, 40, tzinfo=UTC).timestamp()])


def test_a_day_alone_is_not_taken_for_a_moment() -> None:
    assert not near(moments_in_text("2026-11-24"), [datetime(2026, 11, 24, 0, 1, tzinfo=UTC).timestamp()])


@pytest.mark.parametrize("unit", [1, 1_000, 1_000_000, 1_000_000_000])
def test_a_moment_in_a_number_is_found_in_every_unit(unit: int) -> None:
    now = time.time()
    assert near(moments_in_number(int(now * unit)), [now])
    assert not near(moments_in_number(int((now - 7300) * unit)), [now])


@pytest.mark.parametrize("code", ["<I", ">I", "<Q", ">Q", "<d", ">d"])
def test_a_moment_at_one_place_of_every_row_is_found_between_random_bytes(code: str) -> None:
    now = time.time()
    value = now if code.endswith("d") else int(now)
    rows = [os.urandom(40) + struct.pack(code, value) + os.urandom(200) for _ in range(6)]
    assert "40 from the start" in telling_offsets(rows, [now])


def test_random_bytes_hold_no_moment() -> None:
    assert telling_offsets([os.urandom(1200) for _ in range(6)], [time.time()]) == []
