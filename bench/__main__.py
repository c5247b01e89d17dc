"""`make bench`: all figures, or those named: python -m bench intake signin stalled desk pages evidence."""

import os
import platform
import sys
import tempfile
from pathlib import Path

from bench import desk, evidence, intake, pages, signin, stalled

AREAS = {
    "intake": intake.run,
    "signin": signin.run,
    "stalled": stalled.run,
    "desk": desk.run,
    "pages": pages.run,
    "evidence": evidence.run,
}

if __name__ == "__main__":
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f} before this run")
    print("Other work on the machine makes all of it slower: compare figures of one run only.")
    for name in sys.argv[1:] or AREAS:
        with tempfile.TemporaryDirectory() as folder:
            AREAS[name](Path(folder))
        print(f"load {os.getloadavg()[0]:.1f} after {name}")
