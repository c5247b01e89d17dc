"""Words that are names, and words that look like names and are none (data/given_names.txt, data/no_names.txt)."""

from importlib.resources import files


def _words(name: str) -> frozenset[str]:
    text = files("whistle.domain").joinpath("data", name).read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


GIVEN_NAMES = _words("given_names.txt")
NO_NAMES = _words("no_names.txt") - GIVEN_NAMES
