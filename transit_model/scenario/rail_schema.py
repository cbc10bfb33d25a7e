"""Rail projects: a new line, or more and faster trains on existing track."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from transit_model.scenario.base_schema import Frozen, Project, Title
from transit_model.scenario.course_schema import Course
from transit_model.scenario.service_schema import PLAIN_SERVICE, Service
from transit_model.scenario.values import MOST_STOPS, Clock, Id, Kilometres, Kmh, Lat, Lon, Minutes, problem
from transit_model.units import parse_clock_s


class Station(Frozen):
    """A station of a line: an existing one by `stop_id`, or a new one with name and place."""

    stop_id: str | None = Field(None, min_length=1, description="existing station")
    id: Id | None = Field(None, description="new station: its id")
    name: Title | None = Field(None, description="new station: its name")
    lon: Lon | None = Field(None, description="new station, or an existing one whose place the pack lacks")
    lat: Lat | None = None
    chainage_km: float | None = Field(
        None, ge=0, le=5000, description="distance from the first station along the line; by the course when absent"
    )
    road_node_id: str | None = Field(None, description="where it joins the roads; the nearest node when absent")
    off_road: bool = Field(False, description="true: nobody enters here from the road network of the region")

    @property
    def along_km(self) -> float:
        """Return the chainage, 0 where it is taken from a course that is not read yet."""
        return self.chainage_km or 0.0

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if (self.stop_id is None) == (self.id is None):
            hint = "stop_id names an existing station; id, name, lon and lat make a new one"
            mend = None if self.id is None else {"id": None, "name": None}
            yield problem("station_unclear", "a station needs either stop_id or id", hint, ("stop_id", "id"), mend)
        if (self.lon is None) != (self.lat is None):
            keys = ("lat", "lon")
            yield problem(
                "station_unclear",
                "lon and lat belong together",
                "",
                keys,
                dict.fromkeys(keys),
                at=keys[self.lat is not None],
            )
        if self.id is not None and (self.name is None or self.lon is None):
            message = f"the new station {self.id} lacks a name, lon or lat"
            yield problem("station_unclear", message, "", ("id", "name", "lon", "lat"))
        if self.stop_id is not None and self.name is not None:
            message = "an existing station keeps its name"
            yield problem("station_unclear", message, "", ("name", "stop_id"), {"name": None})
        if self.off_road and self.road_node_id is not None:
            message, keys = "off_road and road_node_id contradict each other", ("road_node_id", "off_road")
            yield problem("station_unclear", message, "", keys, {"road_node_id": None})

    @property
    def key(self) -> str:
        """Return the stop_id this station has or will have."""
        return self.stop_id or str(self.id)


class StopPattern(Frozen):
    """Trains that call at some stations of a line, with their own frequency."""

    id: Id
    stops: tuple[str, ...] = Field(
        min_length=2, max_length=MOST_STOPS, description="stop_ids or ids of stations of the line, in order"
    )
    service: Service


_TIMINGS = ("design_speed_kmh", "commercial_speed_kmh", "run_times_min")
_TIMED = {"run_times_min": None, "commercial_speed_kmh": None, "design_speed_kmh": 300.0}
_WITHOUT = {"patterns": None, "service": PLAIN_SERVICE}


class RailLine(Project):
    """A new railway with its own trains."""

    kind: Literal["rail_line"]
    stations: tuple[Station, ...] = Field(min_length=2, max_length=MOST_STOPS)
    course: Course | None = Field(None, description="its line in a file of a GIS: chainages come from it")
    run_times_min: tuple[Minutes, ...] | None = Field(None, description="from start to stop between stations")
    commercial_speed_kmh: Kmh | None = Field(None, description="end to end, stops included")
    design_speed_kmh: Kmh | None = Field(None, description="run times come from the run-time model")
    line_speed_kmh: Kmh | None = Field(None, description="top speed of the line, only to check given run times")
    dwell_min: float | None = Field(None, ge=0, le=60, description="at intermediate stations; default rail_dwell_min")
    service: Service | None = Field(None, description="trains calling at every station")
    patterns: tuple[StopPattern, ...] = Field((), description="trains calling at some stations")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        speeds = [self.run_times_min, self.commercial_speed_kmh, self.design_speed_kmh]
        if sum(v is not None for v in speeds) != 1:
            message = "give exactly one of run_times_min, commercial_speed_kmh and design_speed_kmh"
            yield problem("speed_unclear", message, "", _TIMINGS, _TIMED)
        if self.run_times_min is not None and len(self.run_times_min) != len(self.stations) - 1:
            message = f"{len(self.stations)} stations need {len(self.stations) - 1} run times"
            at = ("run_times_min", "stations")
            yield problem("run_time_count", message, f"there are {len(self.run_times_min)}", at, _TIMED)
        if self.line_speed_kmh is not None and self.run_times_min is None:
            message = "line_speed_kmh would not be used: it checks given run_times_min"
            hint, at = "leave it out, or did you mean design_speed_kmh?", ("line_speed_kmh", "run_times_min")
            yield problem("key_unused", message, hint, at, {"line_speed_kmh": None})
        given = [s.chainage_km is not None for s in self.stations]
        if not all(given) and (self.course is None or any(given)):
            message = "all stations need a chainage_km" if self.course is None else "give all chainages, or none"
            hint = "without any they are taken from the course of the line"
            yield problem("chainage", message, hint, ("stations", "course"))
        if all(given) and self.stations[0].along_km != 0:
            yield problem("chainage", "the chainage of the first station must be 0", "", ("stations",))
        for before, after in pairwise(self.stations if all(given) else ()):
            if after.along_km <= before.along_km:
                message = f"the chainage must grow: {before.key} {before.chainage_km}, {after.key} {after.chainage_km}"
                yield problem("chainage", message, "", ("stations",))
        keys = [s.key for s in self.stations if s.stop_id or s.id]
        if len(set(keys)) != len(keys):
            yield problem("station_twice", "a station stands twice on the line", "", ("stations",))
        if self.service is None and not self.patterns:
            message, at = "a line without trains changes nothing", ("service", "patterns")
            yield problem("no_trains", message, "add service or patterns", at, {"service": PLAIN_SERVICE})
        yield from _list_pattern_problems(self.patterns, keys)


def _list_pattern_problems(patterns: tuple[StopPattern, ...], keys: list[str]) -> Iterator[PydanticCustomError]:
    names = [p.id for p in patterns]
    if len(set(names)) != len(names):
        yield problem("pattern_twice", "two patterns have the same id", "", ("patterns",), _WITHOUT)
    for pattern in patterns:
        unknown = [s for s in pattern.stops if s not in keys]
        if unknown:
            message, hint = f"{unknown[0]} is no station of the line", f"stations: {', '.join(keys)}"
            yield problem("pattern_stop", message, hint, ("patterns", "stations"), _WITHOUT)
            continue
        places = [keys.index(s) for s in pattern.stops]
        if any(b <= a for a, b in pairwise(places)):
            message = f"the stops of pattern {pattern.id} are not in the order of the line"
            yield problem("pattern_stop", message, "", ("patterns", "stations"), _WITHOUT)


class TrainGroup(Frozen):
    """Trains to add on existing track."""

    id: Id
    stops: tuple[str, ...] = Field(min_length=2, max_length=MOST_STOPS, description="stop_ids of existing stations")
    run_times_min: tuple[Minutes, ...] | None = Field(None, description="from start to stop between the stops")
    as_fastest: float | None = Field(
        None, gt=0, le=5, description="times the fastest existing train between each two stops; 1.0 = the same"
    )
    chainage_km: tuple[Kilometres, ...] | None = Field(None, description="length of each section, for checks")
    dwell_min: float | None = Field(None, ge=0, le=60)
    service: Service

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if (self.run_times_min is None) == (self.as_fastest is None):
            message, keys = "give exactly one of run_times_min and as_fastest", ("as_fastest", "run_times_min")
            yield problem("speed_unclear", message, "", keys, {"as_fastest": 1.0, "run_times_min": None})
        for name in ("run_times_min", "chainage_km"):
            given = getattr(self, name)
            if given is not None and len(given) != len(self.stops) - 1:
                message = f"{len(self.stops)} stops need {len(self.stops) - 1} values of {name}"
                mend = {name: None, "as_fastest": 1.0} if name == "run_times_min" else {name: None}
                yield problem("run_time_count", message, f"there are {len(given)}", (name, "stops"), mend)
        if len(set(self.stops)) != len(self.stops):
            yield problem("station_twice", "a station stands twice", "", ("stops",))


def list_between_problems(between: tuple[str, str]) -> Iterator[PydanticCustomError]:
    """Yield the `problem` of two stops that are one."""
    if between[0] == between[1]:
        yield problem("station_twice", "between names one stop twice", "", ("between",))


class Retime(Frozen):
    """Existing trains made faster or slower between two stations."""

    between: tuple[str, str] = Field(description="two stop_ids; both directions")
    factor: float = Field(gt=0, le=5, description="run time between them times this; stops keep their length")
    routes: tuple[str, ...] = Field((), description="only trains of these routes; all when empty")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        yield from list_between_problems(self.between)


class TrainScale(Frozen):
    """More trains like those of the base: copies of them at other hours, in proportion to what each line has."""

    id: Id
    routes: tuple[str, ...] = Field(min_length=1, description="route_short_names of the trains that count, e.g. [D, C]")
    termini: tuple[str, ...] = Field((), description="stop_ids: only trains that begin and end there; all when empty")
    factor: float = Field(gt=1, le=5, description="trains a day times this")
    first_departure: Clock = Field("06:00", description="no copy leaves earlier, unless a train of its line does")
    last_departure: Clock = Field("22:00", description="no copy leaves later, unless a train of its line does")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if parse_clock_s(self.first_departure) >= parse_clock_s(self.last_departure):
            message = "last_departure must be later than first_departure"
            keys = ("last_departure", "first_departure")
            yield problem("service_span", message, "after midnight write 24:30", keys, dict.fromkeys(keys))


class StopChange(Frozen):
    """Existing trains that call at one stop more, or at one fewer."""

    stop: str = Field(min_length=1, description="stop_id that is added, or dropped")
    between: tuple[str, str] | None = Field(
        None, description="added: neighbouring calls of the trains that will stop, both directions; absent: dropped"
    )
    routes: tuple[str, ...] = Field((), description="only trains of these routes; all when empty")
    minutes: float = Field(ge=0, le=60, description="what the stop costs (added, dwell included) or saves (dropped)")
    dwell_min: float | None = Field(None, ge=0, le=60, description="added: default rail_dwell_min")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if self.between is not None:
            yield from list_between_problems(self.between)
        if self.between is not None and self.stop in self.between:
            yield problem("station_twice", f"{self.stop} lies between itself and another", "", ("stop", "between"))
        if self.between is None and self.dwell_min is not None:
            message, keys = "dwell_min would not be used: a stop without between is dropped", ("dwell_min", "between")
            yield problem("key_unused", message, "leave it out", keys, {"dwell_min": None})


class RailService(Project):
    """More trains, faster ones, or other stops, on existing track."""

    kind: Literal["rail_service"]
    line_speed_kmh: Kmh = Field(description="top speed of the track: no train may be faster than this allows")
    add: tuple[TrainGroup, ...] = ()
    retime: tuple[Retime, ...] = ()
    scale: tuple[TrainScale, ...] = ()
    calls: tuple[StopChange, ...] = ()

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if not (self.add or self.retime or self.scale or self.calls):
            message = "a rail_service needs add, retime, scale or calls"
            yield problem("no_trains", message, "", ("add", "retime", "scale", "calls"))
        names = [*(g.id for g in self.add), *(s.id for s in self.scale)]
        if len(set(names)) != len(names):
            yield problem("pattern_twice", "two train groups have the same id", "", ("add", "scale"))
