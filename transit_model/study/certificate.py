"""The certificate of a comparison (design 7): the differences are those of the edit, and of nothing else.

1. *Null edit*: the base built a second time from its files has the same times, to the bit.
2. *Improvement only*: where every road, train and stop of the base is kept and none made slower, no cell is slower.
3. *Untouched*: a cell that no changed piece of road is near enough to reach has the same time, to the bit; likewise
   every pair of a mode whose inputs are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.domain.modes import PARTS, Mode, Reading, SpeedTable, Vehicle
from transit_model.domain.place import Place
from transit_model.errors import Issue, NetworkError
from transit_model.indicators.grid import Grid
from transit_model.indicators.surface import EdgeTimes
from transit_model.network.model import Network
from transit_model.study.road_times import TABLE_OF_READING
from transit_model.study.session import Session
from transit_model.study.shared_session import ContentStore, SharedSession
from transit_model.study.surfaces import SurfaceMaker
from transit_model.units import kmh_to_ms, min_to_s

F64 = npt.NDArray[np.float64]
Cells = npt.NDArray[np.bool_]
SLACK_S = 1e-5
"""Percentiles of services by headway are found to a millionth of a second; less than ten of these is no change."""
_NAMED = 5
_CELL_MARGIN = 1.5
"""Cells beside a piece of road: half a diagonal for the cell, and one cell for the raster of the piece."""


@dataclass
class Certificate:
    """What was checked and what failed; filled surface by surface.

    Attributes
    ----------
    improvement_only : bool or None
        None when the scenario itself was not at hand.
    untouched_cells, untouched_pairs : int
        How many cells and pairs could be seen to be untouched, and were compared to the bit.
    failures : list of Issue
        Empty when the comparison is sound.
    """

    grid: Grid
    improvement_only: bool | None = None
    null_edit_max_s: float = 0.0
    worsened_cells: int = 0
    untouched_identical: bool = True
    untouched_cells: int = 0
    untouched_pairs: int = 0
    measured_on: list[str] = field(default_factory=list)
    failures: list[Issue] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON contract form (design 8)."""
        names = ("null_edit_max_s", "worsened_cells", "untouched_identical", "improvement_only")
        more = ("untouched_cells", "untouched_pairs", "measured_on")
        return {name: getattr(self, name) for name in (*names, *more)}

    def add_surface(self, what: str, first: F64, again: F64, third: F64, touched: Cells | None = None) -> None:
        """Check one surface: base, base built again, scenario, and the cells the edit may touch, all (ny, nx)."""
        difference = find_largest_difference(first, again)
        self.null_edit_max_s = max(self.null_edit_max_s, difference)
        if difference > 0:
            self._fail("null_edit", f"{what}: the base built twice differs in", first != again)
        changed = first != third
        any_changed = bool(changed.any())
        if any_changed:
            worse = third > first + SLACK_S
            self.worsened_cells += int(np.count_nonzero(worse))
            if self.improvement_only and worse.any():
                self._fail("improvement_worsens", f"{what}: an edit that only improves makes slower", worse)
        self.untouched_identical &= difference == 0
        if touched is not None:
            self.untouched_cells += touched.size - int(np.count_nonzero(touched))
            broken = changed & ~touched if any_changed else changed
            if broken.any():
                self.untouched_identical = False
                self._fail("untouched_changed", f"{what}: far from any change there are changes in", broken)

    def add_pairs(self, base: pd.DataFrame, scenario: pd.DataFrame, same: Sequence[tuple[Mode, Reading]]) -> None:
        """Check the OD rows of modes and readings whose inputs are the same in both."""
        keys = ["from", "to", "mode", "reading"]
        both = base[[*keys, "minutes"]].merge(scenario[[*keys, "minutes"]], on=keys, suffixes=("", "_scenario"))
        kinds = {(m.value, r.value) for m, r in same}
        kept = both[[(m, r) in kinds for m, r in zip(both["mode"], both["reading"], strict=True)]]
        self.untouched_pairs += len(kept)
        broken = kept[kept["minutes"] != kept["minutes_scenario"]]
        if len(broken):
            self.untouched_identical = False
            named = "; ".join(f"{r['from']} - {r['to']} {r['mode']}" for r in broken.head(_NAMED).to_dict("records"))
            message = f"{len(broken)} pairs changed although nothing they depend on did"
            self.failures.append(Issue("untouched_changed", "error", message, field="od", value=named))

    def check(self) -> None:
        """Raise when something failed.

        Raises
        ------
        NetworkError
            With one issue a failure, each naming cells by the lon,lat of their centres.
        """
        if self.failures:
            raise NetworkError(self.failures)

    def _fail(self, code: str, message: str, cells: Cells) -> None:
        rows, columns = np.nonzero(cells)
        x, y = self.grid.centres()
        lon, lat = self.grid.unproject(x[columns[:_NAMED]], y[rows[:_NAMED]])
        named = "; ".join(f"{a:.4f},{b:.4f}" for a, b in zip(lon, lat, strict=True))
        hint = "this is a fault of the model, not of your files: please report it with the two scenarios"
        self.failures.append(
            Issue(code, "error", f"{message} {len(rows)} cells", field="cells", value=named, hint=hint)
        )


