"""Preparing an inspectorate: what is made, what is refused, what is kept where."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests import inspectorate
from tests.inspectorate import MORNING, Inspectorate
from whistle.crypto import shares, vault
from whistle.crypto.recovery import USUAL, RecoveryKeys, halves
from whistle.crypto.signing import dual_public
from whistle.domain.clock import SetClock
from whistle.services import demo, setup
from whistle.services.context import Context, NotSetUp, Trust
from whistle.services.setup import SetUpRefused
from whistle.store import officers
from whistle.store.database import Store, make_engine, migrate


def fresh(folder: Path) -> Context:
    config = inspectorate.settings(folder)
    engine = make_engine(config.database_url)
    migrate(engine)
    return Context(Store(engine), Trust(config.keys_dir), SetClock(MORNING), config)


def test_the_root_key_lies_in_its_keepers_vault_and_nowhere_else(office: Inspectorate) -> None:
    with office.ctx.store.read() as tx:
        rows = {row.login: row for row in officers.all_officers(tx)}
    assert [login for login, row in rows.items() if row.root] == [demo.ROOT_KEEPER]
    keeper = rows[demo.ROOT_KEEPER]
    assert keeper.root is not None
    key = vault.open_vault(vault.VaultRecord.from_bytes(keeper.vault), office.credentials[demo.ROOT_KEEPER].password)
    assert dual_public(vault.unlock(key, "root", keeper.root, keeper.id)) == office.ctx.trust.root()


def test_recovery_keys_are_handed_out_once_in_shares_and_only_their_public_halves_stay(office: Inspectorate) -> None:
    kept = b"".join(path.read_bytes() for path in office.ctx.settings.data_dir.rglob("*") if path.is_file())
    for log, split in USUAL.items():
        assert (len(office.recovery[log]), office.recovery[log][0].needed) == (split.made, split.needed)
        secret = shares.combine(office.recovery[log][-split.needed :])
        assert halves(RecoveryKeys(secret).public) == office.ctx.trust.recovery(log)
        spellings = [secret, secret.hex().encode()]
        spellings += [mark.join(share.words).encode() for share in office.recovery[log] for mark in " -"]
        assert not any(spelling in kept for spelling in spellings)


def test_passwords_and_secrets_are_different_for_everybody(tmp_path: Path) -> None:
    prepared = setup.prepare(fresh(tmp_path), demo.officers(fixed=False), demo.ROOT_KEEPER)
    for name in ("password", "totp_secret"):
        assert len({getattr(who, name) for who in prepared.credentials}) == len(demo.OFFICERS)


def test_an_inspectorate_is_prepared_once(office: Inspectorate) -> None:
    with pytest.raises(SetUpRefused, match="already"):
        setup.prepare(office.ctx, demo.officers(fixed=True), demo.ROOT_KEEPER)


@pytest.mark.parametrize("missing", ["prov2", "gunawan", "sekda"])
def test_a_track_needs_two_readers(tmp_path: Path, missing: str) -> None:
    people = [person for person in demo.officers(fixed=True) if person.login != missing]
    if missing == "sekda":  # the head's track still has the two provincial readers
        setup.check(people, demo.ROOT_KEEPER)
        return
    with pytest.raises(SetUpRefused, match="at least two officers"):
        setup.prepare(fresh(tmp_path), people, demo.ROOT_KEEPER)
    assert not (tmp_path / "keys" / "root.pub").exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"role": "raja"}, "no role 'raja'"),
        ({"unit": "irban-9"}, "no unit 'irban-9'"),
        ({"login": "yusuf"}, "same login"),
    ],
)
def test_a_mistake_in_the_list_of_officers_is_named(change: dict[str, str], said: str) -> None:
    first, *others = demo.officers(fixed=True)
    with pytest.raises(SetUpRefused, match=said):
        setup.check([replace(first, **change), *others], demo.ROOT_KEEPER)


def test_the_keeper_of_the_root_must_be_there() -> None:
    with pytest.raises(SetUpRefused, match="nobody with the login 'wali'"):
        setup.check(demo.officers(fixed=True), "wali")


def test_without_an_inspectorate_every_use_says_what_comes_first(tmp_path: Path) -> None:
    ctx = fresh(tmp_path)
    with ctx.store.read() as tx, pytest.raises(NotSetUp, match="is PELUIT_DATA_DIR right"):
        ctx.directory(tx)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must begin with the line login,name,role,unit"),
        ("login;name;role;unit\nrahma;Rahma;penelaah;triase", "must begin with"),
        ("login,name,role\nrahma,Rahma,penelaah", "must begin with"),
        (f"{setup.OFFICERS_LINE}\nrahma,Rahma,penelaah", "'rahma,Rahma,penelaah' is not"),
        (f"{setup.OFFICERS_LINE}\n,Rahma,penelaah,triase", "',Rahma,penelaah,triase' is not"),
        (f'{setup.OFFICERS_LINE}\nrahma,"Rahma,penelaah,triase', "no CSV"),
    ],
)
def test_a_file_of_officers_that_cannot_be_read_is_refused_with_what_to_mend(text: str, said: str) -> None:
    with pytest.raises(SetUpRefused) as refused:
        setup.read_officers(text.splitlines(keepends=True))
    assert said in str(refused.value)


def test_a_file_of_officers_may_have_spaces_and_empty_lines_and_officers_of_no_unit() -> None:
    text = f'{setup.OFFICERS_LINE}\n rahma ,"Rahma Yuliani, S.H.",penelaah,triase\n\nauditor,Dewi Kartika,auditor,\n'
    assert setup.read_officers(text.splitlines(keepends=True)) == [
        setup.NewOfficer("rahma", "Rahma Yuliani, S.H.", "penelaah", "triase"),
        setup.NewOfficer("auditor", "Dewi Kartika", "auditor", ""),
    ]
