"""The quickest roads between places in a few words: which numbered roads, how far on each, and how far on others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Reading
from transit_model.domain.place import Place
from transit_model.measure.session import Session
from transit_model.streets.places_search import StreetPath, find_street_paths
from transit_model.units import m_to_km

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = ("scenario", "from", "to", "step", "ref", "project", "km")
LEAST_KM: Final = 2.0
"""A numbered road of less counts among the others."""


def list_road_routes(session: Session, origins: Sequence[Place], destinations: Sequence[Place]) -> pd.DataFrame:
    """Return the numbered roads of the quickest way on the typical reading in order, one row a road and pair.

    The door-to-door reading takes the same way. The last row of a pair has no `ref`: all other roads together. Pairs
    without a way, and a place to itself, have no rows. `project` names the planned project that a road belongs to.
    """
    import pandas as pd

    streets = session.roads(Reading.TYPICAL)
    off = session.find_off_network([*origins, *destinations])
    ends = [p for p in destinations if p.place_id not in off]
    rows: list[tuple[object, ...]] = []
    if ends:
        links = session.network.links
        refs, projects = links["ref"].astype(str).tolist(), links["project_id"].astype(str).tolist()
        lengths = links["length_m"].to_numpy(dtype=np.float64)
        for origin in origins:
            if origin.place_id in off:
                continue
            paths = find_street_paths(streets.arrays, *session.join_pairs([origin], ends, streets))[0]
            for end, path in zip(ends, paths, strict=True):
                if path is None or end.place_id == origin.place_id:
                    continue
                steps = _measure_steps(path, streets.link_ticks, lengths, refs, projects)
                head = (session.scenario_id, origin.place_id, end.place_id)
                rows += [(*head, n, ref, project, round(km, 1)) for n, (ref, project, km) in enumerate(steps)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _measure_steps(
    path: StreetPath,
    link_ticks: npt.NDArray[np.int32],
    lengths: npt.NDArray[np.float64],
    refs: Sequence[str],
    projects: Sequence[str],
) -> list[tuple[str, str, float]]:
    on_road = path.link_idx >= 0
    taken = path.link_idx[on_road]
    # A path may begin or end in the middle of a link: its share of the time is its share of the length.
    shares = np.minimum(path.link_ticks[on_road] / link_ticks[taken], 1.0)
    named = [(refs[row], projects[row], m_to_km(float(lengths[row] * s))) for row, s in zip(taken, shares, strict=True)]
    steps = [s for s in _join(named) if s[0] and s[2] >= LEAST_KM]
    others = sum(km for _, _, km in named) - sum(km for _, _, km in steps)
    return [*_join(steps), ("", "", others)]


def _join(steps: Sequence[tuple[str, str, float]]) -> list[tuple[str, str, float]]:
    """Return the steps with neighbours on the same road made one."""
    return [(ref, project, sum(s[2] for s in group)) for (ref, project), group in groupby(steps, key=lambda s: s[:2])]
