"""The files that a scenario and its drawn projects become, as text; nothing is written here."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from transit_model.analysis.evaluate import ASSUMPTIONS, Evaluator
from transit_model.errors import InputError, Issue, ScenarioError, has_errors
from transit_model.scenario.base_schema import Project
from transit_model.scenario.compose import VARIANT_MARK
from transit_model.scenario.overrides import find_override, get_project_data
from transit_model.scenario.scenario_schema import ScenarioFile
from transit_model.scenario.schema import parse_model, parse_project
from transit_model.scenario.values import ID_PATTERN
from transit_model.store.library import PROJECTS
from transit_model.store.yaml_lines import parse_document
from transit_model.studio.question import Case

Row = dict[str, Any]

RESERVED: Final = frozenset(
    ("study", "con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)
"""The study file of a folder, and the names of devices on Windows: no file of ours is called so."""


@dataclass(frozen=True)
class TextFile:
    """A file of the library: its name in the folder of scenarios, and what is in it."""

    name: str
    text: str


@dataclass(frozen=True)
class ScenarioText:
    """A scenario as files, projects first and the scenario last, with what was left out of them."""

    files: tuple[TextFile, ...]
    notes: tuple[Issue, ...]


def write_files(question: Case, name: str, title: Mapping[Any, str], evaluator: Evaluator) -> ScenarioText:
    """Return the files of a scenario.

    Parameters
    ----------
    question : Case
    name : str
        Id of the scenario.
    title : mapping
        By language; one of them does for both.
    evaluator : Evaluator
        Of the base, with the documents of the question in its library.

    Raises
    ------
    InputError
        ``bad_id``, ``bad_yaml``.
    ScenarioError
        With every mistake of a file.
    """
    files = [_write_project(p) for p in question.projects if isinstance(p, dict)]
    scenario, notes = _write_scenario(question, name, title, evaluator)
    return ScenarioText((*files, scenario), tuple(notes))


def _write_project(document: Row) -> TextFile:
    name = check_id(document.get("id"), "projects")
    text = format_yaml(document, f"{name}.yaml")
    read, issues = parse_document(text, file=f"{PROJECTS}/{name}.yaml")
    if read is not None:
        issues = [*issues, *parse_project(read)[1]]
    if has_errors(issues):
        raise ScenarioError(issues)
    return TextFile(f"{PROJECTS}/{name}.yaml", text)


def _write_scenario(
    question: Case, name: str, title: Mapping[Any, str], evaluator: Evaluator
) -> tuple[TextFile, list[Issue]]:
    name = check_id(name, "id")
    base = evaluator.base
    own = [p if isinstance(p, str) else str(p["id"]) for p in question.projects]
    titles = {"zh": title.get("zh") or title.get("en"), "en": title.get("en") or title.get("zh")}
    # only a scenario that says by date what stands is a base; what is upon one is inherited with its own numbers
    data: Row = {"id": name, "title": titles, "base" if base.is_base_case else "inherits": base.scenario_id}
    overrides = {k: v for k, v in question.overrides.items() if k.partition(".")[0] != ASSUMPTIONS}
    listed = bool(question.without) or VARIANT_MARK in base.scenario_id
    if listed:  # a base without some of its projects is that of its day with the others named
        data.pop("inherits", None)
        data["base"] = {"as_of": base.as_of.isoformat(), "opened": "listed"}
        kept = [p for p in evaluator.base_ids if p not in question.without]
        own = [*kept, *own]
        overrides = {k: v for k, v in base.overrides.items() if k.partition(".")[0] in kept} | overrides
    else:
        own = [p for p in own if p not in evaluator.base_ids]
    data["projects"] = list(evaluator.order(own))
    idle = [k for k, v in overrides.items() if _find_before(evaluator, k, as_written=listed) == v]
    if kept_numbers := {k: v for k, v in overrides.items() if k not in idle}:
        data["overrides"] = kept_numbers
    message, hint = "the number is that of its file, and is left out", "the scenario is the same without it"
    notes = [
        Issue("changed_nothing", "warning", message, f"{name}.yaml", None, f"overrides.{k}", f"{overrides[k]:g}", hint)
        for k in idle
        if k in question.overrides
    ]
    text = format_yaml(data, f"{name}.yaml")
    document, issues = parse_document(text, file=f"{name}.yaml")
    if document is not None:
        issues = [*issues, *parse_model(ScenarioFile, document)[1]]
    if has_errors(issues):
        raise ScenarioError(issues)
    return TextFile(f"{name}.yaml", text), notes


def _find_before(evaluator: Evaluator, key: str, *, as_written: bool) -> Any:  # noqa: ANN401 - any YAML value
    """Return what an override replaces: the value in the project file, or the one that the base gives it."""
    head, _, field = key.partition(".")
    project: Project | None = evaluator.library.get(head)
    if project is None:
        return None
    plain = project._document.data if as_written and project._document is not None else get_project_data(project)
    return find_override(plain, field)


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


def check_id(name: object, field: str) -> str:
    """Return an id that can be the name of a file.

    Raises
    ------
    InputError
        ``bad_id``.
    """
    if isinstance(name, str) and name in RESERVED:
        message = f"{name} is the name of something else"
        raise InputError(Issue("bad_id", "error", message, field=field, value=name, hint="choose another"))
    if isinstance(name, str) and ID_PATTERN.fullmatch(name) and len(name) <= 80:
        return name
    hint = "use small letters a-z, digits, - and _"
    raise InputError(Issue("bad_id", "error", f"{name!r} is not an id", field=field, value=str(name)[:80], hint=hint))
