"""What senders send that seal by themselves: ready-made envelopes, posted one after the other."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from bench.phones import Unexpected, ask

KIND = "application/octet-stream"
# Places of the fields that the server can tell reports apart by: receipt, case, entry and leaf.
_LOOKUP, _CASE, _ENTRY, _LEAF = 4, 7, 8, 14


def write(path: Path, reports: Iterable[bytes]) -> None:
    """Keep ready-made envelopes for the clients."""
    path.write_bytes(b"".join(len(report).to_bytes(4, "big") + report for report in reports))


def sender(number: int, port: int, path: Path) -> Callable[[], object]:
    """A client of `bench.load`. Each report is a real one with fresh ids, since thousands would take minutes to seal.

    Nothing without a key can tell it from one that opens, so the server does the same work.
    """
    ready = [_fields(report) for report in _fields(path.read_bytes())]
    sent = 0

    def send() -> None:
        nonlocal sent
        fields = list(ready[(number + sent) % len(ready)])
        for at, size in ((_LOOKUP, 32), (_CASE, 16), (_ENTRY, 16), (_LEAF, 32)):
            fields[at] = os.urandom(size)
        report = b"".join(len(field).to_bytes(4, "big") + field for field in fields)
        sent += 1
        if b'"code": "stored"' not in ask(port, "POST", "/lapor/tersegel", report, KIND):
            raise Unexpected("it was not stored")

    return send


def _fields(data: bytes) -> list[bytes]:
    fields, at = [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        fields.append(data[at + 4 : end])
        at = end
    return fields
