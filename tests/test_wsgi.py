"""The entry points make their application when they are asked for, once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import wsgi
from config import ROOT, Settings


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[str]]:
    """The surfaces that were made, and before them what was checked."""
    surfaces: list[str] = []

    def create(surface: str, settings: Settings) -> object:
        surfaces.append(surface)
        return object()

    def check(settings: Settings) -> None:
        surfaces.append("checked")

    monkeypatch.setenv("PELUIT_DEMO", "1")
    monkeypatch.setenv("PELUIT_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(wsgi, "create_app", create)
    monkeypatch.setattr(wsgi.surfaces, "check_channel", check)
    monkeypatch.setattr(wsgi.surfaces, "check_desk", check)
    wsgi._made.cache_clear()
    yield surfaces
    wsgi._made.cache_clear()


@pytest.mark.parametrize(
    ("name", "then"), [("app", ["both"]), ("channel", ["checked", "channel"]), ("desk", ["checked", "desk"])]
)
def test_an_entry_point_checks_and_makes_its_own_surface_and_no_other(
    made: list[str], name: str, then: list[str]
) -> None:
    assert made == []
    assert getattr(wsgi, name) is getattr(wsgi, name)
    assert made == then


def test_there_is_no_other_entry_point(made: list[str]) -> None:
    with pytest.raises(AttributeError):
        _ = wsgi.application
    assert made == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--help"], "verify"),
        ([], "verify"),
        (["manifest"], "install"),
        (["verify", "--help"], "--root"),
        (["manifest", "install", "--help"], "Take in a signed manifest"),
    ],
)
@pytest.mark.parametrize("demo", ["", "1"])
def test_help_needs_no_setting_and_leaves_nothing_behind(
    tmp_path: Path, asked: list[str], said: str, demo: str
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PELUIT_", "FLASK_"))}
    env = kept | {"PELUIT_DATA_DIR": str(tmp_path / "data"), "PELUIT_DEMO": demo}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "peluit", *asked]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert said in run.stdout + run.stderr and "PELUIT_SECRET_KEY" not in run.stderr
    assert list(tmp_path.iterdir()) == []


SLIPS = {
    "data": (
        "from whistle.domain import data; whole = data._read\n"
        "data._read = lambda name: whole(name).replace('coarse = \"waiting\"', 'coarse = \"wait\"')",
        "whistle/domain/data/stages.toml: BUTUH_KLARIFIKASI: 'coarse' names 'wait'",
    ),
    "chart": (
        "import whistle.render.bars as bars; bars.FILLS = ()",
        "whistle/render/charts/ages.py: COLUMNS must be",
    ),
}


@pytest.mark.parametrize("reloads", [False, True])
@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_a_file_of_its_own_ends_as_one_sentence(tmp_path: Path, slip: str, reloads: bool) -> None:
    # Given a file that reads otherwise
    change, said = SLIPS[slip]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PELUIT_", "FLASK_"))}
    env = kept | {"PELUIT_DATA_DIR": str(tmp_path / "data"), "PELUIT_DEMO": "1"}
    if reloads:
        env["WERKZEUG_RUN_MAIN"] = "true"
    command = [sys.executable, "-c", f"{change}\nimport wsgi\nwsgi.app"]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    # Then the sentence is all that is shown, but for a server that reloads: it shows the rest, and must not end
    assert run.returncode == 1 and said in run.stderr
    assert ("Traceback" in run.stderr) == reloads and (run.stderr.count("\n") == 1) != reloads
