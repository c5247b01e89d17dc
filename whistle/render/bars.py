"""Horizontal bars as SVG: readable in grey and at 360 px, without style or script of their own.

The colour is that of the text around, whatever the page's stylesheet makes of it. The second series is hatched, and
each bar ends with its number, so that colour alone says nothing.
"""

from collections.abc import Sequence

from markupsafe import Markup

WIDTH, TEXT, ROOM = 360, 118, 40  # of the picture, for a row's name, for a number behind a bar
BAR, GAP, LINE = 13, 10, 16
SHORT, LONG = 14, 46  # letters of a name that fits beside its bars, and above them; the rest stands in the table
FILLS = ("currentColor", "url(#{})")

_PICTURE = Markup(
    '<svg class="chart" role="img" viewBox="0 0 {width} {height}" aria-labelledby="{id}-nama">'
    '<title id="{id}-nama">{title}</title>'
    '<defs><pattern id="{id}-arsir" width="5" height="5" patternUnits="userSpaceOnUse">'
    '<path d="M-1 6 6 -1M-1 1 1 -1M4 6 6 4" stroke="currentColor"/></pattern></defs>{parts}</svg>'
)
_BAR = Markup('<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{fill}" stroke="currentColor"/>')
_WORD = Markup('<text class="chart-word" x="{x}" y="{y}" font-size="11" text-anchor="{anchor}">{text}</text>')


def bars(id_: str, title: str, names: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Markup:
    """The picture of ``rows`` (a name and one number for each of ``names``, which are one or two)."""
    fills = [fill.format(f"{id_}-arsir") for fill in FILLS[: len(names)]]
    longest = max((max(values) for _, values in rows), default=0) or 1
    left = TEXT if all(len(name) <= SHORT for name, _ in rows) else 0
    parts, top = _legend(names, fills, left) if len(names) > 1 else ([], 0)
    for name, values in rows:
        parts.append(_name(name, left, top, len(values)))
        top += 0 if left else LINE
        for value, fill in zip(values, fills, strict=True):
            width = round((WIDTH - left - ROOM) * value / longest, 1)
            parts.append(_BAR.format(x=left, y=top, width=width, height=BAR - 2, fill=fill))
            parts.append(_WORD.format(x=round(left + width + 5, 1), y=top + BAR - 3, anchor="start", text=value))
            top += BAR
        top += GAP
    return _PICTURE.format(id=id_, title=title, width=WIDTH, height=top, parts=Markup("").join(parts))


def _name(name: str, left: int, top: int, bars: int) -> Markup:
    """Beside the bars when all names are short, else above them."""
    if left:
        return _WORD.format(x=left - 6, y=round(top + bars * BAR / 2 + 3, 1), anchor="end", text=name)
    short = name if len(name) <= LONG else f"{name[: LONG - 1].rstrip()}…"
    return _WORD.format(x=0, y=top + 11, anchor="start", text=short)


def _legend(names: Sequence[str], fills: Sequence[str], left: int) -> tuple[list[Markup], int]:
    parts = []
    for place, (name, fill) in enumerate(zip(names, fills, strict=True)):
        parts.append(_BAR.format(x=left, y=place * LINE, width=12, height=BAR - 2, fill=fill))
        parts.append(_WORD.format(x=left + 18, y=place * LINE + 10, anchor="start", text=name))
    return parts, len(names) * LINE + GAP
