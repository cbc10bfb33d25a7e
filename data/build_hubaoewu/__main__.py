"""Build the region pack ``data/hubaoewu`` from the fact tables.

Run ``python data/build_hubaoewu --facts DIR --boundaries DIR --roads DIR --out data/hubaoewu``. The output
depends on the inputs alone: built twice, it is the same byte for byte. The fact tables, the county polygons and
the road geometry are not part of this repository; small inputs of our own are in ``inputs/``.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from pathlib import Path

sys.path.insert(1, str(Path(__file__).resolve().parents[1] / "build"))

import calibration
import metro
import places
import rail
import roads
from ground import build_ground
from gtfs import write_feed
from outlines import build_outlines, outlines_text
from provenance import cite
from region import REGION_ID, build_region
from tables import Row, read_table, write_manifest, write_table, write_text

INPUTS = Path(__file__).parent / "inputs"
GROUND = Path(__file__).resolve().parents[1] / "sources/ground"
SOURCE_COLUMNS = ("key", "publisher", "date", "title", "url", "grade")


def build(facts: Path, boundaries: Path, road_geometry: Path, out: Path) -> None:
    """Build the whole pack into ``out``, replacing what is there."""
    shutil.rmtree(out, ignore_errors=True)
    sources = _sources(facts)
    nodes = read_table(facts / "road_nodes.csv")
    by_node = {row["id"]: row for row in nodes}
    aliases = {row["id"]: row["aliases"] for row in read_table(INPUTS / "aliases.csv")}
    counties = read_table(facts / "counties.csv")

    write_table(out / "sources.csv", SOURCE_COLUMNS, sources)
    write_table(out / "places.csv", places.PLACE_COLUMNS, places.build_places(counties, by_node, aliases, sources))
    county_rows = places.build_counties(counties)
    write_table(out / "counties.csv", places.COUNTY_COLUMNS, county_rows)
    polygons = boundaries / "four_prefectures_counties_wgs84.geojson"
    write_text(out / "county_outlines.geojson", outlines_text(build_outlines(polygons, county_rows)))

    node_rows = roads.build_nodes(nodes, sources)
    link_rows = roads.build_links(read_table(facts / "road_links.csv"), by_node, sources)
    line_file = next(iter(sorted(road_geometry.glob("g6_osm_*.geojson"))))
    lines = [f["geometry"]["coordinates"] for f in json.loads(line_file.read_text(encoding="utf-8"))["features"]]
    write_table(out / "roads/nodes.csv", roads.NODE_COLUMNS, node_rows)
    write_table(out / "roads/links.csv", roads.LINK_COLUMNS, link_rows)
    write_table(out / "roads/shapes.csv", roads.SHAPE_COLUMNS, roads.build_shapes(link_rows, by_node, lines))

    trips = _rail(facts, out, by_node, aliases, sources)
    truth = calibration.build_road_truth(read_table(facts / "road_time_truth.csv"), by_node, sources)
    write_table(out / "calibration/road_time_truth.csv", calibration.ROAD_COLUMNS, truth)
    observed = calibration.build_rail_observed((facts / "speeds.md").read_text(encoding="utf-8"))
    write_table(out / "calibration/rail_observed.csv", calibration.RAIL_COLUMNS, observed)
    write_text(out / "region.yaml", build_region(link_rows, node_rows, trips))
    build_ground(GROUND, out)
    write_manifest(out, REGION_ID, "data/build_hubaoewu")


def _sources(facts: Path) -> list[Row]:
    given = [{"title": row.pop("title_or_content"), **row} for row in read_table(facts / "sources.csv")]
    added = read_table(INPUTS / "sources_added.csv")
    for row in given:
        # How a compiler found a page is no part of its address.
        row["url"] = re.sub(
            r"GitHub repository file found by .*?; unofficial", "public GitHub repository file; unofficial", row["url"]
        )
    keys = [row["key"] for row in given + added]
    if len(set(keys)) != len(keys):
        raise ValueError(f"sources: key used twice: {sorted({k for k in keys if keys.count(k) > 1})}")
    return given + added


def _rail(facts: Path, out: Path, nodes: dict[str, Row], aliases: dict[str, str], sources: list[Row]) -> int:
    """Write everything on rails; return the number of trains."""
    names_en = {row["stop_id"]: row["name_en"] for row in read_table(INPUTS / "halt_names_en.csv")}
    stations = rail.build_stations(read_table(facts / "rail_stations.csv"), nodes, names_en, aliases, sources)
    write_table(out / "stations.csv", rail.STATION_COLUMNS, stations)
    feed = rail.Feed()
    rail.build_trains(feed, read_table(facts / "rail_services.csv"), stations)
    trips = len(feed.trips)
    metro_stations = metro.build_stations(read_table(INPUTS / "metro_stations.csv"))
    write_table(out / "metro_stations.csv", metro.COLUMNS, metro_stations)
    metro.build_metro(feed, metro_stations)
    write_feed(out / "gtfs", feed)

    lines = rail.build_lines(read_table(facts / "rail_lines.csv"), sources)
    write_table(out / "rail_lines.csv", tuple(lines[0]), lines)
    line_stations = rail.build_line_stations(read_table(facts / "rail_line_stations.csv"), stations, sources)
    write_table(out / "rail_line_stations.csv", tuple(line_stations[0]), line_stations)
    reported = [
        {**row, "source": cite(row["source"], sources)} for row in read_table(facts / "rail_reported_times.csv")
    ]
    write_table(out / "rail_reported_times.csv", tuple(reported[0]), reported)
    pair_times = [
        {**row, "source": "[railwayvis] derived from the station boards"}
        for row in read_table(facts / "rail_station_pair_times.csv")
    ]
    write_table(out / "checks/rail_station_pair_times.csv", tuple(pair_times[0]), pair_times)
    return trips


def main() -> None:
    """Read the command line and build."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=Path, required=True, help="folder of the fact tables")
    parser.add_argument("--boundaries", type=Path, required=True, help="folder of the county polygons (WGS84)")
    parser.add_argument("--roads", type=Path, required=True, help="folder of the G6 geometry")
    parser.add_argument("--out", type=Path, required=True, help="folder of the pack; it is replaced")
    args = parser.parse_args()
    build(args.facts, args.boundaries, args.roads, args.out)


if __name__ == "__main__":
    main()
