"""Relief, waters, province borders, neighbour cities and road shields as a map page carries them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from transit_model.domain.ground import classify_road_number
from transit_model.pages.shapes import encode_lines, encode_polygons

if TYPE_CHECKING:
    from transit_model.domain.ground import Ground

_Item = dict[str, Any]
_BEYOND_DEGREE: Final = 0.02
"""A shield farther from every road of its number than this belongs to a road that does not stand in the scenario."""
_SPOTS: Final = (0.5, 0.35, 0.65, 0.2, 0.8)
"""Shares of the length of a project's road at which its shield may stand, the best first."""


def list_land(ground: Ground | None) -> _Item | None:
    """Return what lies under every map of a study, the relief as a data URI; None where the pack has no ground."""
    from shapely.geometry import shape

    if ground is None:
        return None
    out: _Item = {
        "rivers": [
            {**_name(f, "name"), "rank": int(f["properties"].get("rank", 2)), "g": encode_lines(shape(f["geometry"]))}
            for f in _features(ground.rivers)
        ],
        "lakes": [
            {**_name(f, "name"), "g": encode_polygons(shape(f["geometry"])), **_shore(f)}
            for f in _features(ground.lakes)
        ],
        "borders": [
            {**_name(f, "between"), "g": encode_lines(shape(f["geometry"]))} for f in _features(ground.borders)
        ],
        "neighbours": [
            {"zh": zh, "en": en, "lon": round(lon, 4), "lat": round(lat, 4), "rank": rank}
            for zh, en, lon, lat, rank in ground.neighbours[
                ["name_zh", "name_en", "lon", "lat", "importance"]
            ].itertuples(index=False, name=None)
        ],
    }
    if ground.relief is not None:
        data = base64.b64encode(ground.relief.png).decode("ascii")
        out["relief"] = {"uri": f"data:image/png;base64,{data}", "bounds": list(ground.relief.bounds)}
    return out


def _features(collection: Mapping[str, Any] | None) -> Sequence[Any]:
    return () if collection is None else collection["features"]


def _name(feature: Any, stem: str) -> _Item:  # noqa: ANN401 - a GeoJSON feature
    properties = feature["properties"]
    zh, en = (str(properties.get(f"{stem}_{lang}") or "") for lang in ("zh", "en"))
    return {"zh": zh or en, "en": en or zh}


def _shore(feature: Any) -> _Item:  # noqa: ANN401 - a GeoJSON feature
    year = feature["properties"].get("shore_year")
    return {} if year is None else {"shore": int(year)}


def list_shields(ground: Ground | None, roads: Sequence[tuple[str, Any, bool]]) -> list[_Item]:
    """Return the shields that stand on a road of their number, and one for each number that projects add.

    The latter may stand at several spots: lon and lat, or one of ``also`` (lat, lon), wherever the map has room.

    Parameters
    ----------
    roads : sequence of tuple
        Number (several with a slash between), line, and whether a project adds it, of each road that is drawn in every
        scenario of the page.
    """
    import shapely

    if ground is None:
        return []
    by_ref: dict[str, list[Any]] = {}
    added: dict[str, list[Any]] = {}
    for refs, line, is_added in roads:
        for ref in refs.split("/"):
            by_ref.setdefault(ref, []).append(line)
            if is_added:
                added.setdefault(ref, []).append(line)
    out = []
    for ref, lon, lat, kind in ground.shields[["ref", "lon", "lat", "kind"]].itertuples(index=False, name=None):
        lines = by_ref.get(str(ref), [])
        if lines and min(shapely.distance(lines, shapely.Point(lon, lat))) <= _BEYOND_DEGREE:
            out.append(_shield(str(ref), str(kind), float(lon), float(lat)))
    shown = {item["ref"] for item in out}
    for ref in sorted(added.keys() - shown):
        kind = classify_road_number(ref)
        if kind is not None:
            line = max(added[ref], key=shapely.length)
            middle, *others = (line.interpolate(share, normalized=True) for share in _SPOTS)
            also = [[round(p.y, 4), round(p.x, 4)] for p in others]
            out.append({**_shield(ref, kind, middle.x, middle.y), "also": also})
    return out


def _shield(ref: str, kind: str, lon: float, lat: float) -> _Item:
    return {"ref": ref, "kind": kind, "lon": round(lon, 4), "lat": round(lat, 4)}
