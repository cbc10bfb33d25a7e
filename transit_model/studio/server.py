"""Serving the studio from this machine until Ctrl-C."""

from __future__ import annotations

import secrets
import socket
import sys
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError, Issue
from transit_model.measure.workspace import Workspace
from transit_model.store.resources import find_inputs
from transit_model.streets.memory import keep_freed_memory
from transit_model.studio.loopback import HOST, is_own_name
from transit_model.studio.measuring import measure
from transit_model.studio.question import MeasureBody
from transit_model.studio.service import Source, Studio
from transit_model.studio.watch import Watch

if TYPE_CHECKING:
    import uvicorn

_MOST_CONNECTIONS, _IDLE_S = 64, 10
_SWITCH_S = 0.0005
"""How long a thread that computes keeps the interpreter.

The circles are drawn and sent while the goals are measured: with the 5 ms of Python each step of it waits so long, and
they come 6 to 10 % later (`tests/bench/test_studio_switch.py`).
"""


@dataclass(frozen=True)
class Address:
    """Where the studio listens; a token is wanted from whoever comes from another machine."""

    host: str = HOST
    port: int = 0
    token: str | None = None


class StudioServer:
    """A studio that listens; the socket is open as soon as it is made.

    Raises
    ------
    InputError
        ``missing_extra`` without the extra; ``port_taken``.
    """

    def __init__(self, studio: Studio, address: Address) -> None:
        self.studio = studio
        token = address.token
        if token is None and not is_own_name(address.host):
            token = secrets.token_urlsafe(24)
        self._server = _build_server(studio, token)
        self._socket = _listen(address.host, address.port)
        port = self._socket.getsockname()[1]
        self.url = f"http://{address.host}:{port}/" + (f"?token={token}" if token else "")

    def run(self) -> None:
        """Serve until Ctrl-C."""
        before = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        keep_freed_memory()  # every question makes surfaces of some megabytes and drops them
        try:
            self._server.run(sockets=[self._socket])
        finally:
            sys.setswitchinterval(before)

    def warm_up(self) -> threading.Thread:
        """Measure the first question of the page in a thread, so that kernels are compiled when it is asked."""
        thread = threading.Thread(target=_warm, args=(self.studio,), daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Give the port back without having served."""
        self._socket.close()

    def stop(self) -> None:
        """End serving, from another thread."""
        self._server.should_exit = True


def open_studio(
    region: str | None, scenarios: Path | None, timetable: str | None, address: Address | None = None
) -> StudioServer:
    """Return the studio of a region that listens; scenarios are saved in the folder named, if one is.

    Raises
    ------
    InputError
        As `Workspace.open` and `StudioServer`.
    """
    opening = partial(Workspace.open, region, scenarios, timetable=timetable)
    where, folders = find_inputs(region, scenarios)
    source = Source(region, opening, Watch((where, *folders)))
    return StudioServer(Studio(opening(), scenarios, source), address or Address())


def _build_server(studio: Studio, token: str | None) -> uvicorn.Server:
    try:
        import uvicorn

        from transit_model.studio.web import build_app
    except ImportError as error:
        message = f"the studio needs the extra studio: {error.name} is not installed"
        hint = 'pip install "transit-model[studio]"'
        raise InputError(Issue("missing_extra", "error", message, value=error.name, hint=hint)) from error
    config = uvicorn.Config(
        build_app(studio, token),
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE_S,
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def _listen(host: str, port: int) -> socket.socket:
    try:
        listener = socket.create_server((host, port), backlog=128)
    except OSError as error:
        message = f"cannot listen on port {port}: {error.strerror}"
        hint = "choose another port, or 0 for any free one"
        raise InputError(Issue("port_taken", "error", message, field="--port", value=str(port), hint=hint)) from error
    # Connections inherit it. Without it the body of an answer waits 40 ms for the browser to confirm the header.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _warm(studio: Studio) -> None:
    centres = studio.workspace.region.info.groups.get("centres", ())
    question = MeasureBody.model_validate(
        {
            "origins": list(centres[:1]) or None,
            "modes": [Mode.BEST],
            "readings": [Reading.TYPICAL],
            "goals": "headline",
            "evidence": False,
            "parts": ["rings", "verdicts"] if centres else ["verdicts"],
        }
    )
    with studio.alone():
        measure(studio, question)
