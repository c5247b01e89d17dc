"""The demonstration inspectorate as `make run` prepares it, made once for all processes of a test run."""

import fcntl
import json
import shutil
import subprocess
import sys
from base64 import b32decode
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.server import ROOT, environment
from whistle.crypto import totp


@dataclass(frozen=True)
class Login:
    """A line `officer ...` of what the command printed. ``totp`` is the secret in base32."""

    login: str
    role: str
    password: str
    totp: str

    def code(self, unix: int) -> str:
        """The second factor's digits at ``unix``."""
        return totp.code(b32decode(self.totp), unix)


@dataclass(frozen=True)
class Demonstration:
    """A data folder and the lines that were printed once."""

    folder: Path
    officers: dict[str, Login]
    receipts: dict[str, str]
    shares: dict[str, list[str]]

    def copy(self, to: Path) -> "Demonstration":
        """The same in a folder of one's own; nothing may be serving this one."""
        shutil.copytree(self.folder, to)
        return Demonstration(to, self.officers, self.receipts, self.shares)


def printed(output: str, kind: str) -> list[dict[str, str]]:
    """The lines of ``kind`` that the command printed, as `name=value` pairs."""
    lines = [line.split() for line in output.splitlines() if line.startswith(f"{kind} ")]
    return [dict(pair.split("=", 1) for pair in pairs) for _, *pairs in lines]


def prepare(folder: Path) -> Demonstration:
    """Run the command over an empty folder."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "peluit", "prepare-demo"]
    run = subprocess.run(command, cwd=ROOT, env=environment(folder, 1), capture_output=True, text=True)
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
    officers = {line["login"]: Login(**line) for line in printed(run.stdout, "officer")}
    receipts = {line["story"]: line["words"] for line in printed(run.stdout, "receipt")}
    shares: dict[str, list[str]] = {}
    for line in printed(run.stdout, "recovery"):
        shares.setdefault(line["log"], []).append(line["words"])
    return Demonstration(folder, officers, receipts, shares)


def prepared_once(shared: Path) -> Demonstration:
    """The demonstration below ``shared``, made by whichever process comes first."""
    shared.mkdir(parents=True, exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = shared / "printed.json"
        if not note.exists():
            made = prepare(shared / "data")
            officers = {name: asdict(login) for name, login in made.officers.items()}
            note.write_text(json.dumps({"officers": officers, "receipts": made.receipts, "shares": made.shares}))
        kept = json.loads(note.read_text())
    officers = {name: Login(**line) for name, line in kept["officers"].items()}
    return Demonstration(shared / "data", officers, kept["receipts"], kept["shares"])
