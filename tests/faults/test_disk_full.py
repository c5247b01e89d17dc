"""The disk is full to the brim: nobody is promised anything, nothing is half-written, and with room all goes on."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import databases, reporter
from tests.faults.city import City, city
from tests.faults.errands import Errands
from tests.faults.small_disk import SmallDisk, small_disk
from tests.inspectorate import complaint
from tests.nojs import Browser
from tests.server import ROOT
from whistle.services import intake
from whistle.store.database import StoreUnavailable

ENOUGH = 2000  # reports after which a full disk must have been noticed


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 12) as made:
        yield made


def send_until_refused(place: City, errands: Errands) -> int:
    """What lies prepared on the disk still takes a few; returns how many. Each that is acknowledged must be there."""
    for number in range(ENOUGH):
        story, receipt = f"Laporan sempit {number}", intake.fresh_receipt()
        try:
            intake.submit(place.ctx, complaint(story=story), receipt)
        except StoreUnavailable:
            return number
        errands.stories[story] = receipt
    raise AssertionError("the disk is full, and nobody noticed")


def who_writes(errands: Errands) -> tuple[Callable[[], None], ...]:
    """On a full disk reading goes on; these do not."""
    return errands.report_in_trouble, errands.message_in_trouble, errands.note_in_trouble


def tick(place: City) -> subprocess.CompletedProcess[str]:
    """What the timer does at night."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "peluit", "tick"]
    return subprocess.run(command, cwd=ROOT, env=place.server.env, capture_output=True, text=True)


@pytest.mark.server
def test_on_a_full_disk_nothing_is_promised_and_with_room_all_goes_on(tmp_path: Path, disk: SmallDisk) -> None:
    with city(tmp_path, data=disk.folder / "data") as place:
        errands = Errands(place).begin()
        disk.fill()
        send_until_refused(place, errands)
        # When everybody sends at once, again and again
        for _ in range(3):
            with ThreadPoolExecutor(3) as people:
                for told in [people.submit(deed) for deed in who_writes(errands)]:
                    told.result()
        assert reporter.follow(Browser(place.server.base), errands.older).status == 200, "who only reads is served"
        # And the night's work comes too, which needs room itself
        night = tick(place)
        assert night.returncode == 1 and "Traceback" not in night.stderr, night.stderr[-600:]
        assert "disk" in night.stderr
        disk.make_room()
        errands.over()
        night = tick(place)
        assert night.returncode == 0, night.stderr[-600:]
        place.check(errands.stories)


@pytest.mark.server
def test_a_server_that_starts_on_a_full_disk_says_so_until_there_is_room(tmp_path: Path, disk: SmallDisk) -> None:
    with city(tmp_path, data=disk.folder / "data") as place:
        errands = Errands(place, same_hour=False).begin()
        disk.fill()
        send_until_refused(place, errands)
        place.server.kill_all()
        disk.fill()
        place.server.start()
        errands.report_in_trouble()
        errands.note_in_trouble()
        disk.make_room()
        errands.over()


@pytest.mark.server
def test_the_nights_work_leaves_room_for_reports(tmp_path: Path, disk: SmallDisk) -> None:
    """To rewrite the file takes as much again; on a disk that has not so much it is left, and nothing swells."""
    with city(tmp_path, data=disk.folder / "data") as place:
        errands = Errands(place).begin()
        for number in range(20):
            story, receipt = f"Laporan siang {number}", intake.fresh_receipt()
            intake.submit(place.ctx, complaint(story=story), receipt)
            errands.stories[story] = receipt
        assert tick(place).returncode == 0
        disk.fill(leave=(place.folder / "peluit.db").stat().st_size // 2)
        before = disk.free()
        night = tick(place)
        assert night.returncode == 1 and "disk" in night.stderr and "Traceback" not in night.stderr, night.stderr[-600:]
        assert disk.free() >= before - 64 * 1024, "the night's work took the room that reports need"
        errands.over()


@pytest.mark.server
def test_on_a_full_disk_postgresql_promises_nothing_either(tmp_path: Path) -> None:
    """PostgreSQL may stop by itself when its log finds no room; it is then started again, as Debian's service does."""
    with tempfile.TemporaryDirectory(prefix="peluit-") as folder, small_disk(Path(folder) / "disk", 160) as disk:
        Path(folder).chmod(0o711)  # the server's user passes through
        cluster = databases.Cluster(disk.folder / "pg", max_wal_size="32MB", min_wal_size="32MB")
        try:
            cluster.start()
            url = databases.make(cluster, "peluit")
            with city(tmp_path, url) as place:
                errands = Errands(place).begin()
                disk.fill()
                send_until_refused(place, errands)
                for _ in range(2):
                    for deed in who_writes(errands):
                        deed()
                night = tick(place)
                assert night.returncode == 1 and "Traceback" not in night.stderr, night.stderr[-600:]
                assert "does not give way" not in night.stderr, "it asked a full disk again and again"
                disk.make_room()
                if cluster.process is not None and cluster.process.poll() is not None:
                    cluster.start()
                errands.over()
        finally:
            cluster.stop()
