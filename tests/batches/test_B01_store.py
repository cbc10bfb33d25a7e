"""The store: whole files, verified resumes, one writer, and messages for every wrong folder."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.batches.toys import ABOUT, Squares, read_folder
from transit_model.batches.journal import Entry, Journal
from transit_model.batches.part import measure_part
from transit_model.batches.run import BatchResult, run_batch
from transit_model.batches.store import BATCH, JOURNAL, LOCK, MANIFEST, Store, list_differences, list_files
from transit_model.batches.task import Task, list_tasks
from transit_model.batches.threads import ThreadExecutor
from transit_model.errors import InputError

TASKS = list(list_tasks(["scenario=a", "scenario=b"], 100, 17))


def run(folder: Path, *, resume: bool = False, about: dict[str, object] | None = None) -> BatchResult:
    return run_batch(Store(folder, about or ABOUT), TASKS, ThreadExecutor(1), Squares, resume=resume)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "out"
    run(folder)
    return folder


def test_one_file_a_task_one_table_in_all(whole: Path) -> None:
    # 100 numbers in files of 17: 6 files in each of two layers.
    assert len(list_files(whole)) == 12
    table = pd.read_parquet(whole)
    assert list(table.columns) == ["number", "square", "scenario"]
    assert len(table) == 200
    second = table[table["scenario"] == "b"]
    assert second["square"].tolist() == [n * n + 1 for n in range(100)]
    assert sorted(p.name for p in whole.iterdir()) == [BATCH, MANIFEST, "scenario=a", "scenario=b"]


def test_the_manifest_names_inputs_and_every_part(whole: Path) -> None:
    manifest = json.loads((whole / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["inputs"] == {"numbers": "0 to 99"}
    assert [p["task_id"] for p in manifest["parts"]] == [t.task_id for t in TASKS]
    assert [p["rows"] for p in manifest["parts"]] == [17, 17, 17, 17, 17, 15] * 2


def test_a_finished_batch_is_kept_as_it_is(whole: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in whole.rglob("*") if p.is_file()}
    result = run(whole, resume=True)
    assert (result.measured, result.kept, result.rows) == (0, 12, 200)
    assert before == {p: p.stat().st_mtime_ns for p in whole.rglob("*") if p.is_file()}


@pytest.mark.parametrize("harm", ["cut", "flip", "gone", "strange"])
@pytest.mark.parametrize("state", ["finished", "running"])
def test_damaged_parts_are_measured_again(whole: Path, tmp_path: Path, harm: str, state: str) -> None:
    out = tmp_path / "out"
    shutil.copytree(whole, out)
    if state == "running":  # as after a kill: journal instead of manifest
        rows = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["parts"]
        (out / JOURNAL).write_text("".join(json.dumps(row) + "\n" for row in rows[::-1]), encoding="utf-8")
        (out / MANIFEST).unlink()
    harmed = out / f"{TASKS[3].task_id}.parquet"
    data = harmed.read_bytes()
    if harm == "gone":
        harmed.unlink()
    elif harm == "cut":
        harmed.write_bytes(data[:-40])
    elif harm == "flip":
        harmed.write_bytes(data[:60] + bytes([data[60] ^ 1]) + data[61:])
    else:
        harmed.write_bytes(b"")
    result = run(out, resume=True)
    assert (result.measured, result.kept) == (1, 11)
    assert read_folder(out) == read_folder(whole)


def test_a_part_that_no_journal_names_does_not_count(whole: Path, tmp_path: Path) -> None:
    # Killed after the file was moved and before the journal was written; another kill left a temporary file.
    out = tmp_path / "out"
    shutil.copytree(whole, out)
    rows = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["parts"]
    (out / MANIFEST).unlink()
    lines = [json.dumps(row) for row in rows[:4]]
    (out / JOURNAL).write_text("\n".join(lines) + "\n" + lines[0][:30], encoding="utf-8")  # and a torn line
    (out / "scenario=a" / ".part-00004.parquet.1.tmp").write_bytes(b"half")
    result = run(out, resume=True)
    assert (result.measured, result.kept) == (8, 4)
    assert read_folder(out) == read_folder(whole)


def test_lines_that_are_no_entries_are_left_out(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    assert journal.read() == []
    part = measure_part(Squares(), Task("x", 0, 0, 3))
    good = Entry.of(part)
    journal.start([good])
    with journal.path.open("a", encoding="utf-8") as file:
        file.write('[]\n{"task_id": 3}\nnonsense\n{"task_id": "y", "rows": "many", "size": 1, "sha256": ""}\n')
    journal.add(good)
    assert journal.read() == [good, good]


def test_a_journal_cannot_point_outside_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.parquet").write_bytes(b"")
    out = tmp_path / "out"
    run(out)
    (out / MANIFEST).unlink()
    entry = Entry("../secret", 0, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    Journal(out / JOURNAL).start([entry])
    with Store(out, ABOUT).open(resume=True) as found:
        assert found == {}


def test_without_resume_an_earlier_batch_is_not_touched(whole: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(whole)
    assert [i.code for i in caught.value.issues] == ["batch_exists"]


def test_other_inputs_are_named(whole: Path) -> None:
    other = {"inputs": {"numbers": "0 to 98", "more": "x"}, "exponent": 2}
    with pytest.raises(InputError) as caught:
        run(whole, resume=True, about=other)
    assert [(i.code, i.field) for i in caught.value.issues] == [
        ("other_batch", "inputs.more"),
        ("other_batch", "inputs.numbers"),
    ]
    assert list_differences({"a": {"b": 1}}, {"a": {"b": 1}}) == []


def test_a_folder_with_other_things_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").touch()
    with pytest.raises(InputError) as caught:
        run(tmp_path, resume=True)
    assert [i.code for i in caught.value.issues] == ["folder_not_empty"]
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_file_in_the_way_is_an_issue(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InputError) as caught:
        run(tmp_path / "out")
    assert [i.code for i in caught.value.issues] == ["cannot_write"]


def test_a_disk_that_refuses_keeps_what_is_finished(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "scenario=b").touch()  # the second layer cannot have a folder
    with pytest.raises(InputError) as caught:
        run_batch(_unchecked(out), TASKS, ThreadExecutor(1), Squares)
    assert [i.code for i in caught.value.issues] == ["cannot_write"]
    (out / "scenario=b").unlink()
    result = run(out, resume=True)
    assert (result.measured, result.kept) == (6, 6)


def _unchecked(out: Path) -> Store:
    # The folder was fine when the run began.
    store = Store(out, ABOUT)
    store._check = lambda names, resume: None  # type: ignore[method-assign, misc]
    return store


HOLDER = """
import sys, time
from pathlib import Path
from transit_model.store.lock import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_two_processes_do_not_write_one_batch(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(out)
    with subprocess.Popen([sys.executable, "-c", HOLDER, out / LOCK], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(InputError) as caught:
            run(out, resume=True)
        other.kill()
    assert [i.code for i in caught.value.issues] == ["batch_running"]
    assert (out / LOCK).exists()  # the killed holder could not remove it
    assert run(out, resume=True).kept == 12
    assert not (out / LOCK).exists()
