"""What this root key signed: a list beside its file, so that it never unknowingly signs two manifests of one number."""

import hashlib
from pathlib import Path

from whistle.casefile.recipients import Manifest

NAME = "root.signed"


def other_of(key_file: Path, manifest: Manifest) -> str:
    """The issue day of another manifest of the same number that was signed before; "" when there is none."""
    for line in _lines(key_file):
        sequence, digest, issued = (*line.split(), "", "", "")[:3]
        if sequence == str(manifest.sequence) and digest != _digest(manifest):
            return issued
    return ""


def note(key_file: Path, manifest: Manifest) -> None:
    """Remember that ``manifest`` was signed."""
    line = f"{manifest.sequence} {_digest(manifest)} {manifest.issued}"
    known = _lines(key_file)
    if line not in known:
        (key_file.parent / NAME).write_text("\n".join([*known, line]) + "\n", encoding="ascii")


def _lines(key_file: Path) -> list[str]:
    path = key_file.parent / NAME
    return path.read_text("ascii", errors="replace").splitlines() if path.exists() else []


def _digest(manifest: Manifest) -> str:
    return hashlib.sha256(manifest.to_bytes()).hexdigest()
