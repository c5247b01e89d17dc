"""Beside connections that stall in mid-request strangers are answered; how soon is for bench to say."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.nojs import Browser
from tests.reporter import follow, write
from tests.sealer import Sender
from tests.server import Server, prepare, serving
from tests.stalling import KINDS, stalled
from whistle.services.context import Context
from whistle.store import cases

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Context]]:
    """The real server with the settings of `make run`, and what it stores."""
    folder = tmp_path_factory.mktemp("stalled")
    data: Path = folder / "data"
    data.mkdir()
    ctx, _ = prepare(data)
    with serving(data, folder / "log") as server:
        yield server, ctx


def stored(ctx: Context) -> set[bytes]:
    with ctx.store.read() as tx:
        return set(cases.all_case_ids(tx))


def seal_and_send(server: Server) -> str:
    """As a sender that seals by itself; what it is told."""
    with urlopen(f"{server.base}lapor/kunci", timeout=60) as answer:  # noqa: S310
        told: dict[str, Any] = json.load(answer)
    kind = {"Content-Type": "application/octet-stream"}
    request = Request(f"{server.base}lapor/tersegel", Sender(told).seal(), kind)  # noqa: S310
    with urlopen(request, timeout=60) as answer:  # noqa: S310
        return str(json.load(answer)["code"])


@pytest.mark.parametrize("kind", [*KINDS, "all"])
def test_strangers_read_send_and_follow_up_beside_stalled_connections(
    city: tuple[Server, Context], kind: str, long: bool
) -> None:
    server, ctx = city
    before = stored(ctx)
    with stalled(server.port, 400 if long else 40, KINDS if kind == "all" else (kind,)) as connections:
        browser = Browser(server.base, timeout=60)
        receipt = write(browser, f"Petugas meminta uang, dan {len(connections)} sambungan lain macet.").send()
        assert "macet" in follow(browser, receipt).body
        assert seal_and_send(server) == "stored"
        still = [connection.go_on() for connection in connections if connection.kind == "body"]
        assert all(still), "a slow phone that still sends was cut off"
    # Of the reports that were half sent nothing is there.
    assert len(stored(ctx) - before) == 2
    assert "Traceback" not in server.log.read_text()
    assert len(server.workers()) == 2
