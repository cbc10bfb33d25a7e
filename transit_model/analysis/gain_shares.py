"""Who earns the gain of a comparison: exact Shapley shares of its projects in a few measures, cheap enough for `run`.

Up to `MOST_PROJECTS` projects are told apart. More are taken together by kind (railways, roads, buses and rules), which
keeps the shares exact; ``transit-model attribute`` tells any number of projects apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from transit_model.analysis.coalitions import Coalitions
from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.measures import Measure, measure_goal, parse_measure
from transit_model.domain.modes import MODE_NAMES, Mode, Reading
from transit_model.domain.readings import READING_NAMES
from transit_model.domain.region import Text
from transit_model.errors import InputError, ScenarioError
from transit_model.goals.schema import Goal
from transit_model.measure.memo import Memo
from transit_model.measure.workspace import Workspace
from transit_model.scenario.base_schema import Project
from transit_model.scenario.kinds.registry import find_kind

if TYPE_CHECKING:
    import pandas as pd

MOST_PROJECTS: Final = 3
COLUMNS: Final = (
    "measure", "measure_zh", "measure_en", "unit", "project", "project_zh", "project_en", "n_projects",
    "before", "after", "shapley", "stderr", "add_one", "leave_one_out",
)  # fmt: skip
_KINDS: Final[dict[str, Text]] = {
    "rail": {"zh": "铁路项目", "en": "railway projects"},
    "road": {"zh": "公路项目", "en": "road projects"},
    "other": {"zh": "公交与政策", "en": "buses and rules"},
}
_SMALLEST: Final = 1e-6


@dataclass(frozen=True)
class GainPart:
    """One project, or all of a kind."""

    key: str
    title: Text
    projects: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class NamedMeasure:
    """A measure with its words."""

    measure: Measure
    title: Text


class Sharer:
    """Shares out gains; scenarios over the same base share its evaluations."""

    def __init__(self, workspace: Workspace, goals: Sequence[Goal]) -> None:
        self._workspace = workspace
        self._goals = goals
        self._evaluators: dict[str, Evaluator] = {}
        self._memo = Memo()

    def evaluator_of(self, base: str) -> Evaluator:
        """Return the evaluator of a base, one for all that is asked of it."""
        if base not in self._evaluators:
            self._evaluators[base] = Evaluator(self._workspace, base, memo=self._memo)
        return self._evaluators[base]

    def share(self, base: str, scenario: str) -> pd.DataFrame | None:
        """Return the shares of a scenario's projects in what it gains over a base, in the columns of `COLUMNS`.

        A share is in units of its measure, more being better. Measures that nothing moves, or that stay out of reach,
        are left out. None when the two differ in more than projects added: then there is nothing to share out.
        """
        import pandas as pd

        old, new = self._workspace.scenario(base), self._workspace.scenario(scenario)
        known = {p.id for p in old.projects}
        added = [p for p in new.projects if p.id not in known]
        kept = {p.id: p for p in new.projects if p.id in known}
        if old.as_of != new.as_of or not added or any(kept.get(p.id) != p for p in old.projects):
            return None
        evaluator = self.evaluator_of(base).with_projects(added)
        rows = share_among(evaluator, list_parts(added), list_measures(self._workspace, self._goals))
        return pd.DataFrame(rows, columns=list(COLUMNS))


def list_parts(projects: Sequence[Project]) -> list[GainPart]:
    """Return each project, or when they are many each kind of them that there is."""
    if len(projects) <= MOST_PROJECTS:
        return [GainPart(p.id, {"zh": p.title.zh, "en": p.title.en}, (p.id,)) for p in projects]
    by_kind: dict[str, list[str]] = {}
    for project in projects:
        by_kind.setdefault(find_kind(project).family, []).append(project.id)
    return [GainPart(kind, _KINDS[kind], tuple(by_kind[kind])) for kind in _KINDS if kind in by_kind]


def list_measures(workspace: Workspace, goals: Sequence[Goal]) -> list[NamedMeasure]:
    """Return the margins of the headline goals and the weighted mean travel times (加权平均旅行时间) of the centres."""
    info = workspace.region.info
    centres = list(info.groups["centres"])
    places = workspace.region.places.set_index("place_id")
    named = []
    for goal in goals:
        for reading in goal.judged_on if goal.headline and goal.has_minutes else ():
            words = READING_NAMES[Reading(reading)]
            title = {"zh": f"{goal.title.zh} · {words['zh']}", "en": f"{goal.title.en} · {words['en']}"}
            named.append(NamedMeasure(measure_goal(goal, reading), title))
    best, door = MODE_NAMES[Mode.BEST], READING_NAMES[Reading.DOOR_TO_DOOR]
    for centre in centres:
        name = {lang: str(places.loc[centre, f"name_{lang}"]) for lang in ("zh", "en")}
        title = {
            "zh": f"{name['zh']}到各旗县的加权平均旅行时间 · {best['zh']} · {door['zh']}",
            "en": f"Weighted mean travel time from {name['en']} to the county seats · {best['en']} · {door['en']}",
        }
        named.append(NamedMeasure(parse_measure(f"watt:{centre}:best", goals, centres), title))
    return named


def share_among(
    evaluator: Evaluator, parts: Sequence[GainPart], named: Sequence[NamedMeasure]
) -> list[tuple[object, ...]]:
    """Return one row a measure and part; every coalition is measured once, whatever the number of measures."""
    sets = Coalitions(evaluator, [part.projects for part in parts], [n.measure for n in named])
    rows: list[tuple[object, ...]] = []
    for at, one in enumerate(named):
        before, after = sets.list_ends(at)
        if not math.isfinite(after - before) or abs(after - before) < _SMALLEST:
            continue
        try:
            shares = sets.share_out(at)
        except (InputError, ScenarioError):
            continue
        for i, part in enumerate(parts):
            gains = (shares.shapley[i], shares.stderr[i], shares.add_one[i], shares.leave_one_out[i])
            numbers = (round(float(v), 6) for v in (before, after, *gains))
            words = (one.measure.name, one.title["zh"], one.title["en"], one.measure.unit)
            rows.append((*words, part.key, part.title["zh"], part.title["en"], len(part.projects), *numbers))
    return rows
