"""A study in shares: nothing twice, nothing left out, and the same tables however many processes measure it."""

from __future__ import annotations

import os
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pandas as pd
import pytest

from tests.study.mini_workspace import open_mini_workspace
from transit_model.measure.workspace import Workspace
from transit_model.pages import workload as workloads
from transit_model.pages.run import count_steps, prepare_study
from transit_model.pages.workload import StudyWorkers, Workload, cut_workloads
from transit_model.scenario.load import Study, load_study
from transit_model.study.result import StudyResult

STUDY = """\
id: four
title: {zh: 四个方案, en: four}
scenarios: [built, a, b, c]
comparisons: [{base: built, scenario: a}, {base: built, scenario: c}]
goals: all
"""


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Study]:
    workspace = open_mini_workspace(tmp_path_factory.mktemp("shares"))
    for name, project in (("a", "hsr"), ("b", "twin"), ("c", "byway")):
        text = f"id: {name}\ntitle: {{zh: {name}, en: {name}}}\nbase: built\nprojects: [{project}]\n"
        (workspace.scenarios_dir / f"{name}.yaml").write_text(text, encoding="utf-8")
    path = workspace.scenarios_dir / "study.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return workspace, load_study(path)


def test_shares_by_hand(mini: tuple[Workspace, Study]) -> None:
    _, study = mini
    whole = Workload("built", ("built", "a", "b", "c"), (("built", "a"), ("built", "c")), study.choices)
    assert cut_workloads(study, 1) == [whole]
    # A scenario costs 1, a comparison 0.5, the questions 4. All here: 4 + 2 x 0.5 = 5, and 4 there. With b there it is
    # 4 here and 1 + 4 = 5 there: no shorter, so it stays.
    assert cut_workloads(study, 2) == [whole]
    # Eight others answer half a question each. Away are b, then c, which takes its base along:
    # 2.5 here, 1 + 0.5 for b, 2.5 + 0.5 for c. With a away as well it is 3 too; with b alone 4 here.
    assert cut_workloads(study, 9) == [
        Workload("built", ("built", "a"), (("built", "a"),), study.choices),
        Workload("built", ("b",), (), study.choices),
        Workload("built", ("c",), (("built", "c"),), study.choices),
    ]


def test_nothing_is_lost_or_doubled(mini: tuple[Workspace, Study]) -> None:
    _, study = mini
    for n in range(1, 7):
        cut = cut_workloads(study, n)
        assert sorted(s for workload in cut for s in workload.scenarios) == ["a", "b", "built", "c"]
        assert sorted(p for workload in cut for p in workload.comparisons) == [("built", "a"), ("built", "c")]


def assert_same(one: StudyResult, other: StudyResult) -> None:
    pd.testing.assert_frame_equal(one.od, other.od, check_exact=True)
    assert [v.as_dict() for v in one.verdicts] == [v.as_dict() for v in other.verdicts]
    assert one.rings is not None
    assert other.rings is not None
    assert one.rings.to_wkb().equals(other.rings.to_wkb())
    assert [c.as_dict() for c in one.comparisons] == [c.as_dict() for c in other.comparisons]


def test_the_tables_do_not_depend_on_the_number_of_processes(
    mini: tuple[Workspace, Study], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, study = mini
    monkeypatch.setattr(workloads, "QUESTIONS", 0.0)  # nothing is asked here, so the other process has time
    steps: list[str] = []
    alone = prepare_study(workspace.afresh(), study).measure(steps.append)
    assert len(steps) == count_steps(study, 2)
    with StudyWorkers(2) as workers:
        assert len(cut_workloads(study, 2)) == 2
        steps.clear()
        # as `run` measures: the share of the other process goes there with a memo, which must be no hindrance
        beside = prepare_study(workspace.afresh().with_memo(), study, workers).measure(steps.append)
    assert len(steps) == count_steps(study, 2)
    assert_same(alone, beside)


class DeadPool:
    """Takes every task and dies."""

    def submit(self, *_: object) -> Future[object]:
        future: Future[object] = Future()
        future.set_exception(BrokenProcessPool("killed"))
        return future

    def shutdown(self, **_: object) -> None:
        """Nothing is left to end."""


def test_what_a_dead_process_had_is_measured_here(
    mini: tuple[Workspace, Study], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, study = mini
    workers = StudyWorkers()
    workers.workers = 3  # so that one is sent away
    monkeypatch.setattr(workers, "_pool", DeadPool())
    beside = prepare_study(workspace.afresh(), study, workers).measure()
    assert_same(beside, prepare_study(workspace.afresh(), study).measure())


def test_a_question_is_answered_here_or_there(tmp_path: Path) -> None:
    assert StudyWorkers().later(os.getpid)() == os.getpid()
    with StudyWorkers(2) as workers:
        assert workers.later(os.getpid)() != os.getpid()
