"""Write the vectors of docs/envelope.md: `python -m tests.vectors.generate`. See README.md beside this file."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.vectors import cases, files, people, primitives, reports
from tests.vectors.inputs import FORMAT, Vectors, fixed

HERE = Path(__file__).parent

FILES: dict[str, Callable[[Vectors], Vectors]] = {
    "labels": primitives.labels,
    "kdf": primitives.kdf,
    "padding": primitives.padded,
    "hpke": primitives.hpke,
    "entry": cases.entry,
    "grant": cases.grant,
    "summary": cases.summary,
    "identity": cases.identity,
    "file": files.file,
    "signature": primitives.signature,
    "receipt": people.receipts,
    "fingerprint": people.fingerprints,
    "vault": people.vaults,
    "token": people.token,
    "recovery": people.recovery,
    "root-file": people.root_files,
    "report": reports.report,
}


@contextmanager
def fixed_nonces(name: str) -> Iterator[None]:
    """`os.urandom` from a fixed stream, another one for every file."""
    count = 0

    def urandom(length: int) -> bytes:
        nonlocal count
        count += 1
        return fixed(f"{name} nonce {count}", length)

    with patch("os.urandom", urandom):
        yield


def load(name: str) -> Vectors:
    """The file of this name, empty when there is none."""
    path = HERE / f"{name}.json"
    loaded: Any = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return dict(loaded)


def render(name: str) -> str:
    """The text of the file, from fixed inputs and what the file that is there holds of random values."""
    with fixed_nonces(name):
        made = FILES[name](load(name))
    return json.dumps({"format": FORMAT, "refused": [], **made}, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    for name in FILES:
        (HERE / f"{name}.json").write_text(render(name), "utf-8")


if __name__ == "__main__":
    main()
