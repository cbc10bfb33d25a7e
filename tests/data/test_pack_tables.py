"""The tables of the pack agree with each other, with the census and with the shape of the earth."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
import math
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from ruamel.yaml import YAML
from shapely.geometry import Point, shape

Rows = list[dict[str, str]]
Read = Callable[[str], Rows]
CENSUS_2020 = {"Hohhot": 3_446_100, "Baotou": 2_709_378, "Ordos": 2_153_638, "Ulanqab": 1_706_328}
KEYS = {
    "places.csv": ("place_id",),
    "counties.csv": ("adcode",),
    "stations.csv": ("stop_id",),
    "metro_stations.csv": ("stop_id",),
    "sources.csv": ("key",),
    "roads/nodes.csv": ("node_id",),
    "roads/links.csv": ("link_id",),
    "roads/shapes.csv": ("link_id", "seq"),
    "rail_lines.csv": ("line_id",),
    "rail_line_stations.csv": ("line_id", "seq"),
    "calibration/rail_observed.csv": ("source",),
}
POINTS = ("places.csv", "stations.csv", "metro_stations.csv", "roads/nodes.csv", "roads/shapes.csv")


def great_circle_m(lon_a: float, lat_a: float, lon_b: float, lat_b: float) -> float:
    """Spherical law of cosines, on purpose another formula than the builder's."""
    a, b, d = math.radians(lat_a), math.radians(lat_b), math.radians(lon_b - lon_a)
    cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(d)
    return 6_371_008.8 * math.acos(min(1.0, cosine))


