"""Identifiers are words of the field: the private ones that a reader had to learn do not come back."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conftest import REPO

pytestmark = pytest.mark.smoke

WORDS = {
    "told": "result (or text, rows, summary: what it is)",
    "asked": "question",
    "mine": "own",
    "theirs": "others",
    "here": "origin",
    "there": "destination",
    "takes": "single_projects",
    "earned": "gain_shares",
    "Terminals": "Connectors",
    "SurfaceMaker": "SurfaceBuilder",
    "LaidPieces": "SegmentIndex",
    "LaidRoads": "RoadSegments",
    "Pigeonholes": "EntryCache",
    "ContentStore": "EntryCache",
    "Sureness": "Uncertainty",
    "compute_sureness": "compute_uncertainty",
    "kept_answers": "answer_cache",
    "kept_documents": "document_cache",
    "kept_hierarchy": "hierarchy_cache",
}
"""The word that a reader had to learn, and the one that says it."""


def _list_names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.alias(name=name, asname=other):
                yield from ((node.lineno, word) for word in (*name.split("."), other or ""))


def _find_private_words(source: str) -> list[tuple[int, str]]:
    return [(line, name) for line, name in _list_names(ast.parse(source)) if name.strip("_") in WORDS]


def test_no_private_word_is_an_identifier() -> None:
    found = {
        f"{file.relative_to(REPO)}:{line} {name}: say {WORDS[name.strip('_')]}"
        for file in (REPO / "transit_model").rglob("*.py")
        for line, name in _find_private_words(file.read_text(encoding="utf-8"))
    }
    assert not found, "\n".join(sorted(found))


def test_no_two_classes_have_one_name() -> None:
    homes: dict[str, list[str]] = {}
    for file in sorted((REPO / "transit_model").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                homes.setdefault(node.name, []).append(file.relative_to(REPO).as_posix())
    twice = {name: files for name, files in homes.items() if len(files) > 1}
    assert not twice, f"say in the name of each what it is: {twice}"


def test_names_are_seen_wherever_they_stand_and_words_of_texts_are_not() -> None:
    source = '''
from rooms import kept_answers as answers

def told(mine, *, origin):
    """Told here."""
    for here in mine.theirs:
        print(f"{here} and there", asked=origin["told"])
'''
    found = sorted(_find_private_words(source))
    assert [name for _, name in found] == ["kept_answers", "mine", "told", "here", "mine", "theirs", "asked", "here"]
