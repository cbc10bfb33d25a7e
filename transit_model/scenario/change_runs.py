"""Runs of trains changed call by call: a stop less or more, farther on, later; pure functions of seconds.

A stop costs dwell, braking before and starting after it. What braking and starting cost is the difference of the
run-time model (`run_time`) between two runs with a stop and one without, over the straight distances. A train keeps
its departure from the first stop; what comes after a change moves with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from transit_model.domain.stop_calls import CALL_KINDS, NOT_ALLOWED
from transit_model.scenario.run_time import RunTimeModel, compute_constant_speed_s, compute_run_s

Distance = Callable[[str, str], float]
"""Metres between two stops."""
_PICKUP, _DROP_OFF = CALL_KINDS
ON_THE_WAY = 1.3
"""A stop is on the way between two others when the way by it is at most so many times as long as without."""


@dataclass(frozen=True)
class Call:
    """A train at a stop, clock seconds; `row` holds the other columns of the feed, `is_new` is one a change brings."""

    stop_id: str
    arrive_s: int
    depart_s: int
    row: Mapping[str, Any] = field(default_factory=dict)
    is_new: bool = False

    def opened(self, kind: str) -> Call:
        """Return the call without what feeds write at ends of trains, that nobody boards at the last stop."""
        return replace(self, row={**self.row, kind: 0}) if self.row.get(kind) == NOT_ALLOWED else self


Run = tuple[Call, ...]


@dataclass(frozen=True)
class Track:
    """What the run-time model needs: distances, speed and its numbers."""

    distance_m: Distance
    speed_kmh: float | None
    model: RunTimeModel

    def lose_s(self, a: str, stop: str, b: str) -> float:
        """Return what braking and starting at a stop between two others cost, at least 0."""
        first, second = self.run_s(a, stop), self.run_s(stop, b)
        speed = self.speed_kmh or 0.0
        whole = compute_run_s(self.distance_m(a, stop) + self.distance_m(stop, b), speed, self.model)
        return max(first + second - whole, 0.0)

    def run_s(self, a: str, b: str) -> float:
        """Return the seconds from stop to stop over the straight distance."""
        return compute_run_s(self.distance_m(a, b), self.speed_kmh or 0.0, self.model)

    def bound_s(self, a: str, b: str) -> float:
        """Return the seconds at constant speed, which no train beats; 0 without a speed."""
        return compute_constant_speed_s(self.distance_m(a, b), self.speed_kmh) if self.speed_kmh else 0.0


def shift_run(run: Sequence[Call], seconds: int) -> Run:
    """Return the run with all its times later."""
    return tuple(replace(c, arrive_s=c.arrive_s + seconds, depart_s=c.depart_s + seconds) for c in run)


def drop_stop(run: Run, stop: str, track: Track) -> Run:
    """Return the run without a stop: it passes there, or begins or ends at the next one.

    Not faster than the speed of the track over the straight line. The same run where it does not call.
    """
    k = next((i for i, c in enumerate(run) if c.stop_id == stop), None)
    if k is None:
        return run
    if k in (0, len(run) - 1):
        return run[1:] if k == 0 else run[:-1]
    before, call, after = run[k - 1 : k + 2]
    moving_s = (call.arrive_s - before.depart_s) + (after.arrive_s - call.depart_s)
    gain_s = track.lose_s(before.stop_id, stop, after.stop_id)
    passing_s = max(round(moving_s - gain_s), round(track.bound_s(before.stop_id, after.stop_id)), 1)
    arrive_s = before.depart_s + min(passing_s, moving_s)
    return (*run[:k], *shift_run(run[k + 1 :], arrive_s - after.arrive_s))


def find_gap(run: Run, stop: str, after: str | None, distance_m: Distance) -> int | None:
    """Return the call behind which a stop lies with the least detour; None where it is not on the way.

    With `after` only the gaps on both sides of that stop count: behind it on the way out, before it on the way back.
    """
    best: tuple[float, int] | None = None
    for i, (a, b) in enumerate(pairwise(run)):
        if after is not None and after not in (a.stop_id, b.stop_id):
            continue
        direct = distance_m(a.stop_id, b.stop_id)
        around = distance_m(a.stop_id, stop) + distance_m(stop, b.stop_id)
        if around <= ON_THE_WAY * direct and (best is None or around - direct < best[0]):
            best = (around - direct, i)
    return None if best is None else best[1]


def add_stop(run: Run, gap: int, stop: str, dwell_s: float, lost_s: float | None, track: Track) -> Run:
    """Return the run with a stop more behind a call.

    The time between the two calls grows by what braking and starting cost, and is shared in proportion to the two runs
    of the model (of the distances, where no speed is known); the dwell comes on top.
    """
    a, b = run[gap], run[gap + 1]
    if track.speed_kmh is not None:
        parts = track.run_s(a.stop_id, stop), track.run_s(stop, b.stop_id)
    else:
        parts = track.distance_m(a.stop_id, stop), track.distance_m(stop, b.stop_id)
    lost = track.lose_s(a.stop_id, stop, b.stop_id) if lost_s is None else lost_s
    moving_s = (b.arrive_s - a.depart_s) + lost
    arrive_s = a.depart_s + round(moving_s * parts[0] / (sum(parts) or 1.0))
    depart_s = arrive_s + round(dwell_s)
    later_s = round(a.depart_s + moving_s + dwell_s) - b.arrive_s
    return (*run[: gap + 1], Call(stop, arrive_s, depart_s, is_new=True), *shift_run(run[gap + 1 :], later_s))


def extend_run(run: Run, beyond: str, stops: Sequence[str], run_s: Sequence[float], dwell_s: float) -> Run:
    """Return the run that goes on from its last stop, or comes from farther where it begins there; else the same."""
    dwell = round(dwell_s)
    if run[-1].stop_id == beyond:
        calls = [*run[:-1], replace(run[-1].opened(_PICKUP), depart_s=run[-1].arrive_s + dwell)]
        for stop, seconds in zip(stops, run_s, strict=True):
            arrive_s = calls[-1].depart_s + round(seconds)
            calls.append(Call(stop, arrive_s, arrive_s + dwell, is_new=True))
        calls[-1] = replace(calls[-1], depart_s=calls[-1].arrive_s)
        return tuple(calls)
    if run[0].stop_id == beyond:
        calls = [replace(run[0].opened(_DROP_OFF), arrive_s=run[0].depart_s - dwell), *run[1:]]
        for stop, seconds in zip(stops, run_s, strict=True):
            depart_s = calls[0].arrive_s - round(seconds)
            calls.insert(0, Call(stop, depart_s - dwell, depart_s, is_new=True))
        calls[0] = replace(calls[0], arrive_s=calls[0].depart_s)
        return tuple(calls)
    return run


def keep_evenly(departures_s: Sequence[int], count: int) -> list[int]:
    """Return the numbers of `count` of the departures, spread evenly over them in order of time, ascending."""
    order = sorted(range(len(departures_s)), key=lambda i: (departures_s[i], i))
    if count == 1:
        return [order[len(order) // 2]]
    return sorted(order[round(i * (len(order) - 1) / (count - 1))] for i in range(count))
