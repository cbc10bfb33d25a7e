"""A scenario and its drawn projects as YAML files in a folder of one's own: whole or not at all, never over a change.

Everything is checked before the first file is written, as the command line will check it; projects come first and the
scenario last, so that a scenario never names a project that is not there.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path
from typing import Any

from transit_model.analysis.evaluate import ASSUMPTIONS, Evaluator
from transit_model.domain.issue_words import describe_issue
from transit_model.errors import InputError, Issue, ScenarioError, has_errors
from transit_model.store.library import PROJECTS, Library
from transit_model.store.write import make_parents, write_text
from transit_model.studio.files import TextFile, write_files
from transit_model.studio.preview import check_files
from transit_model.studio.question import SaveBody
from transit_model.studio.service import Studio

Row = dict[str, Any]


def save(studio: Studio, question: SaveBody) -> Row:
    """Write the files of a scenario and return their names and hashes.

    Raises
    ------
    InputError
        ``no_folder`` when the studio was started without one; ``bad_id``;
        ``assumptions_moved``; ``file_changed`` (a file stands there that is
        not the one last seen), ``outside`` (a link leads out of the folder), ``id_twice`` (the id is shipped),
        ``cannot_write``.
    ScenarioError
        When the scenario cannot be built, or the command line would refuse its files.
    """
    folder = studio.get_folder()
    moved = [key for key in question.overrides if key.partition(".")[0] == ASSUMPTIONS]
    if moved:
        message, hint = "a scenario file holds no moved assumptions", "put them back, or draw a policy that sets them"
        raise InputError(
            Issue("assumptions_moved", "error", message, field="overrides", value=", ".join(moved), hint=hint)
        )
    evaluator, _, _ = studio.evaluate(question)  # what cannot be built is not saved
    written = write_files(question, question.id, question.title, evaluator)
    issues = [issue for file in written.files for issue in _check_place(studio, folder, file, question.seen)]
    if issues:
        raise InputError(issues)
    foreseen = check_files(evaluator.workspace, written.files, question.id)
    if has_errors(foreseen):
        raise ScenarioError(foreseen)
    for file in written.files:
        path = folder / file.name
        make_parents(path)
        write_text(path, file.text)
    studio.forget_library()
    return {
        "files": [{"file": f.name, "hash": hash_text(f.text.encode())} for f in written.files],
        "options": [] if (timetable := _find_timetable(evaluator)) is None else ["--timetable", timetable],
        "issues": [describe_issue(i, "zh") for i in (*written.notes, *_note_timetable(question, timetable), *foreseen)],
    }


def hash_text(data: bytes) -> str:
    """Return the hash by which a file is known again."""
    return hashlib.sha256(data).hexdigest()


def _find_timetable(evaluator: Evaluator) -> str | None:
    """Return the timetable that the command line must be given; None when it would choose the same."""
    workspace = evaluator.workspace
    with suppress(InputError):  # a base before all timetables runs on the one that is named, and on no other
        if workspace.timetable == workspace.region.info.choose_timetable(evaluator.base.as_of).timetable_id:
            return None
    return workspace.timetable


def _note_timetable(question: SaveBody, timetable: str | None) -> list[Issue]:
    if timetable is None:
        return []
    message = f"a scenario file names no timetable: what is seen here is measured on {timetable}"
    hint = f"give every command --timetable {timetable}"
    return [Issue("timetable_not_saved", "warning", message, f"{question.id}.yaml", None, "timetable", timetable, hint)]


def _check_place(studio: Studio, folder: Path, file: TextFile, seen: dict[str, str]) -> list[Issue]:
    path = folder / file.name
    root, real = studio.workspace.library.own.resolve(), path.resolve()
    if not real.is_relative_to(root) or real.name != path.name:
        return [Issue("outside", "error", "a link leads out of the folder", file=file.name)]
    below = Library(studio.workspace.library.folders[1:])
    kind = PROJECTS if file.name.startswith(f"{PROJECTS}/") else ""
    if below.folders and path.stem in below.list_files(kind):
        return [
            Issue("id_twice", "error", "the library has this id already", file=file.name, hint="give it another id")
        ]
    if not path.exists():
        return []
    stands = path.read_bytes()
    if hash_text(stands) in (seen.get(file.name), hash_text(file.text.encode())):
        return []
    message = "a file of this name stands there, and it is not the one last seen here"
    return [Issue("file_changed", "error", message, file=file.name, hint="give it another id, or move the file away")]
