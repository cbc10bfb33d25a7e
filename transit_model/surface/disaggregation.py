"""A stated model of where the people of a county live (人口空间化): census totals on grid cells.

The model
---------
A county of N persons is cut in an urban and a rural part by its urban share, or, where it is known how many live in
its seat, its towns and its villages, in these three. On each cell of the county

- urban people are spread in proportion to ``sum over centres of weight * exp(-d / urban_scale)``, ``d`` the distance
  from the cell to the centre, for centres within ``urban_reach``: the seat, towns and stations, with their weights;
  where the three parts are known, people of the seat follow the seat alone and people of towns the towns and stations
  (the seat, where the county has neither);
- rural people (of villages) in proportion to ``rural_floor + exp(-d_road / road_scale)``, ``d_road`` the distance to
  the nearest road point.

Persons are whole: each cell gets the floor of its share, and the largest remainders get one more until the county
total is met exactly (largest remainder method; equal remainders go to the southern, then western cell). A cell belongs
to the county its centre lies in. A county without a cell keeps its people in the cell of its seat.

It is a model, not a survey: exponential decline from centres follows Clark (1951), Journal of the Royal Statistical
Society A 114(4); splitting census totals by such weights is dasymetric mapping (Wright 1936, Geographical Review
26(1)). The scales and weights are judgements and must be given. The two crude alternatives bracket it: ``seat`` (all at
the seat) and ``even`` (alike on all cells of the county); `population.compare_population_models` reports the spread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from transit_model.errors import InputError, Issue
from transit_model.surface.grid import Grid

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
Method = Literal["model", "seat", "even"]


_HINTS = {
    "bad_settlement": "seat, towns and villages of settlements.csv must add up to population_2020 of counties.csv"
}
_PULL_SCALES = 12.0  # exp(-12) is six millionths: nothing beside the rural floor


@dataclass(frozen=True)
class DisaggregationRule:
    """The numbers of the model; all judged, so none has a default.

    Attributes
    ----------
    urban_share : float
        Of counties whose own share is not known, 0 to 1.
    seat_weight, town_weight, station_weight : float
        Relative size of centres, 0 or more.
    urban_scale_m, urban_reach_m : float
        Length over which urban density falls to 37 %, and the farthest a centre counts.
    road_scale_m : float
        Length over which the pull of a road falls to 37 %.
    rural_floor : float
        Weight of a cell far from any road, above 0.
    """

    urban_share: float
    seat_weight: float
    town_weight: float
    station_weight: float
    urban_scale_m: float
    urban_reach_m: float
    road_scale_m: float
    rural_floor: float

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises
        ------
        InputError
            With all that are out of range.
        """
        limits = {
            "urban_share": (0.0, 1.0),
            "seat_weight": (0.0, np.inf),
            "town_weight": (0.0, np.inf),
            "station_weight": (0.0, np.inf),
        }
        for name in ("urban_scale_m", "urban_reach_m", "road_scale_m", "rural_floor"):
            limits[name] = (np.finfo(float).tiny, np.inf)
        issues = [
            Issue("out_of_range", "error", f"{name} is out of range", field=name, value=str(getattr(self, name)))
            for name, (low, high) in limits.items()
            if not (np.isfinite(getattr(self, name)) and low <= getattr(self, name) <= high)
        ]
        if issues:
            raise InputError(issues)


@dataclass(frozen=True, eq=False)
class County:
    """One county: id, persons, outline and seat in metres; when known, its urban share or its persons by part.

    ``settled`` are the persons in the seat, in other towns and in villages, and adds up to ``population``.
    """

    county_id: str
    population: int
    outline: BaseGeometry | None
    seat_x: float
    seat_y: float
    urban_share: float | None = None
    settled: tuple[int, int, int] | None = None


@dataclass(frozen=True, eq=False)
class Pulls:
    """What draws people, (n, 2) points x, y in metres; each may be empty."""

    towns: F64
    stations: F64
    roads: F64


@dataclass(frozen=True, eq=False)
class CensusGrid:
    """Census people on the grid.

    Attributes
    ----------
    population : (ny, nx) int64
        Whole persons; sums to the census of the counties exactly.
    county_index : (ny, nx) int32
        Place of the cell's county in the sequence given, -1 outside all.
    at_seat : tuple of str
        Counties without a cell of their own, kept at the seat.
    """

    population: I64
    county_index: npt.NDArray[np.int32]
    at_seat: tuple[str, ...]


