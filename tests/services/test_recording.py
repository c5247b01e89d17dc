"""The audit log: what is recorded, and what is noticed when somebody edits it."""

from dataclasses import fields, replace

import pytest

from tests.inspectorate import Inspectorate, act
from whistle.services import casework, followup
from whistle.services.audit_check import RowFault, faults_in, hash_of
from whistle.store import audit
from whistle.store.rows import AuditRow


def rows(office: Inspectorate) -> list[AuditRow]:
    with office.ctx.store.read() as tx:
        return audit.following(tx, 0, 10_000)


def verdict(office: Inspectorate, log: list[AuditRow]) -> list[RowFault]:
    with office.ctx.store.read() as tx:
        return faults_in(log, office.ctx.directory(tx).sign_keys, audit.EMPTY)


def test_opening_triage_notes_and_declarations_are_recorded_in_order(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    casework.open_case(office.ctx, office.officer("rahma"), case)
    casework.note(office.ctx, office.officer("rahma"), case, act(), "Catatan.")
    log = [row for row in rows(office) if row.case == case]
    assert [row.action for row in log] == ["declare", "write", "look", "write"]
    assert {row.officer for row in log} == {office.officer("rahma").id}
    assert verdict(office, rows(office)) == []


def test_what_a_reporter_does_is_not_recorded(office: Inspectorate) -> None:
    office.officer("rahma")
    before = len(rows(office))
    _, keys, _ = office.report()
    followup.open_with_root(office.ctx, keys.root)
    followup.add(office.ctx, keys.root, act(), "Tambahan.", None)
    assert len(rows(office)) == before


def test_a_row_names_no_stage_and_no_office(office: Inspectorate) -> None:
    _, _, case = office.triaged()
    casework.move(office.ctx, office.officer("rahma"), case, act(), "PEMERIKSAAN", "Surat tugas.")
    said = " ".join(f"{row.action} {row.detail}" for row in rows(office))
    assert "PEMERIKSAAN" not in said
    assert "DISDUKCAPIL" not in said


@pytest.mark.parametrize("name", [field.name for field in fields(AuditRow) if field.name != "hash"])
def test_an_edited_row_is_found_even_when_all_later_hashes_are_computed_anew(office: Inspectorate, name: str) -> None:
    office.triaged()
    log = rows(office)
    at = next(index for index, row in enumerate(log) if row.action == "declare")
    old = getattr(log[at], name)
    other: dict[str, object] = {"action": "look", "detail": "x", "officer": office.officer("yusuf").id}
    changed = other.get(name) or (old + 1 if isinstance(old, int) else bytes(len(old or b"") or 16))
    log[at] = replace(log[at], **{name: changed})  # type: ignore[arg-type]
    previous = log[at - 1].hash
    for index in range(at, len(log)):
        row = replace(log[index], prev=previous if index > at or name != "prev" else log[index].prev)
        log[index] = replace(row, hash=hash_of(row))
        previous = log[index].hash
    assert verdict(office, log)


def test_a_row_taken_out_is_found(office: Inspectorate) -> None:
    office.triaged()
    log = rows(office)
    assert verdict(office, log[:2] + log[3:]) == [RowFault(log[3].seq, "audit-gap")]


def test_only_what_no_key_can_sign_may_be_unsigned(office: Inspectorate) -> None:
    office.triaged()
    log = rows(office)
    at = next(index for index, row in enumerate(log) if row.action == "declare")
    bare = replace(log[at], signature=b"")
    log[at] = replace(bare, hash=hash_of(bare))
    assert verdict(office, log[: at + 1]) == [RowFault(log[at].seq, "audit-unsigned")]
