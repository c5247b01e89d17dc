"""Register numbers: none twice, and no counter behind the numbers that were given."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from whistle.services.verify.findings import Findings
from whistle.store.rows import CaseRow

_NUMBER = re.compile(r"(\d{3,})L?/(\d\d)/(\d{4})")


@dataclass
class Registers:
    """The numbers seen so far: of each month a bit for each number."""

    seen: dict[str, int] = field(default_factory=dict)

    def note(self, findings: Findings, case: CaseRow, register: str) -> None:
        """``register`` is "" before triage."""
        match = _NUMBER.fullmatch(register)
        if match is None:
            return
        number, series = int(match[1]), f"register-{case.log}-{match[3]}-{match[2]}"
        seen = self.seen.get(series, 0)
        if number > 1_000_000:
            findings.fault("register-counter", "case", case.id.hex(), f"{register} was never given")
        elif seen >> number & 1:
            findings.fault("register-repeated", "case", case.id.hex(), f"{register} is another case's too")
        else:
            self.seen[series] = seen | 1 << number

    def check_counters(self, findings: Findings, counters: Mapping[str, int]) -> None:
        """``counters``: the last number given of each series."""
        for series, seen in sorted(self.seen.items()):
            highest = seen.bit_length() - 1
            findings.count("counters")
            if counters.get(series, 0) < highest:
                found = f"it says {counters.get(series, 0)}, {highest} was given"
                findings.fault("register-counter", "counter", series, found)
