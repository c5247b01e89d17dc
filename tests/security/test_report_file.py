"""The month's figures go into a file of their own, whatever lies in their place already."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.cli import ScriptInfo

from tests.inspectorate import Inspectorate
from whistle import cli, create_app


@pytest.fixture
def app(office: Inspectorate) -> Flask:
    return create_app("desk", office.ctx.settings)


def written(app: Flask, office: Inspectorate, monkeypatch: pytest.MonkeyPatch, out: Path) -> Path:
    officer = next(office.officer(login) for login in office.credentials if office.officer(login).may("report.export"))
    monkeypatch.setattr(cli.reporting, "signed_in", lambda *_: officer)
    app.extensions["peluit"].clock = office.clock
    month = f"{(office.clock.today() - timedelta(days=31)):%Y-%m}"
    ran = app.test_cli_runner().invoke(
        cli.peluit, ["report", "--month", month, "--out", str(out)], obj=ScriptInfo(create_app=lambda: app)
    )
    assert ran.exit_code == 0, ran.output
    return out / f"laporan-{month}.csv"


def test_a_link_that_was_laid_there_is_replaced_and_not_followed(
    app: Flask, office: Inspectorate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    target, out = tmp_path / "something else", tmp_path / "out"
    target.write_text("kept")
    path = written(app, office, monkeypatch, out)
    path.unlink()
    path.symlink_to(target)
    assert written(app, office, monkeypatch, out) == path
    assert target.read_text() == "kept"
    assert not path.is_symlink()


def test_who_holds_a_file_open_in_its_place_reads_nothing(
    app: Flask, office: Inspectorate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    path = written(app, office, monkeypatch, out)
    path.unlink()
    path.touch(mode=0o666)
    with path.open("rb") as held:
        written(app, office, monkeypatch, out)
        assert held.read() == b""
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert all(os.stat(found).st_mode & 0o777 == 0o600 for found in out.iterdir())
    expected = {path.with_suffix(f".{ending}").name for ending in ("csv", "html", "json", "xlsx")}
    assert {found.name for found in out.iterdir()} == {*expected, "laporan.css"}
