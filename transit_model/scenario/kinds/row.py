"""What the product must know of a kind of project: the row of the registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from transit_model.assumptions import Assumptions
from transit_model.network.model import Network
from transit_model.scenario.base_schema import Project
from transit_model.scenario.lookup import Report

Field = tuple[str | int, ...]
"""Where something stands in the file of a project."""
Edit = Callable[[Any, Network, Report], Network]
"""Returns the network with the project, or the same network when something was reported."""
Family = Literal["rail", "road", "other"]
Style = Literal["rail", "road", "upgrade", "bus", "rule"]


@dataclass(frozen=True)
class Template:
    """The commented file to start from.

    Attributes
    ----------
    what : str
        The kind in Chinese and English, first line of the file.
    body : str
        The keys of the kind, a correct file as it stands.
    field, number, example : str
        A key that is often assumed; an uncertain number and its range.
    """

    what: str
    body: str
    field: str
    number: str
    example: str


@dataclass(frozen=True)
class TrainReading:
    """Existing trains that a project copies or changes at the moment it is applied.

    Attributes
    ----------
    field : Field
    pairs : tuple of (str, str)
        Stops between which they are looked for.
    only_before : bool
        True when only trains added before the project count.
    tell : callable
        ``tell(other project id, "before" or "after")``: what is said when another project adds trains there.
    """

    field: Field
    pairs: tuple[tuple[str, str], ...]
    only_before: bool
    tell: Callable[[str, str], str]


PLACES: Mapping[str, str] = {
    "before": "they come before it in the list",
    "after": "they come after it in the list",
}
"""Where in the list trains are added that a project reads."""


def read_between(field: Field, between: tuple[str, str], does: str) -> TrainReading:
    """Return the reading of a change to the trains between two stops.

    `does` says what it does to them, with ``{a}`` and ``{b}`` for the stops and ``{c}`` for who adds trains there.
    """
    first, last = between
    return TrainReading(
        field, (between,), False, lambda other, place: f"{does.format(a=first, b=last, c=other)}; {PLACES[place]}"
    )


def _nothing(_project: Any) -> tuple[()]:  # noqa: ANN401 - any project
    return ()


def _no_rows(_project: Any) -> Mapping[str, Any]:  # noqa: ANN401 - any project
    return {}


@dataclass(frozen=True, kw_only=True)
class ProjectKind:
    """A kind of project. Functions take a project of the kind.

    Attributes
    ----------
    schema : type of Project
        The keys of its file; the value of ``kind`` is its name.
    apply : Edit
    describe : callable
        ``describe(project, is_chinese, assumptions)``: lines of plain words.
    template : Template
    family : {"rail", "road", "other"}
        Under what gains are summed where projects are many.
    style : {"rail", "road", "upgrade", "bus", "rule"}
        How a preview draws it.
    draws : {"links", "services", "places"}
        What of it a preview draws.
    on_existing_track : bool
        True when its trains run where others do, so that maps draw no new line.
    brings : callable
        Ids of stations, nodes and stops that it adds.
    reads : callable
        Names of the assumptions that it reads when it is applied.
    sets : callable
        What it sets to a value whatever it was before: words for the thing to (field, value).
    closes : callable
        ``roads``, ``trips``, ``routes`` or ``stops``; the id; the field.
    uses : callable
        The same words to the ids that it needs, beside the stops of its services.
    calls : callable
        The stops of each service that it adds.
    reads_trains : callable
    says : callable
        Sentences in both languages that pages repeat beside its numbers: what the model does not do.
    """

    schema: type[Project]
    apply: Edit
    describe: Callable[[Any, bool, Assumptions], Sequence[str]]
    template: Template
    family: Family = "other"
    style: Style = "rule"
    draws: Literal["links", "services", "places"] = "places"
    on_existing_track: bool = False
    brings: Callable[[Any], Iterable[str]] = _nothing
    reads: Callable[[Any], tuple[str, ...]] = _nothing
    sets: Callable[[Any], Mapping[str, tuple[Field, Any]]] = _no_rows
    closes: Callable[[Any], Iterable[tuple[str, str, Field]]] = _nothing
    uses: Callable[[Any], Mapping[str, set[str]]] = _no_rows
    calls: Callable[[Any], Sequence[tuple[str, ...]]] = _nothing
    reads_trains: Callable[[Any], Iterable[TrainReading]] = _nothing
    says: Callable[[Any], Sequence[Mapping[str, str]]] = _nothing

    @property
    def name(self) -> str:
        """The word after ``kind:``."""
        return str(get_args(self.schema.model_fields["kind"].annotation)[0])
