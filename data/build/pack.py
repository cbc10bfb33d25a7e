"""Write every table of a pack, in the order in which one needs another."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import calibration
import facilities
import metro
import places
import rail
import residuals
import road_audit
import road_pairs
import roads
import settlements
from choices import Choices
from ground import GroundSources, build_ground
from gtfs import RAILWAY, write_feed
from provenance import Sources
from region import build_region
from tables import Row, read_table, write_manifest, write_table, write_text

SOURCE_COLUMNS = ("key", "publisher", "date", "title", "url", "grade")


class Tables:
    """The tables of a region's sources; one that a region does not have is empty."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> list[Row]:
        path = self.folder / f"{name}.csv"
        return read_table(path) if path.is_file() else []


def build(choices: Choices, folder: Path, out: Path) -> None:
    """Build the whole pack into the empty folder ``out``."""
    tables = Tables(folder)
    sources = _sources(tables)
    aliases = {row["id"]: row["aliases"] for row in tables["aliases"]}
    write_table(out / "sources.csv", SOURCE_COLUMNS, sources)

    nodes, links = _roads(choices, tables, sources, out)
    place_rows = places.build_places(tables["counties"], nodes, aliases, sources, choices)
    write_table(out / "places.csv", places.PLACE_COLUMNS, place_rows)
    _road_pairs(choices, tables, sources, out, place_rows, links)
    county_rows = places.build_counties(tables["counties"], choices)
    write_table(out / "counties.csv", places.COUNTY_COLUMNS, county_rows)
    shutil.copyfile(folder / "county_outlines.geojson", out / "county_outlines.geojson")
    people = settlements.build_settlements(county_rows, tables["census2020_ghsl_counties"])
    write_table(out / "settlements.csv", settlements.COLUMNS, people)
    found = facilities.build_facilities(tables["hospitals_2020"], place_rows, nodes, choices.rows("open_airports"))
    write_table(out / "facilities.csv", facilities.COLUMNS, found)

    counts = _rail(choices, tables, sources, out, nodes)
    truth = calibration.build_road_truth(
        tables["road_time_truth"] + tables["road_time_truth_added"], nodes, sources, choices
    )
    write_table(out / "calibration/road_time_truth.csv", calibration.ROAD_COLUMNS, truth)
    observed = calibration.build_rail_observed(tables["rail_observed"])
    write_table(out / "calibration/rail_observed.csv", calibration.RAIL_COLUMNS, observed)
    status = calibration.build_project_status(tables["project_updates"] or _list_states(tables["projects"], sources))
    write_table(out / "project_status.csv", calibration.STATUS_COLUMNS, status)
    counts["links"], counts["low_links"] = len(links), sum(row["confidence"] == "low" for row in links)
    counts["nodes"], counts["low_nodes"] = len(nodes), sum(row["confidence"] == "low" for row in nodes.values())
    write_text(out / "region.yaml", build_region(choices, counts))
    ground = folder.parent / "ground"
    if ground.is_dir():
        build_ground(GroundSources(ground, folder / "ground", choices.values.get("ground_box")), out)
    write_manifest(out, choices.region, "data/build")


def _list_states(projects: list[Row], sources: Sources) -> list[Row]:
    """Return the rows of ``project_updates.csv`` that the list of projects itself implies."""
    grades = {row["key"]: row["grade"] for row in sources}
    rows = []
    for project in projects:
        keys = re.findall(r"\[([a-z0-9-]+)\]", project["source_urls"])
        rows.append({
            "project_id": project["id"], "name_zh": project["name_zh"], "status_now": project["status"],
            "as_of": project["status_as_of"], "what_changed": project["notes"], "effect_in_model": "",
            "grade": min((grades[key] for key in keys), default="D"), "source_key": ";".join(keys),
        })  # fmt: skip
    return rows


def _sources(tables: Tables) -> Sources:
    given = [{"title": row.pop("title_or_content"), **row} for row in tables["sources"]]
    newer = [{"url": row.pop("address"), **row} for row in tables["sources_new"]]
    # A source that is cited already keeps its row.
    known = {row["key"] for row in given}
    rows = given + [row for row in newer if row["key"] not in known] + tables["sources_added"]
    keys = [row["key"] for row in rows]
    if len(set(keys)) != len(keys):
        raise ValueError(f"sources: key used twice: {sorted({k for k in keys if keys.count(k) > 1})}")
    return Sources(rows, tables["source_phrases"])


