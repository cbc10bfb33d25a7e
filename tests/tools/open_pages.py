"""Open every page of a maps folder in headless Chromium with the network off, as a planner with a USB stick would.

A page fails when it asks for anything beyond its own file, writes an error to the console, throws, shows nothing,
links to a file that is not there, or is heavier than the budget. Exit code 1 names every failure.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Error, Page, Request

PAGE_BUDGET_BYTES = 1_500_000
FOLDER_BUDGET_BYTES = 30_000_000
LEAST_CHANGED_SHARE = 0.02
"""Of the pixels of a map that must differ from its base's where a comparison finds a change."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LOCAL_SCHEMES = ("file", "data", "blob", "about")


@dataclass
class Visit:
    """What was seen on one page."""

    path: Path
    title: str = ""
    maps: int = 0
    problems: list[str] = field(default_factory=list)


def find_chromium() -> str | None:
    """Return the path of an installed Chromium, if there is one."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Yield the system's Chromium, headless; `RuntimeError` when there is none."""
    from playwright.sync_api import sync_playwright

    executable = find_chromium()
    if executable is None:
        raise RuntimeError("no Chromium was found (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        # Root (containers, CI) may not use Chromium's sandbox; the pages are our own.
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield browser
        finally:
            browser.close()


def _watch(page: Page, visit: Visit) -> None:
    def on_request(request: Request) -> None:
        if urlsplit(request.url).scheme not in LOCAL_SCHEMES:
            visit.problems.append(f"asks for {request.url[:120]}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            visit.problems.append(f"console: {message.text[:200]}")

    def on_error(error: Error) -> None:
        visit.problems.append(f"script: {error.message[:200]}")

    page.on("request", on_request)
    page.on("console", on_console)
    page.on("pageerror", on_error)


def _check_links(page: Page, visit: Visit) -> None:
    hrefs: list[str] = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    for href in sorted(set(hrefs)):
        parts = urlsplit(href)
        if parts.scheme == "file" and not Path(unquote(parts.path)).exists():
            visit.problems.append(f"links to a missing file: {Path(unquote(parts.path)).name}")


FAR_NAMES = """() => {
  const at = name => { const r = name.closest('.name-icon').getBoundingClientRect(); return [r.left, r.top]; };
  const names = kind => Array.from(document.querySelectorAll('.folium-map .name-' + kind));
  const centres = names('centre').map(at);
  return names('county_seat').filter(name => {
    if (getComputedStyle(name).visibility !== 'visible') { return false; }
    const [x, y] = at(name), box = name.getBoundingClientRect();
    const off = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    return off > 20 && centres.some(c => Math.hypot(c[0] - x, c[1] - y) < 38);
  }).map(name => name.innerText);
}"""
"""Districts whose point lies beside that of their city and whose name stands far from it, as if they were elsewhere."""


def visit_page(browser: Browser, path: Path, *, screenshot: Path | None = None) -> Visit:
    """Open one file without a network, look for trouble, and photograph it when asked."""
    visit = Visit(path)
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN", offline=True)
    page = context.new_page()
    _watch(page, visit)
    page.goto(path.resolve().as_uri(), wait_until="load")
    page.wait_for_timeout(600)  # Leaflet draws after the load event
    visit.title = page.title()
    visit.maps = page.locator(".leaflet-container").count()
    if not page.inner_text("body").strip():
        visit.problems.append("shows no text")
    for index in range(visit.maps):
        if page.locator(".leaflet-container").nth(index).locator("path, canvas, img").count() == 0:
            visit.problems.append(f"map {index + 1} is empty")
    _check_links(page, visit)
    if screenshot is not None:
        screenshot.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=screenshot)
    _check_change(page, visit)
    _check_names(page, visit)
    context.close()
    if path.stat().st_size > PAGE_BUDGET_BYTES:
        visit.problems.append(f"weighs {path.stat().st_size / 1e6:.1f} MB, more than {PAGE_BUDGET_BYTES / 1e6:.0f} MB")
    return visit


def _check_names(page: Page, visit: Visit) -> None:
    for lang in ("zh", "en"):
        page.evaluate("lang => window.TransitLang && TransitLang.set(lang)", lang)
        page.wait_for_timeout(60)
        for name in page.evaluate(FAR_NAMES):
            visit.problems.append(f"the name {name} stands far from its district")


def share_changed(first: bytes, second: bytes) -> float:
    """Return the share of the pixels in which two PNG pictures of one size differ."""
    import warnings

    import numpy as np
    from rasterio.errors import NotGeoreferencedWarning
    from rasterio.io import MemoryFile

    pictures = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a photograph lies nowhere
        for png in (first, second):
            with MemoryFile(png) as file, file.open() as data:
                pictures.append(data.read()[:3])
    return float(np.any(pictures[0] != pictures[1], axis=0).mean())


def measure_change(page: Page) -> tuple[float, float] | None:
    """Return how much of the first map of a scenario page differs from its base's, None where the page has no lead.

    First the minutes saved as the page opens, beside a base that saves none; then the rings of both where they change.
    """
    has_lead = page.evaluate("Boolean(window.TransitMap && TransitMap.data && TransitMap.data.lead)")
    if not has_lead or page.locator('[name="case"]').count() == 0:
        return None
    box = page.locator(".folium-map")
    opened = box.screenshot()
    page.evaluate("document.querySelector('.leaflet-saved-pane').style.display = 'none'")
    bare = box.screenshot()
    page.evaluate("document.querySelector('.leaflet-saved-pane').style.display = ''")
    rings = []
    for case in ("scenario", "base"):
        page.locator(f'[name="case"][value="{case}"]').check(force=True)
        page.wait_for_timeout(60)
        rings.append(box.screenshot())
    return share_changed(opened, bare), share_changed(rings[0], rings[1])


def _check_change(page: Page, visit: Visit) -> None:
    for what, share in zip(("the minutes saved", "the rings"), measure_change(page) or (), strict=False):
        if what == "the rings" and not page.evaluate("TransitMap.data.lead.moves"):
            continue  # the page says so itself
        if share < LEAST_CHANGED_SHARE:
            visit.problems.append(f"{what} differ from the base in {share:.2%} of the map, too little to be seen")


def visit_folder(folder: Path, *, screenshots: Path | None = None) -> list[Visit]:
    """Visit every `.html` file of a folder, in the order of their names."""
    pages = sorted(folder.glob("*.html"))
    with open_browser() as browser:
        return [
            visit_page(browser, page, screenshot=screenshots / f"{page.stem}.png" if screenshots else None)
            for page in pages
        ]


def list_files(folder: Path) -> list[Path]:
    """Return the files of a run, as its manifest names them; all files of the folder where there is none.

    The folder of the checkout may hold a gallery, and holds the pictures of the README.
    """
    manifest = folder / "data" / "manifest.json"
    if not manifest.is_file():
        return [file for file in folder.rglob("*") if file.is_file()]
    names = json.loads(manifest.read_text(encoding="utf-8"))["files"]
    return [manifest, *(folder / name for name in names)]


def report(visits: list[Visit], *, folder: Path, write: Callable[[str], object]) -> bool:
    """Write one line a page and one a problem; return whether all is well."""
    fine = bool(visits)
    for visit in visits:
        size_mb = visit.path.stat().st_size / 1e6
        write(f"{'ok  ' if not visit.problems else 'FAIL'} {size_mb:5.2f} MB  {visit.path.name}  {visit.title}\n")
        for problem in dict.fromkeys(visit.problems):
            write(f"       {problem}\n")
        fine = fine and not visit.problems
    total = sum(file.stat().st_size for file in list_files(folder))
    write(f"{len(visits)} pages; all files of the run hold {total / 1e6:.1f} MB\n")
    if total > FOLDER_BUDGET_BYTES:
        write(f"FAIL the folder may hold {FOLDER_BUDGET_BYTES / 1e6:.0f} MB\n")
        fine = False
    return fine


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--screenshots", type=Path, help="a folder for one picture a page")
    chosen = parser.parse_args(arguments)
    try:
        visits = visit_folder(chosen.folder, screenshots=chosen.screenshots)
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0 if report(visits, folder=chosen.folder, write=sys.stdout.write) else 1


if __name__ == "__main__":
    sys.exit(main())
