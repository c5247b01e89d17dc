"""The demonstration as a whole: whether it was prepared to its end."""

import pytest
from flask import Flask
from flask.cli import ScriptInfo

from tests.inspectorate import Inspectorate
from whistle import cli, create_app
from whistle.services import demo


@pytest.fixture
def app(office: Inspectorate) -> Flask:
    return create_app("both", office.ctx.settings)


def said(app: Flask) -> str:
    ran = app.test_cli_runner().invoke(cli.peluit, ["prepare-demo"], obj=ScriptInfo(create_app=lambda: app))
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_a_demonstration_that_was_interrupted_says_so_and_what_to_remove(app: Flask, office: Inspectorate) -> None:
    assert not demo.is_whole(office.ctx)
    assert "interrupted" in said(app)
    assert str(office.ctx.settings.data_dir) in said(app)


def test_a_whole_demonstration_says_nothing(app: Flask, office: Inspectorate) -> None:
    demo.mark_whole(office.ctx)
    assert said(app) == ""
