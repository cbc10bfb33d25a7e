"""From a stop pattern, run times and a `Service` to trips: headway bands or scheduled departures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from transit_model.scenario.service_schema import Service
from transit_model.scenario.tables import Trip
from transit_model.units import min_to_s, parse_clock_s


@dataclass(frozen=True)
class Course:
    """Stops in order, run times between them and dwell at the intermediate ones, seconds.

    `pickup` and `drop_off` are GTFS pickup_type and drop_off_type by stop; empty: regular everywhere.
    """

    stop_ids: tuple[str, ...]
    run_s: tuple[float, ...]
    dwell_s: float
    pickup: tuple[int, ...] = ()
    drop_off: tuple[int, ...] = ()

    def reversed(self) -> Course:
        """Return the way back: same times, the same pairs of stops ridden between."""
        ways = self.stop_ids[::-1], self.run_s[::-1]
        return Course(*ways, self.dwell_s, self.drop_off[::-1], self.pickup[::-1])

    def offsets_s(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Return arrival and departure at each stop after the first departure, whole seconds."""
        arrive, depart = [0.0], [0.0]
        for i, run in enumerate(self.run_s):
            arrive.append(depart[-1] + run)
            depart.append(arrive[-1] + (self.dwell_s if i < len(self.run_s) - 1 else 0.0))
        return tuple(round(t) for t in arrive), tuple(round(t) for t in depart)


def spread_departures_s(count: int, first_s: int, last_s: int) -> list[int]:
    """Return clock times evenly spread from the first to the last, both included; one alone leaves first."""
    if count == 1:
        return [first_s]
    return [first_s + round((last_s - first_s) * i / (count - 1)) for i in range(count)]


def build_trips(prefix: str, course: Course, service: Service) -> list[Trip]:
    """Return the trips of a course, both directions when the service says so.

    A headway service is one band a direction: departures of the first stop from ``first_departure`` to
    ``last_departure`` at an unknown phase (GTFS ``exact_times=0``), or one band a period. A timetable service is one
    trip a departure.
    """
    trips = _build_direction(f"{prefix}:out", course, service, service.departures, direction=0)
    if service.both_directions:
        trips += _build_direction(f"{prefix}:back", course.reversed(), service, service.departures_back, direction=1)
    return trips


def _build_direction(
    prefix: str, course: Course, service: Service, departures: Sequence[str] | None, *, direction: int
) -> list[Trip]:
    arrive, depart = course.offsets_s()
    first = parse_clock_s(service.first_departure) if service.first_departure else 0
    last = parse_clock_s(service.last_departure) if service.last_departure else 0
    if service.kind == "headway":
        bands = [
            (f"{prefix}:{n}", parse_clock_s(p.from_clock), parse_clock_s(p.to_clock), p.headway_min)
            for n, p in enumerate(service.periods, start=1)
        ] or [(prefix, first, last, service.headway_min or 0.0)]
        return [
            Trip(
                name,
                course.stop_ids,
                tuple(t + start for t in arrive),
                tuple(t + start for t in depart),
                direction,
                round(min_to_s(headway_min)),
                start,
                end,
                service.days,
                course.pickup,
                course.drop_off,
            )
            for name, start, end, headway_min in bands
        ]
    if departures is not None:
        starts = [parse_clock_s(d) for d in departures]
    else:
        starts = spread_departures_s(int(service.trains_per_day or 0), first, last)
    return [
        Trip(
            f"{prefix}:{n}",
            course.stop_ids,
            tuple(t + start for t in arrive),
            tuple(t + start for t in depart),
            direction,
            days=service.days,
            pickup=course.pickup,
            drop_off=course.drop_off,
        )
        for n, start in enumerate(starts, start=1)
    ]
