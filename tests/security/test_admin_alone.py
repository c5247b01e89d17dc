"""An administrator wants to read: what they lack is refused, one thing at a time, on both databases.

They have the server, every right on the database, keys/, and can invite. To read they need keys of an officer that the
root signed, and what opens the cases: a colleague, or enough shares.
"""

import os
from datetime import timedelta

import pytest

from tests.admitting import root_seed
from tests.inspectorate import Inspectorate
from tests.security.administrator import database
from tests.services import staff
from whistle.casefile.manifest import ManifestRefused, SignedManifest, dual_hash, next_manifest, sign_manifest
from whistle.ceremony.sentences import told
from whistle.crypto import shares, totp
from whistle.crypto.fingerprint import fingerprint
from whistle.crypto.recovery import RecoveryKeys
from whistle.crypto.shares import Split
from whistle.crypto.signing import dual_public, ed25519_public
from whistle.crypto.suite import hpke_public
from whistle.services import admission, casework, enrolment, listing, manifests, recovery, unlock
from whistle.services.context import signed_rows
from whistle.services.invitations import Person
from whistle.services.manifests import Wishes
from whistle.services.proposal import Choices
from whistle.services.recovery import RecoveryRefused
from whistle.services.reentry import WrongPassword
from whistle.services.refusals import NotYours, Refusal
from whistle.store import cases, enrolments, officers

MALLORY = Person("mallory", "Mallory", "penelaah", "triase")
PASSWORD = "kata sandi admin yang panjang"


def enrolled(office: Inspectorate) -> bytes:
    """The administrator invites somebody who is not there, and opens the link himself."""
    return staff.made(office, MALLORY, PASSWORD)


def reads(office: Inspectorate, login: str) -> int:
    return len([row for row in listing.all_rows(office.ctx, office.officer(login)) if row.summary is not None])


def latest(office: Inspectorate) -> SignedManifest:
    with office.ctx.store.read() as tx:
        return signed_rows(officers.all_manifests(tx))[-1]


def test_without_a_signature_keys_that_were_made_sign_in_nowhere(office: Inspectorate) -> None:
    _, _, case = office.report()
    id_ = enrolled(office)
    with pytest.raises(unlock.SignInRefused):
        office.officer("mallory")
    with office.ctx.store.read() as tx:
        assert cases.grants(tx, case, id_) == []


def test_admin_may_not_sign(office: Inspectorate) -> None:
    id_ = enrolled(office)
    with pytest.raises(Refusal) as refused:
        admission.review(office.ctx, office.officer("admin"), Choices(admit=(id_,)))
    assert refused.value.code == "role"


def test_a_signature_of_his_own_is_refused(office: Inspectorate) -> None:
    enrolled(office)
    seed, manifest = os.urandom(64), manifests.request(office.ctx, Wishes()).manifest
    with pytest.raises(ManifestRefused):
        manifests.install(office.ctx, sign_manifest(manifest, seed, dual_public(seed)))
    with pytest.raises(unlock.SignInRefused):
        office.officer("mallory")


def test_keys_that_he_puts_in_place_of_an_invited_officers_have_other_words(office: Inspectorate) -> None:
    # Given siti, who read six words aloud, and an administrator who exchanges her keys before the request is made
    id_ = staff.made(office)
    with office.ctx.store.read() as tx:
        true = enrolments.get(tx, id_)
    assert true is not None
    words = enrolment.words_of(true)
    mine = {"hpke": hpke_public(os.urandom(32)), "sign": ed25519_public(os.urandom(32)), "id": id_}
    with database(office) as admin:
        admin.execute("UPDATE enrolment SET hpke_public = :hpke, sign_public = :sign WHERE officer = :id", mine)
    # Then the machine with the root key shows other words
    request = manifests.request(office.ctx, Wishes())
    shown = "\n".join(told(request.previous(office.ctx.trust.root()), request.manifest))
    assert " ".join(words) not in shown
    assert " ".join(fingerprint(mine["hpke"], mine["sign"], dual_hash(true.dual_public))) in shown


