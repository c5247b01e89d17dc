"""Hypothesis for this room: no deadlines on a shared machine, and ten times the examples in `make test-long`."""

import os

from hypothesis import settings

settings.register_profile("render", deadline=None, max_examples=500 if os.environ.get("PELUIT_LONG") == "1" else 50)
settings.load_profile("render")
