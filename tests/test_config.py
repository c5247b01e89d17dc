"""Settings: what the environment may say, and the sentence that answers nonsense."""

import stat
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from config import DEMO_SECRET, ROOT, ConfigError, Settings
from whistle.crypto.vault import KdfParams

SECRET = "b7f1c2a94e0d8365-a-real-one-would-be-random"


def settings(tmp_path: Path, **env: str) -> Settings:
    """Settings of an otherwise sensible environment."""
    sensible = {
        "PELUIT_SECRET_KEY": SECRET,
        "PELUIT_DATA_DIR": str(tmp_path / "data"),
        "PELUIT_KEYS_DIR": str(tmp_path / "keys"),
    }
    return Settings.from_env(sensible | env)


def test_what_is_not_set_has_a_sensible_value(tmp_path):
    got = settings(tmp_path)
    assert (got.host, got.port, got.timezone, got.city) == ("127.0.0.1", 8080, "Asia/Makassar", "Banjarmasin")
    assert (got.idle_minutes, got.session_hours) == (15, 8)
    assert got.database_url == f"sqlite:///{tmp_path}/data/peluit.db"
    assert got.argon2_memory_kib == 65_536
    assert not got.demo


def test_an_empty_value_counts_as_not_set(tmp_path):
    assert settings(tmp_path, PORT="", PELUIT_EXIT_URL="", PELUIT_CITY="", PELUIT_DATABASE_URL="").port == 8080


def test_settings_cannot_be_changed_afterwards(tmp_path):
    with pytest.raises(FrozenInstanceError):
        settings(tmp_path).port = 1  # type: ignore[misc]


def test_the_secret_is_never_shown_with_the_settings(tmp_path):
    assert SECRET not in repr(settings(tmp_path))


def test_the_data_folder_is_made_and_is_its_owners_only(tmp_path):
    got = settings(tmp_path, PELUIT_DATA_DIR=str(tmp_path / "far" / "data"))
    assert stat.S_IMODE(got.data_dir.stat().st_mode) == 0o700
    assert list(got.data_dir.iterdir()) == []


