"""Inside the sandbox: all that it is told and all that it says goes over the wire."""

import io
from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, cast

from whistle.clean.inside import Ranges, Wire
from whistle.clean.kinds import KINDS, Kind
from whistle.clean.result import NotCleaned


def main() -> None:
    """Do it, and say what came of it."""
    outside = Wire()
    task, code, size, *numbers = outside.told()
    try:
        kind = KINDS[code]
        ranges = cast(BinaryIO, Ranges(outside, size))
        file = io.BytesIO(ranges.read(size)) if kind.held else ranges
        told = _DONE[task](outside, file, kind, *numbers)
    except NotCleaned as error:
        told = {"refused": error.code}
    except MemoryError:
        told = {"refused": "limits"}
    except Exception:  # whatever a library makes of what is not what it seems to be
        told = {"refused": "damaged"}
    outside.end(told)


def _cleaned(outside: Wire, file: BinaryIO, kind: Kind) -> Mapping[str, object]:
    made = kind.cleaner()(file, kind, outside.write)
    return {"media": made.media, "removed": made.removed}


def _looked(outside: Wire, file: BinaryIO, kind: Kind, first: int, most: int) -> Mapping[str, object]:
    seen = kind.looker()(file, kind, first, most)
    for picture in seen.pictures:
        outside.hand_out(picture)
    outside.write(seen.text.encode())
    return {"pages": seen.pages, "sizes": seen.sizes}


def _heard(outside: Wire, file: BinaryIO, kind: Kind) -> Mapping[str, object]:
    from whistle.clean.hearing import hear

    hear(file, kind, outside.write)
    return {}


_DONE: Final[Mapping[str, Callable[..., Mapping[str, object]]]] = {"clean": _cleaned, "look": _looked, "hear": _heard}

main()
