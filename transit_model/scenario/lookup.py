"""Look ids up in a network; what is not there becomes an `Issue` that offers the nearest names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.rows import find_few_rows
from transit_model.errors import Issue, Severity
from transit_model.near_names import hint_listed
from transit_model.network.model import Network
from transit_model.scenario.base_schema import Project
from transit_model.scenario.mended import touches
from transit_model.scenario.values import shorten

ABSENT: Mapping[str, str] = {
    "assumption": "there is no assumption {a}",
    "class": "no train has the class {a}",
    "node": "there is no node {a}",
    "place": "there is no place {a}",
    "project": "there is no project {a}",
    "ref": "no road has the number {a}",
    "road": "there is no road {a}",
    "route": "there is no route {a}",
    "stop": "there is no stop {a}",
    "trip": "there is no trip {a}",
}
"""What is said of an id that is not there, by what it is of."""


@dataclass
class Report:
    """Issues of one application, in order; grows while projects are resolved.

    Attributes
    ----------
    missing_ids : set of str
        Ids that a failed project would have brought; asking for them is not reported again.
    withheld : int
        Errors that hang on a stand-in for something wrong in the file, which has been told already.
    """

    issues: list[Issue] = field(default_factory=list)
    missing_ids: set[str] = field(default_factory=set)
    withheld: int = 0

    def add(
        self,
        project: Project,
        code: str,
        message: str,
        *path: str | int,
        severity: Severity = "error",
        value: object = None,
        hint: str = "",
    ) -> None:
        """Add an issue about a field of a project."""
        if project._unsure and self._is_unsure(project, code, path):
            self.withheld += severity == "error"
            return
        self.issues.append(project.issue(code, message, *path, severity=severity, value=value, hint=hint))

    @staticmethod
    def _is_unsure(project: Project, code: str, path: tuple[str | int, ...]) -> bool:
        """Return whether an issue may be owed to a stand-in; an id that is not there only if it is one itself."""
        if code.startswith("unknown_"):
            return any(path[: len(other)] == other for other in project._unsure)
        return code == "changed_nothing" or touches(path, project._unsure)

    def count_errors(self) -> int:
        """Return the number of errors so far, those that are withheld among them."""
        return self.withheld + sum(issue.severity == "error" for issue in self.issues)

    def check_known(
        self, project: Project, what: str, wanted: str, known: Iterable[str], *path: str | int, names: str = ""
    ) -> bool:
        """Return True when an id is known; report it with the nearest ids otherwise."""
        known = known if isinstance(known, Ids) else list(known)
        if wanted in known:
            return True
        if wanted not in self.missing_ids:
            hint = hint_listed(what, wanted, list(known), names)
            self.add(project, f"unknown_{what}", ABSENT[what].format(a=shorten(wanted)), *path, value=wanted, hint=hint)
        return False


class Ids:
    """The ids of a column, each once, and some more; looked for in the column and listed only when read one by one."""

    def __init__(self, column: pd.Series[str], more: Iterable[str] = ()) -> None:
        self._column = column
        self._more = tuple(more)

    def __contains__(self, wanted: str) -> bool:
        return wanted in self._more or bool(find_few_rows(self._column, [wanted]))

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*map(str, self._column.to_numpy(dtype=object)), *self._more]))

    def more(self, ids: Iterable[str]) -> Ids:
        """Return these and others."""
        return Ids(self._column, (*self._more, *ids))


def list_nodes(network: Network) -> Ids:
    """Return the ids of all road nodes."""
    return Ids(network.nodes["node_id"])


def list_roads(network: Network) -> Ids:
    """Return the ids of all roads (two-way roads once)."""
    return Ids(network.links["road_id"])


class NodeAt(NamedTuple):
    """A road node: degrees, and what kind of node it is."""

    lon: float
    lat: float
    kind: str


def pick_nodes(network: Network, node_ids: Sequence[str]) -> dict[str, NodeAt]:
    """Return the road nodes with these ids; those that are not there are left out."""
    rows = find_few_rows(network.nodes["node_id"], node_ids)
    if not rows:
        return {}
    at = list(rows.values())
    nodes = network.nodes
    lon, lat = (nodes[name].to_numpy()[at].tolist() for name in ("lon", "lat"))
    kinds = list(map(str, nodes["kind"].array.take(at))) if "kind" in nodes.columns else [""] * len(at)
    return {name: NodeAt(*node) for name, node in zip(rows, zip(lon, lat, kinds, strict=True), strict=True)}


def list_stops(network: Network) -> list[str]:
    """Return the ids of all stops: those of the feed and those of the station table."""
    both = (table["stop_id"].to_numpy(dtype=object) for table in (network.feed.stops, network.stations))
    return list(dict.fromkeys(str(s) for ids in both for s in ids))


def find_point(network: Network, stop_id: str) -> tuple[float, float] | None:
    """Return lon and lat of a stop, None when no table places it."""
    for table, key, lon, lat in (
        (network.feed.stops, "stop_id", "stop_lon", "stop_lat"),
        (network.stations, "stop_id", "lon", "lat"),
    ):
        rows = np.flatnonzero(table[key].to_numpy(dtype=object) == stop_id)
        if len(rows) and not np.isnan(float(table[lon].iloc[rows[0]])):
            return float(table[lon].iloc[rows[0]]), float(table[lat].iloc[rows[0]])
    return None


def find_nearest_node(network: Network, lon: float, lat: float) -> tuple[str, float] | None:
    """Return the nearest node on a road one may stop on (no motorway) and its distance in metres."""
    ordinary = network.links.loc[network.links["highway"] != "motorway", ["from_node_id", "to_node_id"]]
    nodes = network.nodes
    joined = [nodes["node_id"].isin(ordinary[end]).to_numpy() for end in ("from_node_id", "to_node_id")]
    kept = np.flatnonzero(joined[0] | joined[1])
    if not len(kept):
        return None
    far = compute_great_circle_m(lon, lat, nodes["lon"].to_numpy()[kept], nodes["lat"].to_numpy()[kept])
    nearest = int(np.argmin(far))
    return str(nodes["node_id"].iloc[kept[nearest]]), float(far[nearest])


def check_guards(project: Project, network: Network, report: Report) -> None:
    """Report every `existing` guard that the network does not keep."""
    guards = project.existing
    lists: Sequence[tuple[str, tuple[str, ...], Callable[[Network], Iterable[str]], bool]] = (
        ("roads_present", guards.roads_present, list_roads, True),
        ("roads_absent", guards.roads_absent, list_roads, False),
        ("nodes_present", guards.nodes_present, list_nodes, True),
        ("stops_present", guards.stops_present, list_stops, True),
        ("stops_absent", guards.stops_absent, list_stops, False),
    )
    for name, wanted, list_ids, present in lists:
        known = set(list_ids(network)) if wanted else set()
        for item in wanted:
            if (item in known) == present or (present and item in report.missing_ids):
                continue
            message = f"{item} is not in the base" if present else f"{item} is in the base already"
            hint = "the base has moved: choose another base date, or leave this project out"
            report.add(project, "guard_failed", message, "existing", name, value=item, hint=hint)
