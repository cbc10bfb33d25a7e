"""From what a person types to places: ids, Chinese or English names, ``lon,lat``, groups."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

import pandas as pd

from transit_model.domain.geo import LonLat
from transit_model.domain.pinyin import match_pinyin
from transit_model.domain.place import Place
from transit_model.errors import Issue, PlaceError
from transit_model.near_names import find_near, hint_listed
from transit_model.network.model import Network

_LONLAT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*$")
_SPACED = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s+(-?\d+(?:\.\d+)?)\s*$")
_NUMBER = re.compile(r"^\s*-?\d+(?:\.\d+)?\s*$")
_N_MATCHES = 4
_GROUP_KINDS = {"county_seats": "county_seat", "stations": "station", "airports": "airport"}
"""Groups that every region has, whether it names them or not, and the kind of place in them."""
_RANKS = {"centre": 0, "alternative_centre": 1, "county_seat": 2, "airport": 3, "facility": 4, "point": 5, "station": 6}


class PlaceIndex:
    """Finds places of a network by id, name, alias or coordinates.

    An id wins over a name, a centre over a county seat, a seat over a station. ``station:hohhot`` (or the name
    with 站 / "station") asks for the station where a city has the same id.
    """

    def __init__(self, network: Network) -> None:
        self._bbox = network.info.bbox
        rows = network.places.to_dict("records")
        places = [_place_from_row(r) for r in rows]
        links = dict(zip(network.station_links["stop_id"], network.station_links["node_id"], strict=True))
        taken = {p.place_id for p in places}
        places += _list_station_places(network, links, taken)
        places += _list_idle_stations(network, {p.stop_id for p in places}, taken)
        self.places: tuple[Place, ...] = tuple(places)
        self._unplaced = _list_unplaced_stations(network)
        self._by_id = {p.place_id: p for p in reversed(self.places)}
        self._by_id.update({f"station:{p.stop_id}": p for p in self.places if p.stop_id})
        self._by_name: dict[str, Place] = {}
        aliases = {r["place_id"]: str(r.get("aliases", "")) for r in rows}
        by_rank = sorted(self.places, key=lambda p: _RANKS.get(p.kind, len(_RANKS)))
        for place in by_rank:
            names = [place.name_zh, place.name_en, place.adcode, *aliases.get(place.place_id, "").split(";")]
            for name in _spell(names):
                self._by_name.setdefault(name, place)
        # A station is also found by its bare name where no place has it.
        station_aliases = _list_station_aliases(network)
        for place in by_rank:
            if place.stop_id:
                for name in _spell(_list_station_names(place, station_aliases.get(place.stop_id, ""))):
                    self._by_name.setdefault(name, place)
        self.groups = _build_groups(network.info.groups, self.places, self._by_id)

    def get_place(self, text: str) -> Place:
        """Return the place a person means.

        Raises
        ------
        PlaceError
            When nothing matches; the hint offers the nearest names. Also when coordinates look swapped or lie
            outside the study area.
        """
        match = _LONLAT.match(text)
        if match:
            return self._point(float(match.group(1)), float(match.group(2)), text)
        if (spaced := _SPACED.match(text)) is not None:
            raise PlaceError(tell_spaced_point(*spaced.groups(), value=text))
        wanted = text.strip()
        place = self._by_id.get(wanted) or self._by_id.get(wanted.lower())
        if place is None:
            place = next((self._by_name[n] for n in _spell([wanted]) if n in self._by_name), None)
        if place is not None:
            return place
        unplaced = next((self._unplaced[n] for n in _spell([wanted]) if n in self._unplaced), None)
        if unplaced is not None:
            raise PlaceError(
                Issue(
                    "unknown_place",
                    "error",
                    f"nobody knows where the station {unplaced} lies",
                    field="place",
                    value=text,
                    hint="give it lon and lat in stations.csv, or ask for lon,lat",
                )
            )
        raise PlaceError(
            Issue(
                "unknown_place",
                "error",
                f"no place called {text!r}",
                field="place",
                value=text,
                hint=self._suggest(wanted),
            )
        )

    def list_group(self, text: str) -> list[Place]:
        """Return the places of a group name, or of a comma-separated list of places (Chinese commas too).

        Raises
        ------
        PlaceError
            With one issue for every name that does not match, and for every group in which this region has no place.
        """
        name = text.strip()
        places, issues = [], []
        for part in [name] if name in self.groups else self._split(name):
            if part.strip() in self.groups:
                members = self.list_members(part.strip())
                places += members
                issues += [] if members else [_tell_empty_group(part.strip())]
                continue
            try:
                places.append(self.get_place(part))
            except PlaceError as error:
                issues += error.issues
        if issues or not places:
            groups = ", ".join(sorted(name for name, ids in self.groups.items() if ids))
            issues = issues or [Issue("empty_group", "error", "no place given", field="group", value=text)]
            raise PlaceError([*issues, Issue("known_groups", "info", f"groups: {groups}")])
        return places

    def list_members(self, group: str) -> list[Place]:
        """Return the places of one group, none where the region has no such group or nothing in it."""
        return [self._by_id[p] for p in self.groups.get(group, ())]

    def _split(self, text: str) -> list[str]:
        """Return the parts of a list; two numbers in a row that are no codes of places are a point."""
        parts = [p for p in re.split(r"[;；、,，]", text) if p.strip()]
        out: list[str] = []
        while parts:
            part = parts.pop(0)
            is_pair = bool(parts) and bool(_NUMBER.match(part)) and bool(_NUMBER.match(parts[0]))
            if is_pair and part.strip() not in self._by_name:
                part = f"{part},{parts.pop(0)}"
            out.append(part)
        return out

    def _point(self, lon: float, lat: float, text: str) -> Place:
        west, south, east, north = self._bbox
        inside = west <= lon <= east and south <= lat <= north
        if not inside:
            swapped = west <= lat <= east and south <= lon <= north
            hint = (
                f"write the point as {lat:g},{lon:g} (longitude first): these look swapped"
                if swapped
                else (f"the study area is lon {west:g} to {east:g}, lat {south:g} to {north:g}")
            )
            raise PlaceError(
                Issue(
                    "outside_study_area",
                    "error",
                    "the point lies outside the study area",
                    field="place",
                    value=text,
                    hint=hint,
                )
            )
        name = f"{lon:.5f},{lat:.5f}"
        return Place(name, "point", name, name, LonLat(lon=lon, lat=lat))

    def _suggest(self, wanted: str) -> str:
        names = (
            {p.place_id: p for p in self.places}
            | {p.name_zh: p for p in self.places}
            | {p.name_en.lower(): p for p in self.places}
        )
        close = find_near(wanted.lower(), names, _N_MATCHES)
        sounds = sorted((way, p.name_zh) for p in self.places if (way := match_pinyin(wanted, p.name_zh)) is not None)
        holding = [n for n in names if n and wanted and (wanted.lower() in n or n in wanted)]
        picked: dict[str, Place] = {}
        for name in [*holding, *(name for _, name in sounds), *close]:
            picked.setdefault(names[name].place_id, names[name])
        if not picked:
            return f"{hint_listed('place', wanted, ())}; or give lon,lat"
        listed = ", ".join(f"{p.place_id} ({p.name_zh} {p.name_en})" for p in list(picked.values())[:_N_MATCHES])
        return f"did you mean {listed}? `transit-model find {wanted}` shows more"


def tell_spaced_point(first: str, second: str, *, value: str) -> Issue:
    """Return the issue of a point of two words; beyond 90 degrees stands the longitude, so it goes first."""
    swapped = abs(float(first)) <= 90 < abs(float(second))
    point = f"{second},{first}" if swapped else f"{first},{second}"
    message = "a point is written lon,lat, with a comma and no space"
    return Issue("bad_point", "error", message, field="place", value=value, hint=f"write the point as {point}")


def _spell(names: Sequence[str]) -> list[str]:
    """Return the spellings under which a name is found: as is in lower case, without spaces and suffixes."""
    out: dict[str, None] = {}
    for name in names:
        plain = re.sub(r"[\s·'’]+", "", name).lower()
        if not plain:
            continue
        out[plain] = None
    return list(out)


def _list_station_aliases(network: Network) -> dict[str, str]:
    stations = network.stations
    if "aliases" not in stations.columns:
        return {}
    return dict(zip(stations["stop_id"].astype(str), stations["aliases"].astype(str), strict=True))


def _list_station_names(place: Place, aliases: str) -> list[str]:
    """Return the names of a station without 站 and "station", and its aliases."""
    return [place.name_zh.removesuffix("站"), place.name_en.removesuffix(" station"), *aliases.split(";")]


def _place_from_row(row: Mapping[str, object]) -> Place:
    return Place(
        place_id=str(row["place_id"]),
        kind=str(row["kind"]),
        name_zh=str(row["name_zh"]),
        name_en=str(row["name_en"]),
        at=LonLat(lon=float(str(row["lon"])), lat=float(str(row["lat"]))),
        road_node_id=str(row.get("road_node_id", "")),
        adcode=str(row.get("adcode", "")),
        prefecture=str(row.get("prefecture", "")),
    )


def _list_station_places(network: Network, links: Mapping[str, str], taken: set[str]) -> list[Place]:
    described = network.stations
    stations = {
        str(stop): (str(name), str(prefecture))
        for stop, name, prefecture in zip(
            described["stop_id"], described["name_en"], described["prefecture"], strict=True
        )
    }
    # A pack may describe its metro stops in a table of their own.
    english = {
        str(stop): str(name)
        for table in network.pack_tables.values()
        if {"stop_id", "name_en"} <= set(table.columns)
        for stop, name in zip(table["stop_id"], table["name_en"], strict=True)
    }
    out = []
    stops = network.feed.stops
    for row in zip(*(stops[c].tolist() for c in ("stop_id", "stop_name", "stop_lon", "stop_lat")), strict=True):
        stop_id, name_zh = str(row[0]), str(row[1])
        name_en, prefecture = stations.get(stop_id, (english.get(stop_id, stop_id), ""))
        place_id = f"{stop_id}-station" if stop_id in taken else stop_id
        names = _name_station(name_zh, name_en)
        out.append(
            Place(
                place_id=place_id,
                kind="station",
                name_zh=names[0],
                name_en=names[1],
                at=LonLat(lon=float(row[2]), lat=float(row[3])),
                road_node_id=links.get(stop_id, ""),
                stop_id=stop_id,
                prefecture=prefecture,
            )
        )
        taken.add(place_id)
    return out


def _list_idle_stations(network: Network, known: set[str], taken: set[str]) -> list[Place]:
    """Return the stations at which no trip of the timetable calls, where their place is known."""
    out = []
    for row in network.stations.to_dict("records"):
        stop_id, lon, lat = str(row["stop_id"]), float(row["lon"]), float(row["lat"])
        if stop_id in known or not (math.isfinite(lon) and math.isfinite(lat)):
            continue
        place_id = f"{stop_id}-station" if stop_id in taken else stop_id
        names = _name_station(str(row["name_zh"]), str(row["name_en"]) or stop_id)
        node, prefecture = str(row.get("road_node_id", "")), str(row.get("prefecture", ""))
        at = LonLat(lon=lon, lat=lat)
        out.append(Place(place_id, "station", *names, at, road_node_id=node, stop_id=stop_id, prefecture=prefecture))
        taken.add(place_id)
    return out


def _list_unplaced_stations(network: Network) -> dict[str, str]:
    """Return the stations without coordinates: each spelling of a name to what to call it."""
    stops = {str(s) for s in network.feed.stops["stop_id"]}
    out: dict[str, str] = {}
    for row in network.stations[network.stations["lon"].isna() | network.stations["lat"].isna()].to_dict("records"):
        stop_id = str(row["stop_id"])
        if stop_id not in stops:
            names = (str(row["name_zh"]), str(row["name_en"]))
            spelt = [stop_id, f"station:{stop_id}", *names, names[0].removesuffix("站")]
            out.update(dict.fromkeys(_spell(spelt), f"{stop_id} ({names[0]})"))
    return out


def _name_station(name_zh: str, name_en: str) -> tuple[str, str]:
    """Return the names of a stop as a place; one that brackets tell apart from others says what it is already."""
    zh = name_zh if name_zh.endswith(("站", ")", "）")) else f"{name_zh}站"
    return zh, name_en if name_en.lower().endswith(("station", ")")) else f"{name_en} station"


def _tell_empty_group(name: str) -> Issue:
    kind = _GROUP_KINDS.get(name)
    other = "name places, or another group"
    hint = f"places.csv has no row of kind {kind}; {other}" if kind else other
    message = f"no place of this region is in the group {name}"
    return Issue("empty_group", "error", message, field="group", value=name, hint=hint)


def _build_groups(
    named: Mapping[str, tuple[str, ...]], places: Sequence[Place], by_id: Mapping[str, Place]
) -> dict[str, tuple[str, ...]]:
    """Return group name to place ids; a member that a scenario has closed is left out."""
    groups = {name: tuple(p.place_id for p in places if p.kind == kind) for name, kind in _GROUP_KINDS.items()}
    found = {n: tuple(dict.fromkeys(by_id[i].place_id for i in ids if i in by_id)) for n, ids in named.items()}
    groups.update({name: ids for name, ids in found.items() if ids or name not in groups})
    groups["centres_and_county_seats"] = (*groups.get("centres", ()), *groups["county_seats"])
    return groups


def build_population_weights(counties: pd.DataFrame, places: Sequence[Place]) -> dict[str, float]:
    """Return the 2020 census population by county-seat place id; zones are not among them."""
    seats = counties[counties["place_id"] != ""]
    known = {p.place_id for p in places}
    return {str(p): float(n) for p, n in zip(seats["place_id"], seats["population_2020"], strict=True) if p in known}
