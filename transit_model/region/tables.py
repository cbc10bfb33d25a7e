"""The files of a region pack, as data: which table, where, required or not.

Tables beyond these (``*.csv`` at the top, in ``calibration/`` and ``checks/``) are read into `Region.extra` by the
stem of their name; those listed here get numbers, the others stay strings.
"""

from __future__ import annotations

from transit_model.domain import tables
from transit_model.domain.schema import Column, TableSchema

CORE_TABLES: dict[str, tuple[str, TableSchema]] = {
    "places": ("places.csv", tables.PLACES),
    "counties": ("counties.csv", tables.COUNTIES),
    "nodes": ("roads/nodes.csv", tables.ROAD_NODES),
    "links": ("roads/links.csv", tables.ROAD_LINKS),
    "shapes": ("roads/shapes.csv", tables.ROAD_SHAPES),
    "stations": ("stations.csv", tables.STATIONS),
    "sources": ("sources.csv", tables.SOURCES),
}
OPTIONAL_TABLES = ("shapes", "sources", "counties", "stations")
EXTRA_FOLDERS = ("", "calibration", "checks")
OUTLINES_FILE = "county_outlines.geojson"
FEED_FOLDER = "gtfs"
JOINED_FILE = "checks/joined_rows.csv"
"""Written when two packs are joined (`store.joined_pack`)."""
MANIFEST_FILE = "manifest.json"


def _text(name: str) -> Column:
    return Column(name, nullable=True)


def _number(name: str, unit: str = "", low: float = 0) -> Column:
    return Column(name, "float", unit, nullable=True, low=low)


EXTRA_TABLES: dict[str, TableSchema] = {
    schema.name: schema
    for schema in (
        TableSchema(
            "road_time_truth",
            (
                Column("from_node_id"),
                Column("to_node_id"),
                _number("km", "km"),
                _number("minutes", "min"),
                Column("use", "bool", meaning="1: taken into the calibration"),
                _text("source"),
            ),
            meaning="published driving times",
        ),
        TableSchema(
            "rail_observed",
            (
                Column("from_zh"),
                Column("to_zh"),
                Column("km", "float", "km", low=0),
                Column("fastest_min", "float", "min", low=0),
                Column("design_kmh", "float", "km/h", low=0),
                _number("ratio"),
                Column("use", "bool"),
                _text("source"),
            ),
            meaning="fastest trains on lines of known design speed",
        ),
        TableSchema(
            "rail_line_stations",
            (
                Column("line_id"),
                Column("seq", "int", low=0),
                Column("station_zh"),
                _text("stop_id"),
                _number("tariff_km", "km"),
                _text("source"),
            ),
            meaning="stations of railway lines with chainage",
        ),
        TableSchema(
            "rail_reported_times",
            (Column("from_zh"), _text("to_zh"), _number("minutes", "min"), _number("count"), _text("source")),
            meaning="run times and train counts reported in the news; without to_zh a count at one station",
        ),
        TableSchema(
            "rail_station_pair_times",
            (
                Column("from_zh"),
                Column("to_zh"),
                _number("fastest_min", "min"),
                _number("median_min", "min"),
                _number("slowest_min", "min"),
                _text("source"),
            ),
            meaning="run times by station pair, to check the feed against",
        ),
        TableSchema(
            "settlements",
            (Column("adcode"), Column("part"), Column("persons", "int", "persons", low=0), _text("source")),
            meaning="people of a county in its seat, its towns and its villages",
        ),
        TableSchema(
            "facilities",
            (
                Column("facility_id"),
                Column("kind"),
                _text("level"),
                Column("name_zh"),
                Column("lon", "float", "degree", low=-180, high=180),
                Column("lat", "float", "degree", low=-90, high=90),
                _text("place_id"),
                _text("county"),
                _text("source"),
            ),
            meaning="hospitals with their level, and airports",
        ),
        TableSchema(
            "project_status",
            (Column("project_id"), Column("status"), _text("as_of"), _text("source")),
            meaning="state of each project and the day as of which it is known",
        ),
        TableSchema(
            "rail_service_levels",
            (
                Column("from"),
                Column("to"),
                _number("trains_per_day"),
                _number("fastest_min", "min"),
                _number("typical_min", "min"),
                Column("counted", "bool", meaning="1: counted from the stop lists of the timetable"),
                _text("source"),
            ),
            meaning="trains a day and minutes by pair, counted or published",
        ),
        TableSchema(
            "road_changes",
            (
                Column("item"),
                Column("id"),
                _number("before_km", "km"),
                _number("after_km", "km"),
                Column("decision"),
                Column("reason"),
            ),
            meaning="what the audit of the roads changed, and why",
        ),
        TableSchema(
            "road_pairs",
            (
                Column("centre"),
                Column("seat"),
                Column("before_min", "float", "min", low=0),
                Column("after_min", "float", "min", low=0),
                Column("difference_min", "float", "min"),
                Column("before_km", "float", "km", low=0),
                Column("after_km", "float", "km", low=0),
                _text("changed_links"),
                _text("source"),
            ),
            meaning="free-flow minutes from centre to seat before and after the audit of the roads",
        ),
        TableSchema(
            "rail_residuals",
            (
                Column("from_zh"),
                Column("to_zh"),
                Column("reported_min", "float", "min", low=0),
                Column("fastest_min", "float", "min", low=0),
                Column("residual_min", "float", "min"),
                _text("source"),
            ),
            meaning="reported run times beside the fastest train of the timetable of that day",
        ),
        TableSchema(
            "metro_stations",
            (
                Column("stop_id"),
                Column("line"),
                Column("seq", "int", low=0),
                Column("lon", "float", "degree", low=-180, high=180),
                Column("lat", "float", "degree", low=-90, high=90),
                _number("chainage_m", "m"),
                _number("run_time_s", "s"),
                _text("source"),
            ),
            meaning="metro stations in order",
        ),
    )
}
"""Numbers in the extra tables we know; other columns stay strings."""
