"""Manifests, officers, keys and triggers changed by whoever runs the server: refused where they are read, and named."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, pool, text

from tests.inspectorate import Inspectorate, act
from tests.security.administrator import database
from tests.services.verify.checking import faults
from whistle.casefile.manifest import ManifestRefused, Reader, SignedManifest, dual_hash, next_manifest, sign_manifest
from whistle.crypto import root_file, totp, vault
from whistle.crypto.signing import dual_public, ed25519_public
from whistle.crypto.suite import hpke_public
from whistle.services import casework, routing, unlock, vouching
from whistle.services.context import row_of, signed_rows
from whistle.services.unlock import SignInRefused
from whistle.store import cases, officers, resets
from whistle.store.rows import ManifestRow, ResetRow

Named = Callable[..., None]


def root_seed(office: Inspectorate) -> bytes:
    """The root key, which the demonstration's pimpinan keeps in the vault."""
    keeper = office.officer("inspektur")
    with office.ctx.store.read() as tx:
        row = officers.by_id(tx, keeper.id)
    assert row is not None and row.root is not None
    return vault.unlock(keeper.vault_key, "root", row.root, keeper.id)


def newest(office: Inspectorate) -> SignedManifest:
    with office.ctx.store.read() as tx:
        return signed_rows(officers.all_manifests(tx))[-1]


def signed_next(office: Inspectorate, **changes: object) -> ManifestRow:
    """The next manifest, signed by the root and stored, as an honest change is."""
    manifest = next_manifest(newest(office), **changes)
    signed = sign_manifest(manifest, root_seed(office), office.ctx.trust.root())
    row = row_of(manifest.sequence, signed)
    with office.ctx.store.write() as tx:
        officers.insert_manifest(tx, row)
    return row


def stranger() -> Reader:
    hpke, sign, dual = hpke_public(os.urandom(32)), ed25519_public(os.urandom(32)), dual_public(os.urandom(64))
    return Reader(os.urandom(16), "titipan", "Titipan", "penelaah", "triase", hpke, sign, dual_hash(dual))


def as_in_a_new_process(office: Inspectorate) -> None:
    office.ctx._known = None


@pytest.mark.parametrize("signed_by", ["nobody", "an own root", "the root's name"])
def test_a_recipient_added_to_the_manifest(office: Inspectorate, named: Named, signed_by: str) -> None:
    office.report()
    with office.ctx.store.read() as tx:
        manifest = office.ctx.directory(tx).current
    new = stranger()
    tracks = {track: (*ids, new.id) for track, ids in manifest.tracks.items()}
    evil = os.urandom(64)
    forged = sign_manifest(replace(manifest, readers=(*manifest.readers, new), tracks=tracks), evil, dual_public(evil))
    signature = newest(office).signature if signed_by == "nobody" else forged.signature
    signer = office.ctx.trust.root() if signed_by != "an own root" else forged.signer
    with database(office) as db:
        values = {"body": forged.body, "signature": signature, "signer": signer}
        db.execute("UPDATE manifest SET body = :body, signature = :signature, signer = :signer", values)
        db.execute("UPDATE manifest_names SET names = :names", {"names": forged.names})
    with pytest.raises(ManifestRefused):
        office.report()
    with pytest.raises(ManifestRefused):
        routing.route(office.ctx, office.officer("rahma"), act(), act(), "irban-1", "x")
    named("manifest-refused", "manifest")


def removed_yusuf(office: Inspectorate) -> tuple[bytes, int]:
    """An honest manifest that leaves an officer out; that officer's id, and the manifest's number."""
    with office.ctx.store.read() as tx:
        manifest = office.ctx.directory(tx).current
    gone = next(reader for reader in manifest.readers if reader.login == "yusuf")
    more = replace(stranger(), login="baru")
    readers = (*(reader for reader in manifest.readers if reader.id != gone.id), more)
    tracks = {track: tuple(more.id if id_ == gone.id else id_ for id_ in ids) for track, ids in manifest.tracks.items()}
    row = signed_next(office, readers=readers, tracks=tracks)
    with office.ctx.store.read() as tx:
        office.ctx.directory(tx)  # a process that verified it raises the floor beside the data
    return gone.id, row.sequence


@pytest.mark.parametrize("removed", ["none", "keys", "data"])
def test_an_old_manifest_put_back(office: Inspectorate, named: Named, removed: str) -> None:
    """One floor lies with the keys, one with the data; either holds when the other file is removed."""
    _, sequence = removed_yusuf(office)
    office.ctx.trust.raise_floor(sequence)
    floors = {"keys": office.ctx.settings.keys_dir, "data": office.ctx.settings.data_dir}
    if removed != "none":
        (floors[removed] / "manifest.floor").unlink()
    with database(office) as db:
        db.execute("DELETE FROM manifest WHERE sequence = :sequence", {"sequence": sequence})
    as_in_a_new_process(office)
    with pytest.raises(ManifestRefused, match="below the floor"):
        office.report()
    named("manifest-below-floor", "manifest")
    if removed == "keys":
        named("floor-missing", "manifest.floor")


