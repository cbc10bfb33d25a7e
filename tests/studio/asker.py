"""Asks an ASGI application as a browser of this machine would, without a socket."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

OWN_HOST = "127.0.0.1:8017"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


def ask(app: Any, method: str, address: str, body: object = None, **headers: str) -> Answer:
    """Return the answer; header names are written with underscores, ``host`` is that of this machine."""
    parts = urlsplit(address)
    data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    sent = {"host": OWN_HOST, **({"content-type": "application/json"} if method == "POST" else {})}
    sent |= {"content-length": str(len(data))} if data else {}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(k.encode(), v.encode("utf-8")) for k, v in sent.items() if v],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8017),
    }
    result: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": data, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        result.append(message)

    # in a thread of its own: where a browser is driven this one has a loop already
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(app(scope, receive, send))).result()
    head = {k.decode().lower(): v.decode() for k, v in result[0]["headers"]}
    return Answer(result[0]["status"], head, b"".join(m.get("body", b"") for m in result[1:]))
