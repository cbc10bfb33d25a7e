"""Where a map of a change opens: on the ground that changes, where people live on it.

The cells that change are weighted by the people on them (each counts one where nobody lives on any), so that an empty
plain does not draw the map away from the towns of the sentence. The extent holds all but `_EDGE_SHARES` of that weight
on each side and the point that bears the number of people, with the origin where the cells then still cover
`LEAST_SHARE` of the map (`LEAST_RINGS_SHARE` of the rings'). A twentieth is added on each side, and what is less than
`LEAST_DEGREE` wide is widened: a map is some 60 km wide at least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from transit_model.surface.lattice import mercator_y

if TYPE_CHECKING:
    from transit_model.surface.lattice import Lattice

KM_PER_DEGREE: Final = 111.195
"""Mean length of a degree on a sphere of 6,371 km."""
LEAST_DEGREE: Final = 0.6
"""The map round such a square is 60 km wide at 41 degrees north; less shows no origin and no second town (judged)."""
LEAST_SHARE: Final = 0.025
LEAST_RINGS_SHARE: Final = 0.035
MAP_ASPECT: Final = 1.2
"""Width of the map beside the panel, by its height: 1,072 by 900 pixels on a screen of 1,440."""
_PAD: Final = 0.05
_EDGE_SHARES: Final = (0.02, 0.05, 0.1, 0.2, 0.3)
"""Share of the people on changed cells that may lie outside the extent on each side: a lone cell does not widen it. The
next is taken where the cells cover less than `LEAST_SHARE` of what the one before leaves, and then the square with most
of them: a change in many small spots is shown where most of it is."""
Box = tuple[float, float, float, float]
"""west_lon, south_lat, east_lon, north_lat."""


@dataclass(frozen=True, eq=False)
class MapGround:
    """What a map opens on: the raster, persons by cell inside, and two points, longitude and latitude.

    Attributes
    ----------
    lattice : Lattice
    people : (n,) float64 or None
    origin : tuple or None
        Of the circle: shown where the change is large enough beside it.
    named : tuple or None
        The point that bears the number of people: always shown.
    """

    lattice: Lattice
    people: npt.NDArray[np.float64] | None = None
    origin: tuple[float, float] | None = None
    named: tuple[float, float] | None = None

    def weigh(self, which: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
        """Return the people on marked cells, (n,); one for each where nobody lives on any of them."""
        live = np.where(which, 0.0 if self.people is None else self.people, 0.0)
        return live if live.sum() > 0 else which.astype(np.float64)


def _locate(lattice: Lattice) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return lon and Web Mercator degrees of the cells inside."""
    rows, columns = np.nonzero(lattice.inside)
    lon, y = (np.asarray(v, dtype=np.float64) + 0.5 for v in (columns, rows))
    return lattice.west_lon + lon * lattice.step, lattice.north_y - y * lattice.step


def _to_lat(y: npt.ArrayLike) -> npt.NDArray[np.float64]:
    lat: npt.NDArray[np.float64] = np.degrees(2 * np.arctan(np.exp(np.radians(y))) - np.pi / 2)
    return lat


def measure_km2(lattice: Lattice) -> npt.NDArray[np.float64]:
    """Return the area of each cell inside: the squared edge, shortened by the cosine of its latitude both ways."""
    _, y = _locate(lattice)
    km2: npt.NDArray[np.float64] = (lattice.step * KM_PER_DEGREE * np.cos(np.radians(_to_lat(y)))) ** 2
    return km2


