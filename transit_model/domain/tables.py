"""Schemas of the domain tables: the handshake between readers, network and scenario.

Region packs store them as CSV; a GTFS feed keeps the words of the GTFS reference
(https://gtfs.org/documentation/schedule/reference/) verbatim, with clock times parsed to seconds in columns
``arrival_clock_s`` and so on.
"""

from __future__ import annotations

from transit_model.domain.schema import Column, TableSchema

HIGHWAY_CLASSES = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
    "ferry",
)
CONFIDENCE = ("high", "medium", "low")
PLACE_KINDS = ("centre", "alternative_centre", "county_seat", "airport", "station", "facility", "point")

_LON = Column("lon", "float", "degree", low=-180, high=180, meaning="WGS84 longitude")
_LAT = Column("lat", "float", "degree", low=-90, high=90, meaning="WGS84 latitude")
_CONFIDENCE = Column("confidence", values=CONFIDENCE, meaning="how sure the row is")
_SOURCE = Column("source", nullable=True, meaning="source key in square brackets, then how it was made")

PLACES = TableSchema(
    "places",
    (
        Column("place_id"),
        Column("kind", values=PLACE_KINDS),
        Column("name_zh"),
        Column("name_en"),
        Column("aliases", nullable=True, required=False, meaning="other names, ';' between them"),
        _LON,
        _LAT,
        Column("adcode", nullable=True, required=False, meaning="county code of the place"),
        Column("prefecture", nullable=True, required=False),
        Column("road_node_id", nullable=True, required=False, meaning="where it joins the road network"),
        _CONFIDENCE,
        _SOURCE,
    ),
    key=("place_id",),
    meaning="points one travels from and to",
)
COUNTIES = TableSchema(
    "counties",
    (
        Column("adcode"),
        Column("name_zh"),
        Column("name_en"),
        Column("prefecture"),
        Column("kind", values=("county", "zone")),
        Column("population_2020", "int", "person", low=0),
        Column("place_id", nullable=True, meaning="the seat; empty for a statistical zone"),
        Column("road_node_id", nullable=True),
        Column("area_km2", "float", "km2", nullable=True, low=0),
        _CONFIDENCE,
        _SOURCE,
    ),
    key=("adcode",),
    meaning="counties and statistical zones of the 2020 census",
)
ROAD_NODES = TableSchema(
    "nodes",
    (
        Column("node_id"),
        Column("name_zh", nullable=True, required=False),
        Column("name_en", nullable=True, required=False),
        _LON,
        _LAT,
        Column("kind", nullable=True, required=False, meaning="seat, interchange, junction, gateway, station..."),
        Column("confidence", values=CONFIDENCE, nullable=True, required=False),
        Column("source", nullable=True, required=False),
    ),
    key=("node_id",),
    meaning="road nodes",
)
ROAD_LINKS = TableSchema(
    "links",
    (
        Column("link_id"),
        Column("from_node_id"),
        Column("to_node_id"),
        Column("oneway", "bool"),
        Column("highway", values=HIGHWAY_CLASSES, meaning="OSM road class"),
        Column("ref", nullable=True, required=False, meaning="road number"),
        Column("name_zh", nullable=True, required=False),
        Column("length_m", "float", "m", low=0, high=2_000_000),
        Column("maxspeed_kmh", "float", "km/h", low=1, high=200, meaning="posted or design speed"),
        Column("toll", "bool"),
        Column("area", values=("urban", "rural")),
        Column("opened", nullable=True, required=False, meaning="ISO date or year; empty: before all cases"),
        Column("closed", nullable=True, required=False, meaning="ISO date or year; empty: still open"),
        Column("confidence", values=CONFIDENCE, nullable=True, required=False),
        Column("source", nullable=True, required=False),
    ),
    key=("link_id",),
    meaning="roads; a two-way road is one row with oneway = 0",
)
ROAD_SHAPES = TableSchema(
    "shapes",
    (Column("link_id"), Column("seq", "int"), _LON, _LAT),
    key=("link_id", "seq"),
    meaning="shape points of roads whose course is known",
)
STATIONS = TableSchema(
    "stations",
    (
        Column("stop_id"),
        Column("name_zh"),
        Column("name_en", nullable=True),
        Column("telecode", nullable=True, required=False),
        Column("aliases", nullable=True, required=False),
        Column("lon", "float", "degree", nullable=True, low=-180, high=180),
        Column("lat", "float", "degree", nullable=True, low=-90, high=90),
        Column("coord_quality", values=("point", "approx", "judged", "none")),
        Column("prefecture", nullable=True, required=False),
        Column("county", nullable=True, required=False),
        Column("region", values=("in", "gateway")),
        Column("opened", nullable=True, required=False),
        Column("road_node_id", nullable=True, required=False),
        _CONFIDENCE,
        _SOURCE,
    ),
    key=("stop_id",),
    meaning="railway stations",
)
SOURCES = TableSchema(
    "sources",
    (
        Column("key"),
        Column("publisher", nullable=True),
        Column("date", nullable=True),
        Column("title", nullable=True),
        Column("url", nullable=True),
        Column("grade", nullable=True),
    ),
    key=("key",),
    meaning="where facts come from",
)

OD_COLUMNS = ("from", "to", "mode", "reading", "scenario", "minutes", "p10", "p90", "km")
"""Columns of the tidy OD table (JSON contract, schema version 1); more may follow, none is renamed."""
