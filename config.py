"""Peluit's settings: read once from the environment at start, typed, frozen, and refused when they make no sense."""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent

# Public by nature: it stands in the Makefile for `make dev`, so that forms survive a reload of the code.
DEMO_SECRET = "peluit-demonstration-only-never-for-real-reports"  # noqa: S105
SECRET_BYTES = 32
# OWASP's lowest memory for Argon2id; only a demonstration or a test may go below.
ARGON2_LOWEST_KIB = 19_456
# What a vault accepts at most (docs/envelope.md, Vault): beyond it no officer could ever sign in.
ARGON2_HIGHEST_KIB, ARGON2_HIGHEST_ITERATIONS, ARGON2_HIGHEST_LANES = 1_048_576, 32, 16
ARGON2_KIB_A_LANE = 8
POSTGRESQL = "postgresql+psycopg"  # the driver, as SQLAlchemy names it
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")  # Amazon S3, bucket naming rules
PREFIX = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?")


class ConfigError(Exception):
    """A setting makes no sense; the message is a sentence that says which one and what to set."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything the environment decides. Times in the unit of their name, sizes in KiB, paths absolute."""

    data_dir: Path
    keys_dir: Path
    secret_key: bytes = field(repr=False)
    database_url: str = field(repr=False)
    """``sqlite:////path`` or ``postgresql+psycopg://...``, which may hold a password."""
    demo: bool = False
    demo_fixed: bool = False
    """Fixed logins for `make dev`; only ever together with `demo`."""
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 2
    exit_url: str = "https://www.bmkg.go.id/"
    """Where "keluar cepat" leads: a site nobody has to explain having open."""
    timezone: str = "Asia/Makassar"
    city: str = "Banjarmasin"
    idle_minutes: int = 15
    session_hours: int = 8
    # Used when a vault is created; every vault keeps its own, so a change never locks anyone out.
    argon2_memory_kib: int = 65_536
    argon2_iterations: int = 3
    argon2_lanes: int = 1
    files: int = 10
    """How many files a report or a message may have; each of at most `file_mib`."""
    file_mib: int = 200
    keep_free_mib: int = 512
    """Of the disk that holds the data, what files never take, so that there is room for reports."""
    blobs_url: str = ""
    """Where files lie: ``file:///folder`` or ``s3://bucket/prefix``. Empty: in the folder ``blobs`` of `data_dir`."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that decides which day it is."""
        return ZoneInfo(self.timezone)

    @property
    def file_bytes(self) -> int:
        """What a file may have at most."""
        return self.file_mib * 1024 * 1024

    @property
    def address(self) -> str:
        """Where to listen, as it stands in a URL: ``127.0.0.1:8080``, ``[::1]:8080``."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, there: bool = False) -> Settings:
        """Read the settings and prepare the data folder (mode 0700).

        ``there``: for what looks at an inspectorate that is there. No folder is made then, so that a mistyped one is
        said and not taken for an empty one; a SQLite file must be there too.
        An empty value counts as not set. Raises ConfigError at the first setting that makes no sense.
        """
        env = os.environ if environ is None else environ
        demo = _switch(env, "PELUIT_DEMO")
        demo_fixed = _switch(env, "PELUIT_DEMO_FIXED")
        if demo_fixed and not demo:
            raise ConfigError("PELUIT_DEMO_FIXED makes passwords known: set it only together with PELUIT_DEMO=1.")
        data_dir = _writable(env, "PELUIT_DATA_DIR", ROOT / "data", there)
        # Two demonstrations must never share a trust root, so theirs lies with their data. In production this folder is
        # read-only for the process that serves, so it is not probed.
        keys_dir = _folder(env, "PELUIT_KEYS_DIR", data_dir / "keys" if demo else ROOT / "keys", there)
        lanes = _number(env, "PELUIT_ARGON2_LANES", cls.argon2_lanes, 1, ARGON2_HIGHEST_LANES)
        return cls(
            data_dir=data_dir,
            keys_dir=keys_dir,
            secret_key=_secret(env, demo, data_dir),
            database_url=_database(env, data_dir, there),
            demo=demo,
            demo_fixed=demo_fixed,
            host=_host(env, cls.host),
            port=_number(env, "PORT", cls.port, 1, 65_535),
            workers=_number(env, "PELUIT_WORKERS", cls.workers, 1, 64),
            exit_url=_exit_url(env, cls.exit_url),
            timezone=_timezone(env, cls.timezone),
            city=_city(env, cls.city),
            idle_minutes=_number(env, "PELUIT_IDLE_MINUTES", cls.idle_minutes, 1, 120),
            session_hours=_number(env, "PELUIT_SESSION_HOURS", cls.session_hours, 1, 24),
            argon2_memory_kib=_number(
                env,
                "PELUIT_ARGON2_MEMORY_KIB",
                cls.argon2_memory_kib,
                ARGON2_KIB_A_LANE * lanes if demo else ARGON2_LOWEST_KIB,
                ARGON2_HIGHEST_KIB,
            ),
            argon2_iterations=_number(
                env, "PELUIT_ARGON2_ITERATIONS", cls.argon2_iterations, 1 if demo else 2, ARGON2_HIGHEST_ITERATIONS
            ),
            argon2_lanes=lanes,
            files=_number(env, "PELUIT_FILES", cls.files, 0, 50),
            file_mib=_number(env, "PELUIT_FILE_MIB", cls.file_mib, 1, 4_096),
            keep_free_mib=_number(env, "PELUIT_KEEP_FREE_MIB", 0 if demo else cls.keep_free_mib, 0, 1_048_576),
            blobs_url=_blobs(env),
        )


def _switch(env: Mapping[str, str], name: str) -> bool:
    value = env.get(name, "").strip().lower()
    if value in ("", "0", "no", "false", "off"):
        return False
    if value in ("1", "yes", "true", "on"):
        return True
    raise ConfigError(f"{name} is {value!r}: set it to 1 or 0.")


def _number(env: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    # str.isdecimal would also take digits of other scripts, and int() takes underscores and signs.
    if not (value.isascii() and value.isdecimal()) or not low <= int(value) <= high:
        raise ConfigError(f"{name} is {value!r}: set it to a whole number from {low} to {high}.")
    return int(value)


def _folder(env: Mapping[str, str], name: str, default: Path, there: bool) -> Path:
    path = Path(env.get(name) or default).expanduser().absolute()
    if there and not path.is_dir():
        raise ConfigError(f"There is no folder {str(path)!r}: is {name} right, and set in this shell?")
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{name} is {str(path)!r} ({error.strerror}): set it to a folder of this user.") from error
    return path


def _writable(env: Mapping[str, str], name: str, default: Path, there: bool) -> Path:
    path = _folder(env, name, default, there)
    # os.access says yes to root even on a disk that is mounted read-only, so really write.
    probe = path / f".probe-{secrets.token_hex(8)}"
    try:
        probe.touch(mode=0o600)
        probe.unlink()
    except OSError as error:
        raise ConfigError(
            f"{name} is {str(path)!r}, which cannot be written ({error.strerror}): set it to one this user may write."
        ) from error
    return path


def _secret(env: Mapping[str, str], demo: bool, data_dir: Path) -> bytes:
    value = env.get("PELUIT_SECRET_KEY", "")
    how = "set it to 32 random bytes or more, for example the output of `openssl rand -hex 32`."
    if not value:
        if not demo:
            raise ConfigError(f"PELUIT_SECRET_KEY is not set: {how}")
        return _kept_secret(data_dir / "secret.key")
    if value == DEMO_SECRET and not demo:
        raise ConfigError(f"PELUIT_SECRET_KEY is the demonstration's, which everybody knows: {how}")
    if len(value.encode()) < SECRET_BYTES:
        raise ConfigError(f"PELUIT_SECRET_KEY is shorter than {SECRET_BYTES} bytes: {how}")
    if len(set(value)) < 8:
        raise ConfigError(f"PELUIT_SECRET_KEY repeats itself and could be guessed: {how}")
    return value.encode()


def _kept_secret(path: Path) -> bytes:
    """The demonstration's own secret, made once: a form that was open during a restart can still be sent.

    It opens nothing that is stored; it only seals what travels through a page.
    """
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_hex(SECRET_BYTES))
    except FileExistsError:
        pass
    kept = path.read_text().strip()
    if len(kept) != SECRET_BYTES * 2:
        raise ConfigError(f"{path} does not hold the demonstration's secret: remove the file, it is then made again.")
    return kept.encode()


def _database(env: Mapping[str, str], data_dir: Path, there: bool) -> str:
    url = env.get("PELUIT_DATABASE_URL") or f"sqlite:///{data_dir / 'peluit.db'}"
    kind = url.partition(":")[0].lower()
    if kind in ("postgres", "postgresql", POSTGRESQL):
        return _postgresql(f"{POSTGRESQL}{url[len(kind) :]}")
    if kind != "sqlite":
        raise ConfigError(
            f"PELUIT_DATABASE_URL begins with {kind[:20]!r}: set it to sqlite:////path/peluit.db, to "
            "postgresql://user@host/database, or leave it out."
        )
    return _sqlite(url, there)


def _sqlite(url: str, there: bool) -> str:
    named = url.partition(":///")[2]
    if not named or ":memory:" in named:
        raise ConfigError(
            "PELUIT_DATABASE_URL names no file, so reports would be lost: set it to sqlite:////absolute/path/peluit.db."
        )
    path = Path(named)
    if not path.is_absolute():
        raise ConfigError(
            f"PELUIT_DATABASE_URL names {named!r}, which is another file in every folder: set it to sqlite:// and an "
            "absolute path, so with four slashes."
        )
    if there and not path.exists():
        raise ConfigError(
            f"There is no database at {named}: are PELUIT_DATA_DIR and PELUIT_DATABASE_URL right, and set in this "
            "shell? If they are, the file was moved away or deleted: see docs/operating.md."
        )
    if not path.parent.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
        raise ConfigError(
            f"PELUIT_DATABASE_URL names {named!r}, which this user cannot write: set it to a file in a folder that is "
            "there and is this user's."
        )
    return url


def _postgresql(url: str) -> str:
    """The address, which may hold a password: none of it is repeated in a sentence."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError as error:
        raise ConfigError(
            "PELUIT_DATABASE_URL is no address that can be read (special characters of a password stand as %XX): set "
            "it to postgresql://user:password@host:5432/database."
        ) from error
    if not re.fullmatch(r"/[^/]+", parts.path):
        raise ConfigError(
            "PELUIT_DATABASE_URL names no database: set it to postgresql://user:password@host/database, or "
            "to postgresql://user@/database?host=/folder/of/the/socket."
        )
    return url


