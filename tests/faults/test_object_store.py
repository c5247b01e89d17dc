"""The real server over a real object store: uploads in parts by several at once; a store that goes away meanwhile."""

import hashlib
import json
import os
import random
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests import reporter
from tests.clean.recordings import film
from tests.faults.city import City, city
from tests.nojs import Browser
from tests.store.s3 import BUCKET, ObjectServer
from whistle.crypto.receipt import Receipt
from whistle.crypto.stream import CHUNK
from whistle.services import followup
from whistle.services.evidence import Content
from whistle.store.blobs_s3 import PART as PART_OF_STORE
from whistle.web.channel.upload import KIND, PART, TOKEN

pytestmark = pytest.mark.server
LEAST = PART_OF_STORE + CHUNK  # bytes: it comes in several parts, and goes to the store in several, too


@pytest.fixture
def place(object_store: ObjectServer, tmp_path: Path) -> Iterator[City]:
    url = f"s3://{BUCKET}/peluit-{os.urandom(6).hex()}"
    with city(tmp_path, PELUIT_BLOBS=url) as made:
        made.ctx.settings = replace(made.ctx.settings, blobs_url=url)
        yield made


class Script:
    """What upload.js does; a second try for what broke off is its caller's."""

    def __init__(self, base: str, number: int) -> None:
        self.base, self.token, self.number = base, "", number
        self.data = noise()

    def upload(self) -> str:
        """The whole file, in parts; the value by which a form carries it."""
        self.begin()
        for index in range(-(-len(self.data) // CHUNK)):
            assert self.part(index)["there"] == index + 1
        return self.finish()

    def begin(self) -> None:
        told = {"name": f"film-{self.number}.mp4", "size": len(self.data), "mode": "plain"}
        self.token = self._ask("", json.dumps(told).encode(), "application/json")["token"]

    def part(self, index: int) -> dict[str, Any]:
        return self._ask("/bagian", self.data[index * CHUNK : (index + 1) * CHUNK], KIND, index)

    def finish(self) -> str:
        item = self._ask("/selesai", b"", KIND)["item"]
        found = re.search(r'name="berkas-ada" value="([^"]+)"', item)
        assert found is not None, item
        return unescape(found[1])

    def _ask(self, step: str, data: bytes, kind: str, index: int | None = None) -> dict[str, Any]:
        headers = {"Content-Type": kind, TOKEN: self.token} | ({} if index is None else {PART: str(index)})
        request = urllib.request.Request(f"{self.base}lapor/unggah{step}", data, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                told: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as error:
            told = json.load(error)
        return told


@cache
def noise() -> bytes:
    """A film that cannot be made small."""
    chance = random.Random(4)
    data = film("mp4", [Image.frombytes("RGB", (320, 240), chance.randbytes(320 * 240 * 3)) for _ in range(240)])
    assert len(data) > LEAST
    return data


def report(place: City, carried: str) -> Receipt:
    browser = Browser(place.server.base)
    page = browser.get("/lapor")
    form = page.form("story")
    form.values.append(("berkas-ada", carried))  # as the script puts it into the form
    looked = browser.send(page, form, {**reporter.ANSWERS, "story": "Ada filmnya."})
    return reporter.Draft(browser, looked).send()


def opened(place: City, receipt: Receipt) -> tuple[str, bytes]:
    """How its file is, and the digest of what the store gives for it."""
    view = followup.open_with_words(place.ctx, " ".join(receipt.words))
    (one,) = [one for item in view.thread for one in item.files]
    content = Content(place.ctx, place.ctx.newest().installation, one.file)
    digest = hashlib.sha256(content.read(0, content.size)).digest()
    assert digest == one.file.sha256
    return one.state, digest


def test_films_that_several_upload_in_parts_arrive_cleaned_and_whole(place: City) -> None:
    # Given three phones that upload a film each at the same time, to workers that serve many by one thread
    scripts = [Script(place.server.base, number) for number in range(3)]
    with ThreadPoolExecutor(3) as phones:
        carried = list(phones.map(Script.upload, scripts))
    # When each sends its report
    receipts = [report(place, one) for one in carried]
    # Then every film is in the store, cleaned, with the digest that its report tells
    found = [opened(place, receipt) for receipt in receipts]
    assert [state for state, _ in found] == ["clean"] * 3
    assert len({digest for _, digest in found}) == 1  # the same film


def test_a_store_that_goes_away_in_the_middle_is_said_and_the_rest_follows_when_it_is_back(
    place: City, object_store: ObjectServer
) -> None:
    script = Script(place.server.base, 7)
    # Given an upload of which two parts are there
    script.begin()
    assert script.part(0)["there"] == 1
    assert script.part(1)["there"] == 2
    # When the store goes away
    object_store.end()
    try:
        refused = script.part(2)
        # Then the phone is told so, in words, and the channel answers as always
        assert refused["code"] == "unavailable"
        assert refused["says"]
        assert place.server.answers()
    finally:
        object_store.start()
    # And the upload goes on where it was
    deadline = time.monotonic() + 60
    while script.part(2)["code"] != "ok":
        assert time.monotonic() < deadline, "the upload does not go on"
        time.sleep(0.5)
    for index in range(3, -(-len(script.data) // CHUNK)):
        assert script.part(index)["there"] == index + 1
    assert opened(place, report(place, script.finish()))[0] == "clean"