def test_keys_that_he_exchanges_after_the_signature_are_not_taken_in(office: Inspectorate) -> None:
    id_ = staff.made(office)
    request = manifests.request(office.ctx, Wishes())
    with database(office) as admin:
        values = {"hpke": hpke_public(os.urandom(32)), "id": id_}
        admin.execute("UPDATE enrolment SET hpke_public = :hpke WHERE officer = :id", values)
    seed = root_seed(office)
    with pytest.raises(ManifestRefused, match="not those that wait here"):
        manifests.install(office.ctx, sign_manifest(request.manifest, seed, dual_public(seed)))


@pytest.mark.parametrize("count", [1, 2])
def test_shares_of_fewer_people_than_are_needed_combine_to_nothing(office: Inspectorate, count: int) -> None:
    with pytest.raises(shares.ShareError):
        recovery.unlock(office.ctx, "inner", office.recovery["inner"][:count])


def test_all_shares_give_him_nothing_without_the_roots_signature(office: Inspectorate) -> None:
    _, _, case = office.report()
    id_ = enrolled(office)
    key = recovery.unlock(office.ctx, "inner", office.recovery["inner"])
    list(recovery.run(office.ctx, key))
    with office.ctx.store.read() as tx:
        assert cases.grants(tx, case, id_) == []
    with pytest.raises(RecoveryRefused):
        list(recovery.run(office.ctx, key, ["mallory"]))
    with pytest.raises(NotYours):
        casework.open_case(office.ctx, office.officer("admin"), case)


def test_a_signature_without_shares_or_a_colleague_opens_no_case_of_before(office: Inspectorate) -> None:
    # Given somebody whom even the Inspektur was deceived into signing
    _, _, case = office.report()
    id_ = enrolled(office)
    staff.signed(office, Choices(admit=(id_,)))
    assert reads(office, "mallory") == 0
    with office.ctx.store.read() as tx:
        assert cases.grants(tx, case, id_) == []


def test_a_recovery_key_of_his_own_in_the_keys_folder_opens_nothing(office: Inspectorate) -> None:
    office.report()
    mine = RecoveryKeys(os.urandom(32))
    office.ctx.trust.write("recovery-inner.pub", mine.public)
    office.ctx._known = None  # as in a process that starts
    with pytest.raises((RecoveryRefused, ManifestRefused)):
        recovery.unlock(office.ctx, "inner", shares.split(mine.secret, Split(2, 2)))


def test_a_manifest_of_his_own_in_the_database_stops_recovery(office: Inspectorate) -> None:
    office.report()
    seed = os.urandom(64)
    id_ = enrolled(office)
    with office.ctx.store.read() as tx:
        row = enrolments.get(tx, id_)
    assert row is not None
    reader = manifests._reader(row)
    before = latest(office)
    manifest = next_manifest(before, readers=(*staff.directory(office).current.readers, reader))
    forged = sign_manifest(manifest, seed, dual_public(seed))
    with database(office) as admin:
        values = {"n": manifest.sequence, "body": forged.body, "signature": forged.signature, "by": forged.signer}
        admin.execute(
            "INSERT INTO manifest (sequence, body, signature, signer) VALUES (:n, :body, :signature, :by)", values
        )
        names = {"n": manifest.sequence, "names": forged.names}
        admin.execute("INSERT INTO manifest_names (sequence, names) VALUES (:n, :names)", names)
    with pytest.raises(ManifestRefused):
        recovery.unlock(office.ctx, "inner", office.recovery["inner"])


def test_the_invitation_that_he_opens_first_leaves_the_officer_without_one(office: Inspectorate) -> None:
    # Given an administrator who opens siti's link before she does
    token, secret = staff.invited(office), os.urandom(20)
    enrolment.enrol(office.ctx, token, PASSWORD, secret, totp.code(secret, int(office.clock.now().timestamp())))
    office.clock.advance(timedelta(seconds=31))
    # Then she finds keys made that are not hers, with words that she never read to anybody
    assert enrolment.look(office.ctx, token).made
    with pytest.raises(WrongPassword):
        enrolment.words_again(office.ctx, token, staff.PASSWORD)
