"""Photograph the studio on the shipped region for STUDIO.md: a project switched on and slid, a road drawn."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.conftest import REPO
from tests.studio.planner import Planner, serving
from tests.tools.open_pages import open_browser

PICTURES = REPO / "maps" / "pictures"
NAME = "studio.png"


def take_picture(folder: Path, lang: str = "en") -> Path:
    """Write the picture and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    with serving(None, None) as server, open_browser() as browser:
        planner = Planner(browser, server.url, (1280, 760))
        page = planner.open()
        page.locator(f'[data-set-lang="{lang}"]').click()
        planner.switch("hubao_hsr")
        planner.slide("hubao_hsr.design_speed_kmh", 250)
        page.locator('[data-new="road_link"]').click()
        for node in ("g65_dongsheng_n", "g59_shengle", "g6_qixiaying"):
            planner.click_node(node)
        page.locator("#draw-done").click()
        planner.take()
        page.locator("#switch-hubao_hsr").scroll_into_view_if_needed()
        page.evaluate("document.getElementById('right').scrollTo(0, 0)")
        page.screenshot(path=folder / NAME)
        planner.context.close()
    return folder / NAME


def main(arguments: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--to", type=Path, default=PICTURES, help="where the picture goes; default maps/pictures")
    parser.add_argument("--lang", choices=("zh", "en"), default="en")
    chosen = parser.parse_args(arguments)
    path = take_picture(chosen.to, chosen.lang)
    sys.stdout.write(f"{path.stat().st_size / 1000:4.0f} kB  {path.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
