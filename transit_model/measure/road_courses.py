"""Where the roads of a network lie on a grid: laid once for all scenarios that have the same roads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.measure.compiled_roads import LEAST_LINKS
from transit_model.measure.input_keys import COURSE_COLUMNS, NODE_COLUMNS
from transit_model.measure.memo import digest_arrays
from transit_model.network.model import Network
from transit_model.network.road_change import NetworkRoads
from transit_model.network.snap import build_course_arrays
from transit_model.streets.memory import return_freed_memory
from transit_model.surface.grid import Grid
from transit_model.surface.surface import Courses, RoadSegments, TimedRoads
from transit_model.units import kmh_to_ms, min_to_s

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]


class RoadCourses:
    """The courses of the links of a network, projected on a grid.

    Attributes
    ----------
    rows : (n,) int64
        Rows of ``network.links`` that one may leave along the way: one cannot step off a motorway.
    back : (n,) int64
        For each of them the place in `rows` of the way back along the same road, -1 for none.
    back_row : (n_links,) int64
        Row of the way back of every link, -1 for none.
    """

    rows: I64
    back: I64
    back_row: I64

    def __init__(self, network: Network, grid: Grid) -> None:
        self.network, self.grid = network, grid
        self.rule = find_rule(network)
        self.rows = np.flatnonzero((network.links["highway"] != "motorway").to_numpy(dtype=bool))
        self.back_row = network.link_backs
        self.back = find_back(self.rows, self.back_row)

    def serves(self, network: Network, grid: Grid) -> bool:
        """Return whether another network has the same roads in the same places, to the bit, on the same grid."""
        if grid != self.grid or find_rule(network) != self.rule:
            return False
        own = self.network
        pairs = (
            (own.links, network.links, COURSE_COLUMNS),
            (own.nodes, network.nodes, NODE_COLUMNS),
            (own.shapes, network.shapes, tuple(own.shapes.columns)),
        )
        return all(are_equal(one, other, columns) for one, other, columns in pairs)

    @cached_property
    def motorways(self) -> tuple[I64, Courses]:
        """Rows and courses of the links that one cannot leave along the way."""
        motorway = np.ones(len(self.network.links), dtype=bool)
        motorway[self.rows] = False
        rows = np.flatnonzero(motorway)
        return rows, self.project(rows)

    @cached_property
    def courses(self) -> Courses:
        """The courses of `rows`."""
        return self.project(self.rows)

    def take(self, places: I64) -> Courses:
        """Return the courses of some of `rows`, named by their places there."""
        return self.courses.take(places)

    @cached_property
    def node_xy(self) -> tuple[F64, F64]:
        """Where the nodes of the network lie on the grid, x and y in metres, (n_nodes,) each."""
        nodes = self.network.nodes
        return self.grid.project(nodes["lon"].to_numpy(dtype=np.float64), nodes["lat"].to_numpy(dtype=np.float64))

    @cached_property
    def digest(self) -> bytes:
        """A digest of the points of the courses."""
        return digest_arrays((self.courses.x, self.courses.y))

    @cached_property
    def segments(self) -> RoadSegments:
        """The courses laid on the grid, which takes most memory."""
        courses = self.courses
        if len(self.rows) >= LEAST_LINKS:
            return_freed_memory()  # of making the courses, and what came before
        return RoadSegments(courses, self.grid, *self.rule)

    @cached_property
    def is_dense(self) -> bool:
        """Whether streets lie so densely that cells look for them."""
        return bool(self.segments.pieces.is_dense)

    def time(self, first_s: F64, last_s: F64) -> list[TimedRoads]:
        """Return the pieces with times, given the seconds at both ends of each of `rows`."""
        return [self.segments.time(first_s, last_s)]

    def list_points(self, step_m: float) -> npt.NDArray[np.float64]:
        """Return points along the courses, all their own ones and others at most `step_m` apart, (n, 2) metres.

        Of the two ways along a road, which have the same points, the own ones of one are left out.
        """
        courses = self.courses
        once = (self.back < 0) | (self.back > np.arange(len(self.back)))
        own = np.repeat(once, np.diff(courses.ptr))
        own_points = np.column_stack([courses.x[own], courses.y[own]])
        return np.concatenate([own_points, courses.list_between(step_m)])

    def lies_on(self, roads: NetworkRoads, grid: Grid, rule: tuple[float, float]) -> bool:
        """Return whether these are the courses of some tables, themselves, on a grid."""
        own = self.network
        same = own.links is roads.links and own.nodes is roads.nodes and own.shapes is roads.shapes
        return same and grid == self.grid and rule == self.rule

    def find_place(self, other: RoadCourses) -> I64 | None:
        """Return for each road of other courses its place among these, None where nobody kept count."""
        return np.arange(len(self.rows)) if other is self else None

    def rests_on(self, other: RoadCourses) -> bool:
        """Return whether pieces of other courses are timed for these."""
        return other is self

    def release(self) -> None:
        """Forget the segments; they are made again when they are asked for."""
        self.__dict__.pop("segments", None)

    def project(self, rows: I64) -> Courses:
        """Return the courses of some links as polylines on the grid."""
        ptr, lon, lat = build_course_arrays(self.network, rows)
        return Courses(ptr, *self.grid.project(lon, lat))


def find_back(rows: I64, back_row: I64) -> I64:
    """Return for some links the place among them of the way back along the same road, -1 for none."""
    place = np.full(len(back_row) + 1, -1, dtype=np.int64)  # the last is that of no link
    place[rows] = np.arange(len(rows))
    found: I64 = place[back_row[rows]]
    return found


def lay_roads(network: Network, grid: Grid, known: Sequence[RoadCourses] = ()) -> RoadCourses:
    """Return the courses of a network: one of the known ones where it has the same roads, else made now."""
    for courses in known:
        if courses.serves(network, grid):
            return courses
    return RoadCourses(network, grid)


def are_equal(one: pd.DataFrame, other: pd.DataFrame, columns: Sequence[str]) -> bool:
    """Return whether columns of two tables hold the same in the same order, to the bit; missing cells are alike."""
    if one is other:
        return True
    if len(one) != len(other) or any(c not in one.columns or c not in other.columns for c in columns):
        return False
    return all(one[c] is other[c] or bool(one[c].array.equals(other[c].array)) for c in columns)


def find_rule(network: Network) -> tuple[float, float]:
    """Return how fast (m/s) and how long (s) one travels off the roads of a network."""
    a = network.assumptions
    return kmh_to_ms(a.off_network_speed_kmh), min_to_s(a.off_network_max_min)