def find_largest_difference(first: F64, second: F64) -> float:
    """Return the largest difference in seconds, inf when different cells are reached."""
    if np.array_equal(first, second):
        return 0.0
    both = np.isfinite(first) & np.isfinite(second)
    if not np.array_equal(np.isfinite(first), np.isfinite(second)):
        return float("inf")
    return float(np.abs(first[both] - second[both]).max(initial=0.0))


def find_touched_cells(
    grid: Grid,
    base: F64,
    scenario: F64,
    reach_m: float,
    points: tuple[F64, F64] = (np.zeros(0), np.zeros(0)),
) -> Cells:
    """Return the cells within reach of a piece of road that is new, gone, or reached at another time, (ny, nx).

    Parameters
    ----------
    base, scenario : (n, 7) float64
        From `stack_edges`.
    reach_m : float
        How far one travels off the network at most.
    points : (x, y), optional
        Nodes and stations that are reached at another time, or may be.
    """
    _, x0, y0, x1, y1, _, _ = find_rows_of_one(base, scenario).T
    marked = np.zeros(grid.shape, dtype=bool)
    steps = np.maximum(np.ceil(np.hypot(x1 - x0, y1 - y0) / grid.cell_m), 1).astype(np.int64)
    piece = np.repeat(np.arange(len(steps)), steps + 1)
    nth = np.arange(len(piece)) - np.repeat(np.cumsum(steps + 1) - (steps + 1), steps + 1)
    share = nth / steps[piece]
    rows, columns, inside = grid.locate(x0[piece] + share * (x1 - x0)[piece], y0[piece] + share * (y1 - y0)[piece])
    marked[rows[inside], columns[inside]] = True
    rows, columns, inside = grid.locate(*points)
    marked[rows[inside], columns[inside]] = True
    if not marked.any():
        return marked
    return spread_marks(marked, reach_m / grid.cell_m + _CELL_MARGIN)


def spread_marks(marked: Cells, far: float) -> Cells:
    """Return the cells (ny, nx) whose centre is at most `far` cells from that of a marked one."""
    from transit_model.indicators.bin_kernels import spread_squares

    n_rows, n_columns = marked.shape
    centres = np.argwhere(marked)[:, ::-1].astype(np.float64)
    squares = np.full(marked.shape, np.inf)
    x, y = np.arange(n_columns, dtype=np.float64), np.arange(n_rows, dtype=np.float64)
    spread_squares(np.ascontiguousarray(centres), x, y, 1.0, float(far), squares)
    near: Cells = squares <= far * far
    return near


def find_changed_points(
    base: SurfaceMaker, scenario: SurfaceMaker, place: Place, mode: Mode, reading: Reading
) -> tuple[F64, F64]:
    """Return grid x and y of the road nodes reached at another time, and of all stops when one rides.

    A node may be reached by train where no road of the network is, so the pieces of road do not hold all nodes.
    """
    lon_lat: set[tuple[float, float]] = set()
    for part in PARTS[mode]:
        before, after = (_read_node_times(m, place, part, reading) for m in (base, scenario))
        lon_lat |= {at for at, _ in before.items() ^ after.items()}
    if mode is not Mode.ROAD:
        for maker in (base, scenario):
            stops = maker.session.network.feed.stops[["stop_lon", "stop_lat"]].astype("float64").dropna()
            lon_lat |= set(stops.itertuples(index=False, name=None))
    if base.reach_on_foot(place) != scenario.reach_on_foot(place):
        lon_lat.add((place.at.lon, place.at.lat))  # walkers round the place itself
    points = np.array(sorted(lon_lat), dtype=np.float64).reshape(-1, 2)
    x, y = base.grid.project(points[:, 0], points[:, 1])
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def _read_node_times(
    maker: SurfaceMaker, place: Place, part: Mode, reading: Reading
) -> dict[tuple[float, float], float]:
    """Return the least time at each point that holds a node one may leave, the reached ones only."""
    if part is not Mode.ROAD and not maker.session.has_service(part):
        return {}
    arrays = maker.session.roads(reading).arrays
    node_s = maker.get_node_s(place, part, reading, 0.5)
    ok = arrays.may_leave & np.isfinite(node_s)
    out: dict[tuple[float, float], float] = {}
    for lon, lat, time_s in zip(arrays.lon[ok].tolist(), arrays.lat[ok].tolist(), node_s[ok].tolist(), strict=True):
        out[lon, lat] = min(time_s, out.get((lon, lat), np.inf))
    return out


