"""The server's clock is set back a day, and set right again, while people are in the middle of something."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests import officer, reporter
from tests.faults.city import City, city
from tests.faults.errands import MESSAGE, whole
from tests.nojs import Browser
from whistle.domain.clock import WITA
from whistle.services import followup

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
DAY = 86_400


class Clock:
    """The time that the server's processes are told; it changes while they run."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.set(0)

    def set(self, seconds: int) -> None:
        """So far from the machine's own."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}s\n")
        new.rename(self.file)

    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


def today() -> str:
    return datetime.now(UTC).astimezone(WITA).date().isoformat()


@pytest.mark.server
@pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not there: run tests/system-packages.sh")
def test_over_a_clock_set_back_a_day_reports_come_in_and_no_session_stays(tmp_path: Path, database: str) -> None:
    clock = Clock(tmp_path / "clock")
    with city(tmp_path, database, **clock.environment()) as place:
        browser, stories = Browser(place.server.base, timeout=60), {}
        stories["Laporan hari ini"] = reporter.write(browser, "Laporan hari ini").send()
        draft = reporter.write(browser, "Laporan di tengah")
        page = reporter.follow(browser, stories["Laporan hari ini"])
        desk = place.sit("rahma", time.time() - 30)  # the code before this one, which is still taken
        # When the clock is set back a day
        clock.set(-DAY)
        # Then a form that was open is sent, with the day that the server takes it for
        stories["Laporan di tengah"] = draft.send()
        assert draft.send() == stories["Laporan di tengah"]
        view = followup.open_with_root(place.ctx, place.keys(stories["Laporan di tengah"]).root)
        assert (datetime.fromisoformat(today()).date() - view.received) in (timedelta(days=1), timedelta(days=2))
        # And who is in the middle of a visit types the words again, and nothing else
        answer = reporter.say(browser, page, MESSAGE)
        answer = browser.send(answer, answer.form("kata"), {"kata": " ".join(stories["Laporan hari ini"].words)})
        answer = browser.send(answer, next(form for form in answer.forms if ("teks", MESSAGE) in whole(form)), {})
        assert "sudah kami terima" in answer.text
        # And the desk is locked: neither the old session nor a code of yesterday or of now opens it
        assert desk.browser.get("/meja/laporan-masuk").url.partition("?")[0].endswith("/meja/masuk")
        refused_to_all(place, "rahma")
        # And when it is right again, all goes on
        clock.set(0)
        place.sit("rahma")
        stories["Laporan besok"] = reporter.write(browser, "Laporan besok").send()
        place.check(stories)


def refused_to_all(place: City, login: str) -> None:
    """A sign-in with the code of now, as the phone shows it, and with that of the time which the server believes in."""
    for unix in (time.time(), time.time() - DAY):
        browser = Browser(place.server.base, timeout=60, keeps_cookies=True)
        assert officer.try_to_sign_in(browser, place.credentials[login], unix).status == 403
