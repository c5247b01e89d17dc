"""What each process of its own must find when it starts.

The public one starts only where it could reach no private key, so that whoever takes it over finds none. See
docs/decisions/0017-surfaces.md.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from config import ConfigError, Settings
from whistle.store import rights
from whistle.store.database import Store, StoreUnavailable, make_engine

PUBLIC = re.compile(r"[^/]+\.pub|manifest\.floor(\.\w+)*|README\.md")  # what may lie in the keys folder of the channel
OWN = {"secret.key"}  # the channel's own secret (PELUIT_SECRET_KEY of a demonstration), which opens nothing stored
PRIVATE_NAME = re.compile(r".*\.(key|pem|seed|shares?|vault)|.*(recovery|share|passphrase).*(?<!\.pub)")
DATABASE_NAME = re.compile(r".*\.(db|sqlite3?)(-wal|-shm|-journal)?")  # of SQLite, where the officers' vaults are too
PRIVATE_SETTING = re.compile(r"PELUIT_.*(ROOT|RECOVERY|PRIVATE|PASSPHRASE|PASSWORD|SHARE|SEED|TOTP).*")
PRIVATE_VALUE = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AGE-SECRET-KEY-")
ADDRESS = re.compile(r"postgres(ql)?(\+\w+)?://")


def check_channel(settings: Settings, environ: Mapping[str, str] | None = None) -> None:
    """Raises ConfigError, a sentence, when the channel could reach a private key; also when that cannot be told."""
    wrong = next(_reachable(settings, os.environ if environ is None else environ), None)
    if wrong:
        raise ConfigError(f"wsgi:channel does not start where it could reach a private key. {wrong}")


def _reachable(settings: Settings, environ: Mapping[str, str]) -> Iterator[str]:
    if not settings.database_url.startswith("postgresql"):
        yield (
            "With SQLite everything lies in one file, the officers' vaults too: set PELUIT_DATABASE_URL to a database "
            "of PostgreSQL and a role of the channel's own (deploy/postgresql/roles.sql), or serve both as wsgi:app."
        )
        return
    yield from _in_environment(environ)
    yield from _in_folders(settings)
    yield from _in_database(settings.database_url)


def _in_environment(environ: Mapping[str, str]) -> Iterator[str]:
    for name, value in environ.items():
        if value and (PRIVATE_SETTING.fullmatch(name) or PRIVATE_VALUE.search(value)):
            yield f"{name} stands in its environment: take it out."
        if ADDRESS.match(value) and name != "PELUIT_DATABASE_URL":
            yield f"{name}, in its environment, is the address of another database role: take it out."


def _in_folders(settings: Settings) -> Iterator[str]:
    for path in _files(settings.keys_dir):
        if not PUBLIC.fullmatch(path.name):
            yield f"{path} lies in its keys folder, where only public halves belong: take it away."
    for path in _files(settings.data_dir):
        if PRIVATE_NAME.fullmatch(path.name.lower()) and path.name not in OWN and path.parent != settings.keys_dir:
            yield f"{path} looks like a private key: take it away, or give the channel a PELUIT_DATA_DIR of its own."
        if DATABASE_NAME.fullmatch(path.name):
            yield f"{path} is a database of SQLite's: give the channel a PELUIT_DATA_DIR of its own."


def _files(folder: Path) -> Iterator[Path]:
    """What this process can read below ``folder``, links included, by name."""
    return (path for path in sorted(folder.rglob("*")) if not path.is_dir() and os.access(path, os.R_OK))


def _in_database(url: str) -> Iterator[str]:
    engine = make_engine(url, pool_size=1)
    try:
        with Store(engine).read() as tx:
            found = rights.beyond_a_receipt(tx)
    except StoreUnavailable as error:
        raise ConfigError(
            "wsgi:channel cannot ask the database what it may read there, so it does not start: see that the server "
            f"of PELUIT_DATABASE_URL runs and lets it in, then try again. ({_on_one_line(error)})"
        ) from error
    finally:
        engine.dispose()
    for what in found:
        yield f"Its database role {what}: use the role peluit_channel, after deploy/postgresql/roles.sql was run."


def check_desk(settings: Settings) -> None:
    """Raises ConfigError, a sentence, when tables or rights are missing. A database that is away may come back."""
    if not settings.database_url.startswith("postgresql"):
        return
    engine = make_engine(settings.database_url, pool_size=1)
    try:
        with Store(engine).read() as tx:
            lacking = rights.missing(tx)
    except StoreUnavailable:
        return
    finally:
        engine.dispose()
    if lacking:
        raise ConfigError(
            f"wsgi:desk cannot read these tables: {', '.join(lacking)}. Run `peluit migrate` as peluit_owner, then "
            "deploy/postgresql/roles.sql as a superuser, and start again."
        )


def _on_one_line(error: StoreUnavailable) -> str:
    """What the server said."""
    return " ".join(str(error).split())[:300]
