"""Bus lines along the road network, and policies that change rules instead of tracks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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


def _keep_whole(value: Any) -> Any:  # noqa: ANN401 - any YAML value
    """Return a value as it is written: `true` and 1.0 are equal to 1 in Python, and not in GTFS."""
    return str(value).lower() if isinstance(value, bool | float) else value


CallKind = Annotated[Literal[0, 1], BeforeValidator(_keep_whole)]


class BusStop(Frozen):
    """A stop at a node of the road network; who may board on the way out may alight on the way back."""

    node: str = Field(min_length=1, description="road node")
    id: Id | None = Field(None, description="stop_id; bus-<node> when absent")
    name: Title | None = Field(None, description="the name of the node when absent")
    pickup_type: CallKind = Field(0, description="1: nobody boards here (on the way back nobody alights)")
    drop_off_type: CallKind = Field(0, description="1: nobody alights here (on the way back nobody boards)")

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
        yield from _list_useless(self.stops)


def _list_useless(stops: Sequence[BusStop]) -> Iterator[PydanticCustomError]:
    """Yield that nobody can ride at all, or else the first stop at which no ride of the line begins or ends.

    The way back turns boarding and alighting round with the order of the stops, so it has the same rides.
    """
    board = [s.pickup_type == 0 for s in stops]
    alight = [s.drop_off_type == 0 for s in stops]
    starts = [board[i] and any(alight[i + 1 :]) for i in range(len(stops))]
    ends = [alight[i] and any(board[:i]) for i in range(len(stops))]
    if not any(board[:-1]):
        yield problem(
            "nobody_boards",
            "nobody can board this line",
            "pickup_type 1 forbids it: leave one stop without",
            ("stops",),
        )
    elif not any(alight[1:]):
        yield problem(
            "nobody_alights",
            "nobody can alight from this line",
            "drop_off_type 1 forbids it: leave one stop without",
            ("stops",),
        )
    else:
        for stop, used in zip(stops, map(max, starts, ends), strict=True):
            if not used:
                message = f"nobody can board or alight at {stop.key}"
                yield problem(
                    "stop_of_no_use", message, "see pickup_type and drop_off_type, or leave the stop out", ("stops",)
                )
                return


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
