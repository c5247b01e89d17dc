"""Give one newcomer the keys of a case, or change the keys without those who left or were moved: for a colleague.

Only the newest signed manifest says for whom a case is. That the colleague holds the keys is not enough.
"""

from whistle.casefile.keys import Holder, open_one
from whistle.casefile.manifest import Reader
from whistle.casefile.meant import no_longer_due
from whistle.casefile.reading import CaseFile
from whistle.casefile.regranting import regrant, regrant_identity, seal_again
from whistle.casefile.writing import Author, When, append, grant_all, open_file_chain
from whistle.crypto.envelope import Chain
from whistle.crypto.suite import Refused
from whistle.store import cases
from whistle.store.database import Tx


def give(tx: Tx, file: CaseFile, author: Author, to: Reader, when: When, renew: bool) -> bytes | None:
    """Seal every key of the case to ``to``, whom a signed entry names; the id of the entry that this took, if any.

    ``renew``: their grants are sealed again, since their keys are new. Nothing is done twice.
    """
    entries = len(file.file)
    if not file.file:
        open_file_chain(tx, file, author, when)
    if to.id not in file.readers():
        data = {"readers": [to.id.hex()], "manifest": file.directory.current.sequence}
        append(tx, file, Chain.FILE, author, "regranted", data, when)
    if renew:
        seal_again(tx, file, [to])
    grant_all(tx, file, [to])
    return file.file[-1].id if len(file.file) > entries else None


def give_identity(tx: Tx, file: CaseFile, holder: Holder, to: Reader, when: When, renew: bool) -> int:
    """Seal the identity record's key to ``to`` as well, if they and who gives it hold such records; how many times."""
    custodians = {reader.id for reader in file.directory.current.custodians_of(file.track, when.day)}
    identity = cases.get_identity(tx, file.case.id)
    mine = [grant for grant in cases.grants(tx, file.case.id, holder.id) if grant.chain == Chain.IDENTITY]
    if identity is None or not mine or not {to.id, holder.id} <= custodians:
        return 0
    try:
        key = open_one(file.directory.installation, mine[0], identity.commitment, holder)
    except Refused:
        return 0
    return regrant_identity(tx, file, key, when.day, [to.id] if renew else [])


def leave_out(tx: Tx, file: CaseFile, author: Author, when: When) -> bytes | None:
    """Change both chains' keys so that exactly those read what follows for whom the case is today.

    The id of the entry that says so; None when there is nobody to leave out. Who is due and was not named yet is given
    all keys first, so that somebody reads on.
    """
    if not no_longer_due(file, when.day):
        return None
    regrant(tx, file, author, when, ())
    return file.file[-1].id
