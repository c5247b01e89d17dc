"""Where the public process starts alone, and every place of a private key that keeps it from it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import make_url

from config import ConfigError, Settings
from tests import databases, inspectorate
from whistle.services import surfaces
from whistle.services.surfaces import check_channel, check_desk

KEY = "-----BEGIN PRIVATE KEY-----\nMC4CAQ\n-----END PRIVATE KEY-----"


@pytest.fixture
def fine(tmp_path: Path, database: str) -> Iterator[Settings]:
    """Settings with which the channel starts: its own role, public halves, no more."""
    databases.give_roles(database)
    keys = tmp_path / "keys"
    keys.mkdir()
    floors = ("manifest.floor", "manifest.floor.new")
    for name in ("root.pub", "recovery-inner.pub", "recovery-outer.pub", "README.md", *floors):
        (keys / name).write_text("00")
    url = make_url(database).set(username=databases.CHANNEL)
    yield inspectorate.settings(tmp_path, url.render_as_string(hide_password=False))


on_postgresql = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@on_postgresql
def test_it_starts_where_nothing_private_is_in_reach(fine: Settings) -> None:
    check_channel(fine, {"PATH": "/bin", "PELUIT_SECRET_KEY": "x" * 32, "PELUIT_DATABASE_URL": fine.database_url})
    (fine.data_dir / "manifest.floor").write_text("3")
    (fine.data_dir / "secret.key").write_text("00")
    check_channel(fine, {})


@on_postgresql
@pytest.mark.parametrize("name", ["root.key", "root.key.bak", "inner.share", "a/b.txt", "inner.seed", ".hidden"])
def test_anything_but_public_halves_in_the_keys_folder_stops_it(fine: Settings, name: str) -> None:
    path = fine.keys_dir / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("00")
    with pytest.raises(ConfigError, match=f"{path} lies in its keys folder.*take it away"):
        check_channel(fine, {})


@on_postgresql
@pytest.mark.parametrize("name", ["root.key", "keep/ROOT.KEY", "recovery.txt", "share-1.txt", "peluit.db"])
def test_a_private_key_or_a_database_of_vaults_in_the_data_folder_stops_it(fine: Settings, name: str) -> None:
    path = fine.data_dir / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("00")
    with pytest.raises(ConfigError, match=str(path)):
        check_channel(fine, {})


@on_postgresql
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PELUIT_ROOT_PASSPHRASE", "kata sandi"),
        ("PELUIT_RECOVERY_SHARES", "academic acid"),
        ("TLS_KEY", KEY),
        ("PELUIT_OWNER_URL", "postgresql://peluit_owner:secret@db/peluit"),
    ],
)
def test_a_private_key_in_the_environment_stops_it_and_is_not_repeated(fine: Settings, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name) as refused:
        check_channel(fine, {name: value})
    assert value not in str(refused.value)


@on_postgresql
@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("GRANT SELECT (vault) ON officer TO peluit_channel", "may read the table officer"),
        ("GRANT SELECT ON session TO PUBLIC", "may read the table session"),
        ("GRANT SELECT ON summary TO peluit_channel", "may read the table summary"),
        ("CREATE TABLE later (key bytea); GRANT SELECT ON later TO peluit_channel", "may read the table later"),
        ("ALTER TABLE entry DISABLE ROW LEVEL SECURITY", "may read all rows of the table entry"),
        ("ALTER TABLE entry OWNER TO peluit_channel", "owns tables"),
    ],
)
def test_a_right_that_goes_beyond_a_receipt_stops_it(database: str, fine: Settings, wrong: str, says: str) -> None:
    with databases.as_superuser(database) as connection:
        connection.execute(wrong.encode())
    with pytest.raises(ConfigError, match=f"{says}: use the role peluit_channel"):
        check_channel(fine, {})


@on_postgresql
@pytest.mark.parametrize("role", [databases.SUPERUSER, databases.OWNER, databases.DESK])
def test_no_other_role_will_do(database: str, fine: Settings, role: str) -> None:
    url = make_url(database).set(username=role).render_as_string(hide_password=False)
    with pytest.raises(ConfigError, match="Its database role"):
        check_channel(replace(fine, database_url=url), {})


def test_a_role_that_may_become_another_will_not_do() -> None:
    with databases.cluster(**databases.HASTY) as server:
        url = databases.make(server, "peluit")
        databases.give_roles(url)
        settings = inspectorate.settings(server.folder.parent / "channel", server.url("peluit", databases.CHANNEL))
        check_channel(settings, {})
        with server.connect() as connection:
            connection.execute("GRANT pg_read_server_files TO peluit_channel")
        with pytest.raises(ConfigError, match="is a member of another role"):
            check_channel(settings, {})


def test_a_database_that_is_away_is_no_reason_to_start(tmp_path: Path) -> None:
    url = databases.url(tmp_path, "peluit", databases.CHANNEL)
    with pytest.raises(ConfigError, match="cannot ask the database"):
        check_channel(inspectorate.settings(tmp_path, url), {})
    check_desk(inspectorate.settings(tmp_path, url))  # which may wait for it


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_on_sqlite_the_public_process_does_not_start_and_the_desk_does(tmp_path: Path, database: str) -> None:
    settings = inspectorate.settings(tmp_path / "empty", database)
    with pytest.raises(ConfigError, match=r"everything lies in one file.*wsgi:app"):
        check_channel(settings, {})
    check_desk(settings)


def test_what_a_name_must_look_like_to_be_taken_for_private() -> None:
    private = ("root.key", "outer.share", "inner.seed", "recovery-outer.txt", "my-passphrase")
    assert all(surfaces.PRIVATE_NAME.fullmatch(name) for name in private)
    public = ("root.pub", "recovery-inner.pub", "manifest.floor", "log", "peluit.db-turn")
    assert not any(surfaces.PRIVATE_NAME.fullmatch(name) for name in public)
