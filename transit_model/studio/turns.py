"""Of one browser session only the newest question is answered: nobody waits behind a slider."""

from __future__ import annotations

import threading
from collections import OrderedDict

_MOST_SESSIONS = 256


class SupersededError(Exception):
    """A newer question of the same session has come."""


class Turns:
    """The newest turn of each session; safe between threads."""

    def __init__(self) -> None:
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, session: str | None, turn: int) -> None:
        """Note that a question has come."""
        if session is None:
            return
        with self._lock:
            self._newest[session] = max(turn, self._newest.get(session, turn))
            self._newest.move_to_end(session)
            if len(self._newest) > _MOST_SESSIONS:
                self._newest.popitem(last=False)

    def newest_of(self, session: str) -> int | None:
        """Return the newest turn of a session, None when it has question nothing."""
        return self._newest.get(session)

    def check(self, session: str | None, turn: int) -> None:
        """Go on only while no newer question has come.

        Raises
        ------
        SupersededError
            When one has.
        """
        if session is not None and self._newest.get(session, turn) > turn:
            raise SupersededError
