"""The OpenAPI description of the interface, from the same bodies that check the questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

if TYPE_CHECKING:
    from transit_model.studio.doors import Door

_TEXTS = ("code", "severity", "file", "field", "value", "message", "hint", "message_zh", "hint_zh")
_ISSUE = {
    "type": "object",
    "properties": {name: {"type": ["string", "null"]} for name in _TEXTS} | {"line": {"type": ["integer", "null"]}},
    "required": ["code", "severity", "message"],
}
_ISSUES = {
    "type": "object",
    "properties": {
        "schema": {"const": 1},
        "issues": {"type": "array", "items": {"$ref": "#/components/schemas/Issue"}},
    },
    "required": ["schema", "issues"],
}


def build_openapi(doors: Sequence[Door]) -> dict[str, Any]:
    """Return the description, OpenAPI 3.1."""
    from importlib.metadata import version

    bodies = list(dict.fromkeys(door.body for door in doors))
    where, schemas = models_json_schema(
        [(body, "validation") for body in bodies], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, Any] = {}
    for door in doors:
        operation: dict[str, Any] = {"summary": door.summary, "responses": _list_responses(door)}
        if door.method == "GET":
            operation["parameters"] = [
                {"name": name, "in": "query", "description": info.description or "", "schema": {"type": "string"}}
                for name, info in door.body.model_fields.items()
            ]
        else:
            content = {"application/json": {"schema": where[door.body, "validation"]}}
            operation["requestBody"] = {"required": True, "content": content}
        paths.setdefault(door.path, {})[door.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "transit-model studio",
            "version": version("transit-model"),
            "description": "Scenarios measured as the command line measures them. Minutes are null when unreachable.",
        },
        "paths": paths,
        "components": {"schemas": {**schemas.get("$defs", {}), "Issue": _ISSUE, "Issues": _ISSUES}},
    }


def _list_responses(door: Door) -> dict[str, Any]:
    result = {"application/json": {"schema": {"$ref": "#/components/schemas/Issues"}}}
    answer = {"application/json": {"schema": {"type": "object", "properties": {"schema": {"const": 1}}}}}
    responses = {
        "200": {"description": "the answer", "content": answer},
        "422": {"description": "what is wrong with the question", "content": result},
    }
    if door.method == "POST":
        responses["409"] = {"description": "a newer question of the session has come", "content": result}
    return responses
