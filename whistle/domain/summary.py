"""The summary: what lists and figures need of a case, in one small record of a fixed size.

It is derived from the two chains by ``casefile.derive`` and can always be rebuilt from them; nothing is decided
from it that an entry does not say.
"""

from dataclasses import dataclass, fields
from datetime import date

from whistle.domain.shapes import LARGEST, check_shapes, shapes_of
from whistle.domain.stages import FIRST, STAGES

TITLE_LIMIT = 80  # characters that the desk may type
TITLE_BYTES = 240  # of UTF-8, as the record has a fixed size
PEOPLE_BYTES = 240
LARGEST_DIGITS = len(str(LARGEST))
MOVES_LIMIT = 40  # the first move and the latest ones are kept


@dataclass(frozen=True, slots=True)
class Move:
    """The case came into ``stage`` on ``day``."""

    day: date
    stage: str


@dataclass(frozen=True, slots=True)
class Summary:
    """One case as lists and figures see it. Days are WITA days, amounts whole rupiah, codes those of ``domain``."""

    received: date
    track: str
    office: str
    service: str
    title: str
    category: str = ""  # "" until triage
    happened: str = ""  # the reporter's own choice
    channel: str = "web"
    register: str = ""  # "001/10/2026", "" until triage
    stage: str = "DITERIMA"
    moves: tuple[Move, ...] = ()  # in order; the first is DITERIMA on the day received
    unit: str = "triase"
    priority: str = "biasa"  # biasa | tinggi | mendesak
    people: str = ""  # accused, as the desk names them, short
    amount_asked: int | None = None
    amount_paid: int | None = None
    amount_returned: int | None = None
    victims: int | None = None
    verified: date | None = None  # first triage: looked at and sent on (3 working days)
    first_answer: date | None = None  # first word of the desk to the reporter (14 days)
    complete: date | None = None  # file complete: the 60 days run from here
    closed: date | None = None  # the latest closing; None while open
    asked: date | None = None  # a question to the reporter is open since
    result: str = ""
    sanction: str = ""
    employment: str = ""
    causes: tuple[str, ...] = ()
    referral: str = ""
    close_pending: bool = False  # a closing waits for its second person
    close_returned: bool = False  # the second person gave it back and it was not proposed again
    unread: bool = False  # the reporter wrote and the desk has not acted since
    worried: str = ""
    thread_places: int = 0  # entries of each chain that this summary reflects
    file_places: int = 0
    files: int | None = None  # attached by whomever; None in a summary of before they were counted

    def check(self) -> None:
        """Raises ValueError or TypeError unless each field is of its kind and each stage is one that there is.

        A summary may have been written by anybody who holds its key.
        """
        check_shapes({name: getattr(self, name) for name in _SHAPES}, _SHAPES)
        _check_stages(self)

    @property
    def as_sent(self) -> bool:
        """Whether it says nothing but what a reporter can: no stage, word or figure of the desk."""
        return all(getattr(self, name) == default for name, default in _OF_THE_DESK) and len(self.moves) <= 1


_SHAPES = shapes_of(Summary)
_DESK = (
    "category", "register", "people", "amount_paid", "amount_returned", "victims", "verified", "first_answer",
    "complete", "closed", "asked", "result", "sanction", "employment", "causes", "referral", "close_pending",
    "close_returned",
)  # fmt: skip
_OF_THE_DESK = (("stage", FIRST), *((field.name, field.default) for field in fields(Summary) if field.name in _DESK))


def _check_stages(summary: Summary) -> None:
    if summary.stage not in STAGES or any(move.stage not in STAGES for move in summary.moves):
        raise ValueError("there is no such stage")


def clip(text: str, limit: int) -> str:
    """``text`` in one line, without what cannot be printed, cut to at most ``limit`` bytes of UTF-8."""
    line = "".join(char for char in " ".join(text.split()) if char.isprintable())
    return line.encode()[:limit].decode(errors="ignore")
