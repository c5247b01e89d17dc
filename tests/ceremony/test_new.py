"""The root ceremony as a real process: keys on a machine without a network, words on paper."""

import os
import re
import stat
import sys
from pathlib import Path

import pytest

from tests.typist import Talk, papers, talk, typed_back
from whistle.crypto import root_file, shares
from whistle.crypto.recovery import RecoveryKeys
from whistle.crypto.signing import dual_public

CEREMONY = (sys.executable, "-m", "whistle.ceremony")
# No settings of a server: neither a database nor a secret.
BARE = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}


def make(out: Path, *more: str) -> Talk:
    return talk([*CEREMONY, "new", "--out", out, *more], typed_back(), BARE)


def test_a_stick_that_is_not_there_is_missed_before_anything_is_made(tmp_path: Path) -> None:
    done = make(tmp_path / "safe" / "peluit")
    assert done.code == 1 and "is the stick in" in done.screen
    assert not (tmp_path / "safe").exists()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Talk]:
    out = tmp_path_factory.mktemp("ceremony") / "keys"
    done = make(out)
    assert done.code == 0, done.screen[-2000:]
    return out, done


def test_keys_come_out_and_the_secret_ones_are_for_the_owner_alone(made: tuple[Path, Talk]) -> None:
    out, _ = made
    assert sorted(path.name for path in out.iterdir()) == [
        "recovery-inner.pub",
        "recovery-outer.pub",
        "root.key",
        "root.pub",
    ]
    assert stat.S_IMODE((out / "root.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(out.stat().st_mode) == 0o700


def test_the_passphrase_on_paper_opens_the_root_key(made: tuple[Path, Talk]) -> None:
    out, done = made
    title, words = papers(done.screen)[0]
    assert "PASSPHRASE" in title
    seed = root_file.unlock((out / "root.key").read_bytes(), " ".join(words))
    assert dual_public(seed).hex() == (out / "root.pub").read_text().strip()


@pytest.mark.parametrize(("log", "needed", "count"), [("inner", 3, 5), ("outer", 2, 3)])
def test_the_shares_on_paper_combine_to_the_recovery_key(
    made: tuple[Path, Talk], log: str, needed: int, count: int
) -> None:
    out, done = made
    mine = [shares.parse(" ".join(words)) for title, words in papers(done.screen) if title.startswith(log.upper())]
    assert len(mine) == count
    secret = shares.combine(mine[-needed:])
    assert RecoveryKeys(secret).public.hex() == (out / f"recovery-{log}.pub").read_text().strip()
    with pytest.raises(shares.ShareError):
        shares.combine(mine[: needed - 1])


def test_the_fingerprint_for_paper_is_that_of_the_root(made: tuple[Path, Talk]) -> None:
    out, done = made
    words, digest = root_file.fingerprint_of(bytes.fromhex((out / "root.pub").read_text()))
    assert " ".join(words) in done.screen
    assert digest in done.screen


def test_no_secret_lies_in_any_file(made: tuple[Path, Talk]) -> None:
    out, done = made
    kept = b"".join(path.read_bytes() for path in out.rglob("*") if path.is_file()).decode()
    for _, words in papers(done.screen):
        for spelling in (" ".join(words), "-".join(words)):
            assert spelling not in kept
    for log in ("INNER", "OUTER"):
        mine = [shares.parse(" ".join(words)) for title, words in papers(done.screen) if title.startswith(log)]
        assert shares.combine(mine).hex() not in kept


def test_a_word_that_was_copied_wrongly_brings_the_screen_back(tmp_path: Path) -> None:
    # Given somebody who mistypes the first word that is asked
    right, slips = typed_back(), [1]

    def answer(shown: str) -> str:
        if re.search(r"word \d+: ?$", shown) and slips:
            slips.pop()
            return "zebra"
        return right(shown)

    done = talk([*CEREMONY, "new", "--out", tmp_path / "keys"], answer, BARE)
    # Then the words are shown once more, and the ceremony goes on
    assert done.code == 0
    assert done.screen.count("That is another word") == 1


def test_another_number_of_shares_can_be_chosen(tmp_path: Path) -> None:
    done = make(tmp_path / "keys", "--inner", "2-of-2", "--outer", "4-of-7")
    assert done.code == 0
    titles = [title for title, _ in papers(done.screen)]
    assert len([title for title in titles if title.startswith("INNER")]) == 2
    assert len([title for title in titles if "Any 4 of them" in title]) == 7


@pytest.mark.parametrize("wrong", ["1-of-3", "3-of-2", "3", "x", "2-of-17", "-1-of-3"])
def test_shares_that_protect_nothing_are_refused(tmp_path: Path, wrong: str) -> None:
    done = make(tmp_path / "keys", f"--inner={wrong}")
    assert done.code != 0
    assert "3-of-5" in done.screen
    assert not (tmp_path / "keys").exists()


def test_keys_are_never_written_over(made: tuple[Path, Talk]) -> None:
    out, _ = made
    before = (out / "root.key").read_bytes()
    done = make(out)
    assert done.code != 0
    assert "holds keys already" in done.screen
    assert (out / "root.key").read_bytes() == before


def test_whoever_stops_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    out, right, asked = tmp_path / "keys", typed_back(), []

    class Left(Exception):
        pass

    def answer(shown: str) -> str:
        asked.append(shown)
        if len(asked) > 12:
            raise Left
        return right(shown)

    with pytest.raises(Left):
        talk([*CEREMONY, "new", "--out", out], answer, BARE)
    assert list(out.iterdir()) == []
