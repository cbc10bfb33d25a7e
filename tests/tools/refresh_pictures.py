"""Photograph three pages of a folder that ``transit-model run`` wrote, for the README: small, each time the same way.

Chromium is the one that the browser tests use; the network stays off.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import REPO
from tests.tools.open_pages import open_browser

PICTURES = REPO / "maps" / "pictures"
BUDGET_BYTES = 600_000


@dataclass(frozen=True)
class Shot:
    """One picture: a page, the address of the view, its language, and what is done before."""

    name: str
    page: str
    lang: str
    view: str = ""
    script: str = ""
    size: tuple[int, int] = (1080, 680)


SHOTS = (
    Shot("verdicts", "index.html", "zh", size=(1440, 900)),
    Shot("map", "hubao-hsr.html", "zh"),
    Shot("saved", "compare-built-2025-s27.html", "en", size=(1080, 860)),
)


def take_pictures(maps: Path, folder: Path) -> list[Path]:
    """Write the pictures and return their paths.

    Raises
    ------
    RuntimeError
        When a page is missing, there is no Chromium, or a picture is too heavy.
    """
    missing = [s.page for s in SHOTS if not (maps / s.page).is_file()]
    if missing:
        raise RuntimeError(f"{maps} holds no {', '.join(missing)}; write the default study there first")
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with open_browser() as browser:
        for shot in SHOTS:
            context = browser.new_context(viewport={"width": shot.size[0], "height": shot.size[1]}, offline=True)
            page = context.new_page()
            page.goto(f"{(maps / shot.page).resolve().as_uri()}#lang={shot.lang}&{shot.view}", wait_until="load")
            page.wait_for_timeout(600)  # Leaflet draws after the load event
            if shot.script:
                page.evaluate(shot.script)
                page.wait_for_timeout(600)
            paths.append(folder / f"{shot.name}.png")
            page.screenshot(path=paths[-1])
            context.close()
    heavy = [p.name for p in paths if p.stat().st_size > BUDGET_BYTES]
    if heavy:
        raise RuntimeError(f"heavier than {BUDGET_BYTES / 1000:.0f} kB: {', '.join(heavy)}")
    return paths


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("maps", type=Path, help="the folder that run wrote")
    parser.add_argument("--to", type=Path, default=PICTURES, help="where the pictures go; default maps/pictures")
    chosen = parser.parse_args(arguments)
    try:
        paths = take_pictures(chosen.maps, chosen.to)
    except RuntimeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"{path.stat().st_size / 1000:4.0f} kB  {path.name}\n" for path in paths))
    return 0


if __name__ == "__main__":
    sys.exit(main())