def test_manifest_lists_every_file_with_its_hash_and_counts(pack: Path) -> None:
    manifest = json.loads((pack / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["schema"], manifest["region"]) == (1, "hubaoewu")
    found = {p.relative_to(pack).as_posix() for p in pack.rglob("*") if p.is_file()} - {"manifest.json"}
    assert set(manifest["files"]) == found
    for name, entry in manifest["files"].items():
        data = (pack / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"], name
        assert name.endswith(".png") or b"\r" not in data, f"{name}: lines must end in LF"
        if "rows" in entry:
            table = list(csv.DictReader(io.StringIO(data.decode("utf-8"))))
            assert len(table) == entry["rows"], name
            counts = Counter(row.get("confidence") for row in table)
            assert all(counts[grade] == n for grade, n in entry.get("confidence", {}).items()), name


@pytest.mark.parametrize("name", sorted(KEYS))
def test_keys_are_unique(rows: Read, name: str) -> None:
    keys = [tuple(row[k] for k in KEYS[name]) for row in rows(name)]
    assert [key for key, n in Counter(keys).items() if n > 1] == []


def test_prefecture_totals_equal_the_census(rows: Read) -> None:
    totals: Counter[str] = Counter()
    for row in rows("counties.csv"):
        totals[row["prefecture"]] += int(row["population_2020"])
    assert dict(totals) == CENSUS_2020


def test_38_counties_and_2_zones_each_county_with_a_seat(rows: Read) -> None:
    counties = rows("counties.csv")
    assert Counter(row["kind"] for row in counties) == {"county": 38, "zone": 2}
    seats = {row["place_id"]: row for row in rows("places.csv") if row["kind"] == "county_seat"}
    assert len(seats) == 38
    for row in counties:
        if row["kind"] == "zone":
            assert (row["place_id"], row["area_km2"]) == ("", "")
        else:
            assert seats[row["place_id"]]["adcode"] == row["adcode"]


def test_the_four_centres_and_the_alternative(rows: Read) -> None:
    places = {row["place_id"]: row for row in rows("places.csv")}
    assert [p for p, row in places.items() if row["kind"] == "centre"] == ["hohhot", "baotou", "ordos", "ulanqab"]
    assert places["ordos"]["road_node_id"] == "kangbashi"
    assert [p for p, row in places.items() if row["kind"] == "alternative_centre"] == ["dongsheng"]
    assert places["dongsheng-seat"]["kind"] == "county_seat"


def test_no_name_or_alias_of_a_place_names_two_places(rows: Read) -> None:
    seen: dict[str, str] = {}
    for row in rows("places.csv"):
        names = {row["place_id"], row["name_zh"], row["name_en"].lower(), *row["aliases"].split(";")} - {""}
        for name in names:
            assert seen.setdefault(name, row["place_id"]) == row["place_id"], f"{name} is both"


@pytest.mark.parametrize(
    ("alias", "place_id"),
    [("呼市", "hohhot"), ("集宁", "jining"), ("东胜", "dongsheng"), ("伊旗", "ejin_horo"), ("准旗", "jungar"),
     ("薛家湾", "jungar"), ("达旗", "dalad"), ("察素齐", "tumed_left"), ("萨拉齐", "tumed_right")],
)  # fmt: skip
def test_local_names_find_their_place(rows: Read, alias: str, place_id: str) -> None:
    hits = [r["place_id"] for r in rows("places.csv") if alias in {r["name_zh"], *r["aliases"].split(";")}]
    assert hits == [place_id]


def test_every_road_node_named_anywhere_exists(rows: Read) -> None:
    nodes = {row["node_id"] for row in rows("roads/nodes.csv")}
    for name in ("places.csv", "counties.csv", "stations.csv"):
        assert {row["road_node_id"] for row in rows(name)} - {""} <= nodes, name
    for name in ("roads/links.csv", "calibration/road_time_truth.csv"):
        assert {row[c] for row in rows(name) for c in ("from_node_id", "to_node_id")} <= nodes, name
    links = {row["link_id"] for row in rows("roads/links.csv")}
    assert {row["link_id"] for row in rows("roads/shapes.csv")} <= links


def test_no_link_is_shorter_than_the_great_circle(rows: Read) -> None:
    nodes = {row["node_id"]: (float(row["lon"]), float(row["lat"])) for row in rows("roads/nodes.csv")}
    for link in rows("roads/links.csv"):
        direct_m = great_circle_m(*nodes[link["from_node_id"]], *nodes[link["to_node_id"]])
        # Lengths are given to 0.1 km, coordinates to 0.00001 degree.
        assert int(link["length_m"]) >= direct_m - 60, link["link_id"]


def test_roads_are_one_piece_before_and_after_the_openings(rows: Read) -> None:
    links = rows("roads/links.csv")
    for day in ("2020-12-16", "2024-12-31", "2026-01-01"):
        live = [r for r in links if r["opened"][:4] <= day[:4] and r["opened"] <= day]
        live = [r for r in live if not r["closed"] or r["closed"] > day]
        root = {row["node_id"]: row["node_id"] for row in rows("roads/nodes.csv")}

        def top(node: str, root: dict[str, str] = root) -> str:
            while root[node] != node:
                node = root[node]
            return node

        for link in live:
            root[top(link["from_node_id"])] = top(link["to_node_id"])
        assert len({top(node) for node in root}) == 1, day


def test_recent_roads_carry_their_opening_day_and_old_ones_none(rows: Read) -> None:
    links = {row["link_id"]: row for row in rows("roads/links.csv")}
    assert links["wuchuan--yangshuba"]["opened"] == "2025-08-28"
    assert {r["opened"] for r in links.values() if r["ref"] == "S29"} == {"2025-08-28"}
    assert {r["opened"] for r in links.values() if r["ref"] == "S43"} == {"2025-12-30"}
    assert links["g6_g65--g6_dongxing"]["opened"] == ""
    assert all(re.fullmatch(r"|20[2-9]\d(-\d\d-\d\d)?", r[c]) for r in links.values() for c in ("opened", "closed"))


def test_no_relation_vanishes_before_its_road_opens(rows: Read) -> None:
    links = {row["link_id"]: row for row in rows("roads/links.csv")}
    for new, old in (("wuchuan--yangshuba", True), ("hohhot--g0601_s", True), ("jiliang_n--daihai", False)):
        before = links[f"{new}-old"]
        assert before["opened"] == ""
        assert before["closed"] == (links[new]["opened"] if old else "")
        assert before["confidence"] == "low"
        assert before["source"].startswith("[judged] assumed")
        assert int(before["maxspeed_kmh"]) < int(links[new]["maxspeed_kmh"])


def test_shapes_run_from_node_to_node_and_nearly_as_long_as_the_link(rows: Read) -> None:
    nodes = {row["node_id"]: (float(row["lon"]), float(row["lat"])) for row in rows("roads/nodes.csv")}
    shapes: dict[str, list[tuple[float, float]]] = {}
    for row in rows("roads/shapes.csv"):
        points = shapes.setdefault(row["link_id"], [])
        assert int(row["seq"]) == len(points)
        points.append((float(row["lon"]), float(row["lat"])))
    links = {row["link_id"]: row for row in rows("roads/links.csv")}
    assert len(shapes) == 24
    for link_id, points in shapes.items():
        link = links[link_id]
        assert great_circle_m(*points[0], *nodes[link["from_node_id"]]) < 50
        assert great_circle_m(*points[-1], *nodes[link["to_node_id"]]) < 50
        drawn = sum(great_circle_m(*a, *b) for a, b in itertools.pairwise(points))
        assert drawn == pytest.approx(int(link["length_m"]), rel=0.02), link_id


def test_urban_links_are_slow_and_no_motorways(rows: Read) -> None:
    urban = [row for row in rows("roads/links.csv") if row["area"] == "urban"]
    assert all(row["highway"] != "motorway" and int(row["maxspeed_kmh"]) <= 60 for row in urban)
    ids = {row["link_id"] for row in urban}
    assert {"hohhot--station_hohhot", "kangbashi--station_ordos", "jining--station_ulanqab"} <= ids
    assert "togtoh--station_togtoh_east" not in ids


def test_every_point_lies_in_the_box(pack: Path, rows: Read) -> None:
    region = YAML(typ="safe").load((pack / "region.yaml").read_text(encoding="utf-8"))
    west, south, east, north = region["bbox"]
    for name in POINTS:
        for row in rows(name):
            if row["lon"]:
                assert west <= float(row["lon"]) <= east, (name, row)
                assert south <= float(row["lat"]) <= north, (name, row)
            else:
                assert row["coord_quality"] == "none"


def test_every_row_names_a_known_source(rows: Read) -> None:
    keys = {row["key"] for row in rows("sources.csv")}
    for name in (*KEYS, "counties.csv", "rail_reported_times.csv", "calibration/road_time_truth.csv"):
        for row in rows(name):
            if name in {"sources.csv", "roads/shapes.csv"}:
                continue
            cited = re.match(r"\[([\w-]+)\]", row["source"])
            assert cited, (name, row)
            assert cited.group(1) in keys, (name, row["source"])


def test_region_names_only_what_exists(pack: Path, rows: Read) -> None:
    region = YAML(typ="safe").load((pack / "region.yaml").read_text(encoding="utf-8"))
    assert region["id"] == "hubaoewu"
    assert region["departure_window"] == ["07:00", "21:00"]
    assert str(region["service_date"]) == "2020-12-16"
    places = {row["place_id"] for row in rows("places.csv")}
    stops = {row["stop_id"] for row in rows("gtfs/stops.txt")}
    assert set(region["groups"]["centres"]) <= places
    assert set(region["main_stations"]) == set(region["groups"]["centres"])
    assert {s for group in region["main_stations"].values() for s in group} <= stops
    for key in ("known_gaps", "limits"):
        assert region[key]
        assert all(set(text) == {"zh", "en"} and all(text.values()) for text in region[key])


def test_outlines_are_one_coverage_of_38_counties(pack: Path, rows: Read) -> None:
    path = pack / "county_outlines.geojson"
    assert path.stat().st_size < 150_000
    collection = json.loads(path.read_text(encoding="utf-8"))
    assert 800 <= collection["metadata"]["tolerance_m"] <= 1500
    shapes = {f["properties"]["adcode"]: shape(f["geometry"]) for f in collection["features"]}
    assert set(shapes) == {row["adcode"] for row in rows("counties.csv") if row["kind"] == "county"}
    assert all(s.is_valid for s in shapes.values())
    assert shapely.coverage_is_valid(list(shapes.values()))
    for place in rows("places.csv"):
        if place["kind"] == "county_seat":
            # A seat may stand at a border (Hohhot's districts meet downtown); 0.03 degree is some 3 km.
            assert shapes[place["adcode"]].distance(Point(float(place["lon"]), float(place["lat"]))) < 0.03


def test_rail_observations_work_out(rows: Read) -> None:
    observed = rows("calibration/rail_observed.csv")
    assert [row["ratio"] for row in observed if row["use"] == "1"] == ["0.788", "0.775", "0.720"]
    for row in observed:
        # 519 km in 158 min is 197.1 km/h, 0.788 of 250.
        kmh = float(row["km"]) / float(row["fastest_min"]) * 60
        assert float(row["ratio"]) == pytest.approx(kmh / float(row["design_kmh"]), abs=0.0006)


def test_road_truth_flags(rows: Read) -> None:
    truth = rows("calibration/road_time_truth.csv")
    assert len(truth) == 41
    # 19 rows of the facts are independent; Wuchuan-Guyang is unfit by its own words.
    assert Counter(row["use"] for row in truth) == {"0": 23, "1": 18}
    assert {row["mode"] for row in truth} == {"car", "coach"}
    assert all(row["independence"] == "independent of road_links" for row in truth if row["use"] == "1")
    assert all(row["km"] or row["minutes"] for row in truth)


def test_no_tariff_kilometre_is_shorter_than_the_straight_line(rows: Read) -> None:
    points = {row["stop_id"]: (float(row["lon"]), float(row["lat"])) for row in rows("stations.csv") if row["lon"]}
    lines: dict[str, list[tuple[float, str]]] = {}
    for row in rows("rail_line_stations.csv"):
        if row["stop_id"] in points:
            lines.setdefault(row["line_id"], []).append((float(row["tariff_km"]), row["stop_id"]))
    checked = 0
    for line_id, stations in lines.items():
        for (km_a, a), (km_b, b) in itertools.pairwise(stations):
            direct_km = great_circle_m(*points[a], *points[b]) / 1000
            # Tariff figures are whole kilometres between station centres.
            assert direct_km <= abs(km_b - km_a) + 1, (line_id, a, b)
            checked += 1
    assert checked == 72
