"""What the rules that read a reporter's text share. Every repeat in a pattern is bounded: time stays linear."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

Kind = Literal["phone", "nik", "queue", "name", "email", "plate", "address", "account"]
Places = Iterator[tuple[Kind, int, int]]  # kind, start and end in the text

NUMBER_SIGN = r"(?: no(?:mor|mer|\.)? | nmr )"
ME = r"(?: (?: saya | sy | aku | ulun | unda )\b )"

# After a number: it counted things ("45 orang", "3 jam", "50 ribu", "2 rangkap"), so it names nobody.
NOT_COUNTED = r"""
    (?! \d | [.,]\d | \s{0,2}(?: orang | org | jam | menit | mnt | hari | minggu | bulan | bln | tahun | thn | kali
      | x\b | meter | m\b | km | cm | lembar | lbr | rangkap | ribu | rb | juta | jt | k\b | rupiah | persen | % | map
      | bundel | kendaraan | mobil | motor | angkot | loket | pintu | antrean | pasien | warga | siswa | nama\b | kursi
      | ekor ))
"""


def any_case(pattern: str) -> re.Pattern[str]:
    """The pattern, without regard to case; spaces and line ends in it mean nothing."""
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


def places(kind: Kind, patterns: Iterable[re.Pattern[str]], text: str) -> Places:
    """Wherever one of the patterns matches."""
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield kind, found.start(), found.end()
