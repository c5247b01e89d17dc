"""Whoever breaks a cleaner has gained a process without network, files and time."""

import io
import os
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from tests.clean.conftest import PDF, Hostile
from tests.clean.making import cleaned, picture
from whistle.clean import isolation, process, sandbox
from whistle.clean.result import NotCleaned


def test_here_it_is_more_than_limits() -> None:
    assert isolation.strict()


def test_it_reaches_nobody(hostile: Hostile) -> None:
    said = hostile(
        """
        import socket
        try:
            socket.create_connection(("127.0.0.1", 22), timeout=2)
            say("reached")
        except OSError as error:
            say(error.strerror)
        say(sorted(name for _, name in socket.if_nameindex()))
        end()
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
        say(os.path.exists({str(secret)!r}), os.path.exists("/root/.ssh"), os.path.exists("/etc/passwd"))
        say("PELUIT_RAHASIA" in os.environ, len([name for name in os.listdir("/proc") if name.isdigit()])
              if os.path.isdir("/proc") else 0)
        end()
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
                say("wrote", place)
            except OSError as error:
                say("no")
        end()
        """
    )
    assert said.split() == [b"no"] * 4


STARTS = """
    import _thread, ctypes, os, platform, threading

    def tried(name, start):
        try:
            child = start()
        except OSError as error:
            return say(name, error.strerror)
        if not child:
            os._exit(0)
        say(name, "started")

    def called(number, *more):
        child = ctypes.CDLL(None, use_errno=True).syscall(number, *more)
        if child < 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return child

    tried("fork", os.fork)
    tried("spawn", lambda: os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {}))
    clone, clone3 = {"x86_64": (56, 435), "aarch64": (220, 435)}[platform.machine()]
    tried("clone", lambda: called(clone, 17, 0, 0, 0, 0))
    tried("clone3", lambda: called(clone3, ctypes.create_string_buffer(bytes(32) + b"\\x11" + bytes(55)), 88))
    if platform.machine() == "x86_64":
        tried("vfork", lambda: called(58))
        tried("x32", lambda: called(0x40000000 + 57))
    thread = threading.Thread(target=say, args=("a thread works",))
    thread.start()
    thread.join()
    end()
    """


@pytest.mark.parametrize("walls", [True, False], ids=["bubblewrap", "no bubblewrap"])
def test_it_starts_threads_and_no_other_process(walls: bool, hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of which would have a memory and a time of its own; and without bubblewrap it might outlive the first."""
    if not walls:
        monkeypatch.setattr(isolation, "_bubblewrap", lambda: ())
    said = hostile(STARTS).decode()
    assert "started" not in said, said
    assert said.count("Operation not permitted") >= 3 and "clone3 Function not implemented" in said
    assert "a thread works" in said


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("while True: pass", "limits"),
        ("x = bytearray(1 << 40)", "sandbox"),
        ("import os; os.abort()", "sandbox"),
        ("import time; time.sleep(60)", "limits"),
        ("while True: send(b'R', 0, 300_000 - 1)", "sandbox"),
        ("while True: send(b'R', 0, 200_000)", "limits"),  # and never reads the answer
        ("import os, time; os.close(1); time.sleep(60)", "limits"),
        ("sys.stdin.close(); send(b'R', 0, 200_000); send(b'R', 0, 200_000); end()", "sandbox"),
    ],
)
def test_who_takes_too_much_is_ended(hostile: Hostile, monkeypatch: pytest.MonkeyPatch, code: str, says: str) -> None:
    if says == "limits":
        monkeypatch.setattr(sandbox, "patience", lambda _size: 3.0)
    monkeypatch.setattr(process, "_ENDING", 0.2)
    with pytest.raises(NotCleaned) as refused:
        hostile(code)
    assert refused.value.code == says and refused.value.media == "application/pdf"


def test_who_computes_for_too_long_is_ended(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "cpu_seconds", lambda _size: 1)
    began = time.monotonic()
    with pytest.raises(NotCleaned, match="limits"):
        hostile("while True: pass")
    assert time.monotonic() - began < 20


def test_a_refused_file_leaves_no_process_and_no_pipe() -> None:
    def held() -> tuple[int, int]:
        return len(os.listdir("/proc/self/fd")), len(children(os.getpid()))

    before = held()
    for data in (PDF, picture("PNG"), picture("PNG")[:100]):
        with suppress(NotCleaned):
            cleaned(data)
    assert held() == before


WAITING = """
import time
from whistle.clean import sandbox

class Stuck:
    size = 300_000
    def read(self, start, stop):
        if stop > 4096:
            print("asked", flush=True)
            time.sleep(60)
        return b"\\x89PNG\\r\\n\\x1a\\n".ljust(stop - start)

sandbox.clean(Stuck(), print)
"""


def test_a_worker_that_is_killed_leaves_no_process() -> None:
    """Given a worker that is killed while a process waits for a range of its file."""
    with subprocess.Popen([sys.executable, "-c", WAITING], stdout=subprocess.PIPE) as worker:
        assert worker.stdout and worker.stdout.readline() == b"asked\n"
        started = children(worker.pid)
        started += [inner for process in started for inner in children(process)]
        worker.kill()
    deadline = time.monotonic() + 20
    while alive(started) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert started and not alive(started)


def children(process: int) -> list[int]:
    processes = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [one for one in processes if state(one)[1:2] == [str(process)]]


def state(process: int) -> list[str]:
    """Its state, its parent and more (proc(5)); nothing for one that is gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def alive(processes: list[int]) -> bool:
    """Whether any is more than an entry that nobody has read yet."""
    return any(state(one) and state(one)[0] != "Z" for one in processes)


def test_where_there_is_no_bubblewrap_files_are_cleaned_within_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "_bubblewrap", lambda: ())
    monkeypatch.setattr(isolation, "_PROGRAM", isolation._PROGRAM.replace(str(isolation.MEMORY), str(1 << 28)))
    assert not isolation.strict() and cleaned(picture("PNG")).media == "image/png"
    large = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(large, "PNG")
    with pytest.raises(NotCleaned, match="limits"):
        cleaned(large.getvalue())


def test_what_file_it_is_stands_in_no_argument(hostile: Hostile) -> None:
    # Arguments of a process are everybody's to read on the machine
    said = hostile("say(*sys.argv, FIRST.decode()); end()")
    assert isinstance(said, bytes)
    told = said.decode()
    assert '["clean", "pdf", ' in told
    assert "pdf" not in told.partition("[")[0]
    assert {sandbox.cpu_seconds(size) for size in range(0, 2 << 30, 1 << 20)} == {30, 60, 120, 240, 480}


def test_where_no_process_can_be_started_a_file_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolation, "command", lambda _cpu: ("/tidak/ada",))
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(NotCleaned, match="sandbox"):
        cleaned(picture("PNG"))
    assert len(os.listdir("/proc/self/fd")) == before


def test_the_cleaner_starts_without_the_application() -> None:
    """It would take longer to load than a picture to clean, and has no room in the sandbox."""
    code = "import sys, whistle.clean.kinds; print([name for name in ('flask', 'config') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
