"""docs/operating.md explains each fault that verify can name, in verify's own words, and no other."""

import re

from tests.server import ROOT
from whistle.services.verify import CODES
from whistle.services.verify.codes import KEEP

ROW = re.compile(r"^\| `([a-z-]+)` \| (.+?) \| (.+?) \|$", re.M)


def test_the_documents_list_of_faults_is_the_programs() -> None:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    section = text.partition("## What to do when `verify` complains")[2].partition("\n## ")[0]
    told = {code: (means, do.replace("**Keep and call.**", KEEP)) for code, means, do in ROW.findall(section)}
    assert told == {code: (about.means, about.do) for code, about in CODES.items()}
