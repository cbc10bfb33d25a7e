"""A made-up country for measuring: 2,800 counties with streets, country roads and motorways, the same in every run.

County seats lie more densely in the east, their street lattices grow with their population (a long tail: a few cities
of 60,000 nodes, most of some hundred). Neighbouring seats are joined by winding country roads (nodes every 1.5 km),
the 340 largest by motorways (nodes every 6 km, 105 km/h) with interchanges near the seats they pass. Speeds, missing
blocks and bends are drawn with a fixed seed. Nothing of it is China; size, density and shape are meant to be like it.

Run ``python -m tests.bench.nationwide`` to see its size.
"""

from __future__ import annotations

import sys
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.spatial import Delaunay, cKDTree

from transit_model.network.arrays import F64, I32, I64, StreetArrays
from transit_model.units import TICKS_PER_S, km_to_m, kmh_to_ms

N_COUNTIES: Final = 2800
N_CITIES: Final = 340
COUNTRY_KM: Final = (5000.0, 4000.0)
BLOCK_KM: Final = 0.25
ROAD_STEP_KM, MOTORWAY_STEP_KM = 1.5, 6.0
MOTORWAY_KMH: Final = 105.0
LONGEST_ROAD_KM, LONGEST_MOTORWAY_KM = 250.0, 900.0
INTERCHANGE_KM: Final = 8.0
RAMP_S: Final = 60.0
SEED: Final = 20_201_101


class Country(NamedTuple):
    """A network, people by node (whole numbers), and the node of each county seat."""

    streets: StreetArrays
    people: F64
    seats: I32


class Arcs(NamedTuple):
    """Two-way roads as (n,) arrays: both ends, and seconds."""

    a: I64
    b: I64
    time_s: F64


