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
    "settlements.csv": ("adcode", "part"),
    "facilities.csv": ("facility_id",),
    "project_status.csv": ("project_id",),
    "checks/road_pairs.csv": ("centre", "seat"),
    "checks/rail_service_levels.csv": ("from", "to", "train_class", "valid_from", "source"),
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
    # 24 along the true G6; the others are courses of a junction graph, chords that cut bends.
    on_g6 = {link_id for link_id in shapes if links[link_id]["source"].startswith("[osm-g6]")}
    assert (len(on_g6), len(shapes)) == (24, 104)
    for link_id, points in shapes.items():
        link = links[link_id]
        assert great_circle_m(*points[0], *nodes[link["from_node_id"]]) < 50
        assert great_circle_m(*points[-1], *nodes[link["to_node_id"]]) < 50
        drawn_m, length_m = sum(great_circle_m(*a, *b) for a, b in itertools.pairwise(points)), int(link["length_m"])
        if link_id in on_g6:
            assert drawn_m == pytest.approx(length_m, rel=0.02, abs=100), link_id
        assert 0.75 * length_m <= drawn_m <= 1.06 * length_m, link_id


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
    stops = {row["stop_id"] for row in rows("timetables/TT20231215/stops.txt")}
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
    assert len(truth) == 42
    # 19 rows of the facts are independent; Wuchuan-Guyang is unfit by its own words, Huitengxile joins two sources.
    assert Counter(row["use"] for row in truth) == {"0": 25, "1": 17}
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
    assert checked == 77


def test_settlements_add_up_to_the_census_to_the_person(rows: Read) -> None:
    people: dict[str, dict[str, int]] = {}
    for row in rows("settlements.csv"):
        people.setdefault(row["adcode"], {})[row["part"]] = int(row["persons"])
    counties = {row["adcode"]: int(row["population_2020"]) for row in rows("counties.csv")}
    assert {code: sum(parts.values()) for code, parts in people.items()} == counties
    assert all(set(parts) == {"seat", "towns", "villages"} and min(parts.values()) >= 0 for parts in people.values())
    # Togtoh: 166192 x 0.4594 = 76349 town people; seat 76349 x 0.2766 / (0.2766 + 0.1116 + 0.1241) = 41222.
    assert people["150122"] == {"seat": 41_222, "towns": 76_349 - 41_222, "villages": 166_192 - 76_349}
    # Wuchuan has no urban centre: its dense town is the seat, 95869 x 0.5532 = 53035, x 0.3836 / 0.4346 = 46811.
    assert people["150125"] == {"seat": 46_811, "towns": 53_035 - 46_811, "villages": 95_869 - 53_035}


def test_facilities_stand_at_places_and_every_county_but_shiguai_has_a_hospital(rows: Read) -> None:
    places = {row["place_id"]: row for row in rows("places.csv")}
    found = rows("facilities.csv")
    assert Counter(row["kind"] for row in found) == {"hospital": 79, "airport": 4}
    assert len({row["facility_id"] for row in found}) == len(found)
    # 25 hospitals of the third level in the notice, the central hospital of Ordos in two places.
    assert Counter(row["level"] for row in found if row["kind"] == "hospital") == {"3": 26, "2": 50, "": 3}
    for row in found:
        if row["place_id"]:
            assert (row["lon"], row["lat"]) == (places[row["place_id"]]["lon"], places[row["place_id"]]["lat"])
    counties = {row["adcode"] for row in rows("counties.csv") if row["kind"] == "county"}
    assert counties - {row["county"] for row in found} == {"150205"}
    assert "airport_hohhot_shengle" not in {row["facility_id"] for row in found}, "built, not open"


