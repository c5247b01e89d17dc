"""Whoever breaks a cleaner has gained a process without network, files and time."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clean.making import picture
from whistle.clean import sandbox
from whistle.clean.result import NotCleaned

Hostile = Callable[[str], bytes]


@pytest.fixture
def hostile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hostile:
    """Runs ``code`` where the cleaner would run, as if a file had taken the cleaner over; what `sandbox.clean` says."""

    def run(code: str) -> bytes:
        package = tmp_path / "whistle" / "clean"
        package.mkdir(parents=True, exist_ok=True)
        for folder in (package.parent, package):
            (folder / "__init__.py").touch()
        (package / "__main__.py").write_text(textwrap.dedent(code))
        monkeypatch.setattr(sandbox, "_PACKAGE", package.parent)
        sandbox._bubblewrap.cache_clear()
        try:
            return sandbox._run(sandbox.kind_of(b"%PDF-"), b"")  # type: ignore[arg-type]
        finally:
            monkeypatch.undo()
            sandbox._bubblewrap.cache_clear()

    return run


def test_here_it_is_more_than_limits() -> None:
    assert sandbox.strict()


def test_it_reaches_nobody(hostile: Hostile) -> None:
    said = hostile(
        """
        import socket
        try:
            socket.create_connection(("127.0.0.1", 22), timeout=2)
            print("reached")
        except OSError as error:
            print(error.strerror)
        print(sorted(name for _, name in socket.if_nameindex()))
        """
    )
    assert b"reached" not in said and b"['lo']" in said


def test_it_sees_neither_the_data_nor_the_settings(hostile: Hostile, tmp_path: Path) -> None:
    secret = tmp_path / "rahasia"
    secret.write_text("rahasia")
    os.environ["PELUIT_RAHASIA"] = "rahasia"
    said = hostile(
        f"""
        import os
        print(os.path.exists({str(secret)!r}), os.path.exists("/root/.ssh"), os.path.exists("/etc/passwd"))
        print("PELUIT_RAHASIA" in os.environ, len([name for name in os.listdir("/proc") if name.isdigit()])
              if os.path.isdir("/proc") else 0)
        """
    )
    assert said.split() == [b"False", b"False", b"False", b"False", b"0"]


def test_it_writes_nothing(hostile: Hostile, tmp_path: Path) -> None:
    said = hostile(
        f"""
        for place in ({str(tmp_path)!r}, "/usr", "/tmp", "."):
            try:
                with open(place + "/tulis", "w") as file:
                    file.write("x" * 100_000)
                print("wrote", place)
            except OSError as error:
                print("no")
        """
    )
    assert said.split() == [b"no"] * 4


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("while True: pass", "limits"),
        ("x = bytearray(1 << 40)", "sandbox"),
        ("import os; os.abort()", "sandbox"),
        ("import time; time.sleep(60)", "limits"),
    ],
)
def test_who_takes_too_much_is_ended(hostile: Hostile, monkeypatch: pytest.MonkeyPatch, code: str, says: str) -> None:
    monkeypatch.setattr(sandbox, "PATIENCE", 3.0)
    with pytest.raises(NotCleaned) as refused:
        hostile(code)
    assert refused.value.code == says


@pytest.mark.parametrize(
    "out",
    [
        b"", b"x", b"[]\n", b'{"media": "text/html", "removed": []}\n<p>', b'{"media": "image/png", "removed": []}\n',
        b'{"media": "image/png", "removed": ["words"]}\nx', b'{"media": ["image/png"], "removed": []}\nx',
    ],
)  # fmt: skip
def test_what_comes_out_is_not_believed(out: bytes) -> None:
    with pytest.raises(NotCleaned, match="sandbox"):
        sandbox._told(out)


@pytest.mark.parametrize("data", [b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ" + bytes(100)])
def test_what_is_no_kind_that_is_known_never_gets_there(data: bytes) -> None:
    with pytest.raises(NotCleaned, match="kind"):
        sandbox.clean(data)


def test_what_is_too_large_never_gets_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "LARGEST", 100)
    with pytest.raises(NotCleaned, match="large"):
        sandbox.clean(picture("PNG"))


def test_the_cleaner_starts_without_the_application() -> None:
    """It would take longer to load than a picture to clean, and has no room in the sandbox."""
    code = "import sys, whistle.clean.kinds; print([name for name in ('flask', 'config') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
