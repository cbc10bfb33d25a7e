"""The output folder of a batch: Parquet parts, a journal while it runs, a manifest when it is whole.

::

    DIR/
      scenario=built-2025/part-00000.parquet   one file a task; `pandas.read_parquet(DIR)` reads them all as one table
      _batch.json                              what is measured: hashes of all inputs, settings, versions
      _journal.jsonl                           while it runs: finished parts and their hashes
      _manifest.json                           when whole: the same, in the order of the tasks
      _lock                                    held by the process that writes

Names that begin with an underscore are no data to readers of Parquet folders. Every file is written beside its place,
flushed and moved; a part counts when the journal or the manifest names its hash and the file still has it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from transit_model.batches.journal import Entry, Journal
from transit_model.batches.part import SUFFIX, Part
from transit_model.batches.task import Task
from transit_model.errors import InputError, Issue
from transit_model.store.lock import hold
from transit_model.store.system_errors import explain, show_path
from transit_model.store.write import put_bytes

SCHEMA: Final = 1
BATCH, JOURNAL, MANIFEST, LOCK = "_batch.json", "_journal.jsonl", "_manifest.json", "_lock"
_SHOWN: Final = 5


class Store:
    """An output folder.

    Parameters
    ----------
    folder : Path
    about : mapping
        What is measured, as plain values: equal values mean equal results. Its ``inputs`` name each input with a hash.
    """

    def __init__(self, folder: Path, about: Mapping[str, Any]) -> None:
        self.folder = Path(folder)
        self.about = {"schema": SCHEMA, **json.loads(json.dumps(about))}
        self._journal = Journal(self.folder / JOURNAL)

    @contextmanager
    def open(self, *, resume: bool = False) -> Iterator[dict[str, Entry]]:
        """Begin or resume and yield the finished parts by task: each was read and has the hash it was written with.

        Raises
        ------
        InputError
            ``batch_exists``: an earlier batch stands there and `resume` was not asked for. ``other_batch``: it is of
            other inputs. ``folder_not_empty``: something else stands there. ``batch_running``: another process writes.
            ``cannot_write``.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            names = {p.name for p in self.folder.iterdir()} - {LOCK}
        except OSError as error:
            raise _cannot_write(self.folder, error) from error
        self._check(names, resume=resume)
        with hold(self.folder / LOCK, code="batch_running"):
            for leftover in self.folder.rglob(".*.tmp"):  # of a killed run
                leftover.unlink(missing_ok=True)
            listed = self._read_manifest()
            found = {e.task_id: e for e in (*self._journal.read(), *listed) if self._verify(e)}
            if BATCH not in names:
                put_bytes(self.folder / BATCH, _dump(self.about))
            if not listed or any(e.task_id not in found for e in listed):
                self._journal.start(list(found.values()))
                (self.folder / MANIFEST).unlink(missing_ok=True)
            yield found

    def write(self, part: Part) -> Entry:
        """Write a part and note it in the journal."""
        entry = Entry.of(part)
        path = entry.path(self.folder)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            put_bytes(path, part.data)
            self._journal.add(entry)
        except OSError as error:
            raise _cannot_write(path, error) from error
        return entry

    def finish(self, tasks: Sequence[Task], entries: Mapping[str, Entry]) -> Path:
        """Write the manifest, remove the journal, and return the path of the manifest."""
        path = self.folder / MANIFEST
        parts = [entries[task.task_id].as_dict() for task in tasks]
        text = _dump({**self.about, "parts": parts})
        if not path.exists() or path.read_bytes() != text:
            put_bytes(path, text)
        (self.folder / JOURNAL).unlink(missing_ok=True)
        return path

    def _check(self, names: set[str], *, resume: bool) -> None:
        where = str(self.folder)
        if BATCH not in names:
            strange = sorted(n for n in names if not (n.startswith(".") and n.endswith(".tmp")))
            if strange:
                raise InputError(
                    Issue(
                        "folder_not_empty",
                        "error",
                        f"the folder holds other things: {', '.join(strange[:_SHOWN])}",
                        file=where,
                        hint="name a new or empty folder",
                    )
                )
            return
        before = _read_json(self.folder / BATCH)
        if not resume:
            raise InputError(
                Issue(
                    "batch_exists",
                    "error",
                    "an earlier batch stands there",
                    file=where,
                    hint="--resume goes on with it; else name another folder",
                )
            )
        differences = list_differences(before, self.about)
        if differences:
            raise InputError(
                [
                    Issue(
                        "other_batch",
                        "error",
                        "the batch that stands there was made from something else",
                        file=where,
                        field=name,
                        hint="name another folder, or give the same inputs and options",
                    )
                    for name in differences
                ]
            )

    def _read_manifest(self) -> list[Entry]:
        rows = _read_json(self.folder / MANIFEST).get("parts", [])
        return [e for e in map(Entry.parse, rows if isinstance(rows, list) else []) if e is not None]

    def _verify(self, entry: Entry) -> bool:
        if entry.task_id.startswith("/") or ".." in Path(entry.task_id).parts:
            return False
        try:
            with entry.path(self.folder).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256
        except OSError:
            return False


def list_differences(before: Mapping[str, Any], now: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Return the dotted names of all values that differ between two descriptions, sorted."""
    out = []
    for name in sorted({*before, *now}):
        old, new = before.get(name), now.get(name)
        if isinstance(old, dict) and isinstance(new, dict):
            out += list_differences(old, new, f"{prefix}{name}.")
        elif old != new:
            out.append(f"{prefix}{name}")
    return out


def list_files(folder: Path) -> list[Path]:
    """Return the Parquet files of a batch, sorted by name."""
    return sorted(folder.rglob(f"part-*{SUFFIX}"))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _dump(data: Mapping[str, Any]) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def _cannot_write(path: Path, error: OSError) -> InputError:
    return InputError(
        Issue(
            "cannot_write",
            "error",
            f"the result cannot be written: {explain(error)}",
            file=show_path(path),
            hint="check free space and rights; finished parts are kept, go on with --resume",
        )
    )
