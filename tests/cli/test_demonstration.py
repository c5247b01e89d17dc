"""What `make run` prints the first time is enough to recover the demonstration by."""

import os
import subprocess
import sys

from tests.demonstration import Demonstration
from tests.server import ROOT, environment
from whistle.crypto import shares
from whistle.crypto.recovery import USUAL, RecoveryKeys


def test_shares_are_printed_and_never_a_key(demo: Demonstration) -> None:
    for log, split in USUAL.items():
        made = [shares.parse(words) for words in demo.shares[log]]
        assert (len(made), made[0].needed) == (split.made, split.needed)
        public = RecoveryKeys(shares.combine(made[: split.needed])).public
        assert (demo.folder / "keys" / f"recovery-{log}.pub").read_text().strip() == public.hex()


def test_the_demonstration_is_recovered_with_what_was_printed(demo: Demonstration) -> None:
    for log in USUAL:
        out, into = os.pipe()
        os.write(into, "\n".join(demo.shares[log]).encode())
        os.close(into)
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "peluit", "recover"]
        done = subprocess.run(
            [*command, "--log", log, "--shares-fd", str(out)],
            cwd=ROOT,
            env=environment(demo.folder, 1),
            capture_output=True,
            text=True,
            pass_fds=[out],
        )
        os.close(out)
        assert done.returncode == 0, done.stderr
        assert "0 keys sealed, 0 cases have new keys" in done.stdout