def _blobs(env: Mapping[str, str]) -> str:
    """Where files lie. Whoever confuses the settings puts a secret here: nothing of a bucket's is repeated."""
    url = env.get("PELUIT_BLOBS", "").strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme == "file":
        return _blob_folder(parts)
    if parts.scheme != "s3":
        raise ConfigError(
            "PELUIT_BLOBS begins neither with file:// nor with s3://: set it to file:///absolute/folder, to "
            "s3://bucket or to s3://bucket/prefix."
        )
    if not BUCKET.fullmatch(parts.netloc) or not PREFIX.fullmatch(parts.path) or parts.query or parts.fragment:
        raise ConfigError(
            "PELUIT_BLOBS names no bucket: set it to s3://bucket or s3://bucket/prefix, and nothing else. Keys stand "
            "in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, where the store is in AWS_ENDPOINT_URL_S3."
        )
    for name in ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"):
        _endpoint(name, env.get(name, ""))
    return url.rstrip("/")


def _blob_folder(parts: SplitResult) -> str:
    path = Path(unquote(parts.path))
    if parts.netloc or parts.query or parts.fragment or not path.is_absolute() or path == Path("/"):
        raise ConfigError(
            "PELUIT_BLOBS names no folder of this machine: set it to file:// and an absolute path, so with three "
            "slashes; other characters than letters and digits stand as %XX."
        )
    if not os.access(path if path.exists() else path.parent, os.W_OK) or (path.exists() and not path.is_dir()):
        raise ConfigError(
            f"PELUIT_BLOBS names {str(path)!r}, which this user cannot write: set it to a folder of this user, or to a "
            "new one in such a folder."
        )
    return path.as_uri()


