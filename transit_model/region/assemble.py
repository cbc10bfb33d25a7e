"""A region folder from roads, feeds and places that somebody has at hand: what REGION.md writes by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.region import Feed
from transit_model.domain.safe_text import escape_frame
from transit_model.domain.service_days import find_service_dates
from transit_model.errors import InputError, Issue
from transit_model.gtfs.write import write_gtfs
from transit_model.roads.road_files import write_plain_tables
from transit_model.roads.road_tables import RoadTables
from transit_model.store.cache import hash_file
from transit_model.store.write import replace_folder

MARGIN_DEG: Final = 0.05
"""The study area is the box of roads, stops and places and some 5 km around it."""
LISTING: Final = "assembled.json"
"""The files that were written, with their hashes: a folder with anything else in it is not replaced."""
TIMELESS: Final = date(2000, 1, 1)
"""Day of a region without a timetable: its roads have no dates, so every day is alike."""
STREETS: Final = {
    "station_reach_km": 0.4,
    "off_network_max_min": 10,
    "off_network_speed_kmh": 4.5,
    "walk_max_m": 1500,
}
"""Assumptions of a network that has every street, as REGION.md has them; the defaults are of a corridor network."""


def assemble_region(
    folder: Path,
    roads: RoadTables,
    places: pd.DataFrame,
    feed: Feed | None = None,
    *,
    streets: bool = True,
    title: str = "",
    day: date | None = None,
) -> None:
    """Write a region folder with one base case ``today``, whole or not at all.

    Parameters
    ----------
    folder : Path
        What stands there is replaced when it is as this function wrote it, without a file added or edited since.
    roads : RoadTables
    places : DataFrame
        ``id, lon, lat`` (degrees, WGS84) and, where known, ``name_zh, name_en``. All are the group ``centres``.
    feed : Feed, optional
    streets : bool
        The roads are all streets of a town (`STREETS` hold), not a corridor network.
    title : str
        The name of the folder when empty.
    day : date, optional
        Service day; the busiest of the feed when absent.

    Raises
    ------
    InputError
        ``no_places``, ``no_service``; those of `replace_folder`.
    """
    if not len(places):
        raise InputError(Issue("no_places", "error", "a region needs a place one travels from", field="places"))
    chosen = day or (TIMELESS if feed is None else _find_busiest(feed))
    name = title or folder.name
    head: dict[str, Any] = {
        "id": "".join(c if c.isalnum() and c.isascii() else "-" for c in folder.name.lower()).strip("-") or "region",
        "title": {"zh": name, "en": name},
        "crs": _make_crs(places),
        "bbox": _find_box(roads, places, feed),
        "built_as_of": chosen.isoformat(),
        "service_date": chosen.isoformat(),
        "departure_window": ["07:00", "21:00"],
        "timetable_vintage": _name_vintage(feed, chosen),
        "groups": {"centres": [str(i) for i in places["id"]]},
        "attribution": {"zh": "用户数据", "en": "data of the user"},
    }
    if feed is None:
        head["roads_only"] = True
    if streets:
        head["assumptions"] = STREETS
    base = {"id": "today", "title": {"zh": "现状", "en": "today"}, "base": {"as_of": chosen.isoformat()}}

    def write(new: Path) -> None:
        (new / "region.yaml").write_text(_as_yaml(head), encoding="utf-8")
        _make_places(places).to_csv(new / "places.csv", index=False, lineterminator="\n")
        write_plain_tables(roads, new / "roads")
        if feed is not None:
            write_gtfs(feed, new / "gtfs")
        _cite(roads).to_csv(new / "sources.csv", index=False, lineterminator="\n")
        (new / "scenarios").mkdir()
        (new / "scenarios" / "today.yaml").write_text(_as_yaml(base), encoding="utf-8")
        (new / LISTING).write_text(_as_yaml(_list_files(new)), encoding="utf-8")

    replace_folder(folder, write, is_ours=_is_as_written)


def _list_files(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a folder by its name in it, the listing left out."""
    files = sorted(f for f in folder.rglob("*") if f.is_file() and f.name != LISTING)
    return {f.relative_to(folder).as_posix(): hash_file(f) for f in files}


def _is_as_written(folder: Path) -> bool:
    """Return whether a folder is as this module wrote it: nothing added, nothing edited, nothing of somebody else's."""
    try:
        listed = json.loads((folder / LISTING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(listed == _list_files(folder))


def _as_yaml(content: object) -> str:
    """Return plain data as YAML; JSON is YAML."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _find_busiest(feed: Feed) -> date:
    found = find_service_dates(feed).busiest
    if found is None:
        raise InputError(Issue("no_service", "error", "the feed has no day with service", field="gtfs"))
    return found


def _name_vintage(feed: Feed | None, day: date) -> dict[str, str]:
    if feed is None:
        return {"zh": "无时刻表", "en": "no timetable"}
    return {"zh": f"{day.isoformat()}时刻表", "en": f"timetable of {day.isoformat()}"}


def _make_crs(places: pd.DataFrame) -> str:
    lon, lat = (float(np.mean(_numbers(places, c))) for c in ("lon", "lat"))
    return f"+proj=laea +lat_0={lat:.3f} +lon_0={lon:.3f} +datum=WGS84 +units=m +no_defs"


def _find_box(roads: RoadTables, places: pd.DataFrame, feed: Feed | None) -> list[float]:
    lon = [_numbers(roads.nodes, "lon"), _numbers(places, "lon")]
    lat = [_numbers(roads.nodes, "lat"), _numbers(places, "lat")]
    if feed is not None and len(feed.stops):
        lon.append(_numbers(feed.stops, "stop_lon"))
        lat.append(_numbers(feed.stops, "stop_lat"))
    x, y = np.concatenate(lon), np.concatenate(lat)
    box = (x.min() - MARGIN_DEG, y.min() - MARGIN_DEG, x.max() + MARGIN_DEG, y.max() + MARGIN_DEG)
    return [round(float(v), 3) for v in box]


def _numbers(table: pd.DataFrame, column: str) -> npt.NDArray[np.float64]:
    values: npt.NDArray[np.float64] = table[column].to_numpy(dtype=np.float64)
    known: npt.NDArray[np.float64] = values[np.isfinite(values)]
    return known


def _make_places(places: pd.DataFrame) -> pd.DataFrame:
    names: Sequence[str] = [str(i) for i in places["id"]]
    table = pd.DataFrame(
        {
            "place_id": names,
            "kind": "centre",
            "name_zh": [str(v) for v in places.get("name_zh", pd.Series(names))],
            "name_en": [str(v) for v in places.get("name_en", pd.Series(names))],
            "lon": places["lon"].to_numpy(),
            "lat": places["lat"].to_numpy(),
            "confidence": "high",
            "source": "given in Python",
        }
    )
    return escape_frame(table)


def _cite(roads: RoadTables) -> pd.DataFrame:
    """Return the table of sources: one for the roads, whose rows name it in brackets."""
    texts = [str(t) for t in roads.links["source"].dropna().unique()]
    keys = {t[1:].split("]", 1)[0]: t.split("]", 1)[-1].strip() for t in texts if t.startswith("[") and "]" in t}
    rows = [(key, text, "", text, "", "") for key, text in keys.items()]
    return escape_frame(pd.DataFrame(rows, columns=["key", "publisher", "date", "title", "url", "grade"]))
