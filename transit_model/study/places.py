"""From what a person types to places: ids, Chinese or English names, ``lon,lat``, groups."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pandas as pd

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import Issue, PlaceError
from transit_model.near_names import find_near
from transit_model.network.model import Network

_LONLAT = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\s*$")
_NUMBER = re.compile(r"^\s*-?\d+(?:\.\d+)?\s*$")
_N_MATCHES = 4
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
        places += _list_station_places(network, links, {p.place_id for p in places})
        self.places: tuple[Place, ...] = tuple(places)
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
        self.groups = _build_groups(network.info.groups, self.places)

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
        wanted = text.strip()
        place = self._by_id.get(wanted) or self._by_id.get(wanted.lower())
        if place is None:
            place = next((self._by_name[n] for n in _spell([wanted]) if n in self._by_name), None)
        if place is not None:
            return place
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
            With one issue for every name that does not match.
        """
        name = text.strip()
        if name in self.groups:
            return [self._by_id[p] for p in self.groups[name]]
        places, issues = [], []
        for part in self._split(name):
            if part.strip() in self.groups:
                places += [self._by_id[p] for p in self.groups[part.strip()]]
                continue
            try:
                places.append(self.get_place(part))
            except PlaceError as error:
                issues += error.issues
        if issues or not places:
            groups = ", ".join(sorted(self.groups))
            issues = issues or [Issue("empty_group", "error", "no place given", field="group", value=text)]
            raise PlaceError([*issues, Issue("known_groups", "info", f"groups: {groups}")])
        return places

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
                "write lon,lat (longitude first): these look swapped"
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
        holding = [n for n in names if n and wanted and (wanted.lower() in n or n in wanted)]
        picked: dict[str, Place] = {}
        for name in [*holding, *close]:
            picked.setdefault(names[name].place_id, names[name])
        if not picked:
            return "groups and ids: see `transit-model data status`; or give lon,lat"
        listed = ", ".join(f"{p.place_id} ({p.name_zh} {p.name_en})" for p in list(picked.values())[:_N_MATCHES])
        return f"did you mean {listed}?"


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
        for table in network.extra.values()
        if isinstance(table, pd.DataFrame) and {"stop_id", "name_en"} <= set(table.columns)
        for stop, name in zip(table["stop_id"], table["name_en"], strict=True)
    }
    out = []
    stops = network.feed.stops
    for row in zip(*(stops[c].tolist() for c in ("stop_id", "stop_name", "stop_lon", "stop_lat")), strict=True):
        stop_id, name_zh = str(row[0]), str(row[1])
        name_en, prefecture = stations.get(stop_id, (english.get(stop_id, stop_id), ""))
        place_id = f"{stop_id}-station" if stop_id in taken else stop_id
        out.append(
            Place(
                place_id=place_id,
                kind="station",
                name_zh=name_zh if name_zh.endswith("站") else f"{name_zh}站",
                name_en=name_en if name_en.lower().endswith("station") else f"{name_en} station",
                at=LonLat(lon=float(row[2]), lat=float(row[3])),
                road_node_id=links.get(stop_id, ""),
                stop_id=stop_id,
                prefecture=prefecture,
            )
        )
        taken.add(place_id)
    return out


def _build_groups(named: Mapping[str, tuple[str, ...]], places: Sequence[Place]) -> dict[str, tuple[str, ...]]:
    kinds = {"county_seats": "county_seat", "stations": "station", "airports": "airport"}
    groups = {name: tuple(p.place_id for p in places if p.kind == kind) for name, kind in kinds.items()}
    groups.update({name: tuple(ids) for name, ids in named.items() if ids})
    groups["centres_and_county_seats"] = (*groups.get("centres", ()), *groups["county_seats"])
    return groups


def build_population_weights(counties: pd.DataFrame, places: Sequence[Place]) -> dict[str, float]:
    """Return the 2020 census population by county-seat place id; zones are not among them."""
    seats = counties[counties["place_id"] != ""]
    known = {p.place_id for p in places}
    return {str(p): float(n) for p, n in zip(seats["place_id"], seats["population_2020"], strict=True) if p in known}