def build_country(n_counties: int = N_COUNTIES, *, roads_kmh: float = 1.0) -> Country:
    """Build the country, or a part of it with fewer counties at the same density.

    Parameters
    ----------
    n_counties : int
    roads_kmh : float
        All speeds times this: another scenario on the same nodes.
    """
    rng = np.random.default_rng(SEED)
    seat_km = _place_seats(rng, n_counties)
    size = np.clip(rng.lognormal(6.25, 1.15, n_counties), 100, 62_500)
    side = np.rint(np.sqrt(size)).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(side**2)])
    towns, town_km = _lay_streets(rng, seat_km, side, first)
    seats = first[:-1] + (side // 2) * side + side // 2
    n = int(first[-1])
    country, country_km = _lay_roads(
        rng, town_km[seats], seats, n, step_km=ROAD_STEP_KM, longest_km=LONGEST_ROAD_KM, kmh=(55.0, 80.0), bend=1.25
    )
    n += len(country_km)
    cities = np.sort(np.argsort(-side, kind="stable")[: max(4, N_CITIES * n_counties // N_COUNTIES)])
    motorway, motorway_km = _lay_roads(
        rng,
        town_km[seats[cities]],
        seats[cities],
        n,
        step_km=MOTORWAY_STEP_KM,
        longest_km=LONGEST_MOTORWAY_KM,
        kmh=(MOTORWAY_KMH, MOTORWAY_KMH),
        bend=1.1,
    )
    near_km, near = cKDTree(town_km[seats]).query(motorway_km)
    ramps = np.flatnonzero(near_km <= INTERCHANGE_KM)
    interchanges = Arcs(n + ramps, seats[near[ramps]], RAMP_S + _drive_s(near_km[ramps] * 1.3, 50.0))
    place_km = np.vstack([town_km, country_km, motorway_km])
    people = np.zeros(len(place_km))
    people[: first[-1]] = rng.integers(0, 1001, int(first[-1]))  # some 500 at each street node, 1.4 billion in all
    parts = (towns, country, motorway, interchanges)
    return Country(_to_arrays(parts, place_km, roads_kmh), people, seats.astype(np.int32))


def _place_seats(rng: np.random.Generator, n: int) -> F64:
    """Return (n, 2) km: denser towards the east, and the same density whatever the number."""
    width, height = COUNTRY_KM[0], COUNTRY_KM[1] * n / N_COUNTIES
    return np.column_stack([width * rng.beta(2.4, 1.3, n), height * rng.random(n)])


def _lay_streets(rng: np.random.Generator, seat_km: F64, side: I64, first: I64) -> tuple[Arcs, F64]:
    """Return the street lattices of all counties; every eighth street is an arterial, one block in twelve is closed."""
    a, b, kmh, place = [], [], [], []
    for start, s, at in zip(first[:-1].tolist(), side.tolist(), seat_km, strict=True):
        row, column = np.divmod(np.arange(s * s), s)
        place.append(at + (np.column_stack([column, row]) - s / 2) * BLOCK_KM)
        for step, ok, line in ((1, column < s - 1, row), (s, row < s - 1, column)):
            node = np.flatnonzero(ok)
            a.append(start + node)
            b.append(start + node + step)
            kmh.append(np.where(line[node] % 8 == s // 2 % 8, 50.0, 28.0))
    tail, head, speed = np.concatenate(a), np.concatenate(b), np.concatenate(kmh)
    kept = (rng.random(len(tail)) > 1 / 12) | (speed > 28)
    stretch = rng.uniform(0.9, 1.4, len(tail))
    time_s = _drive_s(BLOCK_KM * stretch, speed)
    return Arcs(tail[kept], head[kept], time_s[kept]), np.vstack(place)


def _lay_roads(
    rng: np.random.Generator,
    place_km: F64,
    node: I64,
    n_before: int,
    *,
    step_km: float,
    longest_km: float,
    kmh: tuple[float, float],
    bend: float,
) -> tuple[Arcs, F64]:
    """Return roads between neighbours (Delaunay) as chains of nodes numbered from `n_before`, and their places."""
    corners = Delaunay(place_km).simplices
    pairs = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0)
    straight = np.hypot(*(place_km[pairs[:, 1]] - place_km[pairs[:, 0]]).T)
    pairs, straight = pairs[straight <= longest_km], straight[straight <= longest_km]
    length = straight * bend * rng.uniform(1.0, 1.2, len(pairs))
    speed = rng.uniform(*kmh, len(pairs))
    n_inner = np.maximum(1, np.rint(length / step_km).astype(np.int64))
    road = np.repeat(np.arange(len(pairs)), n_inner)
    begin = np.concatenate([[0], np.cumsum(n_inner)])
    nth = np.arange(begin[-1]) - begin[road]
    share = ((nth + 1) / (n_inner[road] + 1))[:, None]
    places = place_km[pairs[road, 0]] * (1 - share) + place_km[pairs[road, 1]] * share
    inner = n_before + np.arange(begin[-1])
    piece_s = _drive_s(length / (n_inner + 1), speed)
    to_next = np.where(nth == n_inner[road] - 1, node[pairs[road, 1]], inner + 1)
    tail = np.concatenate([inner, inner[begin[:-1]]])
    head = np.concatenate([to_next, node[pairs[:, 0]]])
    return Arcs(tail, head, np.concatenate([piece_s[road], piece_s])), places


def _drive_s(km: npt.ArrayLike, kmh: npt.ArrayLike) -> F64:
    return km_to_m(np.asarray(km, np.float64)) / kmh_to_ms(np.asarray(kmh, np.float64))  # type: ignore[arg-type, return-value]


def _to_arrays(parts: tuple[Arcs, ...], place_km: F64, roads_kmh: float) -> StreetArrays:
    n = len(place_km)
    one, other = (np.concatenate([np.asarray(p[k]) for p in parts]) for k in (0, 1))
    time_s = np.concatenate([p.time_s for p in parts]) / roads_kmh
    ticks = np.maximum(1, np.rint(time_s * TICKS_PER_S)).astype(np.int32)
    tail, head = np.concatenate([one, other]), np.concatenate([other, one])
    order = np.lexsort((head, tail))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=n))]).astype(np.int32)
    rows = np.arange(len(tail), dtype=np.int32)
    lon = 75.0 + place_km[:, 0] / COUNTRY_KM[0] * 58
    lat = 19.0 + place_km[:, 1] / COUNTRY_KM[1] * 34
    return StreetArrays(
        indptr,
        head[order].astype(np.int32),
        np.tile(ticks, 2)[order],
        rows[order] % len(one),
        np.arange(n, dtype=np.int32),
        lon,
        lat,
        np.ones(n, np.bool_),
    )


def pick_origins(country: Country, n: int) -> I32:
    """Return `n` street nodes, evenly through all counties in the order of the lattices."""
    inhabited = np.flatnonzero(country.people > 0)
    return inhabited[np.linspace(0, len(inhabited) - 1, n).astype(np.int64)].astype(np.int32)


if __name__ == "__main__":
    made = build_country()
    sys.stderr.write(
        f"{made.streets.n_nodes:,} nodes, {len(made.streets.head):,} arcs, {made.people.sum():,.0f} people\n"
    )
