"""YAML of a project, scenario or study: plain data with lines, every mistake as an `Issue`, nothing raised.

All duplicate keys are listed at once, tabs are named as what they are, anchors are refused, tags are not obeyed.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from transit_model.errors import Issue
from transit_model.readers.yaml_lines import Key, YamlDocument

MAX_BYTES = 1_000_000
_MAX_DEPTH = 30


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
        data = path.read_bytes()
    except OSError:
        return None, [Issue("missing_file", "error", "the file cannot be opened", file=name)]
    return parse_document(data, file=name)


def parse_document(data: bytes | str, *, file: str) -> tuple[YamlDocument | None, list[Issue]]:
    """Parse YAML text whose top level is a mapping; issues as `read_document`. The data are not to be changed."""
    document, issues = _parse(data, file)
    return document, list(issues)


# The same project file is read by every scenario that names it; pure Python YAML takes some 40 ms a file.
@lru_cache(maxsize=512)
def _parse(data: bytes | str, file: str) -> tuple[YamlDocument | None, list[Issue]]:
    text, issues = _decode(data, file)
    issues = issues or _find_text_issues(text, file)
    if issues:
        return None, issues
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
        walk = _Walk(file)
        walk.visit(root, ())
        if walk.issues:
            return None, walk.issues
        plain = yaml.constructor.construct_document(root)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        message = f"not valid YAML: {error.problem or error.context}"
        hint = "check indentation, colons and quotes on this line and the one before"
        return None, [Issue("bad_yaml", "error", message, file=file, line=line, hint=hint)]
    except (YAMLError, ValueError, RecursionError) as error:
        return None, [Issue("bad_yaml", "error", f"not valid YAML: {str(error)[:200]}", file=file)]
    if not isinstance(plain, dict):
        message = "the file must be keys and values, not a list or a single value"
        return None, [Issue("not_a_mapping", "error", message, file=file, line=1, hint="begin with: id: my-project")]
    return YamlDocument(plain, walk.lines, file), []


def _decode(data: bytes | str, file: str) -> tuple[str, list[Issue]]:
    if isinstance(data, str):
        return data, []
    if len(data) > MAX_BYTES:
        return "", [Issue("bad_yaml", "error", f"the file is larger than {MAX_BYTES} bytes", file=file)]
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "save the file as UTF-8"
        return "", [Issue("not_utf8", "error", "the file is not UTF-8 text", file=file, line=line, hint=hint)]


def _find_text_issues(text: str, file: str) -> list[Issue]:
    """List what is wrong before it is YAML at all: nothing in it, tabs as indentation."""
    if not any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        hint = "transit-model scenario new writes a template"
        return [Issue("empty_file", "error", "the file is empty", file=file, line=1, hint=hint)]
    return [
        Issue("tab_in_yaml", "error", "a tab stands where YAML wants spaces", file=file, line=n, hint="use spaces")
        for n, line in enumerate(text.splitlines(), start=1)
        if "\t" in line[: len(line) - len(line.lstrip())]
    ]


class _Walk:
    """Goes through all nodes once: lines by path, duplicate keys, aliases, depth."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Key, int] = {}
        self.issues: list[Issue] = []
        self._seen: set[int] = set()

    def visit(self, node: Node, path: Key) -> None:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self._seen:
            hint = "write the value out at each place"
            self._report("alias_in_yaml", "anchors and aliases (& and *) are not used in these files", line, path, hint)
            return
        self._seen.add(id(node))
        if len(path) > _MAX_DEPTH:
            self._report("bad_yaml", "too deeply nested", line, path, "")
        elif isinstance(node, MappingNode):
            self._visit_mapping(node, path)
        elif isinstance(node, SequenceNode):
            for index, value in enumerate(node.value):
                self.visit(value, (*path, index))

    def _visit_mapping(self, node: MappingNode, path: Key) -> None:
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value)
            if name in first:
                message = f"the key {name} stands twice, first in line {first[name]}"
                self._report("duplicate_key", message, line, (*path, name), "keep one of them")
            first.setdefault(name, line)
            self.lines.setdefault((*path, name), line)
            self.visit(value, (*path, name))

    def _report(self, code: str, message: str, line: int, path: Key, hint: str) -> None:
        field = ".".join(map(str, path)) or None
        self.issues.append(Issue(code, "error", message, self.file, line, field, hint=hint))
