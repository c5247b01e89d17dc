"""What a check found: faults as they come, how much was checked, and what could not be."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from whistle.casefile.canon import UNREADABLE
from whistle.services.verify.codes import CODES, Code
from whistle.store.database import StoreError


@dataclass(frozen=True)
class Fault:
    """``table`` and ``row`` say where; ``found`` says what is there, without any content of a report."""

    code: str
    table: str
    row: str
    found: str

    @property
    def about(self) -> Code:
        return CODES[self.code]


@dataclass
class Findings:
    """Faults are told at once and not kept, so that a hundred thousand take no memory; what is kept is counted."""

    tell: Callable[[Fault], None] = lambda fault: None
    faults: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    unchecked: dict[str, str] = field(default_factory=dict)

    def fault(self, code: str, table: str, row: str, found: str) -> None:
        """Raises KeyError for a code that docs/operating.md does not explain."""
        fault = Fault(code, table, row, found)
        CODES[code]
        self.faults[code] += 1
        self.tell(fault)

    def count(self, what: str, number: int = 1) -> None:
        """``number`` more of ``what`` (in the plural) were looked at."""
        self.checked[what] += number

    def leave(self, what: str, why: str) -> None:
        """``what`` was not checked, and why."""
        self.unchecked[what] = why

    @contextmanager
    def surviving(self, code: str, table: str, row: str) -> Iterator[None]:
        """Whatever cannot be read becomes a fault at this row, and nothing else goes unchecked for it."""
        try:
            yield
        except UNREADABLE as error:
            self.fault(code, table, row, f"it holds what cannot be read ({type(error).__name__})")

    @contextmanager
    def going_on(self, table: str, row: str) -> Iterator[None]:
        """What cannot be read at all, of the database or of a value, ends this part and no other."""
        try:
            with self.surviving("database-unreadable", table, row):
                yield
        except StoreError as error:
            self.fault("database-unreadable", table, row, str(error)[:200])

    @property
    def clean(self) -> bool:
        return not self.faults
