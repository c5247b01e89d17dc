"""What is shown once and written down by hand, a screen at a time."""

import secrets
import sys
from collections.abc import Sequence
from pathlib import Path

import click

COLUMNS = 3


def fresh() -> None:
    """An empty screen, the lines above it included. Where nobody looks at a terminal, an empty line."""
    click.echo("\033[H\033[2J\033[3J" if sys.stdout.isatty() else "")


def numbered(words: Sequence[str]) -> str:
    """Words with their numbers in columns, to be read from top to bottom."""
    rows = -(-len(words) // COLUMNS)
    cells = [f"{number:2}. {word:<10}" for number, word in enumerate(words, 1)]
    return "\n".join("    " + "  ".join(cells[row::rows]).rstrip() for row in range(rows))


def written_down(title: str, words: Sequence[str], asked: int) -> None:
    """Show ``words`` until ``asked`` of them (all, when it is 0) were typed back from the paper."""
    while True:
        fresh()
        click.echo(f"{title}\n\n{numbered(words)}\n")
        _wait("Write it down, then press Enter")
        fresh()
        click.echo(f"{title}\n")
        if _typed_back(words, asked):
            return
        _wait("That is another word: press Enter to look again")


def _wait(until: str) -> None:
    click.prompt(until, default="", show_default=False, prompt_suffix=" ... ")


def _typed_back(words: Sequence[str], asked: int) -> bool:
    places = sorted(secrets.SystemRandom().sample(range(len(words)), asked)) if asked else range(len(words))
    return all(click.prompt(f"From your paper, word {at + 1}").strip().lower() == words[at] for at in places)


def readable(path: Path) -> bytes:
    """A file's contents. Raises ClickException."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise click.ClickException(f"{path} cannot be read ({error.strerror}).") from error
