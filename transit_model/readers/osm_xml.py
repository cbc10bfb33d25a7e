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
                raise _Refused(msg)
        if name == "node":
            nodes[int(attributes["id"])] = (float(attributes["lon"]), float(attributes["lat"]))
        elif name == "way":
            way: Way = ([], {})
            current[0] = way
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
