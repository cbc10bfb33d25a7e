"""Tasks: stable names, every origin once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transit_model.batches.task import Task, list_tasks
from transit_model.errors import InputError


def test_tasks_of_five_origins_in_two_layers() -> None:
    assert list(list_tasks(["scenario=a", "scenario=b"], 5, 2)) == [
        Task("scenario=a/part-00000", 0, 0, 2),
        Task("scenario=a/part-00001", 0, 2, 4),
        Task("scenario=a/part-00002", 0, 4, 5),
        Task("scenario=b/part-00000", 1, 0, 2),
        Task("scenario=b/part-00001", 1, 2, 4),
        Task("scenario=b/part-00002", 1, 4, 5),
    ]
    assert [t.task_id for t in list_tasks([""], 1, 50)] == ["part-00000"]
    assert list(list_tasks(["a"], 0, 50)) == []


@given(st.integers(0, 200), st.integers(1, 60), st.integers(1, 3))
def test_every_origin_of_every_layer_is_in_one_task(n: int, chunk: int, n_layers: int) -> None:
    tasks = list(list_tasks([f"layer={k}" for k in range(n_layers)], n, chunk))
    assert sorted((t.layer, i) for t in tasks for i in range(t.start, t.stop)) == [
        (k, i) for k in range(n_layers) for i in range(n)
    ]
    assert len({t.task_id for t in tasks}) == len(tasks)
    assert all(1 <= t.stop - t.start <= chunk for t in tasks)


@pytest.mark.parametrize(("layers", "chunk"), [(["a"], 0), (["a", "a"], 5)])
def test_no_empty_partition_and_no_shared_folder(layers: list[str], chunk: int) -> None:
    with pytest.raises(InputError):
        list(list_tasks(layers, 10, chunk))
