import os

import pytest

from tests.store.making import an_audit_row
from whistle.store import audit
from whistle.store.database import Conflict, Store
from whistle.store.rows import AuditRow
from whistle.store.settings import get_setting, put_setting


def grow(store: Store, count: int) -> list[AuditRow]:
    rows = []
    for _ in range(count):
        with store.write() as tx:
            seq, digest = audit.head(tx)
            rows.append(an_audit_row(seq + 1, digest, "opened for reading"))
            audit.append(tx, rows[-1])
    return rows


def test_an_empty_log_has_a_head_of_zeros(store: Store) -> None:
    with store.read() as tx:
        assert audit.head(tx) == (0, bytes(32))
        assert audit.count(tx) == 0
        assert audit.page(tx, 10) == []


def test_rows_come_newest_first_in_pages_and_oldest_first_to_be_checked(store: Store) -> None:
    rows = grow(store, 7)
    with store.read() as tx:
        assert audit.head(tx) == (7, rows[-1].hash)
        assert audit.count(tx) == 7
        assert audit.page(tx, 3) == rows[:3:-1]
        assert audit.page(tx, 3, 3) == rows[3:0:-1]
        assert audit.following(tx, 0, 100) == rows
        assert audit.following(tx, 4, 2) == rows[4:6]


def test_only_the_next_row_is_taken(store: Store) -> None:
    rows = grow(store, 2)
    for row in (
        an_audit_row(2, rows[0].hash),  # a place that is taken
        an_audit_row(4, rows[1].hash),  # a gap
        an_audit_row(3, rows[0].hash),  # a hash of another row
        an_audit_row(3, os.urandom(32)),
    ):
        with pytest.raises(Conflict), store.write() as tx:
            audit.append(tx, row)
    with store.read() as tx:
        assert audit.count(tx) == 2


def test_a_setting_replaces_the_one_before(store: Store) -> None:
    with store.write() as tx:
        assert get_setting(tx, "installation") is None
        put_setting(tx, "installation", b"one")
        put_setting(tx, "installation", b"two")
        put_setting(tx, "other", b"three")
    with store.read() as tx:
        assert get_setting(tx, "installation") == b"two"
        assert get_setting(tx, "other") == b"three"
