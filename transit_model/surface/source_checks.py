"""Checks of what a surface is computed from."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from transit_model.errors import Issue

F64 = npt.NDArray[np.float64]


def check_sources(positions: tuple[F64, F64, F64], parts: tuple[F64, ...], rule: tuple[float, float]) -> list[Issue]:
    """Return what is wrong with positions (x, y, seconds), pieces of road and the rule of the leg off the network.

    `parts` are the arrays of `surface.EdgeTimes` in their order, `rule` metres a second and the longest seconds.
    """
    speed_ms, max_s = rule
    issues = []
    xs, ys, ts = positions
    if not len(xs) == len(ys) == len(ts):
        issues.append(
            Issue("length_mismatch", "error", "leave_x, leave_y and leave_time_s differ in length", field="leave_x")
        )
    else:
        if not (np.isfinite(xs).all() and np.isfinite(ys).all()):
            issues.append(Issue("not_a_number", "error", "a position is not finite", field="leave_x"))
        if np.isnan(ts).any() or (ts < 0).any():
            issues.append(
                Issue("bad_time", "error", "times must be 0 s or more, inf for unreached", field="leave_time_s")
            )
    if len({len(part) for part in parts}) != 1:
        issues.append(Issue("length_mismatch", "error", "the arrays of the edges differ in length", field="edges"))
    elif not all(np.isfinite(part).all() for part in parts) or (parts[4] < 0).any() or (parts[5] < 0).any():
        issues.append(Issue("bad_time", "error", "edges need finite positions and times of 0 s or more", field="edges"))
    if not (math.isfinite(speed_ms) and speed_ms > 0):
        issues.append(
            Issue(
                "bad_speed",
                "error",
                "the off-network speed must be above 0",
                field="off_network_speed_ms",
                value=str(speed_ms),
                hint="to forbid the off-network leg set its cap to 0",
            )
        )
    if not (math.isfinite(max_s) and max_s >= 0):
        issues.append(
            Issue(
                "bad_cap",
                "error",
                "the cap of the off-network leg must be 0 s or more",
                field="off_network_max_s",
                value=str(max_s),
            )
        )
    return issues
