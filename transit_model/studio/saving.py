"""A scenario and its drawn projects as YAML files in a folder of one's own: whole or not at all, never over a change.

Everything is checked before the first file is written; projects come first and the scenario last, so that a scenario
never names a project that is not there.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transit_model.analysis.evaluate import ASSUMPTIONS
from transit_model.errors import InputError, Issue, ScenarioError, has_errors
from transit_model.scenario.scenario_schema import ScenarioFile
from transit_model.scenario.schema import parse_model, parse_project
from transit_model.scenario.values import ID_PATTERN
from transit_model.store.library import PROJECTS, Library
from transit_model.store.write import make_parents, write_text
from transit_model.store.yaml_lines import parse_document
from transit_model.studio.question import SaveBody
from transit_model.studio.service import Studio

Row = dict[str, Any]

RESERVED: Final = frozenset(
    ("study", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)
"""The study file of a folder, and the names of devices on Windows: no file of ours is called so."""


@dataclass(frozen=True)
class _File:
    name: str
    path: Path
    text: str


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
        When the scenario cannot be built.
    """
    if studio.folder is None:
        message = "the studio was started without a folder of one's own  启动时没有指定方案文件夹"
        hint = "start it with --scenarios DIR"
        raise InputError(Issue("no_folder", "error", message, hint=hint))
    moved = [key for key in question.overrides if key.partition(".")[0] == ASSUMPTIONS]
    if moved:
        message, hint = "a scenario file holds no moved assumptions", "put them back, or draw a policy that sets them"
        raise InputError(
            Issue("assumptions_moved", "error", message, field="overrides", value=", ".join(moved), hint=hint)
        )
    evaluator, _, _ = studio.evaluate(question)  # what cannot be built is not saved
    files = [_write_project(studio.folder, p) for p in question.projects if isinstance(p, dict)]
    files.append(_write_scenario(studio.folder, question, evaluator))
    issues = [issue for file in files for issue in _check_place(studio, file, question.seen)]
    if issues:
        raise InputError(issues)
    for file in files:
        make_parents(file.path)
        write_text(file.path, file.text)
    studio.forget_library()
    return {"files": [{"file": f.name, "hash": hash_text(f.text.encode())} for f in files]}


def hash_text(data: bytes) -> str:
    """Return the hash by which a file is known again."""
    return hashlib.sha256(data).hexdigest()


def _write_project(folder: Path, document: Row) -> _File:
    name = _check_id(document.get("id"), "projects")
    text = format_yaml(document, f"{name}.yaml")
    read, issues = parse_document(text, file=f"{PROJECTS}/{name}.yaml")
    if read is not None:
        issues = [*issues, *parse_project(read)[1]]
    if has_errors(issues):
        raise ScenarioError(issues)
    return _File(f"{PROJECTS}/{name}.yaml", folder / PROJECTS / f"{name}.yaml", text)


def _write_scenario(folder: Path, question: SaveBody, evaluator: Any) -> _File:  # noqa: ANN401 - an Evaluator
    name = _check_id(question.id, "id")
    own = [p if isinstance(p, str) else str(p["id"]) for p in question.projects]
    title = {
        "zh": question.title.get("zh") or question.title.get("en"),
        "en": question.title.get("en") or question.title.get("zh"),
    }
    data: Row = {"id": name, "title": title, "base": evaluator.base.scenario_id}
    if question.without:  # a base without some of its projects is that of its day with the others named
        data["base"] = {"as_of": evaluator.base.as_of.isoformat(), "opened": "listed"}
        own = [*(p for p in evaluator.base_ids if p not in question.without), *own]
    data["projects"] = list(evaluator.order(own))
    if question.overrides:
        data["overrides"] = dict(question.overrides)
    text = format_yaml(data, f"{name}.yaml")
    document, issues = parse_document(text, file=f"{name}.yaml")
    if document is not None:
        issues = [*issues, *parse_model(ScenarioFile, document)[1]]
    if has_errors(issues):
        raise ScenarioError(issues)
    return _File(f"{name}.yaml", folder / f"{name}.yaml", text)


def format_yaml(data: Row, file: str) -> str:
    """Return data as YAML that reads back as the same data.

    Raises
    ------
    InputError
        ``bad_yaml`` when it does not.
    """
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 10_000
    out = io.StringIO()
    yaml.dump(data, out)
    read, _ = parse_document(out.getvalue(), file=file)
    if read is None or read.data != data:
        raise InputError(Issue("bad_yaml", "error", "the document cannot be written as YAML", file=file))
    return out.getvalue()


def _check_id(name: object, field: str) -> str:
    if isinstance(name, str) and name in RESERVED:
        message = f"{name} is the name of something else"
        raise InputError(Issue("bad_id", "error", message, field=field, value=name, hint="choose another"))
    if isinstance(name, str) and ID_PATTERN.fullmatch(name) and len(name) <= 80:
        return name
    hint = "use small letters a-z, digits, - and _"
    raise InputError(Issue("bad_id", "error", f"{name!r} is not an id", field=field, value=str(name)[:80], hint=hint))


def _check_place(studio: Studio, file: _File, seen: dict[str, str]) -> list[Issue]:
    folder = studio.workspace.library.own
    root, real = folder.resolve(), file.path.resolve()
    if not real.is_relative_to(root) or real.name != file.path.name:
        return [Issue("outside", "error", "a link leads out of the folder", file=file.name)]
    below = Library(studio.workspace.library.folders[1:])
    kind = PROJECTS if file.name.startswith(f"{PROJECTS}/") else ""
    if below.folders and file.path.stem in below.list_files(kind):
        return [
            Issue("id_twice", "error", "the library has this id already", file=file.name, hint="give it another id")
        ]
    if not file.path.exists():
        return []
    stands = file.path.read_bytes()
    if hash_text(stands) in (seen.get(file.name), hash_text(file.text.encode())):
        return []
    message = "a file of this name stands there, and it is not the one last seen here"
    return [Issue("file_changed", "error", message, file=file.name, hint="give it another id, or move the file away")]
