"""The page and its parts: our template, the scripts and styles that the offline pages have too, and Leaflet."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from transit_model.pages.leaflet import read_leaflet_css, read_leaflet_js
from transit_model.pages.page import read_asset

if TYPE_CHECKING:
    from markupsafe import Markup

    from transit_model.studio.service import Studio

_HERE = Path(__file__).parent
ASSETS: Final = {"studio.js": "text/javascript; charset=utf-8", "studio.css": "text/css; charset=utf-8"}
_SHARED: Final = {
    "studio.js": ("lang.js", "map_decode.js", "map_land.js", "map_labels.js", "map_ground.js"),
    "studio.css": ("page.css", "map.css"),
}
_SCRIPTS: Final = ("state", "ask", "map", "switches", "answers", "documents", "forms", "draw", "keep", "start")
_OWN: Final = {"studio.js": tuple(f"{name}.js" for name in _SCRIPTS), "studio.css": ("studio.css",)}


def read_bundle(name: str) -> str:
    """Return all scripts or all styles of the page as one text."""
    leaflet = read_leaflet_js() if name.endswith(".js") else read_leaflet_css()
    shared = [str(read_asset(part)) for part in _SHARED[name]]
    own = [(_HERE / "assets" / part).read_text(encoding="utf-8") for part in _OWN[name]]
    return "\n".join([leaflet, *shared, *own])


@cache
def _read_template() -> str:
    return (_HERE / "templates" / "studio.html.j2").read_text(encoding="utf-8")


def render_page(studio: Studio) -> str:
    """Return the page of a studio; everything but its frame is asked for by its scripts."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["t"] = _both
    return environment.from_string(_read_template()).render(region=studio.workspace.region.info.title)


def _both(zh: str, en: str) -> Markup:
    """Return a text in both languages; the language switch shows one of them."""
    from markupsafe import Markup, escape

    return Markup(f'<span class="zh" lang="zh-CN">{escape(zh)}</span><span class="en" lang="en">{escape(en)}</span>')
