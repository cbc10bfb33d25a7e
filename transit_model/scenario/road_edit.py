"""Apply road projects: new roads at named nodes only, and upgrades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.rows import find_few_rows
from transit_model.network.model import Network
from transit_model.scenario.course_files import Line, check_length, lay_between, read_course
from transit_model.scenario.lookup import NodeAt, Report, list_nodes, list_roads, pick_nodes
from transit_model.scenario.road_path import drop_roads, find_path
from transit_model.scenario.road_schema import NewNode, NewRoad, RoadLink, RoadUpgrade
from transit_model.scenario.tables import SAME_PLACE_M, add_links, add_nodes, append_rows
from transit_model.units import km_to_m, m_to_km

_SHORT = 0.98  # places are rounded
_LONG = 2.0
_JOINING_KINDS = {"interchange", "junction", "gateway", "airport", "bridge"}


def apply_road_link(project: RoadLink, network: Network, report: Report) -> Network:
    """Return the network with the new road, or the same network when something was reported."""
    before = report.count_errors()
    node_rows = _resolve_nodes(project, network, report)
    known = list_nodes(network).more(str(r["node_id"]) for r in node_rows)
    found = [
        report.check_known(project, "node", node, known, "roads", i, end)
        for i, road in enumerate(project.roads)
        for end, node in (("from", road.from_node), ("to", road.to_node))
    ]
    roads_known = list_roads(network)
    found += [
        report.check_known(project, "road", r, roads_known, "replaces", i) for i, r in enumerate(project.replaces)
    ]
    if report.count_errors() > before or not all(found):  # what a failed project would have brought is not reported
        return network
    changed = add_nodes(network, node_rows)
    courses = _read_courses(project, changed, report)
    rows = _build_roads(project, changed, courses, report)
    _check_island(project, network, report)
    if report.count_errors() > before:
        return network
    if project.replaces:
        changed = drop_roads(changed, set(project.replaces))
    return add_links(_add_courses(project, changed, courses), rows)


def _resolve_nodes(project: RoadLink, network: Network, report: Report) -> list[Mapping[str, Any]]:
    """Return rows of new nodes; one that another project built at the same place is used as it is."""
    nodes = pick_nodes(network, [node.id for node in project.nodes])
    rows: list[Mapping[str, Any]] = []
    for i, node in enumerate(project.nodes):
        old = nodes.get(node.id)
        if old is not None:
            if float(compute_great_circle_m(old.lon, old.lat, node.lon, node.lat)) > SAME_PLACE_M:
                message = f"the new node {node.id} exists already, elsewhere"
                report.add(project, "duplicate_id", message, "nodes", i, "id", value=node.id, hint="use another id")
            continue
        rows.append(_node_row(project, node))
    return rows


def _node_row(project: RoadLink, node: NewNode) -> Mapping[str, Any]:
    return {
        "node_id": node.id,
        "name_zh": node.name.zh,
        "name_en": node.name.en,
        "lon": node.lon,
        "lat": node.lat,
        "kind": node.kind,
        "confidence": project.confidence,
        "source": f"[{project.source[0]}] project {project.id}",
    }


def road_id_of(project: RoadLink, road: NewRoad) -> str:
    """Return the id of a section of a new road."""
    return f"{project.id}:{road.from_node}--{road.to_node}"


def _read_courses(project: RoadLink, network: Network, report: Report) -> dict[str, Line]:
    """Return the courses of the sections that have one, from their first node to their last, by road_id."""
    found: dict[str, Line] = {}
    if not any(road.course or road.via for road in project.roads):
        return found
    nodes = pick_nodes(network, _list_ends(project))
    for i, road in enumerate(project.roads):
        a, b = nodes[road.from_node], nodes[road.to_node]
        laid: Line | None = None
        if road.via:
            laid = _lead_past(a, road.via, b)
        elif road.course:
            line = read_course(project, road.course, report, "roads", i, "course")
            ends = (a.lon, a.lat), (b.lon, b.lat)
            laid = None if line is None else lay_between(project, line, ends, report, "roads", i, "course")
        if laid is not None:
            stated_m = None if road.length_km is None else km_to_m(road.length_km)
            check_length(project, laid, stated_m, report, "roads", i, "length_km")
            found[road_id_of(project, road)] = laid
    return found


def _lead_past(first: NodeAt, via: Sequence[tuple[float, float]], last: NodeAt) -> Line:
    """Return the course from one node past some bends to another."""
    points = np.array([first[:2], *via, last[:2]])
    return Line(points[:, 0], points[:, 1])


def _list_ends(project: RoadLink) -> list[str]:
    return [node for road in project.roads for node in (road.from_node, road.to_node)]


def _add_courses(project: RoadLink, network: Network, courses: Mapping[str, Line]) -> Network:
    bent = {road_id_of(project, road) for road in project.roads if road.via}
    rows = [
        {"link_id": road_id, "seq": n, "lon": lon, "lat": lat}
        for road_id, line in courses.items()
        for n, (lon, lat) in enumerate(zip(line.lon.tolist(), line.lat.tolist(), strict=True))
        if road_id not in bent or 0 < n < len(line.lon) - 1  # the nodes themselves are no shape points
    ]
    return network.with_roads(shapes=append_rows(network.shapes, rows)) if rows else network


def _build_roads(
    project: RoadLink, network: Network, courses: Mapping[str, Line], report: Report
) -> list[Mapping[str, Any]]:
    nodes = pick_nodes(network, _list_ends(project))
    roads, taken = list_roads(network), set()
    rows: list[Mapping[str, Any]] = []
    for i, road in enumerate(project.roads):
        a, b = nodes[road.from_node], nodes[road.to_node]
        straight_m = float(compute_great_circle_m(a.lon, a.lat, b.lon, b.lat))
        laid = courses.get(road_id_of(project, road))
        along_m = straight_m if laid is None else laid.length_m
        length_m = km_to_m(road.length_km) if road.length_km is not None else along_m * (road.detour_factor or 1.0)
        _check_length(project, i, road, length_m, straight_m, report)
        road_id = road_id_of(project, road)
        if road_id in taken or road_id in roads:
            message = f"{road.from_node} and {road.to_node} are joined twice by this project, or it was applied before"
            report.add(project, "duplicate_id", message, "roads", i, value=road_id)
        taken.add(road_id)
        highway = road.highway or project.highway
        for end, node in ((road.from_node, a), (road.to_node, b)):
            if highway == "motorway" and node.kind not in _JOINING_KINDS:
                message = f"the motorway ends at {end}, which is a {node.kind or 'place'}, no interchange"
                hint = "join at an interchange, or make the last section a trunk road"
                report.add(project, "not_an_interchange", message, "roads", i, severity="warning", value=end, hint=hint)
        rows.append(
            {
                "road_id": road_id,
                "from_node_id": road.from_node,
                "to_node_id": road.to_node,
                "oneway": road.oneway,
                "highway": highway,
                "ref": project.ref,
                "name_zh": project.title.zh,
                "length_m": float(round(length_m)),
                "maxspeed_kmh": float(road.design_speed_kmh or project.design_speed_kmh),
                "toll": project.toll if road.toll is None else road.toll,
                "area": road.area or project.area,
                "opened": "",
                "closed": "",
                "confidence": project.confidence,
                "source": f"[{project.source[0]}] project {project.id}",
                "project_id": project.id,
            }
        )
    return rows


def _check_length(
    project: RoadLink, index: int, road: NewRoad, length_m: float, straight_m: float, report: Report
) -> None:
    if length_m < straight_m * _SHORT:
        message = (
            f"{road.from_node} to {road.to_node} is {m_to_km(length_m):.1f} km long, "
            f"but {m_to_km(straight_m):.1f} km straight"
        )
        hint = "correct length_km or the place of the nodes"
        report.add(project, "too_short", message, "roads", index, value=road.length_km, hint=hint)
    elif length_m > straight_m * _LONG:
        message = f"{road.from_node} to {road.to_node} is {length_m / max(straight_m, 1.0):.1f} times the straight line"
        report.add(project, "very_long", message, "roads", index, severity="warning", value=road.length_km)


def _check_island(project: RoadLink, network: Network, report: Report) -> None:
    """Report sections that hang together with no road of the network."""
    own = [end for road in project.roads for end in (road.from_node, road.to_node)]
    ends_of_links = (network.links[end] for end in ("from_node_id", "to_node_id"))
    reached = {node for column in ends_of_links for node in find_few_rows(column, own)}
    pending = list(enumerate(project.roads))
    grew = True
    while grew:
        grew = False
        for item in list(pending):
            ends = {item[1].from_node, item[1].to_node}
            if ends & reached:
                reached |= ends
                pending.remove(item)
                grew = True
    for i, road in pending:
        message = f"the section {road.from_node} to {road.to_node} is an island"
        hint = "join it to an existing node, or to a section that is joined"
        report.add(project, "road_island", message, "roads", i, hint=hint)


def apply_road_upgrade(project: RoadUpgrade, network: Network, report: Report) -> Network:
    """Return the network with better roads, or the same network when something was reported."""
    before = report.count_errors()
    if project.along is not None:
        road_ids = [step.road_id for step in find_path(project, project.along, network, report)]
    else:
        known = list_roads(network)
        road_ids = [r for i, r in enumerate(project.roads) if report.check_known(project, "road", r, known, "roads", i)]
    if report.count_errors() > before or not road_ids:
        return network
    links = network.links
    rows = np.flatnonzero(links["road_id"].isin(road_ids).to_numpy(dtype=bool))
    columns: dict[str, pd.Series[Any]] = {}
    values = {
        "highway": project.highway,
        "maxspeed_kmh": project.design_speed_kmh,
        "toll": project.toll,
        "ref": project.ref,
    }
    for column, value in values.items():
        if value is not None:
            columns[column] = _put(links[column], rows, value)
    if project.length_factor is not None:
        old = links["length_m"].iloc[rows]
        lengths = (old * project.length_factor).round().astype(old.dtype)
        columns["length_m"] = _put(links["length_m"], rows, lengths.to_numpy())
    if all(new.iloc[rows].equals(links[column].iloc[rows]) for column, new in columns.items()):
        message = "the roads are already as the upgrade wants them"
        hint = "was it done by another project, or by the base?"
        report.add(project, "changed_nothing", message, hint=hint)
        return network
    if project.length_factor is not None:
        _check_upgraded_lengths(project, links.iloc[rows].assign(length_m=lengths), network, report)
    if report.count_errors() > before:
        return network
    columns["project_id"] = _put(links["project_id"], rows, project.id)
    return network.with_roads(links.assign(**columns), changed=rows)


def _put(column: pd.Series[Any], rows: npt.NDArray[np.int64], value: Any) -> pd.Series[Any]:  # noqa: ANN401 - of a cell
    """Return a column with other cells in some rows; a table is copied and taken apart in several times as long."""
    changed = column.copy()
    changed.iloc[rows] = value
    return changed


def _check_upgraded_lengths(project: RoadUpgrade, links: pd.DataFrame, network: Network, report: Report) -> None:
    """Report roads that a factor makes shorter than the straight line between their ends."""
    ends = [links[name].astype(str).tolist() for name in ("from_node_id", "to_node_id")]
    nodes = pick_nodes(network, [*ends[0], *ends[1]])
    a, b = (np.array([nodes[name][:2] for name in names]).T for names in ends)
    straight = compute_great_circle_m(*a, *b)
    short = links["length_m"].to_numpy(dtype=float) < straight * _SHORT
    if short.any():
        road_id = str(links["road_id"].to_numpy()[short][0])
        message = f"with this factor {road_id} is shorter than the straight line"
        report.add(project, "too_short", message, "length_factor", value=project.length_factor)
