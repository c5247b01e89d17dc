"""What the public form weighs and how soon a phone shows it."""

import os
import statistics
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.line import line
from tests.browser.conftest import CHROMIUM, PHONE
from tests.server import prepare, serving

SLOW = {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 50_000}  # 400 kbit/s


def run(folder: Path) -> None:
    """Load the form five times with an empty cache at 400 kbit/s and 300 ms."""
    data = folder / "pages"
    data.mkdir()
    prepare(data)
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    with serving(data, folder / "pages.log") as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        for path in ("/", "/lapor", "/lacak"):
            weights, paints = [], []
            for _ in range(5):
                context = browser.new_context(base_url=server.base, viewport={"width": PHONE[0], "height": PHONE[1]})
                page = context.new_page()
                session = context.new_cdp_session(page)
                session.send("Network.enable")
                session.send("Network.emulateNetworkConditions", SLOW)
                sizes: list[float] = []
                session.on(
                    "Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"])
                )
                page.goto(path, wait_until="networkidle")
                weights.append(sum(sizes) / 1000)
                paints.append(
                    page.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN")
                )
                context.close()
            line(f"{path}: everything it loads, headers included", statistics.median(weights), "kB", 40)
            line(f"{path}: first paint at 400 kbit/s, 300 ms", statistics.median(paints), "ms", 1500)
        browser.close()
