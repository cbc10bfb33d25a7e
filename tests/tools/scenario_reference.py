"""The YAML reference and the JSON schema, made from the schemas so that they cannot drift."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from transit_model.goals.schema import Goal
from transit_model.scenario.base_schema import Opens, Project
from transit_model.scenario.kinds.registry import PROJECT_KINDS
from transit_model.scenario.scenario_schema import ScenarioFile, StudyFile
from transit_model.scenario.values import FIRST_YEAR, LAST_YEAR

_COMMON = set(Project.model_fields)
_OPENS = {
    "description": "a year, a month, a day, [first year, last year] or unknown",
    "oneOf": [
        {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR},
        {"type": "string", "pattern": r"^(unknown|\d{4}(-\d{2}){0,2})$"},
        {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
    ],
}


def build_reference() -> str:
    """Return the reference of all keys as Markdown: one table a kind, nested parts once."""
    parts = [
        "# Keys of project, scenario, study and goal files",
        "",
        "Written by `transit-model`; do not edit by hand.",
        "",
    ]
    nested: dict[str, type[BaseModel]] = {}
    parts += _table("Every project", Project, set(), nested)
    for kind, row in PROJECT_KINDS.items():
        parts += _table(f"kind: {kind}", row.schema, _COMMON, nested)
    parts += _table("Scenario", ScenarioFile, set(), nested)
    parts += _table("Study", StudyFile, set(), nested)
    parts += _table("Goal", Goal, set(), nested)
    done: set[str] = set()
    while set(nested) - done:
        name = min(set(nested) - done)
        done.add(name)
        parts += _table(name, nested[name], set(), nested)
    return "\n".join(parts).rstrip() + "\n"


def read_words() -> dict[str, str]:
    """Return the English texts of the reference with their translations."""
    blocks = Path(__file__).with_name("reference_words_zh.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return dict(block.split("\n", 1) for block in blocks)


def translate_reference(text: str) -> tuple[str, list[str]]:
    """Return the reference in Chinese, and the texts that have no translation and stay English.

    Headings and links stay, so that an anchor is the same in both languages.
    """
    words, lacking = read_words(), []

    def translate(part: str) -> str:
        if part and part not in words:
            lacking.append(part)
        return words.get(part, part)

    def translate_line(line: str) -> str:
        cells = re.split(r" ?(?<!\\)\| ?", line.strip())[1:-1] if line.startswith("|") else []
        if len(cells) == 4 and not line.startswith("|---"):
            key, value, needed, meaning = cells
            default = re.sub(r"^no, default ", "否,默认 ", needed)
            shown = [translate(key) if key == "key" else key, _translate_type(value, words)]
            return f"| {' | '.join([*shown, words.get(needed, default), translate(meaning)])} |"
        return translate(line) if line and not line.startswith(("|", "##")) else line

    return "\n".join(map(translate_line, text.splitlines())) + "\n", lacking


def _translate_type(text: str, words: dict[str, str]) -> str:
    if text in words:
        return words[text]
    out = re.sub(r"\blist of ", "列表:", text).replace(" or ", " 或 ").replace(" and ", " 和 ")
    out = re.sub(r"\bkeys with ", "键值:", out)
    for english in ("whole number", "true or false", "any value", "text", "number", "date"):
        out = re.sub(rf"(?<![`\w(#]){english}(?![\w`])", words[english], out)
    return out


def build_json_schema() -> dict[str, Any]:
    """Return a JSON schema of project files (any kind), for editors that complete keys."""
    schemas = {kind: row.schema.model_json_schema(by_alias=True) for kind, row in PROJECT_KINDS.items()}
    definitions: dict[str, Any] = {}
    for schema in schemas.values():
        for name in {"opens", "ends"} & set(schema["properties"]):
            schema["properties"][name] = _OPENS  # written shorter in YAML than it is kept
        definitions |= schema.pop("$defs", {})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "transit-model project",
        "oneOf": [{"$ref": f"#/$defs/{kind}"} for kind in schemas],
        "$defs": {**definitions, **schemas},
    }


def _table(title: str, model: type[BaseModel], skip: set[str], nested: dict[str, type[BaseModel]]) -> list[str]:
    first = (model.__doc__ or "").strip().splitlines()[0]
    rows = [f"## {title}", "", first, "", "| key | value | needed | meaning |", "|---|---|---|---|"]
    for name, info in model.model_fields.items():
        if name in skip and name != "kind":
            continue
        nested |= {m.__name__: m for m in _find_models(info.annotation) if m is not Opens}
        needed = "yes" if info.is_required() else _name_default(info)
        rows.append(f"| `{info.alias or name}` | {_name_type(info.annotation)} | {needed} | {info.description or ''} |")
    return [*rows, ""]


def _name_default(info: FieldInfo) -> str:
    value = info.default
    if value is None or value in ((), {}, "") or isinstance(value, BaseModel):
        return "no"
    if isinstance(value, tuple):
        return "no, default " + ", ".join(map(_name_value, value))
    return f"no, default {value}"


def _name_value(value: Any) -> str:
    if isinstance(value, BaseModel):
        return " ".join(_name_value(part) for part in dict(value).values())
    return f"{value:g}" if isinstance(value, float) else str(value)


def _find_models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in get_args(annotation) for m in _find_models(a)]


_PLAIN_NAMES: dict[Any, str] = {
    str: "text",
    float: "number",
    int: "whole number",
    bool: "true or false",
    type(None): "",
    Opens: "date",
    Any: "any value",
}


def _name_type(annotation: Any) -> str:
    if annotation in _PLAIN_NAMES:
        return _PLAIN_NAMES[annotation]
    if hasattr(annotation, "__metadata__"):
        return _name_type(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return ", ".join(f"`{member.value}`" for member in annotation)
    if isinstance(annotation, type) and not get_args(annotation):
        return (
            f"[{annotation.__name__}](#{annotation.__name__.lower()})" if issubclass(annotation, BaseModel) else "date"
        )
    return _name_composite(str(get_origin(annotation)), get_args(annotation))


def _name_composite(origin: str, inner: tuple[Any, ...]) -> str:
    """Return the words for a list, a mapping, a closed list of values or a choice of types."""
    if "Literal" in origin:
        return ", ".join(f"`{v}`" for v in inner)
    names = list(dict.fromkeys(n for n in (_name_type(a) for a in inner if a is not Ellipsis) if n))
    if "tuple" in origin:
        return f"list of {' and '.join(names)}"
    return f"keys with {names[-1]}" if "Mapping" in origin else " or ".join(names)
