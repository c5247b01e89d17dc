"""`peluit demo --cases`: a demonstration grows, for whoever has its officers' passwords."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.cli import ScriptInfo

from tests.inspectorate import Inspectorate, Prepared
from whistle import cli, create_app
from whistle.services import demo
from whistle.store import cases


@pytest.fixture
def office(prepared: Callable[[str], Prepared], tmp_path: Path) -> Inspectorate:
    return prepared("sqlite").copy(tmp_path)


@pytest.fixture
def app(office: Inspectorate) -> Flask:
    demo.mark_whole(office.ctx)
    return create_app("both", office.ctx.settings)


def filled(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(
        cli.peluit, ["demo", "--cases", "4", "--processes", "1", *words], obj=ScriptInfo(create_app=lambda: app)
    )


def credentials(office: Inspectorate, folder: Path, password: str = "") -> str:
    """The officers' lines, as the first start prints them, among other lines."""
    lines = [
        f"officer login={who.login} role={who.role} password={password or who.password} totp=ABC"
        for who in office.credentials.values()
    ]
    (folder / "officers.txt").write_text("\n".join(["Preparing a demonstration.", *lines]), encoding="utf-8")
    return str(folder / "officers.txt")


def count(office: Inspectorate) -> int:
    with office.ctx.store.read() as tx:
        return len(cases.all_case_ids(tx))


def test_it_adds_cases_and_says_how_far_it_is(app: Flask, office: Inspectorate, tmp_path: Path) -> None:
    ran = filled(app, "--credentials", credentials(office, tmp_path))
    assert ran.exit_code == 0, ran.output
    assert "4 of 4 cases" in ran.output
    assert count(office) == 4


def test_without_the_passwords_it_says_what_is_needed(app: Flask, office: Inspectorate) -> None:
    ran = filled(app)
    assert ran.exit_code == 1
    assert "--credentials FILE" in ran.output
    assert count(office) == 0


def test_a_wrong_password_is_said_to_be_one(app: Flask, office: Inspectorate, tmp_path: Path) -> None:
    ran = filled(app, "--credentials", credentials(office, tmp_path, "bukan-ini"))
    assert ran.exit_code == 1
    assert "password is wrong" in ran.output
    assert count(office) == 0
