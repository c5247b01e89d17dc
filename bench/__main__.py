"""`make bench`: all figures, or those named: python -m bench intake desk pages."""

import os
import platform
import sys
import tempfile
from pathlib import Path

from bench import desk, intake, pages

AREAS = {"intake": intake.run, "desk": desk.run, "pages": pages.run}

if __name__ == "__main__":
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(f"{machine}, load {os.getloadavg()[0]:.1f} before this run")
    for name in sys.argv[1:] or AREAS:
        with tempfile.TemporaryDirectory() as folder:
            AREAS[name](Path(folder))