def spread_census(
    grid: Grid,
    counties: Sequence[County],
    method: Method,
    *,
    rule: DisaggregationRule | None = None,
    pulls: Pulls | None = None,
) -> CensusGrid:
    """Spread the census over the cells of the grid; county totals are kept to the person.

    Parameters
    ----------
    grid : Grid
    counties : sequence of County
    method : {"model", "seat", "even"}
        The model of the module docstring, or one of the crude alternatives.
    rule, pulls
        Needed by the model.

    Raises
    ------
    InputError
        With all issues: ids twice, persons below 0, seats outside the grid, shares outside 0..1, a rule that lacks.
    """
    _check(grid, counties, method, rule, pulls)
    index = assign_counties(grid, [county.outline for county in counties])
    x, y = grid.centres()
    population = np.zeros(grid.shape, dtype=np.int64)
    at_seat = []
    road_m = (
        find_road_distance(grid, pulls, _PULL_SCALES * rule.road_scale_m, index >= 0)
        if method == "model" and pulls is not None and rule is not None
        else np.zeros(grid.shape)
    )
    cells = np.flatnonzero(index >= 0)
    cells = cells[np.argsort(index.ravel()[cells], kind="stable")]
    begins = np.searchsorted(index.ravel()[cells], np.arange(len(counties) + 1))
    for number, county in enumerate(counties):
        rows, columns = np.divmod(cells[begins[number] : begins[number + 1]], grid.nx)
        if method == "seat" or len(rows) == 0:
            row, column, _ = grid.locate(county.seat_x, county.seat_y)
            population[row, column] += county.population
            if method != "seat":
                at_seat.append(county.county_id)
            continue
        shares = np.full(len(rows), 1.0 / len(rows))
        if method == "model" and rule is not None and pulls is not None:
            shares = _weigh(county, rule, pulls, (x[columns], y[rows]), road_m[rows, columns])
        population[rows, columns] += apportion(county.population, shares)
    return CensusGrid(population, index, tuple(at_seat))


def assign_counties(grid: Grid, outlines: Sequence[BaseGeometry | None]) -> npt.NDArray[np.int32]:
    """Return for each cell the place of the outline its centre lies in (the first of several), -1 for none."""
    x, y = grid.centres()
    index = np.full(grid.shape, -1, dtype=np.int32)
    for number, outline in enumerate(outlines):
        if outline is None or outline.is_empty:
            continue
        west, south, east, north = outline.bounds
        columns = slice(int(np.searchsorted(x, west)), int(np.searchsorted(x, east, side="right")))
        rows = slice(int(np.searchsorted(y, south)), int(np.searchsorted(y, north, side="right")))
        shapely.prepare(outline)
        xs, ys = np.meshgrid(x[columns], y[rows])
        part = index[rows, columns]
        part[(part < 0) & shapely.contains_xy(outline, xs, ys)] = number
    return index


def apportion(total: int, shares: npt.ArrayLike) -> I64:
    """Return whole numbers in proportion to the shares that add up to the total (largest remainder method).

    Equal remainders go to the first.

    Raises
    ------
    InputError
        When shares are negative, not finite, or all 0 while the total is not.
    """
    part = np.asarray(shares, dtype=np.float64)
    whole = float(part.sum())
    if (part < 0).any() or not np.isfinite(part).all() or (whole <= 0 and total > 0) or total < 0:
        raise InputError("shares must be 0 or more, not all 0, and the total 0 or more")
    if total == 0:
        return np.zeros(len(part), dtype=np.int64)
    quota = part * (total / whole)
    given = np.floor(quota).astype(np.int64)
    # rounding of the sum can make the floors exceed the total by one: begin the remainders lower then
    missing = total - int(given.sum())
    order = np.argsort(-(quota - given), kind="stable")
    if missing >= 0:
        given[order[:missing]] += 1
    else:
        last = order[given[order] > 0][missing:]
        given[last] -= 1
    return given


def _weigh(county: County, rule: DisaggregationRule, pulls: Pulls, cells: tuple[F64, F64], road_m: F64) -> F64:
    """Return the share of the county's people in each of its cells."""
    x, y = cells
    seat = _draw(rule, [(rule.seat_weight, np.array([[county.seat_x, county.seat_y]]))], x, y)
    near = [(rule.town_weight, pulls.towns), (rule.station_weight, pulls.stations)]
    towns = _draw(rule, [(weight, _within(county, points, rule.urban_reach_m, x, y)) for weight, points in near], x, y)
    rural = rule.rural_floor + np.exp(-road_m / rule.road_scale_m)
    if county.settled is not None and county.population > 0:
        parts = zip(county.settled, ((seat, towns, rural), (towns, seat, rural), (rural,)), strict=True)
        shares: F64 = np.zeros(len(x))
        for persons, candidates in parts:
            # What reaches no cell of this county draws nobody: the next best does.
            pull = next(weights for weights in candidates if weights.sum() > 0)
            shares += persons / county.population * pull / pull.sum()
        return shares
    urban = seat + towns
    share = rule.urban_share if county.urban_share is None else county.urban_share
    if urban.sum() <= 0:
        share = 0.0  # no centre reaches a cell of this county
    urban_part = urban / urban.sum() if share > 0 else np.zeros(len(x))
    mixed: F64 = share * urban_part + (1 - share) * rural / rural.sum()
    return mixed


