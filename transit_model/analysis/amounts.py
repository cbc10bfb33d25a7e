"""What may be varied to meet a goal: amounts, within what their schema takes; never where something lies."""

from __future__ import annotations

from transit_model.analysis.evaluate import ALL_KEYS, ASSUMPTIONS, Evaluator
from transit_model.assumptions import Assumptions
from transit_model.errors import Issue, ScenarioError
from transit_model.scenario.base_schema import Project
from transit_model.scenario.overrides import get_project_data, list_number_fields
from transit_model.scenario.quantities import Bounds, find_bounds


def find_amount(evaluator: Evaluator, key: str) -> tuple[Bounds, tuple[float, float] | None]:
    """Return the bounds that the schema sets to a number, and the range that its project declares, None without.

    Raises
    ------
    ScenarioError
        ``no_such_number`` where the number is no amount: nobody asks at which longitude a goal is met.
    """
    head, _, field = key.partition(".")
    if head == ASSUMPTIONS:
        found = None if field.endswith(f".{ALL_KEYS}") else find_bounds(Assumptions, field.split("."))
        return found or Bounds(), None
    project = evaluator.library[head]
    found = find_bounds(type(project), field.split("."))
    if found is None:
        message = f"{key} is no amount: it says where something lies"
        hint = f"amounts of {head}: {', '.join(_list_amounts(project))}"
        raise ScenarioError(Issue("no_such_number", "error", message, field=key, hint=hint))
    return found, project.ranges.get(field)


def _list_amounts(project: Project) -> list[str]:
    fields = list_number_fields(get_project_data(project))
    own = [f for f in fields if f.split(".")[0] not in Project.model_fields]
    return [f"{project.id}.{f}" for f in own if find_bounds(type(project), f.split(".")) is not None]
