"""Colours that can be told apart, in light and in dark; type that can be read."""

import re

import pytest

from whistle.web.assets import FOLDER

SHEET = (FOLDER / "peluit.css").read_text("utf-8")
COLOUR = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
LIGHT = dict(COLOUR.findall(SHEET[: SHEET.index("@media (prefers-color-scheme: dark)")]))
DARK = {
    **LIGHT,
    **dict(COLOUR.findall(SHEET[SHEET.index("@media (prefers-color-scheme: dark)") : SHEET.index("/* Ground */")])),
}
TEXT = [
    ("ink", "paper"), ("ink", "sheet"), ("ink", "river-pale"), ("ink", "yellow-pale"), ("ink", "red-pale"),
    ("quiet", "paper"), ("quiet", "sheet"), ("quiet", "river-pale"), ("river", "paper"), ("river", "sheet"),
    ("river", "river-pale"), ("river", "red-pale"), ("red", "paper"), ("red", "sheet"), ("red", "red-pale"),
    ("on-river", "river"), ("on-yellow", "yellow"),
]  # fmt: skip
EDGES = [
    ("edge", "paper"),
    ("edge", "sheet"),
    ("edge", "river-pale"),
    ("river", "paper"),
    ("red", "paper"),
    ("ink", "yellow-pale"),
]


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reaches_4_5_to_1_and_edges_3_to_1(palette: dict[str, str]) -> None:
    weak = [pair for pair in TEXT if contrast(palette[pair[0]], palette[pair[1]]) < 4.5]
    weak += [pair for pair in EDGES if contrast(palette[pair[0]], palette[pair[1]]) < 3]
    assert weak == []


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_four_type_sizes_none_under_16_px_and_six_spaces() -> None:
    sizes = [float(size) for size in re.findall(r"--t\d: ([\d.]+)rem", SHEET)]
    assert len(sizes) == 4 and min(sizes) >= 1
    assert len(re.findall(r"--s\d:", SHEET)) == 6
    assert not re.findall(r"font-size:\s*\.\d|font-size:\s*(?:\d|1[0-5])px", SHEET)


def test_it_answers_dark_mode_forced_colours_print_and_less_motion() -> None:
    for query in ("prefers-color-scheme: dark", "forced-colors: active", "@media print", "prefers-reduced-motion"):
        assert query in SHEET
