"""The spreading of test files over processes: every test once, whole files, the costly ones first, one Chromium."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("xdist", reason="tests also run in one process, without pytest-xdist")

from tests.conftest import REPO
from tests.spread import BROWSER, BROWSER_FILES, COST_S, Spread, compute_cost_s, make_scheduler


class Process:
    """Stands in for a worker process: notes which tests it was given."""

    def __init__(self, name: str) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.given: list[int] = []
        self.shutting_down = False

    def send_runtest_some(self, indexes: list[int]) -> None:
        self.given += indexes

    def shutdown(self) -> None:
        self.shutting_down = True


class Config:
    """Stands in for pytest's configuration."""

    option = SimpleNamespace(loadscopereorder=True, tx=[])

    def __init__(self, dist: str = "loadfile") -> None:
        self.dist = dist

    def getoption(self, _name: str) -> str:
        return self.dist

    def getvalue(self, _name: str) -> list[str]:
        return ["popen", "popen"]


def _hand_out(tests: list[str]) -> dict[str, list[str]]:
    """Let two processes work off the tests, turn about; return what each was given, in order."""
    scheduler = Spread(Config(), _Log())
    processes = [Process("gw0"), Process("gw1")]
    for process in processes:
        scheduler.add_node(process)
        scheduler.add_node_collection(process, tests)
    scheduler.schedule()
    done = {p.gateway.id: 0 for p in processes}
    while any(done[p.gateway.id] < len(p.given) for p in processes):
        for process in processes:
            if done[process.gateway.id] < len(process.given):
                index = process.given[done[process.gateway.id]]
                done[process.gateway.id] += 1
                scheduler.mark_test_complete(process, index)
    return {p.gateway.id: [tests[i] for i in p.given] for p in processes}


class _Log:
    def __call__(self, *_words: Any) -> None:
        return None

    def __getattr__(self, _name: str) -> _Log:
        return self


def test_every_test_is_given_once_and_files_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COST_S, "tests/slow.py", 9.0)
    tests = [f"tests/{file}.py::test_{n}" for file in ("a", "b", "c", "slow") for n in range(4)]
    given = _hand_out(tests)
    assert sorted([*given["gw0"], *given["gw1"]]) == sorted(tests)
    files = {name: {test.split("::")[0] for test in part} for name, part in given.items()}
    assert files["gw0"] & files["gw1"] == set()
    # the file of 9 s comes first, those of 4 x 0.02 s after it
    assert given["gw0"][0] == "tests/slow.py::test_0"


def test_the_files_of_the_browser_go_to_one_process() -> None:
    tests = [f"{file}::test_{n}" for file in sorted(BROWSER_FILES) for n in range(3)]
    given = _hand_out([*tests, "tests/a.py::test_0"])
    assert [name for name, part in given.items() if set(part) & set(tests)] == [
        name for name, part in given.items() if set(tests) <= set(part)
    ]


def test_costs_are_measured_or_counted() -> None:
    file = next(iter(COST_S))
    assert compute_cost_s(file, 1) == COST_S[file]
    assert compute_cost_s("tests/new.py", 50) == pytest.approx(1.0)  # 50 x 0.02 s


def test_only_whole_files_are_spread_so() -> None:
    assert make_scheduler(Config("worksteal"), _Log()) is None
    assert isinstance(make_scheduler(Config(), _Log()), Spread)


def test_the_files_named_exist() -> None:
    named = [*BROWSER_FILES, *(scope for scope in COST_S if scope != BROWSER)]
    assert [name for name in named if not (REPO / name).is_file()] == []
    drives = {
        p.relative_to(REPO).as_posix()
        for p in (REPO / "tests").rglob("test_*.py")
        if any(word in p.read_text("utf-8") for word in (": Visitor", "browser: Browser", "planner: Planner"))
    } - {"tests/test_spread.py"}
    assert drives == BROWSER_FILES
