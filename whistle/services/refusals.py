"""How a use case says no. The web turns each code into a sentence in the reader's language."""

from typing import Any


class Refusal(Exception):
    """The desk's rules forbid this now. ``code`` names the sentence, ``values`` what stands in it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


class NotYours(Exception):
    """There is no such case, or this officer holds no grant of it: the two are not told apart."""
