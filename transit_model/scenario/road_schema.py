"""Road projects: new roads that join only at named nodes, better roads, closures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field
from pydantic_core import PydanticCustomError

from transit_model.scenario.base_schema import Frozen, Highway, Id, Kilometres, Kmh, Lat, Lon, Project, Title, problem


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
    length_km: Kilometres | None = None
    detour_factor: float | None = Field(None, ge=1, le=3, description="length = great circle times this; assumed")
    highway: Highway | None = None
    design_speed_kmh: Kmh | None = None
    toll: bool | None = None
    area: Literal["urban", "rural"] | None = None
    oneway: bool = False

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if (self.length_km is None) == (self.detour_factor is None):
            yield problem("length_unclear", "give exactly one of length_km and detour_factor")
        if self.from_node == self.to_node:
            yield problem("road_to_itself", f"the road begins and ends at {self.from_node}")


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
            yield problem("node_twice", "two new nodes have the same id")
        used = {r.from_node for r in self.roads} | {r.to_node for r in self.roads}
        unused = [i for i in ids if i not in used]
        if unused:
            yield problem("node_unused", f"the new node {unused[0]} lies on no road of this project")
        if used <= set(ids):
            message = "the road touches no existing node, so nobody could reach it"
            yield problem("road_island", message, "name an existing interchange as from or to")


class RoadPath(Frozen):
    """Existing roads of one number between two nodes."""

    ref: str = Field(min_length=1)
    from_node: str = Field(alias="from", min_length=1)
    to_node: str = Field(alias="to", min_length=1)


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
            yield problem("roads_unclear", "give exactly one of roads and along", "an empty list selects nothing")
        changes = (self.highway, self.design_speed_kmh, self.toll, self.ref, self.length_factor)
        if all(v is None for v in changes):
            hint = "highway, design_speed_kmh, toll, ref or length_factor"
            yield problem("changed_nothing", "an upgrade must change something", hint)


class Closure(Project):
    """Roads, trains or places taken away."""

    kind: Literal["closure"]
    roads: tuple[str, ...] = Field((), description="road_ids, both directions")
    trips: tuple[str, ...] = Field((), description="trip_ids")
    routes: tuple[str, ...] = Field((), description="route_ids: all their trips")
    stops: tuple[str, ...] = Field((), description="stop_ids where no train calls any more")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if not (self.roads or self.trips or self.routes or self.stops):
            yield problem("changed_nothing", "a closure must name roads, trips, routes or stops")
