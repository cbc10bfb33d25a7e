"""A planner at the studio: a server in this process, and a page of Chromium that talks to nobody else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transit_model.studio.server import StudioServer, open_studio

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Route

WIDE, NARROW = (1440, 900), (390, 844)
REFUSED = "Failed to load resource"
"""What Chromium itself says of an answer 422 or 409; the page tells the issues."""


@contextmanager
def serving(region: str | None, scenarios: Path | None) -> Iterator[StudioServer]:
    """Run a studio on a free port."""
    server = open_studio(region, scenarios, None)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(10)


class Planner:
    """Drives one page and notes trouble: errors, dialogs, requests to anybody else."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int] = WIDE, *, gated: bool = True) -> None:
        """Open a page; ungated ones are not asked about each request, which takes the driver's turn every time."""
        self.url = url.partition("?")[0]
        self.context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.trouble: list[str] = []
        self.page: Page = self.context.new_page()
        self.page.on("console", self._on_console)
        self.page.on("pageerror", lambda e: self.trouble.append(str(e.message)))
        self.page.on("dialog", self._on_dialog)
        if gated:
            self.page.route("**/*", self._gate)
        self.turn = 0

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and REFUSED not in message.text:
            self.trouble.append(message.text)

    def _on_dialog(self, dialog: Dialog) -> None:
        self.trouble.append("a dialog opened")
        dialog.dismiss()

    def _gate(self, route: Route) -> None:
        if route.request.url.startswith((self.url, "data:")):
            route.continue_()
        else:
            self.trouble.append(f"asks for {route.request.url}")
            route.abort()

    def open(self, link: str | None = None) -> Page:
        """Open the page, or a link to a scenario, and wait for the first answer."""
        self.page.goto("about:blank")
        self.page.goto(link or self.url)
        self.page.wait_for_selector("body[data-ready]", timeout=120_000)
        self.rest()
        return self.page

    def rest(self) -> None:
        """Wait until the newest turn is answered and the table of pairs is filled."""
        self.page.evaluate(
            "() => new Promise((done) => { const look = () => { const d = document.body.dataset;"
            " if (d.turn && d.turn === d.pairs && !document.body.classList.contains('busy')) { done(); }"
            " else { setTimeout(look, 20); } }; setTimeout(look, 60); })"
        )

    def switch(self, project: str, *, on: bool = True) -> None:
        """Set a switch of the library."""
        box = self.page.locator(f'[data-project="{project}"]')
        (box.check if on else box.uncheck)()
        self.rest()

    def slide(self, key: str, value: float) -> None:
        """Move a slider, as the arrow keys do."""
        self.page.locator(f'input[data-key="{key}"]').evaluate(
            "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true }));"
            " input.dispatchEvent(new Event('change', { bubbles: true })); }",
            str(value),
        )
        self.rest()

    def click_at(self, lon: float, lat: float) -> None:
        """Click a point of the map."""
        where = self.page.evaluate(
            "([lon, lat]) => { const m = TransitStudio.map; if (!m.getBounds().pad(-0.15).contains([lat, lon]))"
            " { m.panTo([lat, lon], { animate: false }); } const p = m.latLngToContainerPoint([lat, lon]);"
            " const r = m.getContainer().getBoundingClientRect(); return [r.left + p.x, r.top + p.y]; }",
            [lon, lat],
        )
        self.page.mouse.click(*where)

    def click_node(self, name: str, kind: str = "nodes") -> None:
        """Click a node or a station of the network by its id."""
        at = self.page.evaluate(
            "([id, kind]) => { const n = TransitStudio.network[kind].find((x) => x.id === id);"
            " return [n.lon, n.lat]; }",
            [name, kind],
        )
        self.click_at(*at)

    def click_road(self, road: str) -> None:
        """Click a road in the middle of its course."""
        lat, lon = self.page.evaluate(
            "(id) => { const l = TransitStudio.network.roads.find((r) => r.id === id).line; const a = l[0], b = l[1];"
            " return l.length > 2 ? l[Math.floor(l.length / 2)] : [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]; }",
            road,
        )
        self.click_at(lon, lat)

    def take(self) -> None:
        """Accept the form and wait for the answer."""
        self.page.locator("#form-ok").click()
        self.page.locator("#dialog[open]").wait_for(state="detached")
        self.rest()

    def read(self, expression: str) -> Any:
        """Return what an expression of the page's script is."""
        return self.page.evaluate(expression)
