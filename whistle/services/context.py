"""What every use case is handed: the store, the trust root, the clock and the settings."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from config import Settings
from whistle.casefile.manifest import Directory, ManifestRefused, SignedManifest, verify_chain
from whistle.crypto.recovery import halves
from whistle.crypto.suite import PUBLIC, Refused
from whistle.domain.clock import Clock, SystemClock
from whistle.services import floor, small_file
from whistle.services.kept import KeptLists
from whistle.store import officers
from whistle.store.blobs import Blobs, blob_store
from whistle.store.database import Store, StoreUnavailable, Tx, is_write, make_engine
from whistle.store.rows import ManifestRow


class NotSetUp(Exception):
    """There is no inspectorate yet, or not all of it is where the settings say."""


class Overtaken(StoreUnavailable):
    """Nothing was stored: there is a newer manifest than the one that it was prepared by."""


@dataclass(frozen=True)
class Trust:
    """The keys/ folder: root.pub (dual public key), recovery-*.pub and the floor below which no manifest counts."""

    folder: Path

    def root(self) -> bytes:
        """The root's dual public key. Raises NotSetUp."""
        return self._read("root.pub")

    def recovery(self, log: str) -> tuple[bytes, bytes | None]:
        """The sealing (X-Wing) and the signing (Ed25519) public key of the inner or outer recovery key.

        The second is None in a file of a time when recovery signed nothing. Raises NotSetUp, and ManifestRefused for
        a file that holds something else.
        """
        public = self._read(f"recovery-{log}.pub")
        try:
            return (public, None) if len(public) == PUBLIC else halves(public)
        except Refused as error:
            raise ManifestRefused(f"recovery-{log}.pub in the keys folder is no public recovery key") from error

    def floor(self) -> int:
        """The floor that goes with the keys; `Context.floor` knows the one that counts."""
        return floor.read(self.folder)

    def raise_floor(self, sequence: int) -> None:
        """Refuse from now on every manifest older than ``sequence``."""
        floor.raise_to(self.folder, sequence)

    def write(self, name: str, public: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text(public.hex() + "\n", encoding="ascii")

    def _read(self, name: str) -> bytes:
        try:
            return bytes.fromhex(small_file.read(self.folder / name).decode("ascii"))
        except ValueError as error:
            raise ManifestRefused(f"{self.folder / name} holds no key") from error
        except OSError as error:
            why = error.strerror or "not readable"
            raise NotSetUp(f"{self.folder / name}: {why} (is PELUIT_KEYS_DIR right?)") from error


@dataclass
class Context:
    """Handed to every use case as its first argument."""

    store: Store
    trust: Trust
    clock: Clock
    settings: Settings
    names: bool = True  # False: officers have no names here, as in the public process, which may not read them
    kept: KeptLists = field(default_factory=KeptLists, repr=False)
    _known: tuple[bytes, Directory] | None = field(default=None, repr=False)
    _opened: bool = field(default=False, repr=False)

    @cached_property
    def blobs(self) -> Blobs:
        """Where attached files are stored."""
        url = self.settings.blobs_url or (self.settings.data_dir / "blobs").absolute().as_uri()
        return blob_store(url, self.settings.keep_free_mib * 1024 * 1024)

    def is_open(self) -> bool:
        """Whether the first manifest was installed, so that there is somebody to seal to.

        Asked of the database until it is so, then never again by this process. Raises StoreUnavailable.
        """
        if not self._opened:
            with self.store.read() as tx:
                self._opened = officers.has_manifest(tx)
        return self._opened

    def directory(self, tx: Tx, _fresh: bool = False) -> Directory:
        """The verified recipients manifest. Raises ManifestRefused or NotSetUp.

        The whole chain is verified once a process and again whenever the newest manifest's bytes change.
        """
        latest = officers.latest_manifest(tx)
        if latest is None:
            raise NotSetUp(
                "there is no manifest yet: is PELUIT_DATA_DIR right? A new inspectorate has one after peluit setup and "
                "manifest install"
            )
        root, lowest = self.trust.root(), self.floor()
        if latest.sequence < lowest and not _fresh:  # ``tx`` may see the database as it was before the floor was raised
            if is_write(tx):
                return self.directory(tx, _fresh=True)
            with self.store.read() as now:
                return self.directory(now, _fresh=True)
        digest = hashlib.sha256(latest.body + latest.signature + latest.signer + root).digest()
        if self._known and self._known[0] == digest and latest.sequence >= lowest:
            self._raise_floor(tx, latest.sequence, lowest)
            return self._known[1]
        rows = officers.all_manifests(tx) if self.names else officers.public_manifests(tx)
        directory = verify_chain(signed_rows(rows), root, lowest, self.names)
        for log, key in directory.current.recovery.items():
            if (key, directory.current.recovery_sign.get(log)) != self.trust.recovery(log):
                raise ManifestRefused(f"the {log} recovery key is not the one in the keys folder")
        self._known = (digest, directory)
        self._raise_floor(tx, latest.sequence, lowest)
        return directory

    def newest(self) -> Directory:
        """The directory as of now. Raises ManifestRefused, NotSetUp, StoreUnavailable."""
        with self.store.read() as tx:
            return self.directory(tx)

    def lately(self) -> Directory:
        """The directory that this process verified last, without asking the database: to prepare a report by.

        Whoever stores what was prepared asks `still` in the same transaction. Raises as `newest`.
        """
        return self._known[1] if self._known else self.newest()

    def still(self, tx: Tx, directory: Directory) -> None:
        """Raises Overtaken when ``directory`` is not the newest any more."""
        if self.directory(tx) is not directory:
            raise Overtaken("there is a newer manifest")

    def floor(self) -> int:
        """The lowest sequence that the newest manifest may have: of the keys' floor and of what was seen here.

        Raises ManifestRefused where one cannot be read: an old manifest might be below it.
        """
        try:
            return max(self.trust.floor(), floor.read(self.settings.data_dir))
        except ValueError as error:
            raise ManifestRefused(f"a {floor.NAME} holds no number") from error
        except OSError as error:
            raise ManifestRefused(f"{error.filename} cannot be read ({error.strerror})") from error

    def _raise_floor(self, tx: Tx, sequence: int, lowest: int) -> None:
        """Not from inside a write transaction: what it sees may yet be undone."""
        if sequence > lowest and not is_write(tx):
            floor.raise_if_possible(self.settings.data_dir, sequence)


def signed_rows(rows: Iterable[ManifestRow]) -> list[SignedManifest]:
    """The stored manifests as a chain that can be verified."""
    return [SignedManifest(row.body, row.signature, row.signer, row.names) for row in rows]


def row_of(sequence: int, signed: SignedManifest) -> ManifestRow:
    """A signed manifest as it is stored."""
    return ManifestRow(sequence, signed.body, signed.signature, signed.signer, signed.names)


def build(settings: Settings, clock: Clock | None = None, names: bool = True) -> Context:
    """The context of a process: its engine, its keys folder and the machine's clock."""
    store = Store(make_engine(settings.database_url))
    return Context(store, Trust(settings.keys_dir), clock or SystemClock(ZoneInfo(settings.timezone)), settings, names)
