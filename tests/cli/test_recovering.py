"""`peluit recover` as people use it: shares typed from paper, or read from a descriptor."""

import os
import re
import subprocess
import sys

import pytest

from tests import admitting
from tests.inspectorate import Inspectorate
from tests.server import ROOT, environment
from tests.typist import Talk, talk
from whistle.services import listing
from whistle.store import audit

PELUIT = (sys.executable, "-m", "flask", "--app", "wsgi", "peluit")


@pytest.fixture
def office(office: Inspectorate) -> Inspectorate:
    """An inspectorate in which yusuf forgot the password and made new keys."""
    office.triaged("yusuf")
    office.report()
    admitting.admit(office, admitting.new_keys(office, "yusuf"))
    return office


def settings(office: Inspectorate) -> dict[str, str]:
    return environment(office.ctx.settings.data_dir, 1, office.ctx.settings.database_url)


def typing(office: Inspectorate, papers: list[str], *more: str) -> Talk:
    """People read out their papers one after the other, and say yes."""
    waiting = list(papers)

    def answer(shown: str) -> str:
        return "y" if "[y/N]" in shown else waiting.pop(0)

    return talk([*PELUIT, "recover", *more], answer, settings(office))


def piped(office: Inspectorate, papers: list[str], *more: str) -> subprocess.CompletedProcess[str]:
    out, into = os.pipe()
    os.write(into, "\n".join(papers).encode())
    os.close(into)
    try:
        return subprocess.run(
            [*PELUIT, "recover", "--shares-fd", str(out), *more],
            cwd=ROOT,
            env=settings(office),
            capture_output=True,
            text=True,
            pass_fds=[out],
            timeout=120,
        )
    finally:
        os.close(out)


def readable(office: Inspectorate, login: str) -> int:
    return len([row for row in listing.all_rows(office.ctx, office.officer(login)) if row.summary is not None])


def words(office: Inspectorate, log: str, *numbers: int) -> list[str]:
    return [str(office.recovery[log][number - 1]) for number in numbers]


def test_three_people_type_their_shares_and_the_cases_are_back(office: Inspectorate) -> None:
    done = typing(office, words(office, "inner", 5, 2, 4), "--log", "inner")
    assert done.code == 0, done.screen
    assert "Baru Yusuf (yusuf), Triage team" in done.screen
    assert "2 of 2 cases" in done.screen
    assert readable(office, "yusuf") == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_officer_who_is_not_there_is_refused_before_anybody_reads_a_share_out(office: Inspectorate) -> None:
    done = typing(office, [], "--log", "inner", "--officer", "mallory")
    assert done.code == 1 and "no officer 'mallory'" in done.screen
    assert "Share 1" not in done.screen


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_is_named_is_shown_alone_and_how_much_they_read_in_the_end(office: Inspectorate) -> None:
    done = typing(office, words(office, "inner", 5, 2, 4), "--log", "inner", "--officer", "yusuf")
    assert done.code == 0, done.screen
    assert "(yusuf)" in done.screen and "(rahma)" not in done.screen
    assert "Baru Yusuf reads 2 of 2 cases" in done.screen


def test_without_a_name_only_those_are_shown_whom_the_log_can_be_for(office: Inspectorate) -> None:
    office.report(office="INSP", accused=("inspektur",))
    done = piped(office, words(office, "outer", 1, 2), "--log", "outer")
    assert done.returncode == 0, done.stderr
    assert "(prov1)" in done.stdout and "(rahma)" not in done.stdout
    assert re.search(r"reads 1 of 1 cases", done.stdout)


def test_a_slip_is_named_and_the_share_is_asked_again(office: Inspectorate) -> None:
    right = words(office, "inner", 1, 2, 3)
    slip = right[0].split()
    slip[9] = "qqqq"
    swapped = right[0].split()
    swapped[9], swapped[10] = swapped[10], swapped[9]
    (other,) = words(office, "outer", 1)
    papers = [" ".join(slip), " ".join(swapped), right[0], right[0], right[1], other, right[2]]
    done = typing(office, papers, "--log", "inner", "--rehearse")
    assert done.code == 0, done.screen
    for said in (
        "Word 10, 'qqqq', is no word of any share",
        "A word was misread",
        "This share was given already",
        "This share does not fit shares 1 and 2, which were typed before",
        "The shares are right",
    ):
        assert said in done.screen


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_after_a_wrong_first_share_people_can_begin_again(office: Inspectorate) -> None:
    # Given: the first holder has the paper of the other key.
    (wrong,) = words(office, "outer", 3)
    right = words(office, "inner", 1, 2, 4)
    # When: the right ones do not fit it, and the people begin again.
    done = typing(office, [wrong, right[0], "again", *right], "--log", "inner", "--rehearse")
    # Then
    assert done.code == 0, done.screen
    assert "This share does not fit share 3, which was typed before" in done.screen
    assert "The shares are right" in done.screen


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_whoever_says_no_changes_nothing(office: Inspectorate) -> None:
    papers = words(office, "inner", 1, 2, 3)
    done = talk(
        [*PELUIT, "recover", "--log", "inner"],
        lambda shown: "n" if "[y/N]" in shown else papers.pop(0),
        settings(office),
    )
    assert done.code != 0
    assert readable(office, "yusuf") == 0
    with office.ctx.store.read() as tx:
        assert "recover" not in [row.action for row in audit.following(tx, 0, 1000)]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_shares_are_also_read_from_a_descriptor(office: Inspectorate) -> None:
    done = piped(office, words(office, "inner", 1, 3, 5), "--log", "inner", "--officer", "yusuf")
    assert done.returncode == 0, done.stderr
    assert readable(office, "yusuf") == 2
    assert "0 cases have new keys" in done.stdout


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("log", "numbers", "more", "said"),
    [
        ("inner", (1, 2), (), "3 shares are needed; only 2 were given"),
        ("inner", (), (), "No share was given"),
        ("outer", (1, 2), (), "These are the shares of the outer key: run it with --log outer"),
        ("inner", (1, 2, 3), ("--officer", "mallory"), "no officer 'mallory' in the signed manifest"),
        ("inner", (1, 2, 3), ("--officer", "prov1"), "prov1 reads no case of the inner log"),
    ],
)
def test_what_is_missing_is_said(
    office: Inspectorate, log: str, numbers: tuple[int, ...], more: tuple[str, ...], said: str
) -> None:
    done = piped(office, words(office, log, *numbers), "--log", "inner", *more)
    assert done.returncode == 1
    assert said in done.stderr
    assert readable(office, "yusuf") == 0


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_rehearsal_gives_nobody_anything_and_shows_no_share(office: Inspectorate) -> None:
    done = piped(office, words(office, "inner", 1, 2, 3), "--log", "inner", "--rehearse")
    assert done.returncode == 0, done.stderr
    assert re.search(r"holds 2 cases.*One of them was opened", done.stdout, re.DOTALL)
    assert readable(office, "yusuf") == 0
    for word in words(office, "inner", 1)[0].split()[4:8]:
        assert f" {word} " not in done.stdout + done.stderr


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_descriptor_that_is_not_there_is_said(office: Inspectorate) -> None:
    done = subprocess.run(
        [*PELUIT, "recover", "--shares-fd", "77", "--log", "inner"],
        cwd=ROOT,
        env=settings(office),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "--shares-fd 77: nothing can be read there" in done.stderr
