"""Online base maps, only when asked for: whose tiles, their notice, and whether they lie on the shifted datum."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any, Final

from transit_model.errors import InputError, Issue

_KEY: Final = re.compile(r"[0-9A-Za-z]{1,64}")
_TIANDITU: Final = (
    "https://t{{s}}.tianditu.gov.cn/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
    "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}&tk={key}"
)


@dataclass(frozen=True)
class TileSource:
    """Tiles of one provider.

    Attributes
    ----------
    urls : tuple of str
        Leaflet templates, the lowest layer first.
    notice_zh, notice_en : str
        Whose map it is, and what was done to ours; stands on every map.
    gcj02 : bool
        The tiles lie on GCJ-02: our layers are moved for display, our numbers are not touched.
    """

    urls: tuple[str, ...]
    subdomains: str
    notice_zh: str
    notice_en: str
    max_zoom: int
    gcj02: bool = False

    @property
    def notice(self) -> dict[str, str]:
        """The notice in both languages."""
        return {"zh": self.notice_zh, "en": self.notice_en}

    def as_dict(self) -> dict[str, Any]:
        """Return what the page's script needs."""
        data = asdict(self)
        return {key: data[key] for key in ("urls", "subdomains", "max_zoom", "gcj02")}


OSM: Final = TileSource(
    ("https://tile.openstreetmap.org/{z}/{x}/{y}.png",),
    "",
    "底图 © OpenStreetMap 贡献者（在线）",
    "base map © OpenStreetMap contributors (online)",
    19,
)
AMAP: Final = TileSource(
    ("https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}",),
    "1234",
    "底图 © 高德地图（在线，GCJ-02）；本图要素仅为显示而按 GCJ-02 偏移，数据与分钟数不变",
    "base map © Amap (online, GCJ-02); our layers are shifted to GCJ-02 for display only, data and minutes are not",
    18,
    gcj02=True,
)


def parse_basemap(text: str | None) -> TileSource | None:
    """Return the tiles that ``--basemap`` names: ``osm``, ``amap`` or ``tianditu:KEY``; None for none.

    Raises
    ------
    InputError
        When the name is not known, or the key of Tianditu is missing or no key.
    """
    if text is None:
        return None
    name, _, key = text.partition(":")
    if name == "tianditu" and _KEY.fullmatch(key):
        urls = tuple(_TIANDITU.format(layer=layer, key=key) for layer in ("vec", "cva"))
        notice = "底图 © 天地图（在线，国家地理信息公共服务平台）", "base map © Tianditu (online)"
        return TileSource(urls, "01234567", *notice, 18)
    if not key and name in ("osm", "amap"):
        return OSM if name == "osm" else AMAP
    hint = "tianditu:KEY with your own key" if name == "tianditu" else "choose osm, amap or tianditu:KEY"
    shown = "tianditu:…" if name == "tianditu" else text
    raise InputError(Issue("bad_basemap", "error", "no such base map", field="--basemap", value=shown, hint=hint))
