"""Apply a `Closure`: roads closed or slowed, in one direction or both, always or at certain hours; trains taken away.

Traffic is not re-assigned to other roads: there is no congestion model, and a detour is as quick as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from transit_model.network.model import Network, RoadWorks
from transit_model.network.works import change_links
from transit_model.scenario.lookup import Report, list_roads
from transit_model.scenario.road_path import find_path, follow_ref
from transit_model.scenario.road_schema import Closure
from transit_model.scenario.tables import remove_trips
from transit_model.scenario.works_notes import tell_outside
from transit_model.units import parse_clock_s


def apply_closure(project: Closure, network: Network, report: Report) -> Network:
    """Return the network without the roads, trips and stops named, or with slower roads.

    The same network when something was reported.
    """
    before = report.count_errors()
    feed = network.feed
    known: Sequence[tuple[str, str, tuple[str, ...], Iterable[str]]] = (
        ("road", "roads", project.roads, list_roads(network)),
        ("trip", "trips", project.trips, feed.trips["trip_id"].astype(str).tolist()),
        ("route", "routes", project.routes, feed.routes["route_id"].astype(str).tolist()),
        ("stop", "stops", project.stops, feed.stops["stop_id"].astype(str).tolist()),
    )
    for what, key, wanted, ids in known:
        for i, item in enumerate(wanted):
            report.check_known(project, what, item, ids, key, i)
    served = set(feed.stop_times["stop_id"].astype(str))
    for i, stop in enumerate(project.stops):
        if stop in set(feed.stops["stop_id"].astype(str)) and stop not in served:
            report.add(project, "changed_nothing", f"no train calls at {stop}", "stops", i, value=stop)
    if report.count_errors() > before:
        return network
    trip_ids = set(project.trips)
    trip_ids |= set(feed.trips.loc[feed.trips["route_id"].astype(str).isin(project.routes), "trip_id"].astype(str))
    if project.routes and not trip_ids:
        report.add(
            project, "changed_nothing", "no trip runs on these routes", "routes", value=", ".join(project.routes)
        )
        return network
    changed = remove_trips(network, trip_ids)
    if project.stops:
        times = changed.feed.stop_times
        kept = times[~times["stop_id"].astype(str).isin(project.stops)].reset_index(drop=True)
        changed = changed.with_tables(feed=replace(changed.feed, stop_times=kept))
    return _change_roads(project, changed, report)


def _change_roads(project: Closure, network: Network, report: Report) -> Network:
    """Return the network with the roads closed or slowed, at once or at certain hours."""
    link_ids = _list_links(project, network, report)
    if not link_ids:
        return network
    slowed: dict[str, float] = {}
    if project.speed_kmh is not None:
        links = network.links[network.links["link_id"].isin(link_ids)]
        fast = links.loc[links["maxspeed_kmh"].astype(float) > project.speed_kmh, "link_id"].astype(str)
        slowed = dict.fromkeys(fast, project.speed_kmh)
        if not slowed:
            message = f"none of these roads is faster than {project.speed_kmh:g} km/h"
            report.add(project, "changed_nothing", message, "speed_kmh", value=project.speed_kmh)
            return network
    closed = frozenset() if slowed else frozenset(link_ids)
    if project.hours is not None:
        hours = parse_clock_s(project.hours.from_clock), parse_clock_s(project.hours.to_clock)
        works = RoadWorks(project.id, hours, closed, slowed)
        remark = tell_outside(project, network.info.window)
        if remark is not None:
            report.add(project, "hours_outside", remark[0], "hours", severity="info", hint=remark[1])
        return network.with_tables(works=(*network.works, works))
    changed = change_links(network, closed, slowed)
    if closed:
        return changed
    chosen = changed.links["link_id"].isin(link_ids).to_numpy(dtype=bool)
    owner = changed.links["project_id"].where(~chosen, project.id)
    return changed.with_roads(changed.links.assign(project_id=owner), changed=np.flatnonzero(chosen))


def _list_links(project: Closure, network: Network, report: Report) -> set[str]:
    """Return the directed links of the roads named, or of one number between two nodes."""
    links = network.links
    if project.along is None:
        chosen = links[links["road_id"].isin(project.roads)]
        drawn = chosen["link_id"].astype(str) == chosen["road_id"].astype(str)
        wanted = {"both": drawn | True, "along": drawn, "against": ~drawn}[project.direction]
        found = set(chosen.loc[wanted, "link_id"].astype(str))
        if project.roads and not found:
            message = f"these roads have no direction {project.direction} the way they read"
            report.add(project, "changed_nothing", message, "direction", value=project.direction)
        return found
    path = find_path(project, project.along, network, report)
    ends = project.along.from_node, project.along.to_node
    back = (follow_ref(project.along.ref, ends[::-1], network) or []) if path else []
    ways = {"both": [*path, *back], "along": path, "against": back}[project.direction]
    if path and not ways:
        message = f"{project.along.ref} does not lead back from {ends[1]} to {ends[0]}"
        report.add(project, "changed_nothing", message, "direction", value=project.direction)
    return {step.link_id for step in ways}
