"""Every fault that `verify` can name: what it means, and what to do first. docs/operating.md holds the same list."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Code:
    """``means`` and ``do`` are sentences. What was found at which row is the fault's own."""

    means: str
    do: str


KEEP = "Keep a copy of the database and of keys/ as they are now, then call pimpinan and the auditor."
_MEND = "Let the administrator mend it, and run verify again."

CODES: Mapping[str, Code] = MappingProxyType(
    {
        # The database as such
        "database-unreadable": Code("A part of the database cannot be read, so that part was not checked.", KEEP),
        "migration-behind": Code(
            "The tables are not those of this program's version.",
            "Run `peluit migrate` with this version, or take the version that belongs to the database.",
        ),
        "table-changed": Code("A table, column or constraint that the migrations make is not there.", KEEP),
        "trigger-missing": Code(
            "A trigger that keeps rows from being changed or removed is gone or off: somebody with every right on the "
            "database took it away, so look for what was changed meanwhile.",
            f"{KEEP} Migrations put it back on a fresh database only.",
        ),
        "trigger-changed": Code("A trigger has the right name and does something else.", KEEP),
        "trigger-unknown": Code("There is a trigger, rule or policy that Peluit did not make.", KEEP),
        "setting-unsafe": Code("With this setting a power cut can lose what was acknowledged.", _MEND),
        "file-damaged": Code("The database's own check of its file finds damage.", f"{KEEP} Restore a backup beside."),
        "row-orphaned": Code("A row refers to another one that is not there: that one was removed.", KEEP),
        "row-type": Code("A value is of a kind that Peluit never writes: a damaged disk, or a hand.", KEEP),
        "slot-wrong": Code("A row does not lie where its id says, so nothing finds it.", KEEP),
        # Trust
        "root-missing": Code(
            "keys/root.pub cannot be read, so nothing can be trusted and nothing is taken in.",
            "Put back the folder keys/ from a backup, and compare the fingerprint.",
        ),
        "trust-unreadable": Code(
            "Whoever serves, the owner of the data folder, may not read a file in keys/ or a floor: nothing is taken "
            "in until they may.",
            "Give it back to that user, or make it readable (`chmod`, `chown`), and run verify again.",
        ),
        "root-differs": Code("keys/root.pub is not the root key that was named: somebody exchanged it.", KEEP),
        "manifest-refused": Code(
            "The manifests do not verify up to the newest: one was forged, changed or removed. The channel takes in "
            "nothing meanwhile.",
            KEEP,
        ),
        "manifest-below-floor": Code("An older manifest was put back in place of the newest.", KEEP),
        "manifest-expired": Code("The newest manifest has expired. Nothing is closed for it.", "Sign a new one."),
        "floor-missing": Code(
            "A file with the lowest manifest to be accepted is gone: one hurdle less for an old manifest.",
            "Write the newest manifest's number into it, and find out who removed it.",
        ),
        "recovery-key-differs": Code("A recovery key in keys/ is not the one in the manifest.", KEEP),
        "officer-keys-differ": Code(
            "An officer's keys in the database are not those that were signed. Nothing is sealed to them, and this "
            "officer cannot sign in.",
            KEEP,
        ),
        "officer-differs": Code(
            "An officer's login, name, role or unit in the database is not what was signed. What was signed counts.",
            KEEP,
        ),
        "officer-not-admitted": Code(
            "An active officer is not in the newest manifest: nothing is sealed to them and they cannot sign in.",
            "Suspend the officer if they left; if not, look for the manifest that should admit them.",
        ),
        "officer-missing": Code("A signed reader has no row, and so can never sign in again.", KEEP),
        "session-impossible": Code("A session is of nobody who may have one, or lasts longer than one can.", KEEP),
        "enrolment-impossible": Code(
            "Keys that wait to be admitted are none, or under the login of an officer who is somebody else.", KEEP
        ),
        "invitation-impossible": Code("An invitation is by nobody who may invite: it was written by hand.", KEEP),
        "reset-forged": Code(
            "A colleague's word that an officer lost the phone is not signed by one who may give it. It opens nothing.",
            KEEP,
        ),
        "reset-put-back": Code(
            "A colleague's word that an officer lost the phone was used, withdrawn or replaced before, and stands "
            "there again. It opens nothing.",
            KEEP,
        ),
        # The audit log
        "audit-gap": Code("Rows of the audit log are missing between two others.", KEEP),
        "audit-changed": Code("A row of the audit log does not have the hash that its own words have.", KEEP),
        "audit-link": Code("A row of the audit log does not follow the one before.", KEEP),
        "audit-signature": Code(
            "A row of the audit log is not signed by the officer whom it names: it, or one before it, was written "
            "anew.",
            KEEP,
        ),
        "audit-unsigned": Code("A row of the audit log lacks the signature that its kind must have.", KEEP),
        "audit-head-differs": Code(
            "The row whose head was printed has another hash now: it, or one before it, was changed.", KEEP
        ),
        "audit-shortened": Code("The audit log is shorter than it was: its last rows were removed.", KEEP),
        "audit-entry-missing": Code("The audit log names an entry that is not in its case any more.", KEEP),
        "audit-time": Code(
            "Around what was deleted the times of the log run backwards by a day or more: a clock was wrong, or was "
            "set so that something looked older than it is.",
            "Find out who set the clock, and why. Look at what was closed, signed or deleted around these rows.",
        ),
        # A case without a key
        "case-values": Code("What stands in the clear of a case is nothing that Peluit writes.", KEEP),
        "case-unreadable": Code("The rows of a case cannot even be compared with each other.", KEEP),
        "reporter-key-missing": Code("The reporter's public key is gone or of a wrong size.", KEEP),
        "thread-empty": Code("A case has no first entry: the report itself was removed.", KEEP),
        "entry-missing": Code("An entry is missing in the middle or at the beginning of a chain.", KEEP),
        "entry-epoch": Code("An entry stands in an epoch that does not follow.", KEEP),
        "entry-link": Code(
            "An entry does not carry the hash of the one before: one of the two was changed, moved or swapped.", KEEP
        ),
        "entry-size": Code("An entry has a size that no entry has.", KEEP),
        "entry-day": Code("An entry bears a day that cannot be.", KEEP),
        "epoch-missing": Code("The commitment to the key of an epoch is gone.", KEEP),
        "epoch-unused": Code("There is a key to which no entry belongs: removed entries, or a forged key.", KEEP),
        "grant-stranger": Code("A key is sealed to somebody whom no manifest ever admitted: it opens nothing.", KEEP),
        "grant-impossible": Code("A grant is one that Peluit never makes: chain, epoch, form or size are wrong.", KEEP),
        "grant-missing": Code("Somebody who must hold a key of the case has no grant of it.", KEEP),
        "recovery-grant-missing": Code(
            "A key is not sealed to its recovery key: it would be lost with passwords.", KEEP
        ),
        "reporter-grant-missing": Code("The reporter's own grant is gone: the receipt opens nothing.", KEEP),
        "summary-missing": Code("A case has no summary. It is rebuilt when its readers open it.", KEEP),
        "summary-size": Code("A summary has a size that no summary has.", KEEP),
        "summary-place": Code(
            "A summary is under a key that it cannot be under: an older one was put back, or it was moved.", KEEP
        ),
        "identity-missing": Code("The record of who the reporter is, empty or not, is gone.", KEEP),
        "identity-size": Code("The record of who the reporter is has a size that none has.", KEEP),
        "leaves-differ": Code(
            "The log of reports counts other reports for a day than there are: a report or a leaf was removed or "
            "added.",
            KEEP,
        ),
        "log-order": Code(
            "A place in a log of reports is empty, or what stands there is no report of that log: somebody removed or "
            "exchanged a leaf after it had its place.",
            KEEP,
        ),
        "leaf-waiting": Code(
            "Reports of days ago have no place in their log yet: `peluit tick` did not come to its end for some "
            "nights.",
            "Run `peluit tick`, read what it says, and look at its timer.",
        ),
        # What was deleted
        "disposal-forged": Code(
            "A list of what is to be deleted does not bear the signatures of two officers who might sign it. Nothing "
            "is deleted for it.",
            KEEP,
        ),
        "tombstone-unsigned": Code(
            "A case or a file is marked as deleted, and no list that two officers signed names it: somebody with every "
            "right on the database removed it.",
            f"{KEEP} Restore a backup beside.",
        ),
        "disposal-partly": Code(
            "A list was carried out in part, or though it was stopped: no night's work does that.", KEEP
        ),
        "disposal-remains": Code(
            "Of a case that was deleted something is there again, or still.",
            "If a backup was put back, run `peluit tick`, which deletes it again. Otherwise look for who put it there.",
        ),
        "disposal-differs": Code(
            "A case was deleted by a list that calls it one of another day or of another log than it is: of the other "
            "log's readers nobody signed.",
            KEEP,
        ),
        "disposal-unrecorded": Code(
            "A case was deleted, and the audit log does not say that these two officers signed its list on these days, "
            "or that a night carried it out: a list was made up with an officer's keys, or carried out by hand.",
            f"{KEEP} Ask both officers what they signed.",
        ),
        "disposal-overtaken": Code(
            "A case was deleted by a list that no longer held: it was withdrawn or stopped, or an officer acted on the "
            "case after the second signature, so the case as it was signed was put back.",
            f"{KEEP} Restore a backup beside.",
        ),
        "disposal-early": Code(
            "A list was carried out before the days were over in which it could be stopped.", KEEP
        ),
        "disposal-waiting": Code(
            "A list that two officers signed is due and was not carried out: `peluit tick` did not run, or a case on "
            "it is not any more what they signed.",
            "Run `peluit tick` and read what it says; where a case has moved on, sign a new list without it.",
        ),
        # Attached files
        "exhibit-missing": Code(
            "A file that is attached to a case is not in the store of files.", f"{KEEP} Restore it from a backup."
        ),
        "exhibit-unkept": Code(
            "A case attaches a file that no row says is to be kept, so the next night would remove it.",
            f"{KEEP} Stop `peluit tick` until it is mended.",
        ),
        "exhibit-damaged": Code(
            "An attached file does not open, or is not the one that was attached: exchanged, cut off or damaged.",
            f"{KEEP} Restore it from a backup.",
        ),
        "exhibit-misstated": Code(
            "An attached file opens under its key, and its entry says another size or digest: who wrote the entry said "
            "what is not so, or somebody who holds that key exchanged the file. The desk does not show it.",
            f"{KEEP} A reporter may say anything of an own file; of an officer's, restore it from a backup.",
        ),
        "blob-length": Code(
            "A stored file has a length that it cannot have: bytes were added behind it, or cut off.",
            f"{KEEP} What was added is shown to nobody; what was cut off is in a backup.",
        ),
        "blob-stray": Code(
            "A stored file lies under a name that Peluit never gives, or bears a day that is yet to come: nothing "
            "finds it, or no night sorts it. It was renamed or put there by hand, or the clock is wrong.",
            f"{KEEP} Give it back the name that a backup says.",
        ),
        # A case with a reader's keys
        "case-broken": Code("A case does not open: its entries or keys do not hold. Readers are told so.", KEEP),
        "epoch-forged": Code("There is a key that no signed entry opened. Nobody writes under it.", KEEP),
        "epoch-reader": Code(
            "New keys were given to an officer for whom the case was no more by the manifest of then. They open "
            "nothing at the desk.",
            "Ask who changed the keys, and change them again.",
        ),
        "grant-unnamed": Code("An officer holds a key, and no signed entry names them: it opens nothing.", KEEP),
        "grant-unopened": Code("A grant to this reader does not open.", KEEP),
        "summary-unreadable": Code("A summary does not open. The list rebuilds it from the entries.", KEEP),
        "summary-rolled-back": Code(
            "An older summary was put back: it does not know entries that officers wrote since. The list rebuilds it.",
            KEEP,
        ),
        "summary-differs": Code(
            "A summary says something else than the entries do: written by somebody who holds the key, or by another "
            "version of Peluit.",
            KEEP,
        ),
        "state-differs": Code("Open, waiting or closed stands in the clear, and the entries say otherwise.", KEEP),
        "next-day-differs": Code(
            "The next day in the clear is not the one that follows from the entries: changed by hand, or the tables of "
            "deadlines and holidays were changed since.",
            KEEP,
        ),
        "hold-differs": Code(
            "What stands in the clear of a hold is not what the entries say: with none a held case could be deleted.",
            KEEP,
        ),
        "identity-swapped": Code("The record of who the reporter is is not the one that came with the report.", KEEP),
        "entry-unrecorded": Code(
            "An officer's act is in a case and not in the audit log: the log was cut, or the act avoided it.", KEEP
        ),
        "register-repeated": Code("Two cases bear one register number: the counter was set back.", KEEP),
        "register-counter": Code("The counter of register numbers is behind the numbers that were given.", KEEP),
    }
)
