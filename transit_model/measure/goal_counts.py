"""What goals count beside the times between places: cells of the grid within a time, departures of a day."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import has_surface
from transit_model.goals.judge_counts import GridPart
from transit_model.goals.schema import Goal
from transit_model.goals.targets import expand, list_pairs
from transit_model.measure.people import list_counties
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.trains import list_day_journeys
from transit_model.surface.disaggregation import assign_counties
from transit_model.units import S_PER_MIN, s_to_min

F64 = npt.NDArray[np.float64]


def find_prefectures(session: Session) -> dict[str, str]:
    """Return the prefecture of every place that has one: of its own row, else of its county."""
    counties = session.network.counties
    by_code = {str(a): str(p) for a, p in zip(counties["adcode"], counties["prefecture"], strict=True)}
    by_seat = {str(s): str(p) for s, p in zip(counties["place_id"], counties["prefecture"], strict=True) if s}
    return {
        p.place_id: p.prefecture or by_seat.get(p.place_id, "") or by_code.get(p.adcode, "")
        for p in session.places.places
    }


def measure_grid_goal(
    builder: SurfaceBuilder, goal: Goal, reading: Reading, people: Callable[[], F64]
) -> list[GridPart] | None:
    """Return the minutes of every cell that a goal on the grid counts, in parts; None where there are no such times.

    Cells are those whose centre lies in a county where the region has outlines, else all; people are those of the
    grid. The nearest origin counts, in both directions the slower of the two.

    Parameters
    ----------
    people : callable
        Gives the persons by cell, (ny, nx); called for goals on people only.
    """
    coverage, mode = goal.coverage, goal.mode
    assert coverage is not None
    assert mode is not None
    if not has_surface(mode, reading):
        return None
    session = builder.session
    origins = [session.places.get_place(p) for p in expand(coverage.origins, session.places.groups)]
    time_s = np.full(builder.grid.shape, math.inf)
    for origin in origins:
        ways = [builder.compute(origin, mode, reading, reverse=back).time_s for back in _DIRECTIONS[coverage.direction]]
        time_s = np.minimum(time_s, np.maximum.reduce(ways))
    counties = list_counties(builder)
    row = assign_counties(builder.grid, [c.outline for c in counties])
    on_people = coverage.of == "people"
    weights = people() if on_people else np.where(row >= 0, 1.0, 0.0) if (row >= 0).any() else np.ones(row.shape)
    parts = {"": np.ones(row.shape, dtype=bool)}
    if coverage.by is not None:
        census = session.network.counties
        names = dict(zip(census["adcode"].astype(str), census["prefecture"].astype(str), strict=True))
        of_county = np.array([names[c.county_id] for c in counties] + [""], dtype=object)
        prefecture = of_county[row]  # -1, outside all counties, is the last
        parts = {name: prefecture == name for name in sorted(set(of_county[:-1]))}
    return [GridPart(n, time_s[at] / S_PER_MIN, weights[at]) for n, at in parts.items()]


_DIRECTIONS: Mapping[str, Sequence[bool]] = {"from": (False,), "towards": (True,), "both": (False, True)}


def count_departures(session: Session, goal: Goal) -> list[tuple[tuple[str, str], float]]:
    """Return for each pair what the frequency of a goal counts; of two directions the worse.

    Departures are the useful ones of the service day, door to door (`list_day_journeys`); those that take longer than
    ``threshold_min`` are left out. Without any the number is 0, the gap infinite, the last departure never.
    """
    assert goal.pairs is not None
    places, groups = session.places, session.places.groups
    found: dict[tuple[str, str], float] = {
        (a, b): _count(session, goal, places.get_place(a), places.get_place(b)) for a, b in list_pairs(goal, groups)
    }
    return list(found.items())


def _count(session: Session, goal: Goal, origin: Place, destination: Place) -> float:
    rule, mode = goal.frequency, goal.mode
    assert rule is not None
    assert mode is not None
    journeys = list_day_journeys(session, origin, destination, mode) if session.has_service(mode) else []
    limit_min = math.inf if goal.threshold_min is None else goal.threshold_min
    clocks_s = [j.depart_clock_s for j in journeys if s_to_min(j.arrive_clock_s - j.depart_clock_s) <= limit_min]
    if rule.unit == "departures":
        return float(len(clocks_s))
    if rule.unit == "clock":
        return s_to_min(clocks_s[-1]) if clocks_s else -math.inf
    return s_to_min(find_largest_gap_s(clocks_s, *session.window))


def find_largest_gap_s(clocks_s: Sequence[int], start_s: int, end_s: int) -> float:
    """Return the longest time inside a window without a departure, inf when there is none in it at all.

    The window itself bounds the first and the last gap: nothing is known of who would leave before or after.
    """
    inside = [c for c in clocks_s if start_s <= c <= end_s]
    if not inside:
        return math.inf
    edges = [start_s, *inside, end_s]
    return float(max(b - a for a, b in pairwise(edges)))
