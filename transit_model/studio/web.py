"""HTTP: the page, its parts, and the interface under ``/api``."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from transit_model.domain.issue_words import describe_issue
from transit_model.errors import Issue, TransitModelError
from transit_model.scenario.values import show
from transit_model.studio.doors import DOORS, Door
from transit_model.studio.guard import Guard
from transit_model.studio.openapi import build_openapi
from transit_model.studio.page import ASSETS, read_bundle, render_page
from transit_model.studio.service import Studio
from transit_model.studio.turns import SupersededError
from transit_model.wrong_values import describe_wrong, find_place

SCHEMA = 1
_MOST_FIELD = 200
"""Characters of a place that are told: an unknown key may be of any length."""
BodyT = TypeVar("BodyT", bound=BaseModel)


class Json(Response):
    """A JSON document with the schema version; what is not finite has no place in it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:  # noqa: ANN401 - any JSON
        """Return the document as bytes."""
        whole = {"schema": SCHEMA, **content}
        return json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def build_app(studio: Studio, token: str | None = None) -> Guard:
    """Return the application of a studio behind its guard."""

    def show_page(_request: Request) -> Response:
        return Response(render_page(studio), media_type="text/html")

    def send_asset(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in ASSETS:
            raise HTTPException(404, "there is no such file")
        return Response(read_bundle(name), media_type=ASSETS[name])

    document = build_openapi(DOORS)
    routes = [
        Route("/", show_page),
        Route("/assets/{name}", send_asset),
        Route("/api/openapi.json", lambda _request: Response(json.dumps(document), media_type="application/json")),
        *(Route(door.path, _open_door(studio, door), methods=[door.method]) for door in DOORS),
    ]
    handlers: dict[Any, Any] = {
        TransitModelError: lambda _request, error: _refuse(422, error.issues),
        HTTPException: lambda _request, error: _refuse(error.status_code, [_describe_http(error)]),
        SupersededError: lambda _request, _error: _refuse(
            409, [Issue("superseded", "info", "a newer question of this session has come")]
        ),
    }
    return Guard(Starlette(routes=routes, exception_handlers=handlers), token)


def _open_door(studio: Studio, door: Door) -> Callable[[Request], Any]:
    """Return what answers a door: its question is read, and answered in a thread."""

    async def answer(request: Request) -> Response:
        if door.method == "GET":
            given: Any = dict(request.query_params)
            given.pop("token", None)
            data = json.dumps(given).encode()
        else:
            data = await request.body()
        try:
            question = door.body.model_validate_json(data)
        except ValidationError as error:
            return _refuse(422, _list_wrong(error, data))
        return await run_in_threadpool(_answer, studio, door, question)

    return answer


def _answer(studio: Studio, door: Door, question: Any) -> Response:  # noqa: ANN401 - the body of the door
    try:
        return Json(door.answer(studio, question))
    except (TransitModelError, SupersededError):
        raise
    except Exception as error:  # a fault of ours is told like any other issue
        hint = "report it, with the question"
        return _refuse(500, [Issue("internal", "error", f"{type(error).__name__}: {error}", hint=hint)])


def _refuse(status: int, issues: list[Issue]) -> Response:
    return Json({"issues": [describe_issue(issue, "zh") for issue in issues]}, status_code=status)


def _describe_http(error: HTTPException) -> Issue:
    if error.status_code == 404:
        return Issue("not_found", "error", "there is no such address")
    return Issue("bad_request", "error", "this address is not asked in that way")


def _list_wrong(error: ValidationError, data: bytes) -> list[Issue]:
    """Return what is wrong with a question: one issue for a value that fits none of the types it may have."""
    try:
        given = from_json(data)
    except ValueError:
        given = None
    issues: dict[tuple[str, str | None], Issue] = {}
    for details in error.errors(include_url=False):
        issue = _describe(details, given)
        issues.setdefault((issue.code, issue.field), issue)
    return list(issues.values())


def _describe(details: Any, given: Any) -> Issue:  # noqa: ANN401 - of pydantic; JSON
    codes = {"missing": "missing_key", "extra_forbidden": "unknown_key", "json_invalid": "bad_json"}
    value, place = details.get("input"), find_place(details, given)
    shown = str(value)[:80] if isinstance(value, str | int | float) and details["type"] != "json_invalid" else None
    code = codes.get(details["type"], "bad_value")
    message = describe_wrong(details)
    if place and code == "missing_key":
        message = f"the key {place[-1]} is missing"
    elif place and code == "unknown_key":
        message, shown = f"unknown key {show(place[-1])}", None
    return Issue(code, "error", message, field=".".join(map(str, place))[:_MOST_FIELD] or None, value=shown)
