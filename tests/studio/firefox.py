"""A headless Firefox driven over Marionette, its own protocol on a TCP socket: no driver and no library is needed.

The protocol: messages of both sides are JSON behind their length and a colon; ``[0, id, command, parameters]`` is
answered by ``[1, id, error, result]``.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_NAMES = ("firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox")
_START_S = 60.0
_QUIET = {
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.server": "",
}
_ERRORS = (
    "return Services.console.getMessageArray().filter(m => m instanceof Ci.nsIScriptError)"
    ".filter(m => (m.flags & 1) === 0 && m.sourceName.startsWith(arguments[0])).map(m => m.errorMessage);"
)
"""Errors, not warnings, of scripts of one site."""


def find_firefox() -> str | None:
    """Return the program, None when it is not here."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class Firefox:
    """One window that is asked to go somewhere and to run scripts there."""

    def __init__(self, port: int) -> None:
        self._socket = _connect(port)
        self._rest = b""
        self._count = 0
        self._read()  # the greeting
        self.ask("WebDriver:NewSession", capabilities={"alwaysMatch": {"pageLoadStrategy": "normal"}})

    def ask(self, command: str, **parameters: object) -> Any:
        """Return the answer to a command."""
        self._count += 1
        text = json.dumps([0, self._count, command, parameters]).encode()
        self._socket.sendall(str(len(text)).encode() + b":" + text)
        _, _, error, result = self._read()
        if error is not None:
            raise RuntimeError(f"{command}: {error['error']}: {error['message']}")
        return result

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.ask("WebDriver:Navigate", url=url)

    def run(self, script: str, *arguments: object) -> Any:
        """Return what a script of the page returns; a promise is waited for."""
        self.ask("WebDriver:SetTimeouts", script=120_000)
        answer = self.ask("WebDriver:ExecuteScript", script=script, args=list(arguments), sandbox=None)
        return answer["value"]

    def list_errors(self, url: str) -> list[str]:
        """Return what the console says is wrong with scripts of an address."""
        self.ask("Marionette:SetContext", value="chrome")
        try:
            found: list[str] = self.run(_ERRORS, url)
        finally:
            self.ask("Marionette:SetContext", value="content")
        return found

    def _read(self) -> Any:
        while b":" not in self._rest:
            self._rest += self._receive()
        length, _, rest = self._rest.partition(b":")
        while len(rest) < int(length):
            rest += self._receive()
        self._rest = rest[int(length) :]
        return json.loads(rest[: int(length)])

    def _receive(self) -> bytes:
        more = self._socket.recv(65_536)
        if not more:
            raise RuntimeError("Firefox has ended")
        return more


@contextmanager
def running_firefox(program: str, size: tuple[int, int] = (1440, 900)) -> Iterator[Firefox]:
    """Run a Firefox of a profile of its own until the end."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        preferences = {**_QUIET, "marionette.port": port}
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});\n" for k, v in preferences.items()]
        Path(folder, "user.js").write_text("".join(lines), encoding="utf-8")
        line = [
            program,
            "--headless",
            "--marionette",
            "--no-remote",
            "-remote-allow-system-access",
            "--profile",
            folder,
        ]
        line += [f"--width={size[0]}", f"--height={size[1]}"]
        process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            firefox = Firefox(port)
            try:
                yield firefox
            finally:
                firefox.close()
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def _connect(port: int) -> socket.socket:
    """Return the socket of the browser, which takes a while to listen."""
    end = time.monotonic() + _START_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=150)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
