"""The slow, obvious search every engine is compared with: all rides of all trips, round by round."""

from __future__ import annotations

from collections.abc import Mapping

from tests.timetable.timetables import Call, Line, Town
from transit_model.timetable.frequency import draw_share
from transit_model.timetable.phases import MIDDLE, Phase

NEVER = float("inf")


def search(
    town: Town, access: Mapping[int, int], clock_s: int, max_rides: int = 8, phase: Phase = MIDDLE
) -> list[float]:
    """Return the earliest clock by vehicle at each stop; headway lines run by the phase."""
    trips = [*town.trips, *(vehicle for line in town.lines for vehicle in expand(line, phase))]
    vehicle = [NEVER] * town.n_stops
    ready = [float(clock_s + access[s]) if s in access else NEVER for s in range(town.n_stops)]
    for _ in range(max_rides):
        for trip in trips:
            for i, (a, _, depart, board, _) in enumerate(trip):
                for b, arrive, _, _, alight in trip[i + 1 :]:
                    if board and alight and ready[a] <= depart:
                        vehicle[b] = min(vehicle[b], arrive)
        for s in range(town.n_stops):
            ready[s] = min(ready[s], vehicle[s] + town.change.get(s, 0))
        for a, b, walk in town.walks:
            ready[b] = min(ready[b], vehicle[a] + walk)
    return vehicle


def expand(line: Line, phase: Phase) -> list[list[Call]]:
    """Return the vehicles of a headway line as trips: a first one within a headway, and on to the end of the band."""
    width = min(line.headway, line.end - line.start)
    if width <= 0:
        return []
    wait = width * draw_share(line.seed, phase.number) // 2**32
    anchor = line.start if phase.number < 0 else phase.anchor_clock_s
    first = line.start + (anchor + wait - line.start) % width
    return [
        [
            (s, clock + line.arrive[i], clock + line.depart[i], line.may_board(i), line.may_alight(i))
            for i, s in enumerate(line.stops)
        ]
        for clock in range(first, line.end, line.headway)
    ]
