"""Inside the sandbox: a kind and a file come in, what is left of it goes out. See `sandbox` for both forms."""

import json
import sys

from whistle.clean.kinds import KINDS
from whistle.clean.result import NotCleaned


def main() -> None:
    """Clean what comes at the standard input."""
    kind = KINDS[sys.argv[1]]
    try:
        cleaned = kind.cleaner()(sys.stdin.buffer.read(), kind)
        told, data = {"media": cleaned.media, "removed": list(cleaned.removed)}, cleaned.data
    except NotCleaned as error:
        told, data = {"refused": error.code}, b""
    except MemoryError:
        told, data = {"refused": "limits"}, b""
    except Exception:  # whatever a library makes of what is not what it seems to be
        told, data = {"refused": "damaged"}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + data)


main()
