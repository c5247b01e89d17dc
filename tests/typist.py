"""Somebody at a terminal: starts a command as a real process, reads what it asks, and types the answers."""

import os
import re
import selectors
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ASKED = re.compile(r"(?::|\.\.\.|\[y/N\]:) ?\Z")  # how a prompt ends; a line of text ends with a line feed


@dataclass(frozen=True)
class Talk:
    """What came of it: the exit code, and everything that stood on the screen."""

    code: int
    screen: str


def talk(
    command: Sequence[str | Path],
    answer: Callable[[str], str],
    env: Mapping[str, str],
    cwd: Path = ROOT,
    seconds: float = 120,
) -> Talk:
    """Run ``command``; ``answer`` is given what was shown since the last answer and says what is typed then.

    The process has no terminal, so that what is typed hidden is read from the same pipe.
    """
    process = subprocess.Popen(
        list(map(str, command)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        env=dict(env),
        start_new_session=True,
    )
    assert process.stdin is not None and process.stdout is not None
    screen, since, until = "", "", time.monotonic() + seconds
    with selectors.DefaultSelector() as waiting, process:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while True:
            if not waiting.select(max(0, until - time.monotonic())):
                process.kill()
                raise AssertionError(f"nothing more came; the screen ends with: {screen[-500:]!r}")
            chunk = os.read(process.stdout.fileno(), 65536).decode()
            if not chunk:
                break
            screen, since = screen + chunk, since + chunk
            if ASKED.search(since):
                typed = answer(since)
                since = ""
                try:
                    process.stdin.write(typed.encode() + b"\n")
                    process.stdin.flush()
                except BrokenPipeError:
                    break
    return Talk(process.returncode, screen)


def typed_back() -> Callable[[str], str]:
    """Answers of somebody who writes down every list of numbered words and types back what is asked of it."""
    paper: dict[int, str] = {}

    def answer(shown: str) -> str:
        words = {int(number): word for number, word in re.findall(r"(\d+)\. ([a-z]+)", shown)}
        if words:
            paper.clear()
            paper.update(words)
        asked = re.search(r"word (\d+): ?\Z", shown)
        return paper[int(asked[1])] if asked else ""

    return answer


def papers(screen: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every list of numbered words that was shown, with the line above it, each once and in order."""
    found: dict[str, tuple[str, ...]] = {}
    for block in screen.split("Write it down")[:-1]:
        words = {int(number): word for number, word in re.findall(r"(\d+)\. ([a-z]+)", block)}
        title = [line for line in block.splitlines() if re.search(r"share \d+ of|PASSPHRASE", line)][-1]
        found[title] = tuple(words[number] for number in sorted(words))
    return list(found.items())
