"""YAML read safely: plain data with the line of every key, every mistake as an `Issue` that names the line.

All duplicate keys are listed at once, tabs are named as what they are, anchors are refused, tags are not obeyed.
A file without mistakes is parsed once and then kept (`document_cache`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from transit_model.errors import InputError, Issue
from transit_model.near_names import hint_near
from transit_model.store.csv_text import decode_text
from transit_model.store.document_cache import Key, find_document, keep_document
from transit_model.store.yaml_words import describe_syntax
from transit_model.wrong_values import describe_wrong, find_place

MAX_BYTES = 5_000_000

ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, eq=False)
class YamlDocument:
    """Plain data of a YAML file and the line (from 1) of every key or list item by its path."""

    data: Any
    lines: Mapping[Key, int]
    file: str
    folder: Path | None = None
    """Where the file lies, for files that it names; None for a text from elsewhere."""

    def line_of(self, *path: str | int) -> int | None:
        """Return the line of a path, or of the nearest parent that stands in the file."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return line
        return None


def read_document(path: Path, *, file: str | None = None) -> tuple[YamlDocument | None, list[Issue]]:
    """Read a YAML file whose top level is a mapping.

    Returns
    -------
    YamlDocument or None, list of Issue
        ``missing_file``, ``not_utf8``, ``empty_file``, ``tab_in_yaml``, ``bad_yaml``, ``duplicate_key``,
        ``alias_in_yaml``, ``not_a_mapping``.
    """
    name = file or path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [Issue("bad_yaml", "error", f"the file is larger than {MAX_BYTES} bytes", file=name)]
        data = path.read_bytes()
    except OSError:
        return None, [Issue("missing_file", "error", "the file cannot be opened", file=name)]
    return parse_document(data, file=name)


def parse_document(data: bytes | str, *, file: str) -> tuple[YamlDocument | None, list[Issue]]:
    """Parse YAML text whose top level is a mapping; issues as `read_document`. The data are not to be changed."""
    document, issues = _parse(data, file)
    return document, list(issues)


# The same project file is read by every scenario that names it.
@lru_cache(maxsize=512)
def _parse(data: bytes | str, file: str) -> tuple[YamlDocument | None, list[Issue]]:
    if isinstance(data, str):
        return _parse_anew(data, file)
    kept = find_document(data)
    if kept is not None:
        return YamlDocument(*kept, file), []
    document, issues = _parse_anew(data, file)
    if document is not None:
        keep_document(data, document.data, document.lines)
    return document, issues


def _parse_anew(data: bytes | str, file: str) -> tuple[YamlDocument | None, list[Issue]]:
    text, issues = decode_text(data, file=file, strict=True) if isinstance(data, bytes) else (data, [])
    issues = [replace(issue, hint="save it as UTF-8 text") for issue in issues]
    issues = issues or _find_text_issues(text, file)
    if issues:
        return None, issues
    from ruamel.yaml import YAML  # with all it loads, as late as a file that is not kept
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    from transit_model.store.yaml_walk import Walk

    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
        walk = Walk(file)
        walk.visit(root, ())
        if walk.issues:
            return None, walk.issues
        plain = yaml.constructor.construct_document(root)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        message = f"not valid YAML: {describe_syntax(str(error.problem or error.context))}"
        hint = "check indentation, colons and quotes on this line and the one before"
        return None, [Issue("bad_yaml", "error", message, file=file, line=line, hint=hint)]
    except (YAMLError, ValueError, RecursionError) as error:
        return None, [Issue("bad_yaml", "error", f"not valid YAML: {describe_syntax(str(error))}", file=file)]
    if not isinstance(plain, dict):
        message = "the file must be keys and values, not a list or a single value"
        return None, [Issue("not_a_mapping", "error", message, file=file, line=1, hint="begin with: id: name")]
    return YamlDocument(plain, walk.lines, file), []