@pytest.mark.parametrize("name", ["PELUIT_DATA_DIR", "PELUIT_KEYS_DIR"])
def test_a_mistyped_folder_of_an_inspectorate_that_is_there_is_said_and_not_made(tmp_path, name):
    settings(tmp_path)
    (tmp_path / "data" / "peluit.db").touch()
    env = {"PELUIT_SECRET_KEY": SECRET, "PELUIT_DATA_DIR": f"{tmp_path}/data", "PELUIT_KEYS_DIR": f"{tmp_path}/keys"}
    assert Settings.from_env(env, there=True).data_dir == tmp_path / "data"
    with pytest.raises(ConfigError, match=f"There is no folder '{tmp_path}/datta': is {name} right"):
        Settings.from_env(env | {name: f"{tmp_path}/datta"}, there=True)
    assert not (tmp_path / "datta").exists()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "abc", "PORT is 'abc': set it to a whole number from 1 to 65535."),
        ("PORT", "0", "PORT"),
        ("PORT", "65536", "PORT"),
        ("PORT", "8_080", "PORT"),
        ("PORT", "٨٠٨٠", "PORT"),
        ("PORT", "-80", "PORT"),
        ("PELUIT_WORKERS", "0", "PELUIT_WORKERS"),
        ("PELUIT_IDLE_MINUTES", "0", "from 1 to 120"),
        ("PELUIT_IDLE_MINUTES", "121", "PELUIT_IDLE_MINUTES"),
        ("PELUIT_SESSION_HOURS", "25", "PELUIT_SESSION_HOURS"),
        ("PELUIT_SESSION_HOURS", "1.5", "PELUIT_SESSION_HOURS"),
        ("PELUIT_SECRET_KEY", "short", "shorter than 32 bytes"),
        ("PELUIT_SECRET_KEY", "", "PELUIT_SECRET_KEY is not set"),
        ("PELUIT_SECRET_KEY", "a" * 64, "could be guessed"),
        ("PELUIT_SECRET_KEY", DEMO_SECRET, "which everybody knows"),
        ("PELUIT_TIMEZONE", "Asia/Banjarmasin", "set it to a time zone's name"),
        ("PELUIT_TIMEZONE", "../../etc/passwd", "PELUIT_TIMEZONE"),
        ("PELUIT_EXIT_URL", "http://example.org", "set it to the https:// address"),
        ("PELUIT_EXIT_URL", "javascript:alert(1)", "PELUIT_EXIT_URL"),
        ("PELUIT_EXIT_URL", "https://", "PELUIT_EXIT_URL"),
        ("PELUIT_EXIT_URL", "https://a:b@example.org", "PELUIT_EXIT_URL"),
        ("PELUIT_EXIT_URL", "https://[bad", "PELUIT_EXIT_URL"),
        ("PELUIT_DATABASE_URL", "mongodb://localhost/peluit", "begins with 'mongodb'"),
        ("PELUIT_DATABASE_URL", "peluit.db", "PELUIT_DATABASE_URL"),
        ("PELUIT_DATABASE_URL", "postgresql+psycopg2://peluit@localhost/peluit", "begins with 'postgresql+psycopg2'"),
        ("PELUIT_DATABASE_URL", "postgresql://peluit@localhost", "names no database"),
        ("PELUIT_DATABASE_URL", "postgresql:///?host=/run/postgresql", "names no database"),
        ("PELUIT_DATABASE_URL", "postgresql://peluit@localhost:no/peluit", "can be read"),
        ("PELUIT_DATABASE_URL", "postgresql://a:b[c@localhost/peluit", "can be read"),
        ("PELUIT_DATABASE_URL", "sqlite://", "reports would be lost"),
        ("PELUIT_DATABASE_URL", "sqlite:///:memory:", "reports would be lost"),
        ("PELUIT_DATABASE_URL", "sqlite:///peluit.db", "absolute path"),
        ("PELUIT_DATABASE_URL", "sqlite:////not/there/peluit.db", "cannot write"),
        ("PELUIT_BLOBS", "/srv/peluit/blobs", "set it to file:///absolute/folder"),
        ("PELUIT_BLOBS", "gs://bucket", "begins neither with file:// nor with s3://"),
        ("PELUIT_BLOBS", "s3://[bucket", "begins neither"),
        ("PELUIT_BLOBS", "file://blobs", "names no folder of this machine"),
        ("PELUIT_BLOBS", "file://server/srv/blobs", "three slashes"),
        ("PELUIT_BLOBS", "file:///", "names no folder"),
        ("PELUIT_BLOBS", "file:///srv/berkas#1", "stand as %XX"),
        ("PELUIT_BLOBS", "file:///not/there/blobs", "'/not/there/blobs', which this user cannot write"),
        ("PELUIT_BLOBS", "file:///etc/hostname", "cannot write"),
        ("PELUIT_BLOBS", "s3://", "names no bucket"),
        ("PELUIT_BLOBS", "s3://ab", "names no bucket"),
        ("PELUIT_BLOBS", "s3://Files", "names no bucket"),
        ("PELUIT_BLOBS", "s3://files/a//b", "and nothing else"),
        ("PELUIT_BLOBS", "s3://files/../other", "and nothing else"),
        ("PELUIT_BLOBS", "s3://files?endpoint=x", "where the store is in AWS_ENDPOINT_URL_S3"),
        ("PELUIT_HOST", "all of them", "set it to an address of this machine"),
        ("PELUIT_HOST", "127.0.0.256", "PELUIT_HOST"),
        ("PELUIT_HOST", "127.0.0.1:8080", "PELUIT_HOST"),
        ("PELUIT_ARGON2_MEMORY_KIB", "1024", "from 19456"),
        ("PELUIT_ARGON2_MEMORY_KIB", "1048577", "to 1048576"),
        ("PELUIT_ARGON2_ITERATIONS", "1", "from 2"),
        ("PELUIT_ARGON2_ITERATIONS", "33", "from 2 to 32"),
        ("PELUIT_CITY", "x" * 61, "PELUIT_CITY"),
        ("PELUIT_CITY", "Banjar\x00masin", "PELUIT_CITY"),
        ("PELUIT_DEMO", "maybe", "set it to 1 or 0"),
        ("PELUIT_DEMO_FIXED", "1", "only together with PELUIT_DEMO=1"),
    ],
)
def test_nonsense_is_refused_with_a_sentence_that_says_what_to_set(tmp_path, name, value, says):
    with pytest.raises(ConfigError) as refused:
        settings(tmp_path, **{name: value})
    assert says in str(refused.value)
    assert name in str(refused.value)
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("name", ["PELUIT_DATA_DIR", "PELUIT_KEYS_DIR"])
def test_a_folder_that_cannot_be_made_is_refused(tmp_path, name):
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(ConfigError, match=name):
        settings(tmp_path, **{name: str(in_the_way / "data")})


@pytest.mark.parametrize(
    ("host", "address"), [("127.0.0.1", "127.0.0.1:8080"), ("::1", "[::1]:8080"), ("localhost", "localhost:8080")]
)
def test_where_to_listen_is_written_as_in_a_url(tmp_path, host, address):
    assert settings(tmp_path, PELUIT_HOST=host).address == address


@pytest.mark.parametrize("demo", ["0", "1"])
def test_the_dearest_and_the_cheapest_password_that_may_be_set_are_ones_that_a_vault_takes(tmp_path, demo):
    for memory, iterations, lanes in (("1048576", "32", "16"), ("128" if demo == "1" else "19456", "2", "16")):
        got = settings(
            tmp_path,
            PELUIT_DEMO=demo,
            PELUIT_ARGON2_MEMORY_KIB=memory,
            PELUIT_ARGON2_ITERATIONS=iterations,
            PELUIT_ARGON2_LANES=lanes,
        )
        KdfParams(got.argon2_memory_kib, got.argon2_iterations, got.argon2_lanes)
    with pytest.raises(ConfigError, match="PELUIT_ARGON2_MEMORY_KIB"):
        settings(tmp_path, PELUIT_DEMO="1", PELUIT_ARGON2_MEMORY_KIB="127", PELUIT_ARGON2_LANES="16")


