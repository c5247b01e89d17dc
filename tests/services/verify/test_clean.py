"""What nobody tampered with has no fault, whatever was done with it."""

from tests.inspectorate import Inspectorate, act
from tests.services.verify.checking import faults, findings
from whistle.casefile import summaries, writing
from whistle.casefile.writing import When
from whistle.services import casework, closing, demo, followup, routing
from whistle.services.views import Closing
from whistle.services.work import read_for
from whistle.store import cases

READERS = ("rahma", "inspektur", "gunawan", "sekda", "prov1")


def test_an_inspectorate_without_reports_has_no_fault(office: Inspectorate) -> None:
    found = findings(office)
    assert found.clean
    assert found.checked["triggers"] > 20 and found.checked["officers"] > 10


def test_a_case_that_went_through_everything_has_no_fault_for_any_reader(office: Inspectorate) -> None:
    _, keys, case = office.triaged()
    rahma, yusuf = office.officer("rahma"), office.officer("yusuf")
    casework.ask(office.ctx, rahma, case, act(), "Di loket berapa?")
    question = followup.open_with_root(office.ctx, keys.root).questions[0]
    followup.add(office.ctx, keys.root, act(), "Loket tiga.", question.id)
    routing.route(office.ctx, rahma, case, act(), "irban-khusus", "Diteruskan.")
    casework.move(office.ctx, rahma, case, act(), "PEMERIKSAAN", "Surat tugas.")
    closing.close(office.ctx, rahma, case, act(), Closing("terbukti", "Ringkasan.", "Jawaban."))
    casework.declare(office.ctx, yusuf, case)
    closing.approve(office.ctx, yusuf, case, act())
    followup.add(office.ctx, keys.root, act(), "Terima kasih.", None)
    office.report(accused=("pimpinan_kantor",), office="INSP")
    for login in READERS:
        assert faults(office, login) == []


def test_a_new_epoch_is_no_fault(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    rahma = office.officer("rahma")
    with office.ctx.store.write() as tx:
        row = cases.get_case(tx, case)
        assert row is not None
        file = read_for(office.ctx, tx, rahma, row)
        keep = [reader for reader in file.directory.officers.values() if reader.login in ("rahma", "inspektur")]
        writing.new_epoch(tx, file, rahma.author, keep, When(office.clock.today(), office.clock.now()))
        summaries.save(tx, file)
    assert faults(office, "rahma") == faults(office) == []
    casework.note(office.ctx, rahma, case, act(), "Sesudahnya.")
    assert faults(office, "rahma") == faults(office) == []


def test_the_demonstration_has_no_fault_for_any_reader(office: Inspectorate) -> None:
    people = [who for login, who in office.credentials.items() if not login.startswith("contoh")]
    demo.live(office.ctx, people, demo.stories())
    for login in (None, *READERS):
        found = findings(office, login)
        assert found.clean
        assert found.checked["cases"] > 30
        assert (found.checked["cases opened"] > 0) == (login is not None)
