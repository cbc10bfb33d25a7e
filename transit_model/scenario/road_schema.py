"""Road projects: new roads that join only at named nodes, better roads, closures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from transit_model.scenario.base_schema import Frozen, Opens, Project, Title, parse_opens
from transit_model.scenario.course_schema import Course
from transit_model.scenario.values import Bend, Clock, Highway, Id, Kilometres, Kmh, Lat, Lon, problem
from transit_model.units import S_PER_DAY, parse_clock_s

MOST_BENDS = 2000
"""Of one section; a longer line belongs in a file."""


class NewNode(Frozen):
    """A new named interchange or junction."""

    id: Id
    name: Title
    lon: Lon
    lat: Lat
    kind: Literal["interchange", "junction", "gateway", "bridge"] = "interchange"


class NewRoad(Frozen):
    """One section between two named nodes."""

    from_node: str = Field(alias="from", min_length=1)
    to_node: str = Field(alias="to", min_length=1)
    length_km: Kilometres | None = Field(None, description="along the road; that of the course when absent")
    course: Course | None = Field(None, description="its line in a file of a GIS")
    via: tuple[Bend, ...] = Field(
        (), max_length=MOST_BENDS, description="[lon, lat] of the bends of its line between the two nodes, WGS84"
    )
    detour_factor: float | None = Field(
        None, ge=1, le=3, description="length = great circle (along `via`) times this; assumed"
    )
    highway: Highway | None = None
    design_speed_kmh: Kmh | None = None
    toll: bool | None = None
    area: Literal["urban", "rural"] | None = None
    oneway: bool = False

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if self.course is not None:
            if self.detour_factor is not None:
                message, keys = "detour_factor would not be used beside a course", ("detour_factor", "course")
                yield problem("length_unclear", message, "leave it out", keys, {"detour_factor": None})
            if self.via:
                message, keys = "via would not be used beside a course", ("via", "course")
                yield problem("course_unclear", message, "leave one of them out", keys, {"via": ()})
        elif (self.length_km is None) == (self.detour_factor is None) and (self.length_km is not None or not self.via):
            message, keys = (
                "give exactly one of length_km and detour_factor, or a course",
                ("length_km", "detour_factor"),
            )
            yield problem("length_unclear", message, "", keys, {"length_km": None, "detour_factor": 1.1})
        if self.from_node == self.to_node:
            message = f"the road begins and ends at {self.from_node}"
            yield problem("road_to_itself", message, "", ("to", "from"))


class RoadLink(Project):
    """A new road. It joins the network at the nodes named, and nowhere else."""

    kind: Literal["road_link"]
    highway: Highway
    design_speed_kmh: Kmh
    toll: bool
    ref: str = ""
    area: Literal["urban", "rural"] = "rural"
    nodes: tuple[NewNode, ...] = ()
    roads: tuple[NewRoad, ...] = Field(min_length=1)
    replaces: tuple[str, ...] = Field((), description="road_ids that close when this road opens")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        ids = [n.id for n in self.nodes]
        if len(set(ids)) != len(ids):
            yield problem("node_twice", "two new nodes have the same id", "", ("nodes",))
        used = {r.from_node for r in self.roads} | {r.to_node for r in self.roads}
        unused = [i for i in ids if i not in used]
        if unused:
            message = f"the new node {unused[0]} lies on no road of this project"
            yield problem("node_unused", message, "", ("nodes", "roads"))
        if used <= set(ids):
            message = "the road touches no existing node, so nobody could reach it"
            yield problem("road_island", message, "name an existing interchange as from or to", ("roads", "nodes"))


class RoadPath(Frozen):
    """Existing roads of one number between two nodes."""

    ref: str = Field(min_length=1, description="road number; G6 also stands for roads that are G6/G7")
    from_node: str = Field(alias="from", min_length=1)
    to_node: str = Field(alias="to", min_length=1)

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if self.from_node == self.to_node:
            message = f"the road begins and ends at {self.from_node}"
            yield problem("road_to_itself", message, "", ("to", "from"))


class RoadUpgrade(Project):
    """Existing roads get another class, speed, toll or length."""

    kind: Literal["road_upgrade"]
    roads: tuple[str, ...] = Field((), description="road_ids")
    along: RoadPath | None = None
    highway: Highway | None = None
    design_speed_kmh: Kmh | None = None
    toll: bool | None = None
    ref: str | None = None
    length_factor: float | None = Field(None, gt=0, le=3, description="new length / old length")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if bool(self.roads) == (self.along is not None):
            message, mend = "give exactly one of roads and along", {"along": None} if self.roads else None
            yield problem("roads_unclear", message, "an empty list selects nothing", ("roads", "along"), mend)
        changes = (self.highway, self.design_speed_kmh, self.toll, self.ref, self.length_factor)
        if all(v is None for v in changes):
            hint = "highway, design_speed_kmh, toll, ref or length_factor"
            keys = ("highway", "design_speed_kmh", "toll", "ref", "length_factor")
            yield problem("changed_nothing", "an upgrade must change something", hint, keys, {"length_factor": 1.0})


class Hours(Frozen):
    """Hours of every day; over midnight when `to` is the earlier; 00:00 to 24:00 is all day, 24:00 begins none."""

    from_clock: Clock = Field(alias="from")
    to_clock: Clock = Field(alias="to")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        clocks = [parse_clock_s(c) for c in (self.from_clock, self.to_clock)]
        begins_none = clocks[0] >= S_PER_DAY or clocks[0] == clocks[1]
        if begins_none or clocks[1] > S_PER_DAY:
            message = f"{self.from_clock} to {self.to_clock} are no hours of a day"
            yield problem("bad_hours", message, "e.g. 22:00 to 05:00", ("to", "from"), {"from": "22:00", "to": "05:00"})


class Closure(Project):
    """Roads closed or slowed by works, trains or stops taken away. Traffic is not re-assigned: no congestion model."""

    kind: Literal["closure"]
    roads: tuple[str, ...] = Field((), description="road_ids")
    along: RoadPath | None = Field(None, description="roads of one number between two nodes, in place of roads")
    direction: Literal["both", "along", "against"] = Field(
        "both", description="along: only as `along` goes or the road_id reads, from--to; against: only the other way"
    )
    speed_kmh: Kmh | None = Field(None, description="the roads stay open, at most at this posted speed")
    hours: Hours | None = Field(None, description="hours of the day; counts where it fills over half of the window")
    ends: Annotated[Opens, BeforeValidator(parse_opens)] | None = Field(
        None, description="last day; from then on it is over, by date (`phases`, bases as of a day)"
    )
    trips: tuple[str, ...] = Field((), description="trip_ids")
    routes: tuple[str, ...] = Field((), description="route_ids: all their trips")
    stops: tuple[str, ...] = Field((), description="stop_ids where no train calls any more")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if not (self.roads or self.along or self.trips or self.routes or self.stops):
            message = "a closure must name roads, along, trips, routes or stops"
            yield problem("changed_nothing", message, "", ("roads", "along", "trips", "routes", "stops"))
        if self.roads and self.along:
            message = "give at most one of roads and along"
            yield problem("roads_unclear", message, "", ("along", "roads"), {"along": None})
        if not (self.roads or self.along):
            used = {"direction": self.direction != "both", "speed_kmh": self.speed_kmh, "hours": self.hours}
            for name in (name for name, given in used.items() if given):
                message = f"{name} would not be used: it is of roads"
                yield problem("key_unused", message, "name roads or along", (name, "roads", "along"), {name: None})
        if self.ends is not None:
            first, last = self.opens.earliest, self.ends.latest
            if last is None or (first is not None and last < first):
                message = "it ends before it begins, or on no known day"
                yield problem("bad_ending", message, "ends: 2027-06-30", ("ends", "opens"), {"ends": None})
