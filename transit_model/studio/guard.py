"""The door of the server: who is answered, how much is taken in, and what a browser may do with the answer."""

from __future__ import annotations

import hmac
import json
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from transit_model.domain.issue_words import describe_issue
from transit_model.errors import Issue
from transit_model.studio.loopback import is_own_name, is_same_origin

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES: Final = 1_000_000
"""Of a request: a scenario of sixty drawn projects takes a tenth of it."""
_TOO_LARGE: Final = (413, "too_large", f"a request holds at most {MOST_BYTES:,} bytes")
COOKIE: Final = "transit-model-token"
_HEADERS: Final = (
    (
        b"content-security-policy",
        b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        b"form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """ASGI middleware: refuses what does not come from this machine or from a page that was served here.

    Parameters
    ----------
    app : ASGIApp
    token : str, optional
        With one, any Host is answered and every request must bring it: as ``Authorization: Bearer``, in the address
        (``?token=``, once: it becomes a cookie), or in the cookie.
    """

    def __init__(self, app: ASGIApp, token: str | None = None) -> None:
        self._app = app
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        refused = self._refuse(scope, headers)
        if refused is not None:
            await _answer(send, *refused)
            return
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        # A body whose length nobody stated is read here, since it may be longer than we take.
        parts: list[bytes] = []
        more_comes = scope["method"] == "POST"
        while more_comes:
            message = await receive()
            parts.append(message.get("body", b""))
            more_comes = message["type"] == "http.request" and message.get("more_body", False)
            if sum(map(len, parts)) > MOST_BYTES:
                await _answer(send, *_TOO_LARGE)
                return
        body = b"".join(parts)
        read_all = scope["method"] != "POST"

        async def read() -> Message:
            nonlocal read_all
            if read_all:
                return await receive()
            read_all = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def write(message: Message) -> None:
            if message["type"] == "http.response.start":
                more = [*_HEADERS]
                if self._token is not None and given == self._token:
                    cookie = f"{COOKIE}={self._token}; HttpOnly; SameSite=Strict; Path=/"
                    more.append((b"set-cookie", cookie.encode("latin-1")))
                message = {**message, "headers": [*message.get("headers", ()), *more]}
            await send(message)

        await self._app(scope, read, write)

    def _refuse(self, scope: Scope, headers: dict[str, list[str]]) -> tuple[int, str, str] | None:
        """Return status, code and message for a request that is not answered; None for one that is."""
        hosts, origins = headers.get("host", []), headers.get("origin", [])
        foreign_site = headers.get("sec-fetch-site", ["none"])[0] not in ("none", "same-origin")
        writes = scope["method"] not in ("GET", "HEAD")
        length = headers.get("content-length", ["0"])[0]
        local = self._token is None
        rules = (
            (len(hosts) != 1, (400, "bad_host", "one Host header is wanted")),
            (
                local and not is_own_name(hosts[0] if hosts else ""),
                (403, "foreign_host", "this server answers to 127.0.0.1 and localhost only"),
            ),
            (
                not local and not self._brings_token(scope, headers),
                (401, "no_token", "open the address that the program printed: it holds the token"),
            ),
            (
                foreign_site or not all(is_same_origin(origin, "".join(hosts)) for origin in origins),
                (403, "foreign_origin", "pages of other sites are not answered"),
            ),
            (writes and scope["method"] != "POST", (405, "bad_method", "GET and POST are answered")),
            (
                writes and not headers.get("content-type", [""])[0].startswith("application/json"),
                (415, "not_json", "a body is application/json"),
            ),
            (
                not length.isdigit() or int(length) > MOST_BYTES,
                _TOO_LARGE,
            ),
        )
        return next((refusal for wrong, refusal in rules if wrong), None)

    def _brings_token(self, scope: Scope, headers: dict[str, list[str]]) -> bool:
        token = str(self._token).encode()
        given = [v.removeprefix("Bearer ") for v in headers.get("authorization", [])]
        given += parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        try:
            jar = SimpleCookie("; ".join(headers.get("cookie", [])))
        except CookieError:
            jar = SimpleCookie()
        given += [jar[COOKIE].value] if COOKIE in jar else []
        return any(hmac.compare_digest(g.encode("utf-8", "replace"), token) for g in given)


async def _answer(send: Send, status: int, code: str, message: str) -> None:
    issue = Issue(code, "error", message)
    body = json.dumps({"schema": 1, "issues": [describe_issue(issue, "zh")]}).encode()
    head = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
