"""A visitor of the pages in Chromium with the network cut, who notes trouble."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Route

TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Waits until what the page did on loading is drawn: nothing in our scripts waits longer."""
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


class Visitor:
    """Opens pages and notes trouble."""

    def __init__(self, browser: Browser, folder: Path, width: dict[str, int], locale: str = "zh-CN") -> None:
        size = {"width": width["width"], "height": width["height"]}
        self.context = browser.new_context(viewport=size, locale=locale)  # type: ignore[arg-type]
        self.folder = folder
        self.trouble: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda e: self.trouble.append(e.message))
        self.page.on("dialog", self._on_dialog)
        self.page.route("**/*", self._gate)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.trouble.append(message.text)

    def _on_dialog(self, dialog: Dialog) -> None:
        self.trouble.append("a dialog opened")
        dialog.dismiss()

    def _gate(self, route: Route) -> None:
        if route.request.url.startswith(("file:", "data:")):
            route.continue_()
        else:
            self.trouble.append(f"asks for {route.request.url}")
            route.abort()

    def open(self, name: str, hash_: str = "") -> Page:
        self.page.goto("about:blank")
        self.page.goto((self.folder / name).as_uri() + (f"#{hash_}" if hash_ else ""))
        self.page.evaluate(TWO_FRAMES)
        return self.page


def count_paths(page: Page, pane: str) -> int:
    """Return how many shapes a pane of the map holds."""
    return page.locator(f".leaflet-{pane}-pane path").count()


def choose(page: Page, name: str, value: str) -> None:
    """Tick one pill of the form."""
    page.locator(f'input[name="{name}"][value="{value}"]').check(force=True)
