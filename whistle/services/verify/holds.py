"""A hold stands in the clear for the night's work, which has no key: only readers can tell whether it is right."""

from whistle.casefile.derive import hold_of
from whistle.casefile.reading import CaseFile
from whistle.services.verify.findings import Findings


def check_hold(findings: Findings, file: CaseFile) -> None:
    """The hold in the clear is the one that the file's entries say."""
    clear, signed = file.case.legal_hold, hold_of(file.file) is not None
    if clear != signed:
        said = {True: "held", False: "not held"}
        found = f"it says {said.get(clear, 'neither')}, the entries say {said[signed]}"
        findings.fault("hold-differs", "case", file.case.id.hex(), found)