def test_a_manifest_in_the_middle_removed(office: Inspectorate, named: Named) -> None:
    removed_yusuf(office)
    signed_next(office, issued=office.clock.today())
    with database(office) as db:
        db.execute("DELETE FROM manifest WHERE sequence = 2")
    as_in_a_new_process(office)
    with pytest.raises(ManifestRefused):
        office.report()
    named("manifest-refused", "manifest")


def test_an_expired_manifest_is_said_and_closes_nothing(office: Inspectorate, named: Named) -> None:
    office.clock.advance(timedelta(days=400))
    office.report()
    named("manifest-expired", "sequence 1")


def test_the_root_key_exchanged(office: Inspectorate, named: Named) -> None:
    """By somebody who may write to keys/ as well: every manifest fails, and the printed fingerprint tells."""
    _, true = root_file.fingerprint_of(office.ctx.trust.root())
    office.ctx.trust.write("root.pub", dual_public(os.urandom(64)))
    as_in_a_new_process(office)
    with pytest.raises(ManifestRefused):
        office.report()
    named("manifest-refused", "manifest")
    assert "root-differs" in {fault.code for fault in faults(office, root=true)}


def test_a_recovery_key_exchanged_in_the_keys_folder(office: Inspectorate, named: Named) -> None:
    path = office.ctx.settings.keys_dir / "recovery-inner.pub"
    other = office.ctx.settings.keys_dir / "recovery-outer.pub"
    path.write_bytes(other.read_bytes())
    as_in_a_new_process(office)
    with pytest.raises(ManifestRefused, match="recovery key"):
        office.report()
    named("recovery-key-differs", "recovery-inner.pub")


def sign_in(
    office: Inspectorate, login: str, password: str | None = None, secret: bytes | None = None
) -> unlock.Officer:
    office.clock.advance(timedelta(seconds=31))
    who = office.credentials[login]
    code = totp.code(secret or who.totp_secret, int(office.clock.now().timestamp()))
    return unlock.authenticate(office.ctx, login, password or who.password, code)


def own_vault(office: Inspectorate, login: str, public: bool) -> bytes:
    """Give ``login`` a vault, a password ("mine") and a second factor of the administrator's own; the factor's secret.

    ``public``: with the public keys that belong to it; otherwise the officer's own public keys stay beside it.
    """
    record, key = vault.create_vault("mine", vault.KdfParams(8, 1, 1))
    hpke, sign, dual, secret = os.urandom(32), os.urandom(32), os.urandom(64), totp.new_secret()
    with office.ctx.store.read() as tx:
        row = officers.by_login(tx, login)
    assert row is not None
    values = {
        "vault": record.to_bytes(),
        "private": vault.lock(key, "private", hpke + sign + dual, row.id),
        "totp": vault.lock(key, "totp", secret, row.id),
    }
    if public:
        values |= {
            "hpke_public": hpke_public(hpke),
            "sign_public": ed25519_public(sign),
            "dual_public": dual_public(dual),
        }
    with database(office) as db:
        changes = ", ".join(f"{name} = :{name}" for name in values)
        db.execute(f"UPDATE officer SET {changes}, totp_step = 0 WHERE id = :id", {**values, "id": row.id})
    return secret


def test_an_officers_keys_exchanged(office: Inspectorate, named: Named) -> None:
    office.triaged()
    yusuf = office.officer("yusuf")
    secret = own_vault(office, "yusuf", public=True)
    with pytest.raises(SignInRefused):
        sign_in(office, "yusuf", "mine", secret)
    _, _, case = office.report()
    with office.ctx.store.read() as tx:
        sealed = next(g for g in cases.grants(tx, case, yusuf.id) if g.chain == 1)
    assert sealed.form == "hpke"
    casework.open_case(office.ctx, yusuf, case)  # whom the manifest names reads, and nobody else
    named("officer-keys-differ", yusuf.id.hex())


@pytest.mark.parametrize("login", ["yusuf", "auditor", "inspektur"])
def test_a_vault_of_ones_own_beside_an_officers_public_keys_opens_no_session(office: Inspectorate, login: str) -> None:
    """The public keys agree with the manifest, so verify has nothing to compare without the password: sign-in has."""
    secret = own_vault(office, login, public=False)
    with pytest.raises(SignInRefused):
        sign_in(office, login, "mine", secret)


@pytest.mark.parametrize(("column", "value"), [("role", "pimpinan"), ("unit", "irban-khusus"), ("name", "Pak Camat")])
def test_an_officers_role_unit_or_name_edited(office: Inspectorate, named: Named, column: str, value: str) -> None:
    hendra = office.officer("hendra")
    with database(office) as db:
        db.execute(f"UPDATE officer SET {column} = :value WHERE id = :id", {"value": value, "id": hendra.id})
    again = sign_in(office, "hendra")
    assert (again.role, again.unit, again.name) == (hendra.role, hendra.unit, hendra.name)
    named("officer-differs", hendra.id.hex())


