"""`peluit manifest request` as an administrator runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import inspectorate
from tests.inspectorate import Inspectorate
from tests.server import ROOT, environment
from tests.services.test_manifests import PEOPLE, PUBLIC
from whistle.domain.clock import SystemClock
from whistle.services import founding
from whistle.services.context import Context, Trust
from whistle.services.setup import NewOfficer
from whistle.store.database import Store, make_engine


def request(ctx: Context, out: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "peluit", "manifest", "request", "--out", str(out)]
    env = environment(ctx.settings.data_dir, 1, ctx.settings.database_url)
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_request_names_who_was_invited_and_is_not_in_it(office: Inspectorate, tmp_path: Path) -> None:
    founding.invite(office.ctx, [NewOfficer("baru", "Petugas Baru", "penelaah", "triase")])
    said = request(office.ctx, tmp_path / "next.request")
    assert said.returncode == 0, said.stderr
    assert "Invited, no keys yet, so not in this manifest: Petugas Baru (baru)" in said.stdout


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_first_request_that_cannot_be_names_for_whom_to_wait(database: str, tmp_path: Path) -> None:
    config = inspectorate.settings(tmp_path, database)
    ctx = Context(Store(make_engine(config.database_url)), Trust(config.keys_dir), SystemClock(), config)
    founding.found(ctx, PEOPLE, PUBLIC)
    said = request(ctx, tmp_path / "first.request")
    assert said.returncode == 1 and "Traceback" not in said.stderr
    assert "Invited, no keys yet, so not in this manifest:" in said.stderr
    assert "Rahma Yuliani (rahma)" in said.stderr