def _roads(choices: Choices, tables: Tables, sources: Sources, out: Path) -> tuple[dict[str, Row], list[Row]]:
    """Write everything on roads; return the nodes of the facts' columns by id, and the links."""
    network = road_audit.Network(tables["road_nodes"], tables["road_links"])
    if tables["road_nodes_improved"]:
        audit = road_audit.Audit(
            tables["road_nodes_improved"], tables["road_links_improved"], tables["missing_roads"]
        )  # fmt: skip
        network = road_audit.apply_audit(network, audit, choices)
    road_audit.add_roads(network, tables["road_nodes_added"], tables["road_links_added"])
    if tables["road_nodes_improved"]:
        write_table(out / "checks/road_changes.csv", road_audit.CHANGE_COLUMNS, network.changes)
    nodes = {row["id"]: row for row in network.nodes}
    links = roads.build_links(network.links, nodes, sources, choices)
    write_table(out / "roads/nodes.csv", roads.NODE_COLUMNS, roads.build_nodes(network.nodes, sources))
    write_table(out / "roads/links.csv", roads.LINK_COLUMNS, links)
    course = tables.folder / "g6_osm.geojson"
    features = json.loads(course.read_text(encoding="utf-8"))["features"] if course.is_file() else []
    lines = [feature["geometry"]["coordinates"] for feature in features]
    shapes = roads.build_shapes(links, nodes, lines, tables["road_shapes"])
    write_table(out / "roads/shapes.csv", roads.SHAPE_COLUMNS, shapes)
    return nodes, links


def _road_pairs(
    choices: Choices, tables: Tables, sources: Sources, out: Path, place_rows: list[Row], links: list[Row]
) -> None:
    """Write what the audit moved between centres and seats, where there was an audit."""
    if not tables["road_nodes_improved"]:
        return
    nodes = {row["id"]: row for row in tables["road_nodes"]}
    before = roads.build_links(tables["road_links"], nodes, sources, choices)
    pairs = road_pairs.compare(place_rows, before, links, choices.values["built_as_of"])
    write_table(out / "checks/road_pairs.csv", road_pairs.COLUMNS, pairs)


def _rail(choices: Choices, tables: Tables, sources: Sources, out: Path, nodes: dict[str, Row]) -> dict[str, int]:
    """Write everything on rails; return the number of trains of each timetable."""
    beside = rail.StationTables(
        nodes,
        {row["id"]: row for row in tables["station_points"]},
        {row["stop_id"]: row["name_en"] for row in tables["halt_names_en"]},
        {row["id"]: row["aliases"] for row in tables["aliases"]},
    )
    stations = rail.build_stations(tables["rail_stations"] + tables["rail_stations_added"], beside, sources, choices)
    write_table(out / "stations.csv", rail.STATION_COLUMNS, stations)
    metro_choice = choices.table("metro")
    if metro_choice:
        shown = metro.build_stations(tables["metro_stations"], metro_choice, metro_choice["table_shows"])
        write_table(out / "metro_stations.csv", metro.COLUMNS, shown)
    counts, feeds = {}, []
    for choice in choices.rows("timetables"):
        counts[f"trips_{choice['id']}"], feed = _timetable(choice, metro_choice, tables, stations, out)
        feeds.append((choice["valid_from"], choice["id"], feed))

    lines = rail.build_lines(tables["rail_lines"], sources)
    write_table(out / "rail_lines.csv", tuple(lines[0]), lines)
    line_stations = rail.build_line_stations(tables["rail_line_stations"], stations, sources, choices)
    write_table(out / "rail_line_stations.csv", tuple(line_stations[0]), line_stations)
    reported = calibration.build_reported(tables["rail_reported_times"], tables["truth_updates"], sources, choices)
    write_table(out / "rail_reported_times.csv", tuple(reported[0]), reported)
    residual_rows = residuals.build_residuals(reported, feeds)
    write_table(out / "checks/rail_residuals.csv", residuals.COLUMNS, residual_rows)
    boards = choices.rows("timetables")[0]["source"][0]
    pair_times = [
        {**row, "source": f"[{boards}] derived from the station boards"} for row in tables["rail_station_pair_times"]
    ]
    write_table(out / "checks/rail_station_pair_times.csv", tuple(pair_times[0]), pair_times)
    levels = calibration.build_service_levels(tables["rail_service_levels"], choices)
    write_table(out / "checks/rail_service_levels.csv", calibration.LEVEL_COLUMNS, levels)
    return counts


def _timetable(
    choice: dict[str, Any], metro_choice: dict[str, Any], tables: Tables, stations: list[Row], out: Path
) -> tuple[int, rail.Feed]:
    """Write one timetable as GTFS, trains and metro; return the number of trains, and the feed."""
    feed = rail.Feed()
    table = str(choice["table"]).removesuffix(".csv")
    rail.build_trains(feed, tables[table], stations, rail.Timetable(choice["id"], choice["day_of"]))
    trips = len(feed.trips)
    agencies = [RAILWAY]
    if metro_choice:
        rows = metro.build_stations(tables["metro_stations"], metro_choice, choice["metro"])
        metro.build_metro(feed, rows, metro_choice, choice["metro"])
        agencies.append(tuple(metro_choice["agency"]))
    write_feed(out / "timetables" / choice["id"], feed, choice, agencies)
    return trips, feed