def test_a_refused_secret_does_not_stand_in_the_sentence(tmp_path):
    with pytest.raises(ConfigError) as refused:
        settings(tmp_path, PELUIT_SECRET_KEY="hunter2-but-short")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg", "PostgreSQL"])
def test_postgresql_may_be_named_in_the_ways_that_are_usual(tmp_path, kind):
    got = settings(tmp_path, PELUIT_DATABASE_URL=f"{kind}://desk:p%40ss@db:5433/peluit?sslmode=verify-full")
    assert got.database_url == "postgresql+psycopg://desk:p%40ss@db:5433/peluit?sslmode=verify-full"
    got = settings(tmp_path, PELUIT_DATABASE_URL=f"{kind}://desk@/peluit?host=/run/postgresql")
    assert got.database_url == "postgresql+psycopg://desk@/peluit?host=/run/postgresql"


def test_a_password_in_an_address_stands_in_no_sentence_and_no_picture_of_the_settings(tmp_path):
    for url in ("postgresql://desk:hunter2@db", "postgresql://desk:hunter2@db:x/peluit", "mysql://desk:hunter2@db/x"):
        with pytest.raises(ConfigError) as refused:
            settings(tmp_path, PELUIT_DATABASE_URL=url)
        assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(settings(tmp_path, PELUIT_DATABASE_URL="postgresql://desk:hunter2@db/peluit"))


def test_files_lie_with_the_data_in_a_folder_or_in_a_bucket(tmp_path):
    assert settings(tmp_path).blobs_url == settings(tmp_path, PELUIT_BLOBS=" ").blobs_url == ""
    for set_to, got in (
        (f"file://{tmp_path}/blobs", f"file://{tmp_path}/blobs"),
        (f"file://{tmp_path}/data%20files/", f"file://{tmp_path}/data%20files"),
        ("s3://files", "s3://files"),
        ("s3://files/", "s3://files"),
        ("s3://files.example.id/peluit/banjarmasin_1/", "s3://files.example.id/peluit/banjarmasin_1"),
    ):
        assert settings(tmp_path, PELUIT_BLOBS=set_to).blobs_url == got
    assert not (tmp_path / "blobs").exists()


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"])
def test_an_object_stores_address_that_makes_no_sense_is_refused_where_there_is_one(tmp_path, name):
    for address in ("https://s3.example.id", "http://127.0.0.1:8333", "http://[::1]:8333/", ""):
        assert settings(tmp_path, PELUIT_BLOBS="s3://files", **{name: address}).blobs_url
    for address in ("s3.example.id", "ftp://s3.example.id", "https://", "https://a:hunter2@s3.example.id", "http://h:x"):
        with pytest.raises(ConfigError, match=f"{name} is no address") as refused:
            settings(tmp_path, PELUIT_BLOBS="s3://files", **{name: address})
        assert "hunter2" not in str(refused.value)
        assert settings(tmp_path, **{name: address}).blobs_url == ""


def test_keys_that_stand_with_the_bucket_are_refused_and_not_repeated(tmp_path):
    for url in ("s3://key:hunter2@files", "hunter2:x://files", "s3://files?secret=hunter2", "s3://files/hunter2 /"):
        with pytest.raises(ConfigError) as refused:
            settings(tmp_path, PELUIT_BLOBS=url)
        assert "hunter2" not in str(refused.value)


def test_a_demonstration_keeps_its_own_keys_and_makes_its_own_secret_once(tmp_path):
    # Given a demonstration without a secret of its own
    env = {"PELUIT_DEMO": "1", "PELUIT_DATA_DIR": str(tmp_path)}
    # When it starts twice
    first, second = Settings.from_env(env), Settings.from_env(env)
    # Then the secret is long, the same, and readable by nobody else; and no root is shared with another demonstration
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert first.keys_dir == tmp_path / "keys"


def test_a_demonstrations_broken_secret_is_said_and_not_used(tmp_path):
    (tmp_path / "secret.key").write_text("")
    with pytest.raises(ConfigError, match="remove the file"):
        Settings.from_env({"PELUIT_DEMO": "1", "PELUIT_DATA_DIR": str(tmp_path)})


def test_outside_a_demonstration_keys_lie_beside_the_code_by_default(tmp_path):
    assert settings(tmp_path, PELUIT_KEYS_DIR="").keys_dir == ROOT / "keys"


def test_a_demonstration_may_use_the_known_secret_and_cheap_passwords(tmp_path):
    got = settings(tmp_path, PELUIT_DEMO="1", PELUIT_SECRET_KEY=DEMO_SECRET, PELUIT_ARGON2_MEMORY_KIB="64")
    assert got.argon2_memory_kib == 64