def compute_reach_m(network: Network) -> float:
    """Return how far one travels off the network at most, on wheels or on foot, in metres."""
    a = network.assumptions
    return max(kmh_to_ms(a.off_network_speed_kmh) * min_to_s(a.off_network_max_min), a.walk_max_m)


def is_improvement_only(base: Session, scenario: Session) -> bool:
    """Return whether the scenario keeps every road, trip, stop and assumption of the base and slows none.

    Roads must keep class and toll as well: a road that becomes a motorway can no longer be left along the way.
    """
    old, new = base.network, scenario.network
    if old.assumptions.fingerprint() != new.assumptions.fingerprint():
        return False
    if not (_keeps(old.feed.stops, new.feed.stops, "stop_id") and _keeps_trips(old, new)):
        return False
    return all(_keeps_roads(base, scenario, table) for table in (SpeedTable.FREE, SpeedTable.TYPICAL))


def list_same_inputs(base: Session, scenario: Session) -> list[tuple[Mode, Reading]]:
    """Return the modes and readings whose inputs are the same to the bit in both, by digests of these inputs."""
    store = ContentStore()
    first, second = (SharedSession(s.scenario_id, s.network, store, built=s) for s in (base, scenario))
    numbers = base.network.assumptions.fingerprint() == scenario.network.assumptions.fingerprint()
    if not numbers or store.digest(base.network.places) != store.digest(scenario.network.places):
        return []
    out = []
    for reading in Reading:
        table = TABLE_OF_READING[reading]
        road = first.road_key(Vehicle.CAR, table) == second.road_key(Vehicle.CAR, table)
        access = reading is not Reading.DOOR_TO_DOOR or road
        rail, bus = (access and first.timetable_key(m) == second.timetable_key(m) for m in (Mode.RAIL, Mode.BUS))
        kinds = ((Mode.ROAD, road), (Mode.RAIL, rail), (Mode.BUS, bus), (Mode.BEST, road and rail and bus))
        out += [(mode, reading) for mode, same in kinds if same]
    return out


def stack_edges(edges: Sequence[tuple[Mode, bool, EdgeTimes]]) -> F64:
    """Return pieces of road as rows of kind, x0, y0, x1, y1, t0_s and t1_s, (n, 7)."""
    parts = []
    for mode, motorway, e in edges:
        kind = np.full(len(e), float(list(Mode).index(mode) * 2 + motorway))
        parts.append(np.column_stack([kind, e.x0, e.y0, e.x1, e.y1, e.t0_s, e.t1_s]))
    return np.concatenate(parts) if parts else np.zeros((0, 7))


def find_rows_of_one(first: F64, second: F64) -> F64:
    """Return the rows, equal to the bit or not at all, that only one of two tables has; (n, columns)."""
    kinds = [np.ascontiguousarray(t + 0.0).view(f"V{t.shape[1] * 8}").ravel() for t in (first, second)]
    alone = [t[~np.isin(mine, other)] for t, mine, other in ((first, *kinds), (second, *kinds[::-1]))]
    return np.concatenate(alone)


def _keeps(old: pd.DataFrame, new: pd.DataFrame, key: str) -> bool:
    return set(old[key].astype(str)) <= set(new[key].astype(str))


def _keeps_trips(old: Network, new: Network) -> bool:
    """Return whether every trip of the base runs as before."""
    for name, columns in (
        ("stop_times", ["trip_id", "stop_sequence", "stop_id", "arrival_clock_s", "departure_clock_s"]),
        ("frequencies", ["trip_id", "start_clock_s", "end_clock_s", "headway_secs"]),
        ("trips", ["trip_id", "service_id"]),
    ):
        before, after = (getattr(n.feed, name)[columns] for n in (old, new))
        mine = after[after["trip_id"].isin(set(before["trip_id"]))]
        if before.reset_index(drop=True).equals(mine.reset_index(drop=True)):
            continue  # the rule, and much cheaper than in any order
        before, mine = before.astype(str), mine.astype(str)
        if sorted(before.itertuples(index=False, name=None)) != sorted(mine.itertuples(index=False, name=None)):
            return False
    return True


def _keeps_roads(base: Session, scenario: Session, table: SpeedTable) -> bool:
    columns = ["link_id", "from_node_id", "to_node_id", "highway", "toll"]
    tables = []
    for session in (base, scenario):
        ticks = session.streets(Vehicle.CAR, table).link_ticks
        tables.append(session.network.links[columns].assign(ticks=ticks))
    both = tables[0].merge(tables[1], on=columns, suffixes=("", "_new"))
    return len(both) == len(tables[0]) and bool((both["ticks_new"] <= both["ticks"]).all())
