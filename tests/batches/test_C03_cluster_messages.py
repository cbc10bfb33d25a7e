"""What can go wrong with a cluster, each told as an issue with what to do."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.batches.toys import Squares
from tests.conftest import REPO
from transit_model.batches.open_executor import open_executor
from transit_model.batches.parcel import pack
from transit_model.batches.part import Part, measure_part
from transit_model.batches.task import Task, list_tasks
from transit_model.errors import InputError

pytest.importorskip("distributed", reason="the extra `distributed` is not installed")

from transit_model.batches import cluster as room

TASK = Task("part-00000", 0, 0, 3)
WORKER = SimpleNamespace(address="tcp://worker")


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [issue.code for issue in error.value.issues]


class Answer:
    """What a future says."""

    def __init__(self, value: Any = None, error: Exception | None = None, *, cancelled: bool = False) -> None:
        self.value, self.error, self.gone = value, error, cancelled

    def cancelled(self) -> bool:
        return self.gone

    def result(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


def test_without_the_extra_the_message_names_it() -> None:
    code = (
        "import sys; sys.modules['distributed'] = None\n"
        "from transit_model.batches.open_executor import open_executor\n"
        "from transit_model.errors import InputError\n"
        "try:\n    open_executor(scheduler='tcp://x')\n"
        "except InputError as error:\n    print(error.issues[0].code, error.issues[0].hint)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPO, capture_output=True, text=True, check=True)
    assert done.stdout.startswith('missing_extra pip install "transit-model[distributed]"')


def test_a_worker_of_other_versions_is_refused(tmp_path: Path) -> None:
    sha256 = pack(Squares(), tmp_path / "parcel")
    plugin = room.ParcelPlugin("n", str(tmp_path / "parcel"), sha256, None)
    plugin.versions = {**plugin.versions, "pyarrow": "1.0"}
    with pytest.raises(InputError, match=r"pyarrow 1\.0") as caught:
        plugin.setup(WORKER)
    assert codes(caught) == ["worker_versions"]


def test_a_worker_reads_the_parcel_or_is_sent_it(tmp_path: Path) -> None:
    path = tmp_path / "parcel"
    sha256 = pack(Squares(), path)
    data = path.read_bytes()
    near = room.ParcelPlugin("n", str(path), sha256, None)
    near.setup(WORKER)
    path.write_bytes(data[:-1] + b"?")  # another file of this name on another machine
    far = room.ParcelPlugin("n", str(path), sha256, data)
    far.setup(WORKER)
    for plugin in (near, far):
        assert plugin.work is not None
        assert measure_part(plugin.work, TASK) == measure_part(Squares(), TASK)
    with pytest.raises(InputError) as caught:
        room.ParcelPlugin("n", str(path), sha256, None).setup(WORKER)
    assert codes(caught) == ["worker_parcel"]


def test_lost_schedulers_dying_workers_and_damaged_parts() -> None:
    from distributed import KilledWorker

    good = measure_part(Squares(), TASK)
    assert room._take(Answer(good), TASK) == good
    bad = Part(good.task_id, good.rows, good.data + b"x", good.sha256)
    killed = KilledWorker("part-00000", SimpleNamespace(address="tcp://worker"), 3)
    for answer, code in (
        (Answer(cancelled=True), "scheduler_lost"),
        (Answer(error=killed), "workers_die"),
        (Answer(bad), "damaged_part"),
    ):
        with pytest.raises(InputError) as caught:
            room._take(answer, TASK)
        assert codes(caught) == [code]


def test_a_scheduler_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from distributed import LocalCluster

    monkeypatch.setattr(room, "FIRST_WORKER_S", 0.2)
    with (
        LocalCluster(
            n_workers=0, processes=False, dashboard_address="127.0.0.1:0", protocol="tcp", silence_logs=50
        ) as empty,
        pytest.raises(InputError) as caught,
    ):
        list(open_executor(scheduler=empty.scheduler_address).stream(Squares(), list_tasks([""], 3, 1)))
    assert codes(caught) == ["no_workers"]
