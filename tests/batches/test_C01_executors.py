"""Executors: the same bytes everywhere, work shipped once, dead workers replaced, errors told."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.batches.toys import ABOUT, Squares, ThreadCounts, read_folder
from transit_model.batches.executor import Executor
from transit_model.batches.open_executor import open_executor
from transit_model.batches.processes import ProcessExecutor
from transit_model.batches.run import run_batch
from transit_model.batches.store import Store
from transit_model.batches.task import Task, list_tasks
from transit_model.batches.threads import ThreadExecutor
from transit_model.errors import InputError
from transit_model.threads import count_cores

TASKS = list(list_tasks(["scenario=a", "scenario=b"], 100, 9))
KINDS = ["threads", "processes", "cluster"]


@pytest.fixture
def executor(request: pytest.FixtureRequest) -> Executor:
    if request.param == "cluster":
        local: Any = request.getfixturevalue("cluster")
        return open_executor(workers=5, scheduler=local.scheduler_address)
    return open_executor(workers=2 if request.param == "processes" else 0)


@pytest.fixture(scope="module")
def serial(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("serial") / "out"
    run_batch(Store(folder, ABOUT), TASKS, ThreadExecutor(1), Squares)
    return read_folder(folder)


@pytest.mark.parametrize("executor", KINDS, indirect=True)
def test_same_bytes_everywhere_and_work_prepared_once_a_process(
    executor: Executor, serial: dict[str, bytes], tmp_path: Path
) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    result = run_batch(Store(tmp_path / "out", ABOUT), TASKS, executor, lambda: Squares(notes=notes))
    assert (result.measured, result.rows) == (len(TASKS), 200)
    assert read_folder(tmp_path / "out") == serial
    n = len(list(notes.glob("prepared-*")))
    assert n == 1 if executor.name == "threads" else 1 <= n <= 2


@pytest.mark.parametrize("executor", KINDS, indirect=True)
def test_tasks_are_taken_as_workers_come_free_and_an_error_ends_the_run(executor: Executor) -> None:
    taken = []

    def endless() -> Iterator[Task]:
        for number in range(1_000_000):
            taken.append(number)
            yield Task(f"t{number:07d}", 0, 0, 3)

    with pytest.raises(InputError) as caught:
        list(executor.stream(Squares(fails_at="t0000030"), endless()))
    assert [(i.code, i.value) for i in caught.value.issues] == [("toy_failed", "t0000030")]
    assert len(taken) < 80  # thirty, and a few ahead for each worker


@pytest.mark.slow
@pytest.mark.parametrize("executor", ["processes", "cluster"], indirect=True)
def test_a_killed_worker_loses_nothing(executor: Executor, serial: dict[str, bytes], tmp_path: Path) -> None:
    notes, out = tmp_path / "notes", tmp_path / "out"
    notes.mkdir()
    work = Squares(dies_at=TASKS[7].task_id, wait_s=0.02, notes=notes)
    run_batch(Store(out, ABOUT), TASKS, executor, lambda: work)
    assert (notes / "died").exists()
    assert read_folder(out) == serial


def test_workers_that_always_die_end_the_run_and_keep_what_is_finished(tmp_path: Path) -> None:
    work = Squares(dies_at=TASKS[-1].task_id, dies_always=True)
    with pytest.raises(InputError) as caught:
        run_batch(Store(tmp_path / "out", ABOUT), TASKS, ProcessExecutor(1), lambda: work)
    assert [i.code for i in caught.value.issues] == ["workers_die"]
    left = run_batch(Store(tmp_path / "out", ABOUT), TASKS, ThreadExecutor(1), Squares, resume=True)
    assert (left.measured, left.kept) == (1, len(TASKS) - 1)


def test_no_scheduler_is_an_issue(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="the extra `distributed` is not installed")
    from transit_model.batches import cluster as module

    monkeypatch.setattr(module, "CONNECT_S", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    for wrong in (address, "nonsense://x"):
        with pytest.raises(InputError) as caught:
            list(open_executor(scheduler=wrong).stream(Squares(), TASKS))
        assert [i.code for i in caught.value.issues] == ["no_scheduler"]


@pytest.mark.parametrize(("kind", "workers"), [("threads", 1), ("threads", 7), ("processes", 1), ("processes", 2)])
def test_workers_share_the_cores(kind: str, workers: int) -> None:
    executor = ThreadExecutor(workers) if kind == "threads" else ProcessExecutor(workers)
    parts = list(executor.stream(ThreadCounts(), TASKS[:3]))
    found = {pq.read_table(pa.BufferReader(part.data))["threads"][0].as_py() for part in parts}
    assert found == {max(1, count_cores() // workers)}