def frame_cells(
    ground: MapGround,
    which: npt.NDArray[np.bool_],
    also: Sequence[tuple[float, float] | None] = (),
    edge_share: float = _EDGE_SHARES[0],
) -> Box:
    """Return the extent of the marked cells (of all cells when none is marked).

    `also` holds points that must be inside, `edge_share` the share of the people on the cells that may lie outside on
    each side.
    """
    lattice = ground.lattice
    lon, y = _locate(lattice)
    chosen = which if which.any() else np.ones_like(which)
    weight = ground.weigh(chosen)
    points = [p for p in also if p is not None]
    half = lattice.step / 2
    ends = []
    for i, values in enumerate((lon, y)):
        at = [mercator_y(p[1]) if i else p[0] for p in points]
        low, high = _find_quantiles(values, weight, edge_share)
        low, high = min([low - half, *at]), max([high + half, *at])
        room = max((high - low) * _PAD, (LEAST_DEGREE - (high - low)) / 2)
        ends.append((low - room, high + room))
    (west, east), (south, north) = ends
    lats = _to_lat([south, north])
    return round(west, 4), round(float(lats[0]), 4), round(east, 4), round(float(lats[1]), 4)


def _find_quantiles(
    values: npt.NDArray[np.float64], weight: npt.NDArray[np.float64], edge_share: float
) -> tuple[float, float]:
    """Return the least and the largest value that leave at most a share of the weight below and above them."""
    order = np.argsort(values, kind="stable")
    order = order[weight[order] > 0]
    upto = np.cumsum(weight[order])
    most = edge_share * upto[-1]
    below, above = upto - weight[order], upto[-1] - upto
    return float(values[order[below <= most][-1]]), float(values[order[above <= most][0]])


def choose_box(ground: MapGround, which: npt.NDArray[np.bool_], least: float = LEAST_SHARE) -> tuple[Box, float]:
    """Return the extent of marked cells, with the origin where that leaves them large enough, and their share of it."""
    lattice = ground.lattice
    boxes = [frame_cells(ground, which, (ground.named, ground.origin))]
    boxes += [frame_cells(ground, which, (ground.named,), edge) for edge in _EDGE_SHARES]
    boxes.append(_find_densest(ground, which))
    shares = [_share_of_box(lattice, which, box) for box in boxes]
    chosen = next((i for i, share in enumerate(shares) if share >= least), int(np.argmax(shares)))
    return boxes[chosen], shares[chosen]


def _find_densest(ground: MapGround, which: npt.NDArray[np.bool_]) -> Box:
    """Return the square of `LEAST_DEGREE` round a marked cell that holds most of their people, with the point named."""
    lon, y = _locate(ground.lattice)
    if not which.any():
        return frame_cells(ground, which, (ground.named,))
    at = np.stack([lon[which], y[which]], axis=1)
    live = ground.weigh(which)[which]
    half = LEAST_DEGREE / 2
    sums = [float(live[np.all(np.abs(at - cell) <= half, axis=1)].sum()) for cell in at]
    densest = which & (lon == at[int(np.argmax(sums))][0]) & (y == at[int(np.argmax(sums))][1])
    return frame_cells(ground, densest, (ground.named,))


def find_middle(lattice: Lattice, which: npt.NDArray[np.bool_]) -> float:
    """Return the longitude that has as many of the marked cells to the west as to the east."""
    lon, _ = _locate(lattice)
    return round(float(np.median(lon[which] if which.any() else lon)), 4)


def _share_of_box(lattice: Lattice, which: npt.NDArray[np.bool_], box: tuple[float, float, float, float]) -> float:
    """Return the share of a web map that the marked cells cover when it is fitted to a box (`MAP_ASPECT`)."""
    lon, y = _locate(lattice)
    west, south, east, north = box[0], mercator_y(box[1]), box[2], mercator_y(box[3])
    wider = max(0.0, (north - south) * MAP_ASPECT - (east - west)) / 2
    higher = max(0.0, (east - west) / MAP_ASPECT - (north - south)) / 2
    west, south, east, north = west - wider, south - higher, east + wider, north + higher
    inside = which & (lon >= west) & (lon <= east) & (y >= south) & (y <= north)
    return round(float(np.count_nonzero(inside)) * lattice.step**2 / ((east - west) * (north - south)), 4)
