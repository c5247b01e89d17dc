"""Search bytes for what must not be there: a text in every encoding that was thought of, and a moment in time.

Used by the canary tests; ``test_needles.py`` shows that each encoding is really found.
"""

import base64
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, quote_plus

HOUR = 3600.0
INFLATED_LIMIT = 64 * 1024 * 1024


def spellings(text: str) -> dict[str, bytes]:
    """``text`` as bytes in every encoding that is searched for, by name."""
    plain = text.encode()
    found = {
        "utf-8": plain,
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "hex": plain.hex().encode(),
        "HEX": plain.hex().upper().encode(),
        "percent": quote(text, safe="").encode(),
        "percent-plus": quote_plus(text).encode(),
        "percent-all": "".join(f"%{byte:02X}" for byte in plain).encode(),
        "percent-all-lower": "".join(f"%{byte:02x}" for byte in plain).encode(),
        "backslash": "".join(f"\\x{byte:02x}" for byte in plain).encode(),
    }
    for shift in range(3):
        # What surrounds the text changes the first and the last characters: only those in between are certain.
        start, end = -(-shift * 8 // 6), (shift + len(plain)) * 8 // 6
        for name, encode in (("base64", base64.b64encode), ("base64url", base64.urlsafe_b64encode)):
            found[f"{name}-{shift}"] = encode(bytes(shift) + plain + bytes(2))[start:end]
    return found


def inflated(data: bytes) -> Iterator[bytes]:
    """What zlib, gzip and zip streams anywhere inside ``data`` inflate to, as far as they do."""
    for match in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        wbits = 31 if match.group().startswith(b"\x1f") else 15
        try:
            got = zlib.decompressobj(wbits).decompress(data[match.start() :], INFLATED_LIMIT)
        except zlib.error:
            continue
        if got:
            yield got
    if b"PK\x03\x04" in data:
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield from (archive.read(name) for name in archive.namelist())
        except zipfile.BadZipFile:
            pass


def found_in(data: bytes, texts: Iterable[str]) -> list[str]:
    """Which texts stand in ``data``, and how they are spelled there."""
    layers = [data, *inflated(data)]
    lowered = [layer.lower() for layer in layers]
    hits = []
    for text in texts:
        for name, needle in spellings(text).items():
            if any(needle in layer for layer in layers):
                hits.append(f"{text} as {name}")
        if any(text.lower().encode() in layer for layer in lowered):
            hits.append(f"{text} as utf-8 in any case")
    return hits


def files_below(*roots: Path) -> Iterator[Path]:
    """All regular files below the roots, and the roots that are files."""
    for root in roots:
        if root.is_file():
            yield root
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path


def found_on_disk(texts: list[str], *roots: Path) -> list[str]:
    """Which texts stand in the contents or the names of files below the roots."""
    hits = []
    for path in files_below(*roots):
        hits += [f"{path}: {hit}" for hit in found_in(path.read_bytes(), texts)]
        hits += [f"the name {path}: {hit}" for hit in found_in(str(path).encode(), texts)]
    return hits


def moments_in_number(number: int) -> Iterator[float]:
    """The Unix times (s) that an integer may mean: seconds, and thousandths, millionths, billionths of them."""
    for unit in (1, 1_000, 1_000_000, 1_000_000_000):
        yield number / unit


def moments_in_text(text: str) -> Iterator[float]:
    """The Unix times (s) that a text holds as a decimal number or as an ISO date with a time."""
    for digits in re.findall(r"(?<!\d)\d{10,19}(?!\d)", text):
        yield from moments_in_number(int(digits))
    pattern = r"(\d{4})-?(\d\d)-?(\d\d)[T _]?(\d\d)[:.]?(\d\d)(?:[:.]?(\d\d))?"
    for parts in re.findall(pattern, text):
        try:
            local = datetime(*(int(part or 0) for part in parts), tzinfo=UTC)  # type: ignore[arg-type, misc]
        except ValueError:
            continue
        # It may be written in UTC or in any of the city's neighbours' time.
        yield from ((local - timedelta(hours=hours)).timestamp() for hours in (0, 7, 8, 9))


def moments_in_bytes(data: bytes, offset: int) -> Iterator[float]:
    """The Unix times (s) that 4 or 8 bytes at ``offset`` may mean, in either byte order."""
    for order in "<>":
        for code, size in (("I", 4), ("Q", 8), ("d", 8)):
            if offset + size <= len(data):
                (value,) = struct.unpack_from(order + code, data, offset)
                if code == "d":
                    if 1e9 < value < 1e19:
                        yield from (value, value / 1e3)
                else:
                    yield from moments_in_number(value)


def near(moments: Iterable[float], acts: Iterable[float]) -> bool:
    """Whether a moment lies within an hour of one of the acts."""
    acts = list(acts)
    return any(abs(moment - act) <= HOUR for moment in moments for act in acts)


def telling_offsets(column: list[bytes], acts: list[float]) -> list[str]:
    """Offsets, from either end, at which most of a column's values decode to the time of an act.

    One value of ciphertext does so by chance, one time in some 100,000; at the same place in most of several rows it
    is no chance. Give at least four values.
    """
    hits = []
    longest = max(map(len, column), default=0)
    for name, values in (("start", column), ("end", [value[::-1] for value in column])):
        for offset in range(min(longest, 4096)):
            telling = sum(near(moments_in_bytes(value, offset), acts) for value in values)
            if telling >= max(3, len(column) // 2):
                hits.append(f"{offset} from the {name}")
    return hits
