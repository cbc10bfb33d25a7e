"""YAML of a project, scenario or study: plain data with lines, every mistake as an `Issue`.

Parsing itself is done by `readers.yaml_lines`; here all duplicate keys are listed at once, tabs are named as what
they are, and nothing is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from transit_model.errors import InputError, Issue
from transit_model.readers.yaml_lines import YamlDocument, parse_yaml


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
    """Parse YAML text whose top level is a mapping; issues as `read_document`."""
    text, undecoded = _decode(data, file)
    found = undecoded or _find_text_issues(text, file) or _find_structure_issues(text, file)
    if found:
        return None, found
    try:
        document = parse_yaml(text, file=file)
    except InputError as error:
        return None, error.issues
    if not isinstance(document.data, dict):
        message = "the file must be keys and values, not a list or a single value"
        return None, [Issue("not_a_mapping", "error", message, file=file, line=1, hint="begin with: id: my-project")]
    return document, []


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


def _decode(data: bytes | str, file: str) -> tuple[str, list[Issue]]:
    if isinstance(data, str):
        return data, []
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        hint = "save the file as UTF-8"
        return "", [Issue("not_utf8", "error", "the file is not UTF-8 text", file=file, line=line, hint=hint)]


def _find_structure_issues(text: str, file: str) -> list[Issue]:
    """List all duplicate keys and aliases; syntax errors are left to the parser."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ValueError, RecursionError):
        return []
    issues: list[Issue] = []
    seen: set[int] = set()
    for node in _walk(root, seen, issues, file):
        if not isinstance(node, MappingNode):
            continue
        first: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if str(key.value) in first:
                issues.append(
                    Issue(
                        "duplicate_key",
                        "error",
                        f"the key {key.value} stands twice, first in line {first[str(key.value)]}",
                        file=file,
                        line=line,
                        field=str(key.value),
                        hint="keep one of them",
                    )
                )
            first.setdefault(str(key.value), line)
    return issues


def _walk(node: Node | None, seen: set[int], issues: list[Issue], file: str) -> Iterator[Node]:
    if node is None:
        return
    if id(node) in seen:
        issues.append(
            Issue(
                "alias_in_yaml",
                "error",
                "anchors and aliases (& and *) are not used in these files",
                file=file,
                line=node.start_mark.line + 1,
                hint="write the value out at each place",
            )
        )
        return
    seen.add(id(node))
    yield node
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield from _walk(key, seen, issues, file)
            yield from _walk(value, seen, issues, file)
    elif isinstance(node, SequenceNode):
        for value in node.value:
            yield from _walk(value, seen, issues, file)
