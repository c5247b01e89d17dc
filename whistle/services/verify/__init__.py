"""Check all that is stored, without a key as far as that goes, and with a reader's keys beyond; name each fault."""

from whistle.services.verify.auditing import Head
from whistle.services.verify.codes import CODES, Code
from whistle.services.verify.condition import closed_to
from whistle.services.verify.findings import Fault, Findings
from whistle.services.verify.trust import named_root
from whistle.services.verify.whole import Asked, heads, recorded, verify

__all__ = [
    "CODES",
    "Asked",
    "Code",
    "Fault",
    "Findings",
    "Head",
    "closed_to",
    "heads",
    "named_root",
    "recorded",
    "verify",
]
