"""The nodes of a YAML file, gone through once: lines by path, duplicate keys, aliases, depth."""

from __future__ import annotations

from typing import Final

from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from transit_model.errors import Issue
from transit_model.store.document_cache import Key

_MAX_DEPTH: Final = 30


class Walk:
    """Goes through all nodes once: lines by path, duplicate keys, aliases, depth."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Key, int] = {}
        self.issues: list[Issue] = []
        self._seen: set[int] = set()

    def visit(self, node: Node, path: Key) -> None:
        """Note the lines of a node and of all below it, and what is wrong with them."""
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
