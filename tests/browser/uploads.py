"""A small inspectorate behind the real server, a phone whose line may break, and what arrived there."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import PHONE
from tests.server import Server, prepare, serving
from whistle.casefile.attachments import Attachment, Stored
from whistle.services import followup
from whistle.services.context import Context
from whistle.services.evidence import Content
from whistle.web.channel import files

SAID = "Failed to load resource"  # Chromium's own line for a broken connection, and for an answer that is no 200
STORY = "Diminta lima puluh ribu di loket dua, tanpa kuitansi."


@dataclass
class Place:
    """A running server, what it stored, and the pages that were opened."""

    server: Server
    ctx: Context
    browser: Browser
    contexts: list[BrowserContext] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def open(self, path: str = "/lapor", *, size: tuple[int, int] = PHONE, before: str = "", **options: object) -> Page:
        """A page in a fresh profile; ``before`` is a script that runs ahead of the page's own."""
        context = self.browser.new_context(
            base_url=self.server.base, viewport={"width": size[0], "height": size[1]}, locale="id-ID", **options
        )
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and SAID not in m.text and self.wrong.append(m.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda r: r.url.startswith((self.server.base, "blob:")) or self.wrong.append(r.url))
        if before:
            page.add_init_script(before)
        page.goto(path)
        return page

    def close(self) -> None:
        """At the end of a test: what its pages must not do makes it fail."""
        for context in self.contexts:
            context.close()
        wrong = list(self.wrong)
        self.contexts.clear()
        self.wrong.clear()
        assert wrong == []

    def content(self, stored: Stored) -> bytes:
        return Content(self.ctx, self.ctx.lately().installation, stored).read(0, stored.size)

    def carried(self, page: Page) -> list[Stored]:
        """The files that the page's form carries, as they arrived."""
        tokens = page.locator("input[name=berkas-ada]").evaluate_all("nodes => nodes.map(node => node.value)")
        uploads = [files.open_(self.ctx, token) for token in tokens]
        return [upload.sent for upload in uploads if upload]

    def attached(self, words: str) -> list[Attachment]:
        """The files of the report with this receipt."""
        view = followup.open_with_words(self.ctx, words)
        return [one for entry in view.thread for one in entry.files]


@contextlib.contextmanager
def running(browser: Browser, folder: Path) -> Iterator[Place]:
    """For the tests of one module."""
    data = folder / "data"
    data.mkdir()
    ctx, _ = prepare(data)
    with serving(data, folder / "log") as server:
        yield Place(server, ctx, browser)


def fill_in(page: Page) -> None:
    page.locator("[name=happened][value=uang]").check()
    page.locator("[name=service]").select_option("kependudukan")
    page.locator("[name=office]").select_option("DISDUKCAPIL")
    page.locator("#story").fill(STORY)


def send(page: Page) -> str:
    """Look, send; the words of the receipt."""
    page.get_by_role("button", name="Lihat dulu sebelum dikirim").click()
    page.get_by_role("button", name="Kirim dengan aman").click()
    expect(page.locator(".words li")).to_have_count(8)
    return " ".join(page.locator(".words li").all_inner_texts())


def chosen(page: Page) -> list[str]:
    """The names of the files that the form itself would send."""
    names: list[str] = page.locator("input[type=file]").first.evaluate("node => [...node.files].map(file => file.name)")
    return names
