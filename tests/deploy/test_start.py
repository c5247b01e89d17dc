"""What `make run` does after the environment is there, and what stops a start: the command in a process of its own."""

import os
import re
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import demonstration, reporter
from tests.nojs import Browser
from tests.server import ROOT
from whistle.crypto.receipt import parse
from whistle.domain.roles import ROLES

PELUIT = (sys.executable, "-m", "flask", "--app", "wsgi", "peluit")
GUNICORN = (sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py")
OFFICERS_CSV = """login,name,role,unit
rahma,Rahma Yuliani,penelaah,triase
gunawan,Gunawan Wibisono,irban,irban-khusus
inspektur,Drs. Arifin Noor,pimpinan,pimpinan
sekda,Ir. Mahyuni,luar,sekda
prov1,Siti Raudah,luar,provinsi
prov2,Ahmad Zaini,luar,provinsi
"""


def environment(**settings: str) -> dict[str, str]:
    """This process's environment without any of Peluit's settings but these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PELUIT_", "FLASK_")) and k != "PORT"}
    return kept | settings


class Started:
    """`peluit start` over a data folder: what it printed, until it is stopped."""

    def __init__(self, folder: Path, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}/"
        self.log = folder / f"log-{time.monotonic_ns()}"
        env = environment(
            PELUIT_DEMO="1",
            PELUIT_DATA_DIR=str(folder / "data"),
            PORT=str(port),
            PELUIT_ARGON2_MEMORY_KIB="8",
            PELUIT_ARGON2_ITERATIONS="1",
        )
        with self.log.open("wb") as out:
            self.process = subprocess.Popen([*PELUIT, "start"], cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT)

    @property
    def output(self) -> str:
        """Everything that was printed so far."""
        return self.log.read_text()

    def wait(self) -> None:
        """Until both workers are there."""
        deadline = time.monotonic() + 120
        while self.output.count("Booting worker") < 2:
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.1)

    def stop(self) -> int:
        """Ctrl+C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@pytest.fixture
def start(tmp_path: Path, free_port: int) -> Iterator[object]:
    running: list[Started] = []

    def start_() -> Started:
        running.append(Started(tmp_path, free_port))
        running[-1].wait()
        return running[-1]

    yield start_
    for one in running:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@pytest.mark.server
def test_a_first_start_shows_a_living_inspectorate_and_a_second_keeps_it(start, tmp_path: Path) -> None:
    # When it is started over an empty folder
    first = start()
    # Then a line for each officer, in every role, is printed, and the addresses
    officers = demonstration.printed(first.output, "officer")
    receipts = demonstration.printed(first.output, "receipt")
    assert {line["role"] for line in officers} == set(ROLES)
    assert all(line["password"] and line["totp"] for line in officers)
    assert first.base in first.output
    assert f"{first.base}meja" in first.output
    # And both surfaces answer, a receipt that was printed opens its report
    browser = Browser(first.base)
    assert browser.get("/").status == 200
    assert Browser(first.base, keeps_cookies=True).get("/meja/masuk").status == 200
    receipt = parse(receipts[0]["words"])
    assert reporter.follow(browser, receipt).status == 200
    own = reporter.write(browser, "Petugas meminta uang di loket tiga.").send()
    assert first.stop() == 0
    # And what was printed is written nowhere
    said = [value for line in officers for value in (line["password"], line["totp"])]
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.parent.name == "keys", path
            assert not [value for value in said if value.encode() in path.read_bytes()], path
    # When it is started again
    second = start()
    # Then no password is printed, and what was there still is
    assert demonstration.printed(second.output, "officer") == []
    assert "loket tiga" in reporter.follow(browser, own).text
    assert second.stop() == 0


@pytest.mark.parametrize("command", [["start"], ["setup", "--officers", "x", "--root-keeper", "x"], ["tick"]])
def test_a_setting_that_makes_no_sense_is_a_sentence_and_no_traceback(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "peluit.db").touch()
    env = environment(PELUIT_DATA_DIR=str(tmp_path), PELUIT_DEMO="1", PORT="abc")
    run = subprocess.run([*PELUIT, *command], cwd=ROOT, env=env, capture_output=True, text=True)
    assert run.returncode != 0
    assert run.stderr.strip() == "PORT is 'abc': set it to a whole number from 1 to 65535."


@pytest.mark.parametrize("entry", [(*PELUIT, "start"), GUNICORN])
def test_a_port_that_somebody_else_holds_is_said_with_its_number(tmp_path: Path, free_port: int, entry: tuple) -> None:
    # Given another program at the port
    with socket.create_server(("127.0.0.1", free_port)):
        # When a demonstration is started there
        env = environment(PELUIT_DATA_DIR=str(tmp_path), PELUIT_DEMO="1", PORT=str(free_port))
        run = subprocess.run(entry, cwd=ROOT, env=env, capture_output=True, text=True)
    # Then it ends and says where it could not listen, and no secret was made that nobody will see again
    assert run.returncode != 0
    assert re.search(rf"127\.0\.0\.1\W+{free_port}\b", run.stderr)
    assert "Traceback" not in run.stderr
    assert demonstration.printed(run.stdout, "officer") == []


def test_logins_that_are_fixed_are_shown_at_every_start_and_an_officers_code_can_be_had(tmp_path: Path) -> None:
    env = environment(PELUIT_DATA_DIR=str(tmp_path), PELUIT_DEMO="1", PELUIT_ARGON2_MEMORY_KIB="8")
    fixed = env | {"PELUIT_DEMO_FIXED": "1"}
    # Given a demonstration for development
    first, second = (run(fixed, "prepare-demo").stdout for _ in range(2))
    officers = demonstration.printed(first, "officer")
    # Then a second start shows the same logins
    assert officers
    assert demonstration.printed(second, "officer") == officers
    assert all(line["password"] == f"demo-{line['login']}" for line in officers)
    # And a code is made from what was printed, for a demonstration only
    assert re.fullmatch(r"\d{6}\n", run(env, "code", officers[0]["totp"]).stdout)
    assert "behind `totp=`" in run(env, "code", "pintar-lincah").stderr
    real = environment(PELUIT_DATA_DIR=str(tmp_path), PELUIT_SECRET_KEY="9f1c7a6b5e4d3c2b1a0f" * 2)
    assert "demonstration only" in run(real, "code", officers[0]["totp"]).stderr
    # And credentials that cannot be read are a sentence
    refused = run(env, "report", "--month", "2026-10", "--out", str(tmp_path), "--credentials-fd", "9")
    assert refused.stderr == "Error: --credentials-fd 9: nothing can be read there; give it like 9< FILE\n"


def run(env: dict[str, str], *command: str) -> subprocess.CompletedProcess[str]:
    """One command of `peluit`, to its end."""
    return subprocess.run([*PELUIT, *command], cwd=ROOT, env=env, capture_output=True, text=True)


def test_a_start_without_a_demonstration_is_refused_when_nothing_is_set(tmp_path: Path) -> None:
    env = environment(PELUIT_DATA_DIR=str(tmp_path))
    run = subprocess.run([*PELUIT, "start"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert run.returncode != 0
    assert "PELUIT_SECRET_KEY is not set" in run.stderr
    assert "Traceback" not in run.stderr


def test_setup_prepares_a_real_inspectorate_without_demonstration_data(tmp_path: Path) -> None:
    # Given officers in a file, and settings of a real installation
    (tmp_path / "officers.csv").write_text(OFFICERS_CSV)
    env = environment(
        PELUIT_DATA_DIR=str(tmp_path / "data"),
        PELUIT_KEYS_DIR=str(tmp_path / "keys"),
        PELUIT_SECRET_KEY="9f1c7a6b5e4d3c2b1a0f" * 2,
        PELUIT_ARGON2_MEMORY_KIB="19456",
        PELUIT_ARGON2_ITERATIONS="2",
    )
    command = [*PELUIT, "setup", "--officers", str(tmp_path / "officers.csv"), "--root-keeper", "inspektur"]
    # When it is set up
    run = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    # Then the officers' and the recovery keys are printed, the public halves lie in keys/, and there is no report
    assert run.returncode == 0, run.stderr
    assert [line["login"] for line in demonstration.printed(run.stdout, "officer")] == [
        line.split(",")[0] for line in OFFICERS_CSV.splitlines()[1:]
    ]
    assert {line["log"] for line in demonstration.printed(run.stdout, "recovery")} == {"inner", "outer"}
    assert {path.name for path in (tmp_path / "keys").iterdir()} >= {
        "root.pub",
        "recovery-inner.pub",
        "recovery-outer.pub",
    }
    assert demonstration.printed(run.stdout, "receipt") == []
    # And a second time is refused
    again = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert again.returncode != 0
    assert "already" in again.stderr
