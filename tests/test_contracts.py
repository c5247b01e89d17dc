"""The import contracts of pyproject.toml catch what they forbid: `make lint` runs them, this breaks them."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("domain", "import whistle.store", "Imports point downward only"),
        ("domain", "import cryptography", "Only whistle.crypto imports cryptography"),
        ("services", "import shamir_mnemonic", "Only whistle.crypto imports shamir_mnemonic"),
        ("store", "import whistle.services", "Imports point downward only"),
        ("casefile", "import sqlalchemy", "Only whistle.store imports SQLAlchemy"),
        ("web", "import flask_sqlalchemy", "Only whistle.store imports SQLAlchemy"),
        ("services", "import flask", "Below whistle.web nothing knows of Flask"),
    ],
)
def test_an_import_from_the_wrong_room_is_caught(tmp_path, room, line, broken):
    # Given the code with one import too many
    shutil.copytree(ROOT / "whistle", tmp_path / "whistle", ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "whistle" / room / "trespass.py").write_text(line + "\n")
    # When the contracts are checked
    run = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "200"},
    )
    # Then the right one is broken, by that file
    assert run.returncode == 1, run.stdout
    assert f"{broken}" in "".join(text for text in run.stdout.splitlines() if text.endswith("BROKEN"))
    assert f"whistle.{room}.trespass" in run.stdout
