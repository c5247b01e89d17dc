"""Officers who come and go by a manifest that the root signs, without the pages on which that is done."""

import os
from dataclasses import replace

from tests.inspectorate import Inspectorate
from whistle.casefile.manifest import Reader, dual_hash, next_manifest, sign_manifest
from whistle.crypto import totp, vault
from whistle.crypto.signing import dual_public, ed25519_public
from whistle.crypto.suite import hpke_public
from whistle.domain.tracks import TRACKS
from whistle.services import demo, setup
from whistle.services.context import row_of, signed_rows
from whistle.store import officers
from whistle.store.rows import OfficerRow


def root_seed(office: Inspectorate) -> bytes:
    """The root key, out of its keeper's vault."""
    with office.ctx.store.read() as tx:
        row = officers.by_login(tx, demo.ROOT_KEEPER)
    assert row is not None and row.root is not None
    key = vault.open_vault(vault.VaultRecord.from_bytes(row.vault), office.credentials[demo.ROOT_KEEPER].password)
    return vault.unlock(key, "root", row.root, row.id)


def keyed(office: Inspectorate, login: str, role: str, unit: str, id_: bytes = b"") -> tuple[OfficerRow, Reader]:
    """An officer with keys just made, who can sign in as soon as a manifest holds them."""
    s = office.ctx.settings
    params = vault.KdfParams(s.argon2_memory_kib, s.argon2_iterations, s.argon2_lanes)
    id_, password, secret = id_ or os.urandom(16), f"baru-{login}", totp.new_secret()
    record, key = vault.create_vault(password, params)
    hpke, sign, dual = os.urandom(32), os.urandom(32), os.urandom(64)
    row = OfficerRow(
        id=id_,
        login=login,
        name=f"Baru {login.title()}",
        role=role,
        unit=unit,
        status="active",
        hpke_public=hpke_public(hpke),
        sign_public=ed25519_public(sign),
        vault=record.to_bytes(),
        private=vault.lock(key, "private", hpke + sign + dual, id_),
        totp=vault.lock(key, "totp", secret, id_),
        totp_step=0,
        root=None,
        dual_public=dual_public(dual),
    )
    who = (id_, login, row.name, role, unit)
    office.credentials[login] = setup.Credentials(login, row.name, role, password, secret)
    office._signed_in.pop(login, None)
    return row, Reader(*who, row.hpke_public, row.sign_public, dual_hash(row.dual_public))


def admit(office: Inspectorate, *people: tuple[OfficerRow, Reader], without: tuple[str, ...] = ()) -> None:
    """A new manifest, signed by the root: ``people`` in place of whoever has their id, and nobody of ``without``."""
    seed = root_seed(office)
    with office.ctx.store.write() as tx:
        current = signed_rows(officers.all_manifests(tx))[-1]
        known = {r.id: r for r in office.ctx.directory(tx).current.readers if r.login not in without}
        known |= {reader.id: reader for _, reader in people}
        tracks, custodians = (
            {
                code: tuple(r.id for r in known.values() if r.unit in units(track))
                for code, track in TRACKS.items()
            }
            for units in (lambda track: track.reader_units, lambda track: (track.custodian,))
        )
        acting = tuple(one for one in office.ctx.directory(tx).current.acting if one.officer in known)
        named = {"readers": tuple(known.values()), "tracks": tracks, "custodians": custodians, "acting": acting}
        manifest = next_manifest(current, **named)
        signed = sign_manifest(manifest, seed, dual_public(seed))
        for row in officers.all_officers(tx):
            if row.login in without:
                officers.set_status(tx, row.id, "suspended")
        officers.insert_manifest(tx, row_of(manifest.sequence, signed))
        for row, _ in people:
            old = officers.by_id(tx, row.id)
            if old is None:
                officers.insert_officer(tx, row)
            else:
                officers.update_officer(tx, replace(row, root=old.root))


def new_keys(office: Inspectorate, login: str) -> tuple[OfficerRow, Reader]:
    """The same officer, who forgot the password and made new keys."""
    with office.ctx.store.read() as tx:
        row = officers.by_login(tx, login)
    assert row is not None
    return keyed(office, login, row.role, row.unit, row.id)
