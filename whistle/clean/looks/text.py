"""Text to look at, of bounded length."""

from collections.abc import Iterable

from whistle.clean import wire

COLUMNS = 100  # of a row of cells that are shown


def cut(lines: Iterable[str]) -> str:
    """The lines that there is room for; no more are asked for."""
    kept, room = list[bytes](), wire.TEXT_MOST
    for line in lines:
        part = f"{line}\n".encode()
        kept.append(part[:room])
        room -= len(part)
        if room <= 0:
            break
    return b"".join(kept).decode(errors="ignore")


def row(cells: Iterable[str]) -> str:
    """Cells side by side."""
    return "\t".join(" ".join(cell.split()) for cell in cells).rstrip("\t")
