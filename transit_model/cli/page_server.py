"""A small server of one folder for the browser of this machine: bounded, patient with nobody, blind outside.

Pages of other sites may send requests here (DNS rebinding), so only names of this machine are answered. Links that
lead out of the folder, hidden names and listings of folders do not exist for it.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from transit_model.studio.loopback import HOST, is_own_name

IDLE_S: Final = 10.0
"""How long a connection may say nothing; a request that is not whole by then is given up as well."""
MOST_CONNECTIONS: Final = 64
"""Threads; a browser opens some six connections. With more the one that has waited longest is closed."""
_FRONT_PAGE: Final = "index.html"


class PageHandler(SimpleHTTPRequestHandler):
    """Files of one folder; nothing is logged, nothing is cached, so that a new run shows at once."""

    timeout = IDLE_S
    server: PageServer

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - what the server gives
        server: PageServer = arguments[2]
        super().__init__(*arguments, directory=str(server.folder))

    def parse_request(self) -> bool:
        """Read the head of a request; False, and an answer given, when it is not to be answered."""
        if not super().parse_request():
            return False
        self.server.note_request(self.connection)
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1:
            self.send_error(HTTPStatus.BAD_REQUEST, "One Host header is wanted")
            return False
        if not is_own_name(hosts[0]):
            self.send_error(HTTPStatus.FORBIDDEN, "This server answers to 127.0.0.1 and localhost only")
            return False
        return True

    def send_head(self) -> Any:  # noqa: ANN401 - a file, as the library has it
        """Answer with the head of a file's answer, or with 404."""
        name = find_file(self.server.folder, self.path)
        if name is None:
            self.send_error(HTTPStatus.NOT_FOUND, "Not found")
            return None
        self.path = f"/{quote(name, errors='surrogateescape')}"
        return super().send_head()

    def list_directory(self, path: str | os.PathLike[str]) -> None:
        """Answer that there is nothing: folders are not listed."""
        self.send_error(HTTPStatus.NOT_FOUND, "Not found")

    def end_headers(self) -> None:
        """End the head of an answer."""
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for the address."""


class PageServer(ThreadingHTTPServer):
    """A server of a folder on this machine only.

    Parameters
    ----------
    folder : Path
    port : int
        0 takes any free one.

    Raises
    ------
    OSError
        The port is taken.
    """

    request_queue_size = 128
    daemon_threads = True

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = Path(os.path.abspath(folder))  # noqa: PTH100 - a link stays one: a new run may move it
        self._waiting: dict[socket.socket, float] = {}
        self._open = 0
        self._lock = threading.Lock()
        super().__init__((HOST, port), PageHandler)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library has it
        """Start a thread for a connection; the one that has waited longest gives way when there are too many."""
        with self._lock:
            full = self._open >= MOST_CONNECTIONS
            oldest = next(iter(self._waiting), None) if full else None
            if oldest is not None:
                self._waiting.pop(oldest)
            if not full or oldest is not None:
                self._open += 1
                self._waiting[request] = time.monotonic()
        if oldest is not None:
            _shut(oldest)
        if full and oldest is None:
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # the system gives no more threads
            self._forget(request)
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Answer a connection in its thread."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._forget(request)

    def service_actions(self) -> None:
        """Give up the connections whose request is not whole in time; called a few times a second."""
        with self._lock:
            late = [r for r, since_s in self._waiting.items() if time.monotonic() - since_s > IDLE_S]
        for request in late:
            _shut(request)

    def note_request(self, request: socket.socket) -> None:
        """Note that the request of a connection is whole."""
        with self._lock:
            self._waiting.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Say nothing of connections that break; name what else goes wrong in one line."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            sys.stderr.write(f"serve: {type(error).__name__}: {error}\n")

    def _forget(self, request: socket.socket) -> None:
        with self._lock:
            self._waiting.pop(request, None)
            self._open -= 1


def find_file(folder: Path, address: str) -> str | None:
    """Return the name of the file in a folder that an address means; None where there is none to be shown."""
    try:
        path = unquote(urlsplit(address).path, errors="surrogateescape")
    except ValueError:
        return None
    parts = [part for part in path.replace("\\", "/").split("/") if part]
    if "\0" in path or any(part.startswith(".") or (os.name == "nt" and ":" in part) for part in parts):
        return None
    root = Path(os.path.realpath(folder))
    found = folder.joinpath(*parts)
    try:
        if found.is_dir():
            if not path.endswith("/"):
                return None
            found /= _FRONT_PAGE
        elif path.endswith("/"):
            return None
        real = Path(os.path.realpath(found))
        return found.relative_to(folder).as_posix() if real.is_file() and real.is_relative_to(root) else None
    except (OSError, ValueError):
        return None


def _shut(request: socket.socket) -> None:
    with suppress(OSError):
        request.shutdown(socket.SHUT_RDWR)
