"""`peluit verify` as an administrator or an auditor runs it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.inspectorate import Inspectorate, Prepared, act
from tests.security.administrator import database
from tests.server import ROOT, environment
from whistle.crypto import root_file, totp
from whistle.domain.clock import SystemClock
from whistle.services import casework
from whistle.store import audit

PELUIT = (sys.executable, "-m", "flask", "--app", "wsgi", "peluit", "verify")


@pytest.fixture
def office(prepared: Callable[[str], Prepared], tmp_path: Path) -> Inspectorate:
    """Its reports came in today, on the clock of the machine, which is the command's."""
    office = prepared("sqlite").copy(tmp_path)
    office.clock.instant = SystemClock().now()
    office.triaged()
    return office


def run(office: Inspectorate, *options: str, login: str = "") -> subprocess.CompletedProcess[str]:
    out, into = os.pipe()
    try:
        if login:
            who = office.credentials[login]
            code = totp.code(who.totp_secret, int(SystemClock().now().timestamp()))
            os.write(into, f"{login}\n{who.password}\n{code}\n".encode())
            options = (*options, "--credentials-fd", str(out))
        os.close(into)
        settings = environment(office.ctx.settings.data_dir, 1, office.ctx.settings.database_url)
        return subprocess.run(
            [*PELUIT, *options], cwd=ROOT, env=settings, capture_output=True, text=True, pass_fds=[out], timeout=120
        )
    finally:
        os.close(out)


def test_it_ends_with_a_count_and_says_what_was_not_checked(office: Inspectorate) -> None:
    said = run(office)
    assert said.returncode == 0, said.stdout
    assert "checked, no fault." in said.stdout.splitlines()[-1]
    for why in ("--as-reader", "--head", "--root"):
        assert why in said.stdout
    assert "FAULT" not in said.stdout


def test_a_reader_a_head_and_the_roots_fingerprint_leave_less_unchecked(office: Inspectorate) -> None:
    with office.ctx.store.read() as tx:
        seq, digest = audit.head(tx)
    _, root = root_file.fingerprint_of(office.ctx.trust.root())
    said = run(office, "--head", f"{seq}:{digest.hex()}", "--root", root, login="yusuf")
    assert said.returncode == 0, said.stdout + said.stderr
    assert "1 cases opened" in said.stdout and "--head" not in said.stdout and "--root" not in said.stdout
    with office.ctx.store.read() as tx:
        assert [row.action for row in audit.page(tx, 2)] == ["verify", "sign-in"]


def test_a_fault_is_named_with_its_row_and_what_to_do_and_ends_with_one(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Catatan.")
    with database(office) as db:
        db.execute('DELETE FROM entry WHERE "case" = :case AND chain = 2 AND place = 1', {"case": case})
    said = run(office)
    assert said.returncode == 1
    assert f"FAULT entry-missing  entry: {case.hex()} file" in said.stdout
    assert "What it means: An entry is missing" in said.stdout and "What to do:" in said.stdout
    assert "docs/operating.md" in said.stdout.splitlines()[-1]


@pytest.mark.parametrize("head", ["12", "x:" + "0" * 64, "12:abcd", "12:" + "zz" * 32])
def test_a_head_that_is_none_is_refused_in_a_sentence(office: Inspectorate, head: str) -> None:
    said = run(office, "--head", head)
    assert said.returncode == 1 and "--head is the row's number" in said.stderr and "Traceback" not in said.stderr


def test_the_roots_words_are_as_good_as_its_number(office: Inspectorate) -> None:
    words, _ = root_file.fingerprint_of(office.ctx.trust.root())
    assert run(office, "--root", " ".join(words)).returncode == 0
    said = run(office, "--root", " ".join(reversed(words)))
    assert said.returncode == 1 and "FAULT root-differs" in said.stdout


@pytest.mark.parametrize("root", ["", "3f2a9c81", "kata kata", "f" * 63, "g" * 64])
def test_a_fingerprint_that_is_cut_short_is_refused_and_alarms_nobody(office: Inspectorate, root: str) -> None:
    said = run(office, "--root", root)
    assert said.returncode == 1 and "--root is the fingerprint as it stands in the minutes" in said.stderr
    assert "FAULT" not in said.stdout and "Traceback" not in said.stderr


def test_the_present_fingerprint_does_not_stand_where_the_printed_one_is_asked_for(office: Inspectorate) -> None:
    words, number = root_file.fingerprint_of(office.ctx.trust.root())
    said = run(office)
    assert "--root" in said.stdout and number not in said.stdout and " ".join(words) not in said.stdout


def test_a_wrong_password_checks_nothing(office: Inspectorate) -> None:
    office.credentials["rahma"] = type(office.credentials["rahma"])("rahma", "", "", "salah", b"x" * 20)
    said = run(office, login="rahma")
    assert said.returncode == 1 and "Traceback" not in said.stderr and "checked" not in said.stdout


def alone(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    settings = environment(folder, 1, **more)
    return subprocess.run(
        [*PELUIT[:-1], *command], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120
    )


def test_without_tables_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "peluit.db").touch()
    said = alone(tmp_path, "verify")
    assert said.returncode == 1 and "migration-behind" in said.stdout and "Traceback" not in said.stderr


def test_a_night_without_the_store_of_files_says_so_and_not_that_the_database_is_away(office: Inspectorate) -> None:
    folder = office.ctx.settings.data_dir / "blobs"
    folder.mkdir(exist_ok=True)
    (folder / "new").write_bytes(b"no folder")
    settings = environment(office.ctx.settings.data_dir, 1, office.ctx.settings.database_url)
    night = (*PELUIT[:-1], "tick")
    said = subprocess.run(night, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=120)
    assert said.returncode == 1
    assert "The store of attached files (PELUIT_BLOBS) could not be used" in said.stderr
    assert "database" not in said.stderr and "Traceback" not in said.stderr


@pytest.mark.parametrize("command", [("verify",), ("tick",), ("recover", "--log", "inner")])
def test_without_a_database_the_settings_are_doubted_and_nothing_is_made(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "keys").mkdir()
    said = alone(tmp_path, *command)
    assert said.returncode == 1 and not said.stdout and "Traceback" not in said.stderr
    assert f"There is no database at {tmp_path}/peluit.db: are PELUIT_DATA_DIR" in said.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_where_the_keys_are_not_nobody_is_told_to_set_up_anew(office: Inspectorate, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    said = alone(office.ctx.settings.data_dir, "recover", "--log", "inner", PELUIT_KEYS_DIR=str(empty))
    assert said.returncode == 1 and "is PELUIT_KEYS_DIR right?" in said.stderr and "setup" not in said.stderr
    assert list(empty.iterdir()) == []
