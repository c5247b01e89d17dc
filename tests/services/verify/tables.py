"""An inspectorate with rows in its tables, and these tables in an administrator's hands."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import Administrator
from tests.services.verify.checking import findings
from whistle.crypto import totp
from whistle.services import casework, followup, unlock
from whistle.store.tables import metadata


def live(office: Inspectorate) -> None:
    """Cases in different states, and rows in every table that work fills."""
    _, keys, case = office.triaged()
    casework.reply(office.ctx, office.officer("rahma"), case, act(), "Kami periksa.")
    followup.add(office.ctx, keys.root, act(), "Terima kasih.", None)
    office.triaged()
    office.report(office="INSP", accused=("pimpinan_kantor",))
    unlock.sign_in(office.ctx, *signing_in(office, "yusuf"))
    assert findings(office, "rahma").clean


def signing_in(office: Inspectorate, login: str) -> tuple[str, str, str]:
    who = office.credentials[login]
    return login, who.password, totp.code(who.totp_secret, int(office.clock.now().timestamp()))


def everything(admin: Administrator, table: str) -> list[dict[str, Any]]:
    keys = ", ".join(f'"{key.name}"' for key in metadata.tables[table].primary_key)
    return [dict(row) for row in admin.execute(f'SELECT * FROM "{table}" ORDER BY {keys}').mappings()]


def same(table: str) -> str:
    return " AND ".join(f'"{key.name}" = :{key.name}' for key in metadata.tables[table].primary_key)


@contextmanager
def put_back(admin: Administrator, table: str) -> Iterator[None]:
    rows = everything(admin, table)
    try:
        yield
    finally:
        admin.execute(f'DELETE FROM "{table}"')
        for row in rows:
            names = ", ".join(f'"{name}"' for name in row)
            admin.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join(":" + name for name in row)})', row)
