"""Where places join the roads: on their node, at the nearest road, or, a free point, at all roads near it.

A free point is one that is typed, clicked or read from a file of points: the region says nothing of its roads. It is
joined as a cell of a surface is: to any point, on any road that may be left, within `reach_m` across country, and its
minutes are the least over all of these. A place of the region or of a scenario keeps the one join that its data has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from transit_model.domain.geo import LonLat
from transit_model.domain.place import Place
from transit_model.errors import NetworkError
from transit_model.measure.snap_words import describe_off_network, name_snap_limit
from transit_model.network.arrays import F64
from transit_model.network.model import Network
from transit_model.network.snap import RoadLocator, Snap
from transit_model.network.street_arrays import CompiledStreets
from transit_model.streets.connectors import Connectors, build_link_connectors, build_node_connectors
from transit_model.streets.free_points import Links, find_within, join_free_points
from transit_model.streets.places_search import compute_street_ticks
from transit_model.units import TICKS_PER_S, kmh_to_ms, min_to_s, seconds_to_ticks, ticks_to_seconds

_POINTS_AT_ONCE, _NODES_AT_ONCE, _KEPT = 256, 16, 32
_LEAST_APART_M = 1.0
"""A place nearer to its node stands on it."""


def is_free(place: Place) -> bool:
    """Return whether a place is a free point."""
    return place.kind == "point" and not place.road_node_id and not place.stop_id


class PlaceJoins:
    """Joins places to the roads of one network; what it has found is kept.

    Parameters
    ----------
    network : Network
    taxi_roads : callable
        The street graph of cars: a place stands on its node where a car may stop there.
    locator : callable
    """

    def __init__(
        self, network: Network, taxi_roads: Callable[[], CompiledStreets], locator: Callable[[], RoadLocator]
    ) -> None:
        self.network, self._taxi_roads, self._find_locator = network, taxi_roads, locator
        self._snapped: dict[LonLat, tuple[int, float, float]] = {}
        self._free: dict[tuple[CompiledStreets, tuple[LonLat, ...]], Connectors] = {}

    @property
    def reach_m(self) -> float:
        """How far one goes off the network, as on a surface."""
        a = self.network.assumptions
        return kmh_to_ms(a.off_network_speed_kmh) * min_to_s(a.off_network_max_min)

    @property
    def snap_limit_m(self) -> float:
        """How far from the nearest road a place may lie, see `Session.snap_limit_m`."""
        return min(self.network.assumptions.snap_max_m, self.reach_m)

    def list_loose(self, places: Sequence[Place]) -> list[tuple[str, float, bool]]:
        """Return places that stand on no node with their distance to a road, and whether it is near enough."""
        loose = [p for p in places if not self._stands_on_node(p)]
        if not loose:
            return []
        snap = self._snap(loose)
        found = zip(loose, snap.link_row, snap.distance_m, strict=True)
        return [(p.place_id, float(distance), bool(row >= 0)) for p, row, distance in found]

    def join(self, places: Sequence[Place], streets: CompiledStreets, *, placed: bool = False) -> Connectors:
        """Return where places join a street graph, see `Session.connectors`; `placed` tells where each lies as well."""
        named = [streets.graph_node.get(p.road_node_id, -1) for p in places]
        at_node = [self._stands_on_node(p) for p in places]
        loose = [i for i, ok in enumerate(at_node) if not ok]
        out = build_node_connectors([node for node, ok in zip(named, at_node, strict=True) if ok])
        order = [i for i, ok in enumerate(at_node) if ok]
        if loose:
            self._check_near([places[i] for i in loose])
            for rows, join in (
                ([i for i in loose if not is_free(places[i])], self._join_nearest),
                ([i for i in loose if is_free(places[i])], self._join_free),
            ):
                if rows:
                    out = out.join(join([places[i] for i in rows], streets))
                    order += rows
            out = out.take(np.argsort(order, kind="stable").tolist())
        return self._place(out, places) if placed else out

    def _stands_on_node(self, place: Place) -> bool:
        return self._taxi_roads().may_stop_at(place.road_node_id)

    def _check_near(self, places: Sequence[Place]) -> None:
        snap = self._snap(places)
        lost = [(p, d) for p, r, d in zip(places, snap.link_row, snap.distance_m, strict=True) if r < 0]
        if lost:
            limit = name_snap_limit(self.snap_limit_m, self.network.assumptions)
            raise NetworkError([describe_off_network(place, metres, limit) for place, metres in lost])

    def _join_nearest(self, places: Sequence[Place], streets: CompiledStreets) -> Connectors:
        snap = self._snap(places)
        off_ticks = seconds_to_ticks(snap.distance_m / kmh_to_ms(self.network.assumptions.off_network_speed_kmh))
        back_rows = self.network.link_backs[snap.link_row]
        return build_link_connectors(streets.arrays, snap.link_row, back_rows, snap.fraction, off_ticks)

    def _join_free(self, places: Sequence[Place], streets: CompiledStreets) -> Connectors:
        key = streets, tuple(p.at for p in places)
        if key not in self._free:
            if len(self._free) >= _KEPT:
                self._free.pop(next(iter(self._free)), None)
            joined = None
            for first in range(0, len(places), _POINTS_AT_ONCE):
                at = [p.at for p in places[first : first + _POINTS_AT_ONCE]]
                near = self._find_locator().find_near(at, self.reach_m)
                some = join_free_points(near, len(at), self._list_links(streets), *self._rule)
                joined = some if joined is None else joined.join(some)
            assert joined is not None
            self._free[key] = joined
        return self._free[key]

    @property
    def _rule(self) -> tuple[float, float]:
        """Ticks a metre off the network, and how far one goes off it."""
        return TICKS_PER_S / kmh_to_ms(self.network.assumptions.off_network_speed_kmh), self.reach_m

    def _list_links(self, streets: CompiledStreets) -> Links:
        return Links(streets.link_tail, streets.link_head, streets.link_ticks, self.network.link_backs)

    def find_drives_within(
        self,
        places: Sequence[Place],
        streets: CompiledStreets,
        nodes: Sequence[int],
        limit_s: float,
        *,
        to_places: bool,
    ) -> F64:
        """Return the seconds of drives between graph nodes and free points that take the limit at most on the roads.

        (n_nodes, n_places), `inf` for none; the way across country comes on top, as on a surface.
        """
        at = [p.at for p in places]
        near = self._find_locator().find_near(at, self.reach_m)
        links, out = self._list_links(streets), np.full((len(nodes), len(places)), np.inf)
        for first in range(0, len(nodes), _NODES_AT_ONCE):
            some = build_node_connectors(nodes[first : first + _NODES_AT_ONCE])
            rows = list(compute_street_ticks(streets.arrays, some, reverse=not to_places, limit_s=limit_s))
            limit = int(limit_s * TICKS_PER_S)
            out[first : first + len(rows)] = find_within(
                near, len(at), links, self._rule, rows, limit, to_points=to_places
            )
        return ticks_to_seconds(out)

    def _place(self, joined: Connectors, places: Sequence[Place]) -> Connectors:
        """Return joined places with where they lie; not those that stand on their node: its roads lead as straight."""
        x, y = self._find_locator().project([p.at for p in places])
        nodes = self.network.nodes
        row = {p.road_node_id: i for i, p in enumerate(places) if self._stands_on_node(p)}
        if row:
            used = nodes[nodes["node_id"].isin(list(row))]
            at = [LonLat(lon=float(lon), lat=float(lat)) for lon, lat in zip(used["lon"], used["lat"], strict=True)]
            node_xy = dict(zip(used["node_id"], zip(*self._find_locator().project(at), strict=True), strict=True))
            for i, place in enumerate(places):
                if self._stands_on_node(place):
                    far_m = np.hypot(*(np.array([x[i], y[i]]) - np.array(node_xy[place.road_node_id])))
                    x[i] = np.nan if far_m < _LEAST_APART_M else x[i]
        return joined.place(x, y)

    def _snap(self, places: Sequence[Place]) -> Snap:
        new = list(dict.fromkeys(p.at for p in places if p.at not in self._snapped))
        if new:
            snap = self._find_locator().snap(new, self.snap_limit_m)
            found = zip(snap.link_row.tolist(), snap.fraction.tolist(), snap.distance_m.tolist(), strict=True)
            self._snapped.update(zip(new, found, strict=True))
        row, fraction, distance_m = zip(*(self._snapped[p.at] for p in places), strict=True)
        return Snap(np.array(row, np.int64), np.array(fraction, np.float64), np.array(distance_m, np.float64))
