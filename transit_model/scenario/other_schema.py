"""Bus lines along the road network, and policies that change rules instead of tracks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from transit_model.scenario.base_schema import Frozen, Project, Title
from transit_model.scenario.course_schema import Course
from transit_model.scenario.service_schema import Service
from transit_model.scenario.values import MOST_STOPS, Id, problem, show

FLAGS: Mapping[str, Mapping[str, str]] = {
    "ambulance_cross_border": {
        "zh": "急救车可跨市就近派出",
        "en": "the nearest ambulance is sent, whichever city it belongs to",
    },
    "one_card": {"zh": "公交、地铁、城际公交一卡通用", "en": "one card for bus, metro and intercity bus"},
}
"""Switches a policy may set; they land in ``network.rules``."""


class BusStop(Frozen):
    """A stop at a node of the road network."""

    node: str = Field(min_length=1, description="road node")
    id: Id | None = Field(None, description="stop_id; bus-<node> when absent")
    name: Title | None = Field(None, description="the name of the node when absent")

    @property
    def key(self) -> str:
        """Return the stop_id of this stop."""
        return self.id or f"bus-{self.node}"


class BusLine(Project):
    """A bus that runs on the road network of its own scenario: run times are computed, not given."""

    kind: Literal["bus_line"]
    stops: tuple[BusStop, ...] = Field(min_length=2, max_length=MOST_STOPS)
    course: Course | None = Field(None, description="its line in a file of a GIS: the stops must lie along it")
    vehicle: Literal["coach"] = "coach"
    stop_min: float | None = Field(None, ge=0, le=60, description="at intermediate stops; default bus_stop_min")
    service: Service

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        keys = [s.key for s in self.stops]
        if len(set(keys)) != len(keys):
            yield problem("station_twice", "a stop stands twice on the line", "", ("stops",))


def _check_flag(name: Any) -> Any:  # noqa: ANN401 - before validation
    if isinstance(name, str) and name not in FLAGS:
        raise problem("unknown_flag", f"{show(name)} is no switch", f"known: {', '.join(FLAGS)}")
    return name


Flag = Annotated[str, BeforeValidator(_check_flag)]


class Policy(Project):
    """A rule: other assumptions, switches, places that open or close."""

    kind: Literal["policy"]
    assumptions: Mapping[str, float] = Field({}, description="name, or name.key for tables, and the new number")
    flags: Mapping[Flag, bool] = Field({}, description=f"switches: {', '.join(FLAGS)}")
    places_opened: tuple[str, ...] = Field((), description="place_ids that come into use, e.g. an airport")
    places_closed: tuple[str, ...] = Field((), description="place_ids that go out of use")

    def _list_problems(self) -> Iterator[PydanticCustomError]:
        if not (self.assumptions or self.flags or self.places_opened or self.places_closed):
            message = "a policy must change something"
            yield problem("changed_nothing", message, "", ("assumptions", "flags", "places_opened", "places_closed"))
        both = set(self.places_opened) & set(self.places_closed)
        if both:
            keys = ("places_closed", "places_opened")
            yield problem("place_contradiction", f"{min(both)} cannot open and close at once", "", keys)
