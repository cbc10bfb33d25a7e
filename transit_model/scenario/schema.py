"""YAML data to frozen objects; errors of the schema become issues with file, line, field, value and hint."""

from __future__ import annotations

import contextlib
import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticCustomError

from transit_model.errors import Issue
from transit_model.near_names import hint_near
from transit_model.scenario.base_schema import PROBLEMS, Frozen, Project, problem
from transit_model.scenario.kinds.registry import PROJECT_KINDS
from transit_model.store.yaml_lines import YamlDocument, name_mistake

_STANDINS: Mapping[str, Any] = {
    "title": {"zh": "-", "en": "-"},
    "status": "planned",
    "opens": "unknown",
    "source": ["-"],
    "confidence": "low",
}
_UNREAD = ("summary", "assumed", "covers", "ranges")
"""Keys of the head that no edit reads."""

ModelT = TypeVar("ModelT", bound=Frozen)
_PLAIN = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "literal_error": "unknown_value",
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
    return parse_data(model, document.data, document)


def parse_data(model: type[ModelT], data: Any, document: YamlDocument) -> tuple[ModelT | None, list[Issue]]:  # noqa: ANN401
    """Check data that came from a document, perhaps with overrides, against a model."""
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        wrong = _drop_echoes(error)
    issues = [_as_issue(details, model, document) for details in wrong]
    return None, [*issues, *_list_hidden_problems(model, data, wrong, document)]


def _list_hidden_problems(model: type[Frozen], data: Any, wrong: list[Any], document: YamlDocument) -> list[Issue]:  # noqa: ANN401
    """Return the contradictions that pydantic does not come to while something within or beside them is wrong.

    What can be put right for this is: unknown keys and the head; objects that contradict themselves stand as they are.
    """
    repaired = _repair(data, [details for details in wrong if not _is_problem(details)])
    if repaired is None:
        return []
    problems: list[PydanticCustomError] = []
    with contextlib.suppress(ValidationError):
        model.model_validate(repaired, context={PROBLEMS: problems})
    known = {(details["type"], details["msg"]) for details in wrong}
    hidden = {(p.type, p.message()): p for p in problems if (p.type, p.message()) not in known}
    return [
        Issue(code, "error", message, document.file, document.line_of(), None, None, str((p.context or {})["hint"]))
        for (code, message), p in hidden.items()
    ]


def _is_problem(details: Any) -> bool:  # noqa: ANN401 - of pydantic
    """Return True for an error made by `problem`."""
    return "hint" in (details.get("ctx") or {})


def salvage_data(model: type[Frozen], data: Any) -> Any:  # noqa: ANN401 - YAML data
    """Return wrong data without what no edit reads: unknown keys, and the head with stand-ins; None when that fails.

    So that the other mistakes of a file are found in the same run; what comes of it is never measured.
    """
    try:
        model.model_validate(data)
    except ValidationError as error:
        wrong = _drop_echoes(error)
    else:
        return data
    data = _repair(data, wrong)
    if data is None:
        return None
    try:
        model.model_validate(data)
    except ValidationError:
        return None
    return data


def _repair(data: Any, wrong: list[Any]) -> Any:  # noqa: ANN401 - YAML data
    """Return a copy without unknown keys, the head with stand-ins; None when something else is wrong."""
    data = copy.deepcopy(data)
    for details in wrong:
        path = details["loc"]
        if not path:
            return None
        if details["type"] == "extra_forbidden":
            _take_out(data, path)
        elif path[0] in _STANDINS and isinstance(data, dict):
            data[path[0]] = _STANDINS[path[0]]
        elif path[0] in _UNREAD and isinstance(data, dict):
            data.pop(path[0], None)
        elif path[0] == "variants" and len(path) > 1:
            data["variants"].pop(path[1], None)
        else:
            return None
    return data


def _take_out(data: Any, path: Sequence[str | int]) -> None:  # noqa: ANN401 - YAML data
    for part in path[:-1]:
        data = data[part]
    if isinstance(data, dict):
        data.pop(path[-1], None)


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
        message = "the key kind is missing" if kind is None else f"there is no kind of project {kind!r}"
        hint = hint_near(str(kind), PROJECT_KINDS, f"kinds: {known}", most=1)
        value = None if kind is None else str(kind)
        return None, [Issue(code, "error", message, document.file, document.line_of("kind"), "kind", value, hint)]
    model = row.schema
    project, issues = parse_data(model, data, document)
    if not overridden:
        issues = [*issues, *_check_paths(model, data, document)]
    if project is None:
        data = salvage_data(model, data)
        if data is None:
            return None, issues
        project = model.model_validate(data)
    project._document = document
    project._data = data
    return project, issues


def find_value(data: Any, path: Sequence[str]) -> Any:  # noqa: ANN401 - any YAML value
    """Return the value at a dotted path of plain data; list items by their number, from 0.

    Raises
    ------
    KeyError
        When there is nothing at this path.
    """
    for part in path:
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            raise KeyError(part)
    return data


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
        except (TypeError, ValueError):
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
    return issues


def _drop_echoes(error: ValidationError) -> list[Any]:
    """Drop what pydantic says twice about a value that may have several types: the first word is enough."""
    seen: set[tuple[Any, ...]] = set()
    contradicting: set[tuple[Any, ...]] = set()
    kept = []
    found = error.errors(include_url=False)
    for details in found:
        loc = tuple(p for p in details["loc"] if not _is_type_name(p))
        if loc in seen and details["type"] not in ("extra_forbidden", "missing") and loc not in contradicting:
            continue
        # A list whose items are all wrong is also reported as empty.
        if details["type"] == "too_short" and any(
            len(f["loc"]) > len(loc) and f["loc"][: len(loc)] == loc for f in found
        ):
            continue
        if loc not in seen and _is_problem(details):
            contradicting.add(loc)
        seen.add(loc)
        kept.append({**details, "loc": loc})
    return kept


def _is_type_name(part: Any) -> bool:  # noqa: ANN401
    """Return True for the branch names that pydantic puts into the place of an error of a union."""
    return isinstance(part, str) and (
        part in ("BaseByDate", "Opens", "function-before", "str", "literal") or "[" in part or "(" in part
    )


def _as_issue(details: Any, model: type[BaseModel], document: YamlDocument) -> Issue:  # noqa: ANN401
    issue = name_mistake(details, model, document)
    kind: str = details["type"]
    if issue.code != "bad_value":
        return issue
    context = details.get("ctx") or {}
    value = details["input"]
    shown = str(value)[:80] if isinstance(value, str | int | float | bool) or value is None else None
    message, hint = str(details["msg"]), str(context.get("hint", ""))
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", str(context["expected"]))
        hint = hint_near(str(value), choices, f"use one of {', '.join(choices)}", most=1)
        message = f"{value!r} is not one of the known values"
    code = _PLAIN.get(kind, kind if "hint" in context else "bad_value")
    return replace(issue, code=code, message=message, value=shown, hint=hint)


__all__ = [
    "find_value",
    "parse_data",
    "parse_model",
    "parse_project",
    "problem",
]
