"""A table in plain values, from which the page and the file for a spreadsheet are both made: they cannot differ."""

from dataclasses import dataclass
from typing import Literal

Cell = str | int | None
Kind = Literal["text", "number", "rupiah", "percent"]


@dataclass(frozen=True)
class Column:
    """``kind`` says how a value is shown; numbers, rupiah and percent are whole and may be None (nothing to say)."""

    title: str
    kind: Kind = "number"


@dataclass(frozen=True)
class Table:
    """``total`` is the last line, or None where adding up would mean nothing. ``note`` explains what is counted."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    note: str = ""
