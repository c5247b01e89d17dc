"""Work that is done once at a time, by one of all workers, and tells nobody when."""

import subprocess
import sys
from pathlib import Path

from whistle.services.alone import alone

NAME, OTHER = bytes(16), bytes(7) + b"\x02" + bytes(8)
HOLD = """
import sys
from pathlib import Path
from whistle.services.alone import alone
with alone(Path(sys.argv[1]), bytes(16)) as is_alone:
    print(is_alone, flush=True)
    sys.stdin.read()
"""


def test_whoever_comes_second_is_told_and_another_name_is_free(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with alone(file, NAME) as first, alone(file, NAME) as second, alone(file, OTHER) as other:
        assert (first, second, other) == (True, False, True)
    with alone(file, NAME) as later:
        assert later


def test_another_process_is_told_too_until_the_first_is_killed(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    pipe, command = subprocess.PIPE, [sys.executable, "-c", HOLD, file]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as worker:
        assert worker.stdout and worker.stdout.readline() == "True\n"
        with alone(file, NAME) as is_alone:
            assert not is_alone
        worker.kill()
    with alone(file, NAME) as is_alone:
        assert is_alone


def test_neither_content_nor_time_stands_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    with alone(file, NAME):
        pass
    assert (file.stat().st_size, file.stat().st_mtime, file.stat().st_mode & 0o777) == (0, 0, 0o600)


def test_where_no_file_can_be_made_the_work_is_done_all_the_same(tmp_path: Path) -> None:
    with alone(tmp_path / "away" / "lock", NAME) as is_alone:
        assert is_alone