def test_road_changes_tell_every_difference_and_move_no_published_number(rows: Read, repo: Path) -> None:
    with (repo / "data/sources/hubaoewu/road_links.csv").open(encoding="utf-8", newline="") as handle:
        before = {f"{r['from']}--{r['to']}": r for r in csv.DictReader(handle)}
    changes = {(row["item"], row["id"], row["ref"]): row for row in rows("checks/road_changes.csv")}
    result = {row["id"] for row in changes.values() if row["item"] != "node"}
    links = [row for row in rows("roads/links.csv") if not row["link_id"].endswith(("-old", "-2"))]
    after = {f"{row['from_node_id']}--{row['to_node_id']}": row for row in links}
    for name, link in after.items():
        old = before.get(name)
        if old is None or round(float(old["length_km"]) * 1000) != int(link["length_m"]):
            assert name in result, name
    assert set(before) - set(after) <= result
    assert all(row["reason"] for row in changes.values())
    # Published: route tables, the G7 total, the airport expressway, Dafanpu-Longkou.
    lengths = {name: int(row["length_m"]) for name, row in after.items()}
    assert lengths["g6_urad_front--wuyuan"] == 64_000
    # The one published number that gave way, to a newer one: 50.017 km of the road of 2017 and 20 km of ends.
    assert lengths["dalad--dongsheng"] == 72_300
    assert "notice of 2017-01-20" in changes["link", "dalad--dongsheng", "G210"]["reason"]
    assert lengths["dongsheng--ordos_airport_hub"] == 37_500
    g7 = ("g7_hanjiaying--g7_tuchengzi", "g7_tuchengzi--g7_sanruili", "g7_sanruili--g7_pingdiquan",
          "g7_pingdiquan--g7_zhuozi", "g7_zhuozi--g7_dayushu", "g7_dayushu--g6_baoheshao")  # fmt: skip
    assert sum(lengths[name] for name in g7) == 211_800


def test_rows_of_the_junction_graph_are_medium_only_with_a_second_witness(rows: Read) -> None:
    both = rows("roads/nodes.csv") + rows("roads/links.csv")
    graph = [row for row in both if row["source"].startswith("[osm-scgraph]")]
    assert len(graph) > 100
    for row in graph:
        assert row["confidence"] == ("low" if "no second witness" in row["source"] else "medium"), row


def test_the_roads_that_opened_since(rows: Read) -> None:
    links = {row["link_id"]: row for row in rows("roads/links.csv")}
    s42 = links["g6_hademen--s24_xiliugou"]
    assert (s42["opened"], s42["length_m"], s42["ref"]) == ("2025-05-08", "46500", "S42")
    # 46.5 km new and 14.6 km shared with the S24 are the published 61.1.
    assert int(links["s24_xiliugou--s24_dalad"]["length_m"]) + int(s42["length_m"]) == 61_100
    assert links["donghe--kundulun"]["opened"] == "2023-09-28"
    status = {row["project_id"]: row for row in rows("project_status.csv")}
    assert (status["zhaojun_bridge"]["status"], status["zhaojun_bridge"]["as_of"]) == ("open", "2025-05-08")
    assert status["hubao_hsr"]["status"] == "preliminary"


def test_what_the_audit_moved_between_centres_and_seats(rows: Read) -> None:
    table = rows("checks/road_pairs.csv")
    # Four centres and 38 seats, less Kangbashi's own: the centre of Ordos stands there.
    assert len(table) == 4 * 38 - 1
    changes = [abs(float(row["difference_min"])) for row in table]
    assert changes == sorted(changes, reverse=True)
    links = [r for r in rows("roads/links.csv") if r["opened"] <= "2025-12-31" and not r["closed"]]
    node = {row["place_id"]: row["road_node_id"] for row in rows("places.csv")}
    for centre in ("hohhot", "ordos"):
        # Slow and obvious: relax all links until nothing gets shorter (Bellman-Ford).
        minutes = dict.fromkeys((row["node_id"] for row in rows("roads/nodes.csv")), math.inf) | {node[centre]: 0.0}
        moved = True
        while moved:
            moved = False
            for link in links:
                take = int(link["length_m"]) / int(link["maxspeed_kmh"]) * 0.06
                for a, b in itertools.permutations((link["from_node_id"], link["to_node_id"])):
                    if minutes[a] + take < minutes[b] - 1e-9:
                        minutes[b], moved = minutes[a] + take, True
        for row in table:
            if row["centre"] == centre:
                assert float(row["after_min"]) == pytest.approx(minutes[node[row["seat"]]], abs=0.051), row
    largest = {(row["centre"], row["seat"]): row for row in table}
    # The way north to Kebuer by the new link to the G7 instead of by Zhuozi.
    assert largest["hohhot", "chahar_right_middle"]["before_min"] == "129.1"
    assert "chahar_right_middle--g7_dayushu" in largest["hohhot", "chahar_right_middle"]["changed_links"].split(";")
