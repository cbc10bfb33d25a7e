"""How often trains and buses run, and on which days."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from transit_model.scenario.base_schema import Frozen
from transit_model.scenario.values import Clock, Headway, problem
from transit_model.units import parse_clock_s

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""A day of the week."""


class Period(Frozen):
    """A part of the day with a headway of its own, e.g. a peak."""

    from_clock: Clock = Field(alias="from", description="first departure")
    to_clock: Clock = Field(alias="to", description="where the next period begins, or the last departure")
    headway_min: Headway

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if parse_clock_s(self.from_clock) >= parse_clock_s(self.to_clock):
            message = f"the period from {self.from_clock} ends at {self.to_clock}"
            yield problem("service_span", message, "write the earlier time first; after midnight 24:30", ("to", "from"))


def list_period_problems(periods: tuple[Period, ...]) -> Iterator[PydanticCustomError]:
    """Yield what is wrong with the order of periods: they follow each other and may leave gaps."""
    for before, after in pairwise(periods):
        if parse_clock_s(after.from_clock) < parse_clock_s(before.to_clock):
            message = f"the period from {after.from_clock} begins before that from {before.from_clock} ends"
            yield problem(
                "periods_overlap", message, "write them in order, none before the end of the last", ("periods",)
            )


class Service(Frozen):
    """How often trains or buses run; at equal chance within a headway, or at clock times."""

    kind: Literal["headway", "timetable"]
    headway_min: Headway | None = Field(None, description="headway: minutes between departures")
    periods: tuple[Period, ...] = Field((), description="headway: peak and off-peak headways in place of one")
    days: tuple[Day, ...] = Field((), description="days of the week on which it runs; daily when empty")
    trains_per_day: int | None = Field(None, ge=1, le=500, description="timetable: departures a day, evenly spread")
    departures: tuple[Clock, ...] | None = Field(None, description="timetable: clock times at the first stop")
    departures_back: tuple[Clock, ...] | None = Field(None, description="timetable: clock times at the last stop")
    first_departure: Clock | None = None
    last_departure: Clock | None = None
    both_directions: bool = True

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        span = self.first_departure is not None and self.last_departure is not None
        yield from list_period_problems(self.periods)
        if len(set(self.days)) != len(self.days):
            yield problem("day_twice", "a day stands twice", keys=("days",))
        yield from self._list_headway_problems(span) if self.kind == "headway" else self._list_timetable_problems(span)
        if span and parse_clock_s(str(self.first_departure)) >= parse_clock_s(str(self.last_departure)):
            message = "last_departure must be later than first_departure"
            keys = ("last_departure", "first_departure")
            yield problem("service_span", message, "after midnight write 24:30", keys)

    def _list_headway_problems(self, span: bool) -> Iterator[PydanticCustomError]:
        ends = ("first_departure", "last_departure")
        if self.periods:
            if self.headway_min is not None or self.first_departure is not None or self.last_departure is not None:
                message = "headway_min, first_departure and last_departure would not be used beside periods"
                yield problem("service_mixed", message, "leave them out", ("headway_min", *ends, "periods"))
        elif self.headway_min is None or not span:
            hint = "it needs headway_min, first_departure and last_departure, or periods"
            lacking = [k for k in ("headway_min", *ends) if getattr(self, k) is None]
            yield problem(
                "service_incomplete",
                "a headway service lacks a key",
                hint,
                (*lacking, "periods", "kind"),
                at=lacking[0],
            )
        if self.trains_per_day is not None or self.departures is not None or self.departures_back is not None:
            message = "a headway service takes no departures or trains_per_day"
            yield problem("service_mixed", message, "", ("trains_per_day", "departures", "departures_back", "kind"))

    def _list_timetable_problems(self, span: bool) -> Iterator[PydanticCustomError]:
        ends = ("first_departure", "last_departure")
        if self.headway_min is not None or self.periods:
            message = "a timetable service takes no headway_min and no periods"
            yield problem("service_mixed", message, "", ("headway_min", "periods", "kind"))
        if (self.trains_per_day is None) == (self.departures is None):
            message = "a timetable service needs either trains_per_day or departures"
            yield problem("service_incomplete", message, "", ("trains_per_day", "departures", "kind"))
        if self.trains_per_day is not None and self.departures is None and not span:
            message = "trains_per_day needs first_departure and last_departure"
            lacking = [k for k in ends if getattr(self, k) is None]
            yield problem("service_incomplete", message, "", (*lacking, "trains_per_day"), at=lacking[0])
        if self.departures is not None and not self.departures:
            yield problem("service_incomplete", "the list of departures is empty", "", ("departures",))
        if self.departures is not None and self.both_directions and not self.departures_back:
            message = "departures of the way back are missing"
            hint = "add departures_back or both_directions: false"
            yield problem(
                "service_incomplete",
                message,
                hint,
                ("departures_back", "departures", "both_directions"),
                at="departures_back",
            )
        if self.departures_back is not None and (self.trains_per_day is not None or not self.both_directions):
            message = "departures_back would not be used: there is no way back"
            if self.both_directions:
                message = "departures_back would not be used: trains_per_day are spread both ways"
            keys = ("departures_back", "both_directions", "trains_per_day")
            yield problem("service_mixed", message, "leave it out", keys)
        if self.departures is not None and (self.first_departure or self.last_departure):
            message = "first_departure and last_departure would not be used beside departures"
            yield problem("service_mixed", message, "leave them out", (*ends, "departures"))


PLAIN_SERVICE = {"kind": "headway", "headway_min": 60, "first_departure": "06:00", "last_departure": "22:00"}
"""A service without a mistake, in the place of one that contradicts itself while the rest of its project is checked."""
