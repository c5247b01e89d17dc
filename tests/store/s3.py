"""A real S3 server for tests: SeaweedFS, from its Python wheel, with files of its own in memory."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import ClientError

from tests import memory

BUCKET = "files"  # one for all: the server prepares much for each
ACCESS, SECRET = "peluit", "a-secret-for-tests-alone"
IDENTITY = {"name": "peluit", "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}], "actions": ["Admin"]}
# Each of its parts listens somewhere, twice; what tests do not need is off (0).
PORTS = ("master.port", "volume.port", "filer.port", "s3.port")
SETTINGS = {
    "ip": "127.0.0.1",
    "ip.bind": "127.0.0.1",
    "filer": "true",
    "s3": "true",
    "s3.autoCreateBucket": "false",
    "s3.port.iceberg": "0",
    "s3.port.lance": "0",
    "master.telemetry": "false",
    "master.volumeSizeLimitMB": "256",
    "volume.max": "40",
    "volume.preStopSeconds": "0",
}
STARTS = 3  # a port that was free may be taken by somebody else before it is used


class ObjectServer:
    """A server below ``folder``; `base` is its address once it was started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ports: dict[str, int] = {}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """The endpoint's address."""
        return f"http://127.0.0.1:{self._ports['s3.port']}"

    @property
    def pid(self) -> int:
        """The process that serves."""
        assert self._process is not None
        return self._process.pid

    def name_in(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Tell boto3 of it by the environment, and of nothing that this machine may have set up besides."""
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        values = {
            "AWS_ENDPOINT_URL_S3": self.base,
            "AWS_ACCESS_KEY_ID": ACCESS,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    def start(self) -> None:
        """Start, unless it runs, and wait until it answers; where it was before, once it was there."""
        if self._process is not None and self._process.poll() is None:
            return
        again = bool(self._ports)
        for _ in range(STARTS):
            if not again:
                self._ports = _free_ports()
            if self._started():
                self._wait_for_room(again)
                return
        raise RuntimeError((self.folder / "log").read_text(errors="replace")[-3000:])

    def send(self, sign: signal.Signals) -> None:
        """Stop it from answering (SIGSTOP), let it go on (SIGCONT), or end it (SIGKILL)."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(sign)
            if sign == signal.SIGKILL:
                self._process.wait(30)

    def end(self) -> None:
        """Kill it, and take away what it leaves outside its folder wherever that is."""
        self.send(signal.SIGKILL)
        for name in PORTS:
            part = name.removesuffix(".port")
            Path(f"/tmp/seaweedfs-{part}-grpc-{self._ports.get(f'{name}.grpc')}.sock").unlink(missing_ok=True)

    def client(self) -> Any:
        """Whoever runs the store, looking at it past the product."""
        return Session(ACCESS, SECRET, region_name="us-east-1").client(
            "s3", endpoint_url=self.base, config=Config(s3={"addressing_style": "path"}, retries={"mode": "standard"})
        )

    def _wait_for_room(self, again: bool) -> None:
        """It answers before the part of it that keeps what is stored does."""
        client, deadline = self.client(), time.monotonic() + 30
        if not again:
            client.create_bucket(Bucket=BUCKET)
        while True:
            try:
                client.put_object(Bucket=BUCKET, Key="ready", Body=b"ready")
                return
            except ClientError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def _started(self) -> bool:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "identities").write_text(json.dumps({"identities": [IDENTITY]}))
        places = {"dir": self.folder, "s3.config": self.folder / "identities"}
        sockets = {f"{part}.localSocket": self.folder / f"{part}.sock" for part in ("filer", "s3")}
        options = [f"-{name}={value}" for name, value in (SETTINGS | places | sockets | self._ports).items()]
        with open(self.folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [*_dying_along(), _program(), "-logtostderr=true", "server", *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
            )
        deadline = time.monotonic() + 60
        while self._process.poll() is None and time.monotonic() < deadline:
            if _answers(f"{self.base}/healthz"):
                return True
            time.sleep(0.05)
        self.end()
        return False


@contextlib.contextmanager
def serving() -> Iterator[ObjectServer]:
    """A server that ends with the block, or with this process."""
    with tempfile.TemporaryDirectory(prefix="peluit-s3-", dir=memory.folder(), ignore_cleanup_errors=True) as folder:
        server = ObjectServer(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.end()


def _free_ports() -> dict[str, int]:
    names = [*PORTS, *(f"{name}.grpc" for name in PORTS)]
    with contextlib.ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in names]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in zip(names, probes, strict=True)}


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - of this machine
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _program() -> str:
    return str(Path(sys.executable).parent / "weed")


def _dying_along() -> list[str]:
    """Before a command: it ends when whoever started it is killed, by whatever means."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []
