"""The slow, obvious search every engine is compared with: all rides of all trips, round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.routing.timetables import Line, Town

Label = tuple[float, tuple[int, ...]]
"""Mean clock time, and the headways boarded since the last scheduled boarding in falling order."""
NEVER: Label = (float("inf"), ())


def search(town: Town, access: Mapping[int, int], clock_s: int, max_rides: int = 8) -> list[Label]:
    """Return the best label by vehicle of each stop."""
    vehicle = [NEVER] * town.n_stops
    ready = [(float(clock_s + access[s]), ()) if s in access else NEVER for s in range(town.n_stops)]
    for _ in range(max_rides):
        for trip in town.trips:
            for i, (a, _, depart, board, _) in enumerate(trip):
                for b, arrive, _, _, alight in trip[i + 1 :]:
                    if board and alight and ready[a][0] <= depart:
                        vehicle[b] = min(vehicle[b], (arrive, ()))
        for line in town.lines:
            for i in range(len(line.stops)):
                for j in range(i + 1, len(line.stops)):
                    leave, spread = board_line(line, i, *ready[line.stops[i]])
                    label = leave + line.arrive[j] - line.depart[i], spread
                    vehicle[line.stops[j]] = min(vehicle[line.stops[j]], label)
        for s in range(town.n_stops):
            ready[s] = min(ready[s], (vehicle[s][0] + town.change.get(s, 0), vehicle[s][1]))
        for a, b, walk in town.walks:
            ready[b] = min(ready[b], (vehicle[a][0] + walk, vehicle[a][1]))
    return vehicle


def board_line(line: Line, i: int, ready: float, spread: Sequence[int]) -> Label:
    """Return the mean departure on a headway line at its stop i."""
    opens, closes = line.start + line.depart[i], line.end + line.depart[i]
    if ready >= closes:
        return NEVER
    trailing = () if ready < opens else spread
    return max(ready, opens) + (line.headway + 1) // 2, tuple(sorted([*trailing, line.headway], reverse=True)[:4])
