"""Two officers sign away what is over, in a real browser: without JavaScript on a phone, and at a desk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.desk import signed_in
from tests.inspectorate import Inspectorate
from tests.retiring import FIRST, SECOND, closed
from tests.server import Server, prepare, serving
from whistle.crypto import totp
from whistle.crypto.receipt import Receipt
from whistle.domain.clock import SetClock
from whistle.services import housekeeping
from whistle.services.setup import Credentials

Open = Callable[..., Page]
Check = Callable[[Page], list[str]]
LONG_AGO = timedelta(days=1000)


@dataclass(frozen=True)
class Who:
    """An officer as `signed_in` asks for one."""

    password: str
    secret: bytes

    def code(self, unix: float) -> str:
        return totp.code(self.secret, int(unix))


@dataclass(frozen=True)
class Old:
    """An inspectorate with reports that were closed long ago."""

    office: Inspectorate
    clock: SetClock
    receipts: list[Receipt]
    officers: dict[str, Who]


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Old:
    clock = SetClock(datetime.now(UTC) - LONG_AGO)
    ctx, credentials = prepare(tmp_path_factory.mktemp("old"), clock)
    office = Inspectorate(ctx, clock, credentials, {})
    receipts = [closed(office)[0] for _ in range(3)]
    return Old(office, clock, receipts, {login: _who(one) for login, one in credentials.items()})


def _who(credentials: Credentials) -> Who:
    return Who(credentials.password, credentials.totp_secret)


@pytest.fixture(scope="module")
def served(old: Old, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(old.office.ctx.settings.data_dir, tmp_path_factory.mktemp("log") / "log") as running:
        yield running


def whole(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_list_is_signed_by_two_and_its_reporter_is_told(
    open_page: Open, old: Old, problems: Check, served: Server
) -> None:
    # Given an officer with a phone, who ticks one report after mistyping the password
    phone = signed_in(open_page, old, FIRST, size=PHONE, javascript=False)  # type: ignore[arg-type]
    phone.goto("/meja/penyimpanan")
    assert whole(phone)
    phone.get_by_role("checkbox").first.check()
    phone.locator("[name=password]").fill("salah")
    phone.get_by_role("button", name="Usulkan penghapusan").click()
    expect(phone.get_by_role("checkbox").first).to_be_checked()
    phone.locator("[name=password]").fill(old.officers[FIRST].password)
    phone.get_by_role("button", name="Usulkan penghapusan").click()
    expect(phone.get_by_text("orang kedua harus menandatanganinya dulu")).to_be_visible()
    assert whole(phone)
    # When the head of the inspectorate follows the notice and signs
    desk = signed_in(open_page, old, SECOND, size=DESK)  # type: ignore[arg-type]
    desk.goto("/meja/laporan-masuk")
    desk.get_by_role("link", name="Buka penyimpanan").click()
    assert whole(desk) and problems(desk) == []
    desk.locator("main table a").first.click()
    assert problems(desk) == []
    desk.locator("[name=password]").fill(old.officers[SECOND].password)
    desk.get_by_role("button", name="Setujui penghapusan").click()
    expect(desk.get_by_role("button", name="Hentikan daftar ini")).to_be_visible()
    assert whole(desk) and problems(desk) == []
    # Then a week later its reporter reads that it was deleted, and the others read theirs
    old.clock.instant = datetime.now(UTC) + timedelta(days=7)
    assert "the contents of 1 cases deleted" in housekeeping.tick(old.office.ctx)
    said = [_told(open_page, receipt, problems) for receipt in old.receipts]
    assert sorted(said) == ["Isi laporan ini sudah dihapus", "Laporan Anda", "Laporan Anda"]


def _told(open_page: Open, receipt: Receipt, problems: Check) -> str:
    page = open_page("/lacak", size=PHONE)
    page.locator("[name=kata]").fill(str(receipt))
    page.get_by_role("button", name="Buka laporan saya").click()
    expect(page.locator("h1")).not_to_have_text("Lihat laporan saya")
    assert whole(page) and problems(page) == []
    return page.locator("h1").inner_text()
