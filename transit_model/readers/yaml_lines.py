"""YAML read safely, with the line of every key, and schema errors as issues that name the line.

No tag other than the plain ones is obeyed, a key must not stand twice, and nested aliases cannot blow up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from transit_model.errors import InputError, Issue
from transit_model.readers.csv_text import decode_text

MAX_BYTES = 5_000_000
_MAX_KEYS = 200_000

Key = tuple[str | int, ...]
ModelT = TypeVar("ModelT", bound=BaseModel)


@dataclass(frozen=True, eq=False)
class YamlDocument:
    """Plain data of a YAML file and the line (from 1) of every key or list item by its path."""

    data: Any
    lines: Mapping[Key, int]
    file: str

    def line_of(self, *path: str | int) -> int | None:
        """Return the line of a path, or of the nearest parent that stands in the file."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(path[:length])
            if line is not None:
                return line
        return None


def load_yaml(path: Path, *, file: str | None = None) -> YamlDocument:
    """Read a YAML file.

    Raises
    ------
    InputError
        ``missing_file``, ``not_utf8``, ``bad_yaml``.
    """
    name = file or path.name
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(Issue("bad_yaml", "error", f"the file is larger than {MAX_BYTES} bytes", file=name))
        data = path.read_bytes()
    except OSError as error:
        raise InputError(Issue("missing_file", "error", "the file cannot be opened", file=name)) from error
    return parse_yaml(data, file=name)


def parse_yaml(data: bytes | str, *, file: str) -> YamlDocument:
    """Parse YAML text.

    Raises
    ------
    InputError
        ``not_utf8``, ``bad_yaml`` (with the line), also for an empty document.
    """
    if isinstance(data, bytes):
        data, issues = decode_text(data, file=file, strict=True)
        if issues:
            raise InputError(issues)
    yaml = YAML(typ="safe", pure=True)
    lines: dict[Key, int] = {}
    try:
        node = yaml.compose(data)
        if node is not None:
            _collect_lines(node, (), lines, file)
            plain = yaml.constructor.construct_document(node)
    except InputError:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        message = f"not valid YAML: {error.problem or error.context}"
        hint = "check indentation, colons and quotes on this line and the one before"
        raise InputError(Issue("bad_yaml", "error", message, file=file, line=line, hint=hint)) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise InputError(Issue("bad_yaml", "error", f"not valid YAML: {str(error)[:200]}", file=file)) from error
    if node is None:
        hint = "it needs at least one key"
        raise InputError(Issue("bad_yaml", "error", "the file is empty", file=file, line=1, hint=hint))
    return YamlDocument(plain, lines, file)


def _collect_lines(node: Node, path: Key, lines: dict[Key, int], file: str) -> None:
    lines.setdefault(path, node.start_mark.line + 1)
    if len(lines) > _MAX_KEYS or len(path) > 50:
        raise InputError(Issue("bad_yaml", "error", "too many or too deeply nested keys", file=file))
    if isinstance(node, MappingNode):
        for key, value in node.value:
            below = (*path, str(key.value))
            lines[below] = key.start_mark.line + 1
            _collect_lines(value, below, lines, file)
    elif isinstance(node, SequenceNode):
        for index, value in enumerate(node.value):
            _collect_lines(value, (*path, index), lines, file)


def validate_model(model: type[ModelT], document: YamlDocument) -> tuple[ModelT | None, list[Issue]]:
    """Check a document against a pydantic model.

    Returns
    -------
    model or None, list of Issue
        ``unknown_key`` (with the nearest known key as hint), ``missing_key``, ``bad_value``; each with its line.
    """
    if not isinstance(document.data, dict):
        message = "the file must be a list of keys and values"
        return None, [Issue("bad_yaml", "error", message, file=document.file, line=1)]
    try:
        return model.model_validate(document.data), []
    except ValidationError as error:
        return None, [_issue_of(details, model, document) for details in error.errors(include_url=False)]


def _issue_of(details: Any, model: type[BaseModel], document: YamlDocument) -> Issue:  # noqa: ANN401 - pydantic's
    path: Key = tuple(details["loc"])
    field = ".".join(str(part) for part in path)
    line = document.line_of(*path)
    kind = details["type"]
    if kind == "extra_forbidden":
        known = sorted(_find_known_keys(model, path[:-1]))
        near = get_close_matches(str(path[-1]), known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(known)}"
        return Issue("unknown_key", "error", f"unknown key {path[-1]}", document.file, line, field, None, hint)
    if kind == "missing":
        return Issue("missing_key", "error", f"the key {path[-1]} is missing", document.file, line, field)
    value = str(details["input"])[:80]
    message = str(details["msg"]).removeprefix("Value error, ")
    return Issue("bad_value", "error", message, document.file, line, field, value)


def _find_known_keys(model: type[BaseModel], path: Key) -> set[str]:
    """Return the keys a model knows at a path; those of the whole model when the path leaves it."""
    current: Any = model
    for part in path:
        fields = getattr(current, "model_fields", {})
        field = fields.get(str(part))
        if field is None:
            continue
        inner = [field.annotation, *getattr(field.annotation, "__args__", ())]
        inner += [a for i in inner for a in getattr(i, "__args__", ())]
        models = [i for i in inner if isinstance(i, type) and issubclass(i, BaseModel)]
        current = models[0] if models else current
    return {info.alias or name for name, info in current.model_fields.items()}
