"""Leaflet without the internet: the library from the `xstatic-leaflet` package goes into the page itself.

Folium's own pages ask six foreign hosts for scripts and styles and name their elements at random. `OfflineMap` asks
nobody, has no tiles unless given some, and `name_elements` gives the same names on every run.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import folium
    from branca.element import Element
    from markupsafe import Markup

_URL = re.compile(r"url\((?!#)([^)]+)\)")


@cache
def read_leaflet_js() -> str:
    """Return Leaflet's script, without its reference to a source map and safe inside a script element."""
    text = (_leaflet_folder() / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"//# sourceMappingURL=.*", "", text).replace("</script", "<\\/script").strip()


@cache
def read_leaflet_css() -> str:
    """Return Leaflet's style sheet with its pictures as data URIs and without rules for Internet Explorer's VML."""
    text = (_leaflet_folder() / "leaflet.css").read_text(encoding="utf-8")
    text = re.sub(r"\s*behavior:\s*url\(#default#VML\);", "", text)
    return _URL.sub(_inline_picture, text)


def _leaflet_folder() -> Path:
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR)


def _inline_picture(match: re.Match[str]) -> str:
    data = (_leaflet_folder() / match.group(1).strip("'\" ")).read_bytes()
    return f"url(data:image/png;base64,{base64.b64encode(data).decode('ascii')})"


def build_offline_map(*, location: tuple[float, float], zoom: int, **options: Any) -> folium.Map:  # noqa: ANN401
    """Return a folium map that loads nothing: no default scripts or styles, no tiles.

    Parameters
    ----------
    location : tuple
        lat, lon of the middle (folium's order; only this room uses it).
    zoom : int
        First zoom level.
    **options
        Passed to ``folium.Map``.
    """
    import folium

    class OfflineMap(folium.Map):
        default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own way
        default_css: list[tuple[str, str]] = []  # noqa: RUF012

    offline = OfflineMap(location=location, tiles=None, zoom_start=zoom, zoom_control="bottomright", **options)
    offline._name = "map"
    return offline


def name_elements(root: Element) -> None:
    """Replace the random ids of folium elements by their order in the tree, so that pages repeat byte for byte."""
    count = 0
    waiting = [root]
    while waiting:
        element = waiting.pop(0)
        element._id = f"{count}"
        count += 1
        waiting.extend(element._children.values())


def render_parts(offline: folium.Map) -> dict[str, str]:
    """Return the ``html`` and ``script`` of a map for our own page frame, and the ``name`` of its variable.

    Folium's page head is left out: it forbids zooming on phones, which WCAG 1.4.4 does not allow.
    """
    from branca.element import Figure

    root = offline.get_root()
    assert isinstance(root, Figure)
    name_elements(root)
    offline.render()  # type: ignore[no-untyped-call]
    for child in list(root.header._children.values()):
        child.render()
    return {"html": root.html.render(), "script": root.script.render(), "name": offline.get_name()}


def leaflet_markup() -> dict[str, Markup]:
    """Return Leaflet's ``js`` and ``css`` as markup for our templates."""
    from markupsafe import Markup

    return {"js": Markup(read_leaflet_js()), "css": Markup(read_leaflet_css())}
