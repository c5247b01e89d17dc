"""Before the first manifest there is nobody to seal to, and nobody is let write in vain."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests import inspectorate
from tests.services.test_manifests import PEOPLE, PUBLIC, City, signed
from whistle import create_app
from whistle.domain.clock import SetClock
from whistle.services import founding, manifests
from whistle.services.context import Context, Trust
from whistle.services.manifests import Wishes
from whistle.store.database import Store, make_engine


@pytest.fixture
def empty(tmp_path: Path, database: str) -> City:
    config = inspectorate.settings(tmp_path, database)
    clock = SetClock(inspectorate.MORNING)
    return City(Context(Store(make_engine(config.database_url)), Trust(config.keys_dir), clock, config), clock)


def client_of(city: City) -> FlaskClient:
    app = create_app("channel", city.ctx.settings)
    app.extensions["peluit"] = city.ctx
    return app.test_client()


@pytest.mark.parametrize("path", ["/", "/lapor", "/lacak", "/en/", "/en/lapor"])
def test_pages_say_kindly_that_the_channel_is_not_open_yet(empty: City, path: str) -> None:
    page = client_of(empty).get(path)
    assert page.status_code == 503
    assert ("This channel is not open yet" if path.startswith("/en") else "Saluran ini belum dibuka") in page.text
    assert "110" in page.text
    assert "Set-Cookie" not in page.headers


def test_help_is_there_all_the_time(empty: City) -> None:
    assert client_of(empty).get("/bantuan").status_code == 200


def test_what_is_sent_nevertheless_is_not_taken_in(empty: City) -> None:
    founding.found(empty.ctx, PEOPLE, PUBLIC)
    answers = {"happened": "uang", "service": "kependudukan", "office": "DISDUKCAPIL", "story": inspectorate.STORY}
    page = client_of(empty).post("/lapor/kirim", data=answers)
    assert page.status_code in (200, 503)
    assert 'class="words"' not in page.text


def test_it_opens_by_itself_when_the_manifest_is_installed(empty: City) -> None:
    client = client_of(empty)
    for one in founding.found(empty.ctx, PEOPLE, PUBLIC):
        empty.enrol(one)
    assert client.get("/lapor").status_code == 503
    manifests.install(empty.ctx, signed(manifests.request(empty.ctx, Wishes()).manifest))
    assert client.get("/").status_code == 200
    assert client.get("/lapor").status_code == 200


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_database_without_tables_is_not_open_either(tmp_path: Path, database: str) -> None:
    (tmp_path / "nothing.db").touch()
    config = inspectorate.settings(tmp_path, f"sqlite:///{tmp_path / 'nothing.db'}")
    clock = SetClock(inspectorate.MORNING)
    assert not Context(Store(make_engine(config.database_url)), Trust(config.keys_dir), clock, config).is_open()