def test_an_officer_made_in_the_database(office: Inspectorate, named: Named) -> None:
    with office.ctx.store.read() as tx:
        row = officers.by_login(tx, "hendra")
    assert row is not None
    id_ = os.urandom(16)
    with office.ctx.store.write() as tx:
        officers.insert_officer(tx, replace(row, id=id_, login="titipan", unit="irban-khusus", role="irban"))
    _, _, case = office.triaged()
    routing.route(office.ctx, office.officer("rahma"), case, act(), "irban-khusus", "Diteruskan.")
    with office.ctx.store.read() as tx:
        assert cases.grants(tx, case, id_) == []
    named("officer-not-admitted", id_.hex())


def test_an_officer_removed_from_the_database(office: Inspectorate, named: Named) -> None:
    with office.ctx.store.read() as tx:
        row = officers.by_login(tx, "hendra")
    assert row is not None
    with database(office) as db:
        db.execute("DELETE FROM officer WHERE id = :id", {"id": row.id})
    named("officer-missing", row.id.hex())


SQLITE = {
    "dropped": ('DROP TRIGGER "entry_delete"', "trigger-missing"),
    "replaced by an empty one": (
        'DROP TRIGGER "entry_delete"; CREATE TRIGGER "entry_delete" BEFORE DELETE ON entry BEGIN SELECT 1; END',
        "trigger-changed",
    ),
    "one more": ("CREATE TRIGGER spy AFTER INSERT ON entry BEGIN SELECT 1; END", "trigger-unknown"),
}
_FUNCTION = "CREATE OR REPLACE FUNCTION peluit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$"
POSTGRESQL = {
    "dropped": ('DROP TRIGGER "entry_delete" ON entry', "trigger-missing"),
    "switched off": ('ALTER TABLE entry DISABLE TRIGGER "entry_delete"', "trigger-missing"),
    "its function emptied": (_FUNCTION, "trigger-changed"),
    "narrowed": (
        'DROP TRIGGER "entry_update" ON entry; CREATE TRIGGER "entry_update" BEFORE UPDATE OF day ON entry '
        "FOR EACH ROW EXECUTE FUNCTION peluit_refuse()",
        "trigger-changed",
    ),
    "on another table": (
        'DROP TRIGGER "entry_delete" ON entry; CREATE TRIGGER "entry_delete" BEFORE DELETE ON throttle '
        "FOR EACH ROW EXECUTE FUNCTION peluit_refuse()",
        "trigger-changed",
    ),
    "a rule": ("CREATE RULE quiet AS ON INSERT TO leaf DO INSTEAD NOTHING", "trigger-unknown"),
    "rows hidden": ("ALTER TABLE entry ENABLE ROW LEVEL SECURITY", "trigger-unknown"),
}


WAYS = [("sqlite", way) for way in SQLITE] + [("postgresql", way) for way in POSTGRESQL]


@pytest.mark.parametrize(("database", "way"), WAYS, indirect=["database"])
def test_a_trigger_changed(office: Inspectorate, named: Named, database: str, way: str) -> None:
    statements, code = (SQLITE if database.startswith("sqlite") else POSTGRESQL)[way]
    engine = create_engine(database, poolclass=pool.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements.split("; ") if "BEGIN" not in statements else _whole(statements):
            connection.execute(text(statement))
    engine.dispose()
    named(code)


def _whole(statements: str) -> list[str]:
    """A statement that holds BEGIN ... END is one."""
    first, sep, rest = statements.partition("; CREATE")
    return [first, f"CREATE{rest}"] if sep else [statements]


def test_a_lost_phone_vouched_for_by_nobody(office: Inspectorate, named: Named) -> None:
    """He knows the officer's password, and writes a colleague's word into the database."""
    rahma, now = office.officer("rahma"), int(office.clock.now().timestamp())
    with office.ctx.store.read() as tx:
        yusuf = officers.by_login(tx, "yusuf")
    assert yusuf is not None
    forged = ResetRow(yusuf.id, os.urandom(32), rahma.id, now, now + 600, bytes(64))
    with office.ctx.store.write() as tx:
        resets.put(tx, forged)
    with pytest.raises(SignInRefused):
        vouching.sign_in(office.ctx, "yusuf", office.credentials["yusuf"].password, "kata kata kata kata")
    named("reset-forged", yusuf.id.hex())


def test_a_colleagues_word_that_was_used_is_put_back(office: Inspectorate, named: Named) -> None:
    rahma, yusuf = office.officer("rahma"), office.officer("yusuf")
    given = vouching.vouch(office.ctx, rahma, office.credentials["rahma"].password, yusuf.id)
    with office.ctx.store.read() as tx:
        row = resets.get(tx, yusuf.id)
    assert row is not None
    password = office.credentials["yusuf"].password
    vouching.sign_in(office.ctx, "yusuf", password, " ".join(given.words))
    with office.ctx.store.write() as tx:
        resets.put(tx, row)
    with pytest.raises(SignInRefused):
        vouching.sign_in(office.ctx, "yusuf", password, " ".join(given.words))
    named("reset-put-back", yusuf.id.hex())
