"""OSM XML to nodes and ways. No DTD, no entities, no external references."""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

from transit_model.errors import InputError, Issue

Way = tuple[list[int], dict[str, str]]
Segment = tuple[int, int, int, dict[str, str]]


@dataclass(frozen=True, eq=False)
class OsmData:
    """Raw map data.

    Attributes
    ----------
    nodes : dict
        OSM id to (lon, lat), WGS84.
    ways : dict
        OSM id to node ids and tags.
    segments : tuple
        Way id, node, next node, tags: ways that were cut up before they reached us.
    """

    nodes: dict[int, tuple[float, float]]
    ways: dict[int, Way]
    segments: tuple[Segment, ...] = ()


class _Refused(Exception):  # noqa: N818 - never leaves this module
    pass


def parse_osm_xml(data: bytes, *, file: str) -> OsmData:
    """Return nodes and ways of an .osm document; relations and metadata are passed over.

    Of several versions the last counts; what an editor marked as deleted, and nodes at 0,0, are left out.

    Raises
    ------
    InputError
        ``bad_xml`` (with the line): not XML, cut off, not OSM, or with a DTD or entities.
    """
    nodes: dict[int, tuple[float, float]] = {}
    ways: dict[int, Way] = {}
    current: list[Way | None] = [None]
    root: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if not root:
            root.append(name)
            if name != "osm":
                msg = f"the root element is <{name}>, not <osm>"
                msg += "; put the changes into their extract first" * (name == "osmChange")
                raise _Refused(msg)
        gone = attributes.get("action") == "delete" or attributes.get("visible") == "false"
        if name == "node":
            nodes.pop(int(attributes["id"]), None)
            if not gone:
                place = _read_place(attributes)
                if place != (0.0, 0.0):
                    nodes[int(attributes["id"])] = place
        elif name == "way":
            way: Way = ([], {})
            current[0] = way
            ways.pop(int(attributes["id"]), None)
            if not gone:
                ways[int(attributes["id"])] = way
        elif current[0] is not None and name == "nd":
            current[0][0].append(int(attributes["ref"]))
        elif current[0] is not None and name == "tag":
            current[0][1][attributes["k"]] = attributes["v"]

    def end(name: str) -> None:
        if name == "way":
            current[0] = None

    def refuse(*_: object) -> None:
        msg = "a document type or entity is not allowed"
        raise _Refused(msg)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, _Refused, KeyError, ValueError) as error:
        line = parser.ErrorLineNumber if isinstance(error, expat.ExpatError) else parser.CurrentLineNumber
        hint = "the file may be cut off; export it again as .osm XML"
        raise InputError(Issue("bad_xml", "error", f"not OSM XML: {error}", file, line, hint=hint)) from error
    return OsmData(nodes, ways)


def _read_place(attributes: dict[str, str]) -> tuple[float, float]:
    lon, lat = float(attributes["lon"]), float(attributes["lat"])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # false of NaN too
        msg = f"a node lies at {attributes['lon']}, {attributes['lat']}, which is no place"
        raise _Refused(msg)
    return lon, lat
