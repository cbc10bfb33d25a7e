"""Changes of services that run already: which trains, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from transit_model.scenario.base_schema import Frozen, Project
from transit_model.scenario.service_schema import Day, Period, list_period_problems
from transit_model.scenario.values import Clock, Headway, Kmh, Minutes, problem
from transit_model.units import parse_clock_s

_FREQUENCY = ("headway_min", "periods", "trains_per_day")
_CHANGED = ("drop_stops", "add_stops", "extend", "shift_min", *_FREQUENCY, "days")
PLAIN = "plain"
"""The class of trains whose number has no letter (普客)."""


class TrainChoice(Frozen):
    """Which trains or buses a change is about: those that every key given is true of; all when none is given."""

    classes: tuple[str, ...] = Field((), description=f"first letters of train numbers, e.g. [D, G, K]; {PLAIN}: none")
    numbers: tuple[str, ...] = Field((), description="train numbers (trip_short_name) or trip_ids")
    routes: tuple[str, ...] = Field((), description="route_ids or route_short_names")
    projects: tuple[str, ...] = Field((), description="those that these projects brought; all when empty")
    between: tuple[str, str] | None = Field(None, description="two stop_ids at which they call, in this order or back")
    one_way: bool = Field(False, description="true: only those that call at `between` in this order")
    first_departure: Clock | None = Field(None, description="only those that leave their first stop from then on")
    last_departure: Clock | None = Field(None, description="only those that leave their first stop until then")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if self.one_way and self.between is None:
            message = "one_way would not be used: it needs between"
            yield problem("key_unused", message, "between: [from, to]", ("one_way", "between"), {"one_way": None})
        if self.between is not None and self.between[0] == self.between[1]:
            yield problem("station_twice", "between names one stop twice", "", ("between",), {"between": None})
        ends = (self.first_departure, self.last_departure)
        if None not in ends and parse_clock_s(str(ends[0])) > parse_clock_s(str(ends[1])):
            keys = ("last_departure", "first_departure")
            message = "last_departure must not be earlier than first_departure"
            yield problem("service_span", message, "after midnight write 24:30", keys, dict.fromkeys(keys))


class AddedStop(Frozen):
    """A stop more on the way; what it costs is dwell, braking and starting by the run-time model."""

    stop: str = Field(min_length=1, description="stop_id; it is put where the detour is least")
    after: str | None = Field(None, description="stop_id it comes after (before it on the way back)")
    dwell_min: float | None = Field(None, ge=0, le=60, description="default rail_dwell_min")
    lost_min: float | None = Field(
        None, ge=0, le=60, description="braking and starting; by the run-time model if absent"
    )

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if self.after == self.stop:
            message = f"{self.stop} cannot come after itself"
            yield problem("station_twice", message, "", ("after", "stop"), {"after": None})


class Extension(Frozen):
    """Trains that end at a stop go on, and those that begin there come from farther."""

    beyond: str = Field(min_length=1, description="stop_id where they end or begin now")
    to: tuple[str, ...] = Field(min_length=1, description="stop_ids they go on to, in order")
    run_times_min: tuple[Minutes, ...] | None = Field(
        None, description="from start to stop; by the run-time model if absent"
    )
    dwell_min: float | None = Field(None, ge=0, le=60, description="at the stops between; default rail_dwell_min")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if self.run_times_min is not None and len(self.run_times_min) != len(self.to):
            message = f"{len(self.to)} stops need {len(self.to)} values of run_times_min"
            keys, mend = ("run_times_min", "to"), {"run_times_min": [60.0] * len(self.to)}
            yield problem("run_time_count", message, f"there are {len(self.run_times_min)}", keys, mend)
        if len({self.beyond, *self.to}) != len(self.to) + 1:
            yield problem("station_twice", "a station stands twice", "", ("to", "beyond"))


class Change(Frozen):
    """What becomes of some trains; done in the order of these keys."""

    trains: TrainChoice | None = Field(None, description="which trains or buses; all when absent")
    drop_stops: tuple[str, ...] = Field((), description="stop_ids they run through, or no longer begin or end at")
    add_stops: tuple[AddedStop, ...] = ()
    extend: Extension | None = None
    line_speed_kmh: Kmh | None = Field(None, description="speed at which they pass; for the run-time model and checks")
    shift_min: float | None = Field(None, ge=-720, le=720, description="all their times later by this; earlier below 0")
    headway_min: Headway | None = Field(None, description="new minutes between departures of services by headway")
    periods: tuple[Period, ...] = Field((), description="peak and off-peak headways of services by headway")
    trains_per_day: int | None = Field(
        None, ge=1, le=1000, description="so many of these trains a day, both ways together"
    )
    days: tuple[Day, ...] = Field((), description="days of the week on which they run")

    @property
    def choice(self) -> TrainChoice:
        """Return which trains it is about."""
        return self.trains or TrainChoice.model_validate({})

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        done = (self.drop_stops, self.add_stops, self.extend, self.shift_min, self.headway_min, self.periods)
        if not any(done) and self.trains_per_day is None and not self.days:
            hint = f"one of {', '.join(_CHANGED)}"
            yield problem("changed_nothing", "a change needs something to change", hint, _CHANGED, {"shift_min": 1})
        if sum((self.headway_min is not None, bool(self.periods), self.trains_per_day is not None)) > 1:
            message, keys = "give at most one of headway_min, periods and trains_per_day", _FREQUENCY
            yield problem("service_mixed", message, "", keys, dict.fromkeys(keys[1:]))
        by_model = any(s.lost_min is None for s in self.add_stops) or bool(self.drop_stops)
        by_model |= self.extend is not None and self.extend.run_times_min is None
        if by_model and self.line_speed_kmh is None:
            message = "a stop more or less is timed by the run-time model, which needs line_speed_kmh"
            where, mend = ("line_speed_kmh",), {"line_speed_kmh": 600.0}
            yield problem("speed_unclear", message, "line_speed_kmh: 160", where, mend)
        both = set(self.drop_stops) & {s.stop for s in self.add_stops}
        if both:
            message = f"{min(both)} cannot be added and dropped at once"
            yield problem("station_contradiction", message, "", ("drop_stops", "add_stops"), {"drop_stops": None})
        if len(set(self.days)) != len(self.days):
            yield problem("day_twice", "a day stands twice", "", ("days",), {"days": None})
        yield from list_period_problems(self.periods)


class ServiceChange(Project):
    """Services that run already, changed: stops, hours, frequency, days, for all trains or some."""

    kind: Literal["service_change"]
    changes: Annotated[tuple[Change, ...], Field(min_length=1, description="done in this order")]
