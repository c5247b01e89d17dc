"""What a reporter tells: the answers of the form, and nothing derived from them.

A complaint travels as the body of entry 0 of a case's thread (docs/envelope.md). The choices behind the
codes stand in ``data/questions.toml``; this file says which answers there are and how long they may be.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from whistle.domain.shapes import check_shapes, shapes_of

STORY_LIMIT = 20_000  # characters; some ten printed pages
LINE_LIMIT = 2_000  # characters, for every other free text
AMOUNT_LIMIT = 1_000_000_000_000  # rupiah; more than the city's yearly budget is a slip of the finger


@dataclass(frozen=True)
class Complaint:
    """The answers. Codes are those of ``questions``, ``public_services`` and ``offices``; "" means not answered.

    ``amount`` is whole rupiah or None; ``accused`` holds the ticked boxes of question 5 (see ``tracks.FLAGS``).
    """

    happened: str
    service: str
    office: str
    story: str
    when: str = ""
    who: str = ""
    accused: tuple[str, ...] = ()
    amount: int | None = None
    amount_unknown: bool = False
    in_kind: str = ""
    how: tuple[str, ...] = ()
    paid: str = ""
    proof_of_payment: str = ""
    witnesses: str = ""
    reported_to: tuple[str, ...] = ()
    worried: str = ""
    relation: str = ""
    language: str = "id"

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON types, for the entry's body."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Complaint":
        """The reverse of `to_dict`; unknown keys of a later version are ignored.

        Raises ValueError or TypeError when an answer is of another kind: a sender may have sent anything.
        """
        known = {field.name for field in fields(cls)} & data.keys()
        values: dict[str, Any] = {key: tuple(data[key]) if isinstance(data[key], list) else data[key] for key in known}
        check_shapes(values, _SHAPES)
        return cls(**values)


_SHAPES = shapes_of(Complaint)
