"""Error pages: a sentence, a next step, the right frame, nothing of the machinery."""

from pathlib import Path

import pytest
from flask import Flask

from tests.inspectorate import settings
from whistle import create_app
from whistle.casefile.manifest import ManifestRefused
from whistle.services.context import NotSetUp
from whistle.store.errors import StoreUnavailable


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app("both", settings(tmp_path))


@pytest.mark.parametrize("error", [StoreUnavailable("disk"), NotSetUp("root.pub"), ManifestRefused("floor")])
def test_what_is_not_available_says_that_nothing_was_stored_and_when_to_try_again(app: Flask, error: Exception) -> None:
    def fail() -> str:
        raise error

    app.view_functions["channel.home"] = fail
    answer = app.test_client().get("/")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "belum tersimpan" in answer.text and "dua menit lagi" in answer.text
    assert str(error) not in answer.text


@pytest.mark.parametrize("error", [StoreUnavailable("disk"), RuntimeError("a mistake of ours")])
def test_an_error_page_carries_what_was_typed_and_can_send_it_once_more(app: Flask, error: Exception) -> None:
    def fail() -> str:
        raise error

    app.view_functions["channel.send"] = fail
    answer = app.test_client().post("/lapor/kirim", data={"story": "Jangan \"hilang\".", "how": ["calo", "map"]})
    assert answer.status_code in (500, 503)
    assert '<form method="post" action="/lapor/kirim"' in answer.text
    assert 'name="story" value="Jangan &#34;hilang&#34;."' in answer.text
    assert answer.text.count('name="how"') == 2


@pytest.mark.parametrize(("path", "sentence"), [("/x", "Halaman ini tidak ada"), ("/en/x", "This page does not exist")])
def test_a_page_that_is_not_there_is_in_the_readers_language(app: Flask, path: str, sentence: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert sentence in answer.text and 'class="exit"' in answer.text


def test_the_desks_error_pages_do_not_pretend_to_be_the_channel(app: Flask) -> None:
    answer = app.test_client().get("/meja/x/y/z")
    assert answer.status_code == 404
    assert 'class="exit"' not in answer.text


def test_a_wrong_method_names_the_right_ones(app: Flask) -> None:
    answer = app.test_client().get("/lapor/kirim")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("sent", "site", "kept"),
    [
        ({"reason": "Alasan saya"}, "same-origin", True),
        ({"reason": "Alasan saya"}, "cross-site", False),
        ({"reason": "Alasan saya", "new_password": "rahasia"}, "same-origin", False),
    ],
)
def test_the_desk_repeats_only_what_a_page_of_its_own_sent_and_no_secret(
    app: Flask, sent: dict[str, str], site: str, kept: bool
) -> None:
    def fail() -> str:
        raise StoreUnavailable("disk")

    app.view_functions["desk.sign_out"] = fail
    answer = app.test_client().post("/meja/keluar", data=sent, headers={"Sec-Fetch-Site": site})
    assert ('name="reason" value="Alasan saya"' in answer.text) is kept
    assert "rahasia" not in answer.text