def _endpoint(name: str, url: str) -> None:
    """An object store's address, which boto3 reads by itself. Raises ConfigError for one that it would stumble over."""
    try:
        parts = urlsplit(url)
        ok = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
        _ = parts.port
    except ValueError:
        ok = False
    if url and not ok:
        raise ConfigError(f"{name} is no address of an object store: set it to https://host or https://host:port.")


def _host(env: Mapping[str, str], default: str) -> str:
    host = (env.get("PELUIT_HOST") or default).strip()
    try:
        ipaddress.ip_address(host)
    except ValueError as error:
        # Digits and dots that are no address would be looked up as a name, and some of them found.
        if re.fullmatch(r"[0-9.]+|(?![A-Za-z0-9.-]{1,253}\Z).*", host, re.DOTALL):
            raise ConfigError(
                f"PELUIT_HOST is {host!r}: set it to an address of this machine, like 127.0.0.1, or a host's name."
            ) from error
    return host


def _exit_url(env: Mapping[str, str], default: str) -> str:
    url = env.get("PELUIT_EXIT_URL") or default
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme != "https" or not host or parts.username is not None or any(c.isspace() for c in url):
        raise ConfigError(f"PELUIT_EXIT_URL is {url!r}: set it to the https:// address of a site that betrays nothing.")
    return url


def _timezone(env: Mapping[str, str], default: str) -> str:
    name = env.get("PELUIT_TIMEZONE") or default
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigError(f"PELUIT_TIMEZONE is {name!r}: set it to a time zone's name, like Asia/Makassar.") from error
    return name


def _city(env: Mapping[str, str], default: str) -> str:
    city = (env.get("PELUIT_CITY") or default).strip()
    if not city or len(city) > 60 or not city.isprintable():
        raise ConfigError("PELUIT_CITY makes no sense: set it to the city's name, at most 60 letters.")
    return city