def _within(county: County, points: F64, reach_m: float, x: F64, y: F64) -> F64:
    """Return the points in the county that may draw a cell: a border station does not draw the neighbour's census."""
    west, south, east, north = x.min() - reach_m, y.min() - reach_m, x.max() + reach_m, y.max() + reach_m
    near = (points[:, 0] >= west) & (points[:, 1] >= south) & (points[:, 0] <= east) & (points[:, 1] <= north)
    inside: F64 = points[near]
    if county.outline is not None and len(inside):
        inside = inside[np.asarray(shapely.contains_xy(county.outline, inside[:, 0], inside[:, 1]), dtype=bool)]
    return inside


def _draw(rule: DisaggregationRule, centres: Sequence[tuple[float, F64]], x: F64, y: F64) -> F64:
    """Return how strongly centres draw each cell, the sum of their declining weights."""
    pull = np.zeros(len(x))
    for weight, points in centres:
        for px, py in points:
            away = np.hypot(x - px, y - py)
            pull += np.where(away <= rule.urban_reach_m, weight * np.exp(-away / rule.urban_scale_m), 0.0)
    return pull


def find_road_distance(grid: Grid, pulls: Pulls, limit_m: float, wanted: npt.NDArray[np.bool_] | None = None) -> F64:
    """Return the distance of every cell to the nearest road point; `inf` beyond the limit, where no pull is left.

    With `wanted` (ny, nx) only that of the marked cells is looked for; it is `inf` elsewhere.
    """
    from transit_model.surface.nearest_kernels import find_far, gather_squares, sort_points

    squares = np.full(grid.shape, np.inf)
    margin = math.ceil(limit_m / grid.cell_m) + 1
    size = (grid.ny + 2 * margin, grid.nx + 2 * margin)
    corner = (grid.origin_x - margin * grid.cell_m, grid.origin_y - margin * grid.cell_m)
    start, far = np.zeros(size[0] * size[1] + 1, dtype=np.int32), np.empty(size, dtype=np.int32)
    points = np.empty_like(pulls.roads)
    sort_points(np.ascontiguousarray(pulls.roads), corner, grid.cell_m, size, start, points)
    find_far(start, size, far)
    cells = np.ones(grid.shape, dtype=np.bool_) if wanted is None else wanted
    gather_squares(points, start, far, (margin, cells), grid.centres(), grid.cell_m, float(limit_m), squares)
    squares[squares >= limit_m * limit_m] = np.inf
    return np.asarray(np.sqrt(squares, out=squares))


def _check(
    grid: Grid,
    counties: Sequence[County],
    method: str,
    rule: DisaggregationRule | None,
    pulls: Pulls | None,
) -> None:
    issues = []
    if method not in ("model", "seat", "even"):
        issues.append(
            Issue("unknown_method", "error", "unknown method", field="method", value=method, hint="model, seat or even")
        )
    if method == "model" and (rule is None or pulls is None):
        issues.append(Issue("missing_rule", "error", "the model needs a rule and pulls", field="rule"))
    ids = [county.county_id for county in counties]
    for county in counties:
        problems = {
            "duplicate_id": ids.count(county.county_id) > 1,
            "bad_population": county.population < 0 or int(county.population) != county.population,
            "seat_outside": not bool(grid.locate(county.seat_x, county.seat_y)[2]),
            "bad_settlement": county.settled is not None
            and (min(county.settled) < 0 or sum(county.settled) != county.population),
            "bad_share": county.urban_share is not None and not 0 <= county.urban_share <= 1,
        }
        issues += [
            Issue(
                code,
                "error",
                f"county {county.county_id}: {code.replace('_', ' ')}",
                value=county.county_id,
                hint=_HINTS.get(code, ""),
            )
            for code, wrong in problems.items()
            if wrong
        ]
    if issues:
        raise InputError(issues)
