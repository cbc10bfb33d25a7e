"""YAML data to frozen objects; errors of the schema become issues with file, line, field, value and hint."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from transit_model.errors import Issue
from transit_model.near_names import CLOSE, hint_near
from transit_model.scenario.base_schema import Frozen, Project
from transit_model.scenario.kinds.registry import PROJECT_KINDS
from transit_model.scenario.mended import Contradiction, Mended, is_contradiction, mend
from transit_model.scenario.plain_data import find_value, put_value
from transit_model.scenario.values import shorten, show
from transit_model.store.yaml_lines import YamlDocument, name_mistake
from transit_model.wrong_values import Key, find_place, list_choices

ModelT = TypeVar("ModelT", bound=Frozen)
_PLAIN = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "literal_error": "unknown_value",
    "enum": "unknown_value",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "finite_number": "out_of_range",
    "too_short": "empty_list",
    "string_too_short": "empty_value",
}


def parse_model(model: type[ModelT], document: YamlDocument) -> tuple[ModelT | None, list[Issue]]:
    """Check the data of a document against a model and list every mistake."""
    whole, issues = parse_data(model, document.data, document)
    return (None if issues else whole.model), issues


def parse_data(model: type[ModelT], data: Any, document: YamlDocument) -> tuple[Mended[ModelT], list[Issue]]:  # noqa: ANN401
    """Check data that came from a document, perhaps with overrides, and list every mistake.

    Returns
    -------
    Mended
        With the object as it was written when there is no issue; with stand-ins for what is wrong otherwise, so that
        the other mistakes of a file are found in the same run.
    list of Issue
    """
    try:
        return Mended(model=model.model_validate(data), data=data), []
    except ValidationError as error:
        wrong = _drop_echoes(error.errors(include_url=False), data)
    mended = mend(model, data)
    if mended.is_whole:
        wrong = _drop_echoes(mended.wrong, data)
    issues = [_as_issue(details, model, document) for details in wrong]
    return mended, [*issues, *(_as_contradiction(c, document) for c in mended.contradictions)]


def _as_contradiction(one: Contradiction, document: YamlDocument) -> Issue:
    context = one.found.context or {}
    field, line = ".".join(map(str, one.told_at)) or None, document.line_of(*one.told_at)
    return Issue(one.found.type, "error", str(context["text"]), document.file, line, field, hint=str(context["hint"]))


def parse_project(document: YamlDocument, data: Any = None) -> tuple[Project | None, list[Issue]]:  # noqa: ANN401
    """Return the project of a document; `data` replaces its data when overrides were applied.

    A range in the file must hold the value in the file; an override may leave it.

    Returns
    -------
    Project or None, list of Issue
        ``missing_key``, ``unknown_key``, ``unknown_value``, ``out_of_range``, ``bad_value`` and the codes named
        in the schemas.
    """
    overridden = data is not None
    data = document.data if data is None else data
    if isinstance(data.get("replaces"), bool):  # on a road_link the key also names roads
        data = {("replaces_shipped" if key == "replaces" else key): value for key, value in data.items()}
    kind = data.get("kind")
    row = PROJECT_KINDS.get(kind) if isinstance(kind, str) else None
    if row is None:
        known = ", ".join(PROJECT_KINDS)
        code = "missing_key" if kind is None else "unknown_kind"
        message = "the key kind is missing" if kind is None else f"there is no kind of project {show(kind)}"
        hint = hint_near(str(kind), PROJECT_KINDS, f"kinds: {known}", most=1)
        value = None if kind is None else shorten(str(kind))
        return None, [Issue(code, "error", message, document.file, document.line_of("kind"), "kind", value, hint)]
    model = row.schema
    mended, issues = parse_data(model, data, document)
    project = mended.model
    if not overridden:
        issues = [*issues, *_check_paths(model, data, document)]
    if project is None or ("id",) in mended.unsure:
        return None, issues
    project._document = document
    project._data = mended.data
    project._unsure = mended.unsure
    return project, issues


def _check_paths(model: type[Project], data: Any, document: YamlDocument) -> list[Issue]:  # noqa: ANN401
    """Check that `assumed` and `ranges` speak of keys that exist; what is written otherwise the schema has told."""
    issues = []
    fields = {info.alias or name for name, info in model.model_fields.items()}
    listed = data.get("assumed")
    for index, assumed in enumerate(listed if isinstance(listed, list) else ()):
        said = assumed.get("field") if isinstance(assumed, dict) else None
        first = said.split(".")[0] if isinstance(said, str) else None
        if first is not None and first not in fields:
            hint = hint_near(first, fields, f"keys: {', '.join(sorted(fields))}", most=1)
            where = ("assumed", index, "field")
            message = f"assumed speaks of {said}, which is no key of a {data['kind']}"
            issues.append(
                Issue(
                    "assumed_unknown",
                    "error",
                    message,
                    document.file,
                    document.line_of(*where),
                    "assumed",
                    said,
                    hint,
                )
            )
    ranges = data.get("ranges")
    for name, ends in (ranges if isinstance(ranges, dict) else {}).items():
        try:
            low, high = (float(end) for end in ends)
        except (TypeError, ValueError, OverflowError):
            continue
        line = document.line_of("ranges", name)
        try:
            value = find_value(data, name.split("."))
        except KeyError:
            message = f"there is no {name} in this project"
            issues.append(Issue("range_unknown", "error", message, document.file, line, f"ranges.{name}"))
            continue
        if not isinstance(value, int | float) or isinstance(value, bool):
            message = f"{name} is not a number"
            issues.append(Issue("range_unknown", "error", message, document.file, line, f"ranges.{name}", str(value)))
        elif not low <= value <= high or low == high:
            message = f"the range {low:g} to {high:g} must be wider than a point and hold the value {value}"
            issues.append(Issue("bad_range", "error", message, document.file, line, f"ranges.{name}", str(value)))
        else:
            issues += _check_ends(model, data, document, name, (low, high))
    return issues


def _check_ends(
    model: type[Project],
    data: Any,  # noqa: ANN401 - plain data
    document: YamlDocument,
    name: str,
    ends: tuple[float, float],
) -> list[Issue]:
    """Check that the project is possible with either end of a range in the place of its number."""
    path = name.split(".")
    issues = []
    for end in ends:
        changed = copy.deepcopy(data)
        put_value(changed, path, round(end) if path[-1] == "trains_per_day" else end)
        for issue in parse_data(model, changed, document)[1]:
            if issue.field == name:
                message = f"with {end:g} at this end of its range the project is wrong: {issue.message}"
                where, hint = ("ranges", name), "both ends must be buildable"
                line = document.line_of(*where)
                issues.append(
                    Issue("bad_range", "error", message, document.file, line, ".".join(where), f"{end:g}", hint)
                )
    return issues


def _drop_echoes(errors: Sequence[Any], data: Any) -> list[Any]:  # noqa: ANN401 - plain data
    """Drop what pydantic says twice about a value that may have several types: the first word is enough."""
    seen: set[Key] = set()
    kept = []
    found: list[dict[str, Any]] = [{**e, "loc": find_place(e, data)} for e in errors]
    for details in found:
        loc = details["loc"]
        if loc in seen and details["type"] not in ("extra_forbidden", "missing") and not is_contradiction(details):
            continue
        # A list whose items are all wrong is also reported as empty, and what fits one of several types better than
        # the others as not being of those.
        within = any(len(f["loc"]) > len(loc) and f["loc"][: len(loc)] == loc for f in found)
        if within and (details["type"] in ("too_short", "literal_error") or details["type"].endswith("_type")):
            continue
        seen.add(loc)
        kept.append(details)
    return kept


def _as_issue(details: Any, model: type[BaseModel], document: YamlDocument) -> Issue:  # noqa: ANN401
    issue = name_mistake(details, model, document)
    kind: str = details["type"]
    if issue.code != "bad_value":
        return issue
    context = details.get("ctx") or {}
    value = details["input"]
    shown = str(value)[:80] if isinstance(value, str | int | float | bool) or value is None else None
    message, hint = issue.message, str(context.get("hint", ""))
    if kind in ("literal_error", "enum"):
        choices = list_choices(details)
        hint = hint_near(str(value), choices, f"use one of {', '.join(choices)}", most=1, least=CLOSE)
        message = f"{show(value)} is not one of the known values"
    code = _PLAIN.get(kind, kind if "hint" in context else "bad_value")
    return replace(issue, code=code, message=message, value=None if is_contradiction(details) else shown, hint=hint)
