"""The public pages and the desk as two processes over one PostgreSQL database, each with its own role."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests import databases, officer, reporter, server
from tests.nojs import Browser
from tests.server import ROOT, Server
from whistle.crypto.receipt import keys_of
from whistle.services.context import Context
from whistle.services.setup import Credentials
from whistle.store import cases

STORY = "Petugas loket meminta uang lima puluh ribu supaya KTP cepat jadi."
PUBLIC = ("/lapor", "/lacak")
DESK = ("/meja", "/meja/masuk", "/meja/kasus")


def as_role(url: str, role: str) -> str:
    return str(make_url(url).set(username=role))


@dataclass
class Apart:
    """Both processes; ``ctx`` looks into the database as its owner."""

    ctx: Context
    credentials: dict[str, Credentials]
    channel: Server
    desk: Server


@pytest.fixture
def apart(tmp_path: Path, database: str) -> Iterator[Apart]:
    """Prepared by the owner; rights given; two processes, each with a data folder, a role and a port of its own."""
    prepared = tmp_path / "owner"
    prepared.mkdir()
    ctx, credentials = server.prepare(prepared, None, database)
    databases.give_roles(database)
    running = []
    for entry, role in (("wsgi:channel", databases.CHANNEL), ("wsgi:desk", databases.DESK)):
        folder = tmp_path / role
        folder.mkdir()
        url = as_role(database, role)
        keys = str(prepared / "keys")
        running.append(Server(folder, tmp_path / f"{role}.log", entry, database_url=url, PELUIT_KEYS_DIR=keys))
    try:
        for one in running:
            one.start()
        yield Apart(ctx, credentials, *running)
    finally:
        for one in running:
            one.stop()
        ctx.store.engine.dispose()


@pytest.mark.server
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_report_sent_at_the_channel_is_answered_at_the_desk_and_read_at_the_channel(apart: Apart) -> None:
    # Given a report that was sent at the public process, twice
    citizen = Browser(apart.channel.base, keeps_cookies=True)
    draft = reporter.write(citizen, STORY)
    receipt = draft.send()
    assert draft.send() == receipt
    with apart.ctx.store.read() as tx:
        keys = keys_of(receipt, apart.ctx.directory(tx).installation)
        row = cases.case_by_lookup(tx, keys.lookup_hash)
        assert row is not None and len(cases.all_case_ids(tx)) == 1
    # When an officer reads it at the desk and answers
    desk = officer.sign_in(apart.desk.base, apart.credentials["rahma"])
    page = desk.declare(row.id)
    assert STORY in page.text
    assert desk.act(page, "balas", {"text": "Terima kasih. Kami periksa."}).status == 200
    # Then the answer is read at the channel, and what is written there is read at the desk
    page = reporter.follow(citizen, receipt)
    assert "Terima kasih. Kami periksa." in page.text
    page = reporter.say(citizen, page, "Besoknya diminta lagi.")
    assert "Besoknya diminta lagi." in page.text
    assert "Besoknya diminta lagi." in desk.case(row.id).text
    # And the channel has set no cookie, while the desk's is its own
    assert not citizen.cookies
    assert desk.browser.cookies


@pytest.mark.server
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_each_process_has_the_pages_of_its_own_surface_and_a_port_of_its_own(apart: Apart) -> None:
    assert apart.channel.port != apart.desk.port
    channel, desk = Browser(apart.channel.base), Browser(apart.desk.base)
    assert [channel.get(path).status for path in PUBLIC] == [200, 200]
    assert [channel.get(path).status for path in DESK] == [404, 404, 404]
    assert [desk.get(path).status for path in PUBLIC] == [404, 404]
    assert desk.get("/meja/masuk").status == 200
    assert "/meja/masuk" in desk.get("/").url  # the bare address leads an officer to the desk's door


@pytest.mark.server
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_verify_with_the_channels_role_asks_for_another_and_cries_no_wolf(
    tmp_path: Path, database: str, free_port: int
) -> None:
    # Given: an inspectorate, and the address of the role that may read next to nothing.
    server.prepare(tmp_path, None, database)
    databases.give_roles(database)
    env = server.environment(tmp_path, free_port, as_role(database, databases.CHANNEL))
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "peluit", "verify"]
    # When
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    # Then: it fails, and names no fault, since there is none.
    assert run.returncode == 1 and "verify with the address of the tables' owner" in run.stderr
    assert "FAULT" not in run.stdout and "manifest" in run.stderr


def refused(env: dict[str, str], entry: str) -> str:
    """What gunicorn prints when it does not start."""
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", entry]
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert run.returncode != 0
    assert "Traceback" not in run.stderr
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", int(env["PORT"])), timeout=5).close()
    return run.stderr


@pytest.mark.server
def test_the_public_process_does_not_start_beside_the_vaults(tmp_path: Path, database: str, free_port: int) -> None:
    # Given a database whose role may read the officers' vaults: SQLite's only one, or the owner of a PostgreSQL one
    said = refused(server.environment(tmp_path, free_port, database), "wsgi:channel")
    # Then it says what to do, and listens nowhere
    assert "does not start where it could reach a private key" in said
    assert "peluit_channel" in said if database.startswith("postgresql") else "wsgi:app" in said


@pytest.mark.server
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_desk_says_when_its_role_has_no_rights_yet(tmp_path: Path, database: str, free_port: int) -> None:
    url = as_role(database, databases.DESK)
    with databases.as_superuser(database) as connection:
        connection.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM peluit_desk")
    assert "deploy/postgresql/roles.sql" in refused(server.environment(tmp_path, free_port, url), "wsgi:desk")
