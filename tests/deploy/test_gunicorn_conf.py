"""What gunicorn writes while it serves: nothing of a request, whatever goes wrong in it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

APP = '''
import gevent, logging, warnings

def fail(what):
    raise KeyError(what)

def app(environ, start_response):
    path, peer = environ["PATH_INFO"], environ["REMOTE_ADDR"]
    if path.startswith("/raise"):
        raise ValueError(f"canary {path} {peer}")
    if path.startswith("/library"):
        logging.getLogger("library").error("canary %s %s", path, peer)
    if path.startswith("/warn"):
        warnings.warn(f"canary {path} {peer}")
    if path.startswith("/greenlet"):
        gevent.spawn(fail, f"canary {path} {peer}")
    start_response("200 OK", [("Content-Length", "2")])
    return [b"ok"]
'''

REQUESTS = [
    b"GET /raise-canary HTTP/1.1\r\nHost: canary\r\nConnection: close\r\n\r\n",
    b"GET /library-canary HTTP/1.1\r\nHost: canary\r\nConnection: close\r\n\r\n",
    b"GET /warn-canary HTTP/1.1\r\nHost: canary\r\nConnection: close\r\n\r\n",
    b"GET /greenlet-canary HTTP/1.1\r\nHost: canary\r\nConnection: close\r\n\r\n",
    b"GET /fine-canary HTTP/1.1\r\nHost: canary\r\nUser-Agent: canary\r\nConnection: close\r\n\r\n",
    b"canary\r\n\r\n",
    b"GET /canary HTTP/9.canary\r\n\r\n",
    b"GET /canary HTTP/1.1\r\ncanary without a colon\r\n\r\n",
    b"GET /canary" + b"x" * 5000 + b" HTTP/1.1\r\n\r\n",
    b"GET /canary HTTP/1.1\r\nCanary: " + b"x" * 9000 + b"\r\n\r\n",
    b"POST /canary HTTP/1.1\r\nContent-Length: canary\r\n\r\n",
    b"POST /canary HTTP/1.1\r\nContent-Length: 100\r\n\r\ncut off",
]


@pytest.fixture
def serve(tmp_path, free_port):
    """Start gunicorn with the real configuration and a small application that fails on request."""
    (tmp_path / "failing.py").write_text(APP)
    log = tmp_path / "log"
    env = {k: v for k, v in os.environ.items() if not k.startswith("PELUIT_")}
    env |= {
        "PELUIT_DEMO": "1",
        "PELUIT_DATA_DIR": str(tmp_path / "data"),
        "PORT": str(free_port),
        "PYTHONPATH": str(tmp_path),
    }
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", ROOT / "deploy" / "gunicorn.conf.py", "failing:app"],
            env=env,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    for _ in range(200):
        if log.read_text().count("Booting worker") == 2:
            break
        time.sleep(0.05)
    yield log
    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0


def send(port: int, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
        except ConnectionResetError:
            pass
        return answer


@pytest.mark.server
def test_no_line_of_the_log_holds_an_address_a_path_or_a_time(serve, free_port):
    # When requests go wrong in every way that was thought of
    answers = [send(free_port, request) for request in REQUESTS]
    assert answers[4].endswith(b"ok")
    assert b"\r\nDate: " in answers[4]
    assert not any(b"\r\nserver:" in answer.lower() for answer in answers)
    time.sleep(0.3)
    said = serve.read_text()
    # Then what went wrong is there
    assert "ValueError" in said
    assert "KeyError" in said
    # And nothing of whom it went wrong for
    assert "canary" not in said.lower()
    assert not re.search(r"\d\d:\d\d|\d{4}-\d\d|\d{9}", said)
    # The address it listens at is gunicorn's own, said once at the start; a peer's would come after it
    assert said.count("127.0.0.1") == 1


@pytest.mark.server
def test_a_killed_worker_is_replaced(serve, free_port):
    pids = [int(pid) for pid in re.findall(r"Booting worker with pid: (\d+)", serve.read_text())]
    os.kill(pids[0], signal.SIGKILL)
    for _ in range(100):
        if serve.read_text().count("Booting worker") == 3:
            break
        time.sleep(0.05)
    assert send(free_port, REQUESTS[4]).endswith(b"ok")
