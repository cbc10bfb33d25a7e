"""Railway lines and stations of an OSM file (.osm.pbf, .osm, .osm.gz, .osm.bz2), as two plain tables.

Meanings as in the OSM wiki (Key:railway, Key:usage, Key:service, Tag:public_transport=station). A station may be drawn
as a point, as a building and as a stop area: what lies near with the same name is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.errors import InputError, Issue
from transit_model.roads.osm_files import check_osm_path, read_latest, read_marks, reading
from transit_model.roads.osm_tags import parse_maxspeed
from transit_model.roads.station_names import normalise_name
from transit_model.roads.step_lengths import compute_step_lengths_m

RAIL_KINDS = ("rail", "light_rail", "subway", "narrow_gauge", "monorail")
TRAM = "tram"
STATES = ("construction", "proposed")
_SIDE_TRACKS = {"yard", "siding", "spur", "crossover"}
_NO_PASSENGERS = {"industrial", "military", "test"}
SAME_STATION_M = 800.0
"""Objects of one name nearer than this are one station (judged: a large station building is 500 m long)."""
_NAMES = {
    "name": ("name",),
    "name_zh": ("name:zh", "name:zh-Hans", "name:zh-Hant"),
    "name_en": ("name:en",),
    "name_pinyin": ("name:zh-Latn-pinyin", "name:zh_pinyin", "name:zh-pinyin", "name:pinyin"),
}
LINE_COLUMNS = ("osm_way", "kind", "state", "usage", "name", "name_zh", "name_en", "maxspeed_kmh", "electrified")
STATION_COLUMNS = ("osm_id", "kind", "name", *list(_NAMES)[1:], "aliases", "lon", "lat", "ref", "objects")


class OsmRail(NamedTuple):
    """Railways of a file.

    Attributes
    ----------
    lines : DataFrame
        `LINE_COLUMNS`, ``length_m`` and ``line``, an (n, 2) array of longitude and latitude.
    stations : DataFrame
        `STATION_COLUMNS`; `kind` station or halt of a railway, subway, light_rail, tram; `objects` how many objects of
        the file are this station.
    dropped : mapping
        Why lines and stations were left out, with their number.
    issues : list of Issue
    """

    lines: pd.DataFrame
    stations: pd.DataFrame
    dropped: Mapping[str, int]
    issues: list[Issue]


@dataclass(frozen=True)
class RailOptions:
    """What to read: also trams, yards and sidings, lines without passengers, lines that are planned or being built."""

    trams: bool = False
    side_tracks: bool = False
    freight: bool = False
    planned: bool = False


def read_osm_rail(path: Path | str, options: RailOptions | None = None) -> OsmRail:
    """Return the railway lines and stations of an OSM file.

    Raises
    ------
    InputError
        ``missing_file``, ``unknown_format``, ``bad_osm``, ``no_railways``.
    """
    path, options = check_osm_path(path), options or RailOptions()
    scan = _RailScan(options, path)
    with reading(path):
        import osmium

        marks = read_marks(path)
        keys = osmium.filter.KeyFilter("railway", "public_transport")
        things: Iterable[Any] = osmium.FileProcessor(str(path)).with_locations("flex_mem").with_filter(keys)
        for thing in things:
            gone = thing.id in (marks.nodes if thing.is_node() else marks.ways if thing.is_way() else ())
            if not (gone or thing.deleted):
                scan.read(thing)
    if not scan.lines and not scan.stations:
        hint = "an extract that was filtered for roads has no railways; take the whole one"
        raise InputError(Issue("no_railways", "error", "there is no railway in the data", path.name, hint=hint))
    lines = pd.DataFrame(scan.lines, columns=[*LINE_COLUMNS, "length_m", "line"])
    stations, unnamed = _join_stations(scan.stations)
    issues = []
    if scan.cut:
        message = f"{scan.cut} railways or stations name nodes that the extract does not hold; cut there or left out"
        issues.append(Issue("unknown_node", "warning", message, path.name))
    if unnamed:
        message = f"{unnamed} stations have no name and were left out"
        issues.append(Issue("station_without_name", "warning", message, path.name))
        scan.dropped["station_without_name"] += unnamed
    return OsmRail(lines, stations, dict(sorted(scan.dropped.items())), issues)


class _RailScan:
    def __init__(self, options: RailOptions, path: Path) -> None:
        self._options, self._path = options, path
        self._drawn: dict[int, int] = {}  # way to its row, so that a newer version replaces it
        self._negative: dict[int, tuple[float, float]] | None = None
        self._kinds = (*RAIL_KINDS, TRAM) if options.trams else RAIL_KINDS
        self.lines: list[tuple[Any, ...]] = []
        self.stations: list[dict[str, Any]] = []
        self.dropped: Counter[str] = Counter()
        self.cut = 0

    def read(self, thing: Any) -> None:  # noqa: ANN401 - pyosmium is untyped
        tags = {t.k: t.v for t in thing.tags}
        kind = _find_station_kind(tags)
        if kind and (kind != TRAM or self._options.trams):
            self._read_station(thing, tags, kind)
        elif thing.is_way():
            self._read_line(thing, tags)

    def _read_line(self, way: Any, tags: Mapping[str, str]) -> None:  # noqa: ANN401
        value = tags.get("railway", "")
        state = value if value in STATES else "open"
        kind = tags.get(value, "rail") if state != "open" else value
        if kind not in self._kinds:
            return
        reasons = {
            "side_track": tags.get("service", "") in _SIDE_TRACKS and not self._options.side_tracks,
            "no_passengers": tags.get("usage", "") in _NO_PASSENGERS and not self._options.freight,
            "not_built": state != "open" and not self._options.planned,
        }
        why = next((reason for reason, holds in reasons.items() if holds), "")
        if why:
            self.dropped[why] += 1
            return
        points = np.array(self._list_places(way), dtype=np.float64).reshape(-1, 2)
        self.cut += len(points) < len(way.nodes)
        if len(points) < 2:
            return
        kmh, _ = parse_maxspeed(tags.get("maxspeed", ""))
        names = _read_names(tags)
        length = float(compute_step_lengths_m(points[:, 0], points[:, 1]).sum())
        usage, wire = tags.get("usage", ""), tags.get("electrified", "")
        texts = (names["name"], names["name_zh"], names["name_en"])
        line = (int(way.id), kind, state, usage, *texts, kmh, wire, round(length, 1), points)
        row = self._drawn.setdefault(way.id, len(self.lines))
        self.lines[row : row + 1] = [line]

    def _list_places(self, way: Any) -> list[tuple[float, float]]:  # noqa: ANN401
        """Return the nodes of a way as (lon, lat), without those that the file does not hold or that lie at 0,0."""
        places = []
        for node in way.nodes:
            place = (node.lon, node.lat) if node.location.valid() else None
            if node.ref < 0:  # as editors number new nodes
                if self._negative is None:
                    self._negative = read_latest(self._path).places
                place = self._negative.get(node.ref)
            if place is not None and place != (0.0, 0.0):
                places.append(place)
        return places

    def _read_station(self, thing: Any, tags: Mapping[str, str], kind: str) -> None:  # noqa: ANN401
        if thing.is_node():
            place: tuple[float, float] | None = (thing.lon, thing.lat)
        elif thing.is_way():
            known = self._list_places(thing)
            # The middle of the box: corners of a building are drawn where its shape is busy.
            x, y = [p[0] for p in known], [p[1] for p in known]
            place = ((min(x) + max(x)) / 2, (min(y) + max(y)) / 2) if known else None
        else:
            place = None  # a relation's members carry the place
        if place is None:
            self.cut += thing.is_way()
            return
        letter = "n" if thing.is_node() else "w"
        aliases = [tags[k] for k in ("official_name", "alt_name", "short_name", "old_name", "loc_name") if k in tags]
        self.stations.append(
            {
                "osm_id": f"{letter}{thing.id}",
                "kind": kind,
                **_read_names(tags),
                "aliases": ";".join(aliases),
                "lon": round(place[0], 7),
                "lat": round(place[1], 7),
                "ref": tags.get("railway:ref", "") or tags.get("uic_ref", "") or tags.get("ref", ""),
                "rank": 0 if thing.is_node() and "railway" in tags else 1,
            }
        )


def _read_names(tags: Mapping[str, str]) -> dict[str, str]:
    return {column: next((tags[k] for k in keys if k in tags), "") for column, keys in _NAMES.items()}


def _find_station_kind(tags: Mapping[str, str]) -> str:
    """Return station, halt, subway, light_rail or tram of a station in use, "" of anything else."""
    railway = tags.get("railway", "")
    by_rail = any(tags.get(k) == "yes" for k in ("train", "subway", "light_rail", "tram", "monorail"))
    by_transport_tag = railway == "" and tags.get("public_transport") == "station" and by_rail
    if railway not in ("station", "halt") and not by_transport_tag:
        return ""
    for kind in ("subway", "light_rail", "tram"):
        if tags.get("station") == kind or (tags.get(kind) == "yes" and tags.get("train") != "yes"):
            return kind
    return railway or "station"


def _join_stations(found: list[dict[str, Any]]) -> tuple[pd.DataFrame, int]:
    """Make one row of the objects that draw one station: near, of one name and of one kind of railway."""
    named = [s for s in found if any(s[c] for c in _NAMES)]
    kept: list[dict[str, Any]] = []
    at: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for station in sorted(named, key=lambda s: (s["rank"], s["osm_id"][0], int(s["osm_id"][1:]))):
        name = normalise_name(station["name_zh"] or station["name"] or station["name_en"] or station["name_pinyin"])
        group = "rail" if station["kind"] in ("station", "halt") else station["kind"]
        for other in at.setdefault((name, group), []):
            far = compute_great_circle_m(station["lon"], station["lat"], other["lon"], other["lat"])
            if float(far) <= SAME_STATION_M:
                other["objects"] += 1
                for column in (*_NAMES, "ref", "aliases"):
                    other[column] = other[column] or station[column]
                break
        else:
            row = {**station, "objects": 1}
            at[name, group].append(row)
            kept.append(row)
    return pd.DataFrame(kept, columns=list(STATION_COLUMNS)), len(found) - len(named)
