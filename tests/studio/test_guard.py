"""Who is answered: this machine and pages served here; nobody else, and nothing too large."""

from __future__ import annotations

from typing import Any

import pytest

from tests.studio.asker import ask
from transit_model.studio.guard import MOST_BYTES, Guard


async def _echo(_scope: Any, receive: Any, send: Any) -> None:
    body = (await receive()).get("body", b"gone")
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


OPEN, LOCKED = Guard(_echo), Guard(_echo, "secret")


@pytest.mark.parametrize("host", ["127.0.0.1:8017", "localhost", "LOCALHOST:1", "[::1]:8017", "localhost."])
def test_own_names_are_answered(host: str) -> None:
    assert ask(OPEN, "GET", "/", host=host).status == 200


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, {"host": "evil.example"}),
        (403, {"host": "127.0.0.1.evil.example"}),
        (403, {"host": "evil.example@127.0.0.1:8017.evil"}),
        (400, {"host": ""}),
        (403, {"origin": "http://evil.example"}),
        (403, {"origin": "null"}),
        (403, {"origin": "http://127.0.0.1:9999"}),
        (403, {"sec_fetch_site": "cross-site"}),
    ],
)
def test_strangers_are_refused(status: int, words: dict[str, str]) -> None:
    answer = ask(OPEN, "POST", "/api/measure", {}, **words)
    assert answer.status == status
    assert answer.data["issues"][0]["code"] in {"foreign_host", "foreign_origin", "bad_host"}


def test_only_json_is_taken_in_and_not_much_of_it() -> None:
    assert ask(OPEN, "POST", "/", {}, content_type="text/plain").status == 415
    assert ask(OPEN, "PUT", "/", {}).status == 405
    assert ask(OPEN, "POST", "/", b"x" * (MOST_BYTES + 1)).status == 413
    # a body without its length is read no farther than the limit, and refused alike
    unsaid = ask(OPEN, "POST", "/", b"x" * (MOST_BYTES + 1), content_length="")
    assert unsaid.status == 413
    assert ask(OPEN, "POST", "/", b"x" * MOST_BYTES).body == b"x" * MOST_BYTES


def test_every_answer_binds_the_browser() -> None:
    for answer in (ask(OPEN, "GET", "/"), ask(OPEN, "GET", "/", host="evil.example")):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_with_a_token_other_names_are_answered_but_nobody_without_it() -> None:
    other = {"host": "planner.office:8017"}
    assert ask(LOCKED, "GET", "/", **other).status == 401
    assert ask(LOCKED, "GET", "/?token=wrong", **other).status == 401
    first = ask(LOCKED, "GET", "/?token=secret", **other)
    assert first.status == 200
    assert first.headers["set-cookie"].startswith("transit-model-token=secret; HttpOnly; SameSite=Strict")
    assert ask(LOCKED, "GET", "/", cookie="transit-model-token=secret", **other).status == 200
    assert ask(LOCKED, "POST", "/", {}, authorization="Bearer secret", **other).status == 200
    assert (
        ask(LOCKED, "POST", "/", {}, authorization="Bearer secret", origin="http://evil.example", **other).status == 403
    )
    # another token in the address is not written back
    assert "set-cookie" not in ask(LOCKED, "GET", "/?token=x", cookie="transit-model-token=secret", **other).headers
