"""The ranges that project files declare: both ends can be built, or the draws between them mean nothing."""

from __future__ import annotations

from transit_model.analysis.evaluate import Evaluator
from transit_model.analysis.uncertain_values import list_project_ranges
from transit_model.measure.workspace import Workspace
from transit_model.scenario.load import load_projects

BASE = "built-2025"


def test_both_ends_of_every_declared_range_can_be_built() -> None:
    workspace = Workspace.open()
    evaluator = Evaluator(workspace, BASE)
    library = {p.id: p for p in load_projects(workspace.scenarios_dir)}
    standing = set(evaluator.base_ids)
    tried = 0
    for one in list_project_ranges(list(library.values())):
        needed, wanted = [one.owner], [one.owner]
        while wanted:
            more = [r for r in library[wanted.pop()].requires if r not in needed]
            needed += more
            wanted += more
        for value in (one.low, one.high):
            # raises with the issues of the project when it cannot stand with this number
            evaluator.evaluate([p for p in needed if p not in standing], {one.key: value})
            tried += 1
    assert tried >= 20
