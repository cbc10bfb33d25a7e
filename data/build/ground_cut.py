"""Cut shared lines and areas to the box of a region."""

from __future__ import annotations

import json
from typing import Any

import shapely
from shapely.geometry import mapping, shape

Box = tuple[float, float, float, float]  # west, south, east, north
DECIMALS = 3  # about 100 m, as the shared files are


def cut_collection(text: str, box: Box) -> str:
    """Return a GeoJSON text with what of each feature lies in the box, one feature a line; empty features go."""
    collection = json.loads(text)
    head = {key: value for key, value in collection.items() if key != "features"}
    frame = shapely.box(*box)
    lines = []
    for feature in collection["features"]:
        inside = shape(feature["geometry"]).intersection(frame)
        if not inside.is_empty:
            feature["geometry"] = _round(mapping(inside))
            lines.append(json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
    joined = ",\n".join(lines)
    return f'{json.dumps(head, ensure_ascii=False)[:-1]}, "features": [\n{joined}\n]}}\n'


def _round(value: Any) -> Any:  # noqa: ANN401 - any part of a geometry
    if isinstance(value, dict):
        return {key: _round(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_round(item) for item in value]
    return round(value, DECIMALS) if isinstance(value, float) else value