def _find_text_issues(text: str, file: str) -> list[Issue]:
    """List what is wrong before it is YAML at all: nothing in it, tabs as indentation."""
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        hint = "`transit-model scenario new` writes a template"
        return [Issue("empty_file", "error", "the file is empty", file=file, line=1, hint=hint)]
    return [
        Issue("tab_in_yaml", "error", "a tab stands where YAML wants spaces", file=file, line=n, hint="use spaces")
        for n, line in enumerate(text.splitlines(), start=1)
        if "\t" in line[: len(line) - len(line.lstrip())]
    ]


def load_yaml(path: Path, *, file: str | None = None) -> YamlDocument:
    """Read a YAML file as `read_document`; what is wrong with it is raised.

    Raises
    ------
    InputError
        With all issues.
    """
    document, issues = read_document(path, file=file)
    if document is None:
        raise InputError(issues)
    return document


def parse_yaml(data: bytes | str, *, file: str) -> YamlDocument:
    """Parse YAML text as `parse_document`; what is wrong with it is raised.

    Raises
    ------
    InputError
        With all issues.
    """
    document, issues = parse_document(data, file=file)
    if document is None:
        raise InputError(issues)
    return document


def validate_model(model: type[ModelT], document: YamlDocument) -> tuple[ModelT | None, list[Issue]]:
    """Check a document against a pydantic model.

    Returns
    -------
    model or None, list of Issue
        ``unknown_key`` (with the nearest known key as hint, or what ``MISTAKES`` of the model says of it),
        ``missing_key``, ``bad_value`` (with what ``FORMS`` of the model says of the key); each with its line.
    """
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        wrong = [{**e, "loc": find_place(e, document.data)} for e in error.errors(include_url=False)]
        return None, [name_mistake(details, model, document) for details in wrong]


def name_mistake(details: Any, model: type[BaseModel], document: YamlDocument) -> Issue:  # noqa: ANN401 - pydantic's
    """Return one error of pydantic as an issue with its line, field and value, and the nearest known key as a hint."""
    path: Key = tuple(details["loc"])
    field = ".".join(map(str, path)) or None
    line = document.line_of(*path)
    if details["type"] == "extra_forbidden":
        within = find_model(model, path[:-1])
        known = sorted(find_known_keys(model, path[:-1]))
        meant = getattr(within, "MISTAKES", {}).get(str(path[-1]))
        hint = hint_near(str(path[-1]), known, f"known keys: {', '.join(known)}", most=1)
        hint = hint if meant is None else f"write {meant}"
        return Issue("unknown_key", "error", f"unknown key {path[-1]}", document.file, line, field, None, hint)
    if details["type"] == "missing":
        message = f"the key {path[-1]} is missing" if path else "a key is missing"
        if path and isinstance(path[-1], int):
            message = f"the list is too short: its item {path[-1] + 1} is missing"
        return Issue("missing_key", "error", message, document.file, line, field)
    message = describe_wrong(details)
    names = [at for at, part in enumerate(path) if isinstance(part, str)]
    key = names[-1] if names else 0
    hint = getattr(find_model(model, path[:key]), "FORMS", {}).get(str(path[key]) if path else "", "")
    return Issue("bad_value", "error", message, document.file, line, field, str(details["input"])[:80], hint)


def find_known_keys(model: type[BaseModel], path: Sequence[str | int]) -> set[str]:
    """Return the keys a model knows at a path; those of the last model on it when the path leaves it."""
    return {info.alias or name for name, info in find_model(model, path).model_fields.items()}


def find_model(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    """Return the model at a path; the last one on the way when the path leaves it."""
    current: type[BaseModel] = model
    for part in path:
        by_key = {info.alias or name: info for name, info in current.model_fields.items()}
        info = by_key.get(str(part))
        if info is not None:
            inner = _find_models(info.annotation)
            current = inner[0] if inner else current
    return current


def _find_models(annotation: Any) -> list[type[BaseModel]]:  # noqa: ANN401 - a type expression
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _find_models(a)]
