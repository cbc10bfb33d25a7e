"""Who is answered next: of one browser session only the newest question, circles before goals before tables."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_MOST_SESSIONS = 256


RINGS, GOALS, EVIDENCE = range(3)
"""What is measured first of all that waits: circles and people, then goals, then tables, legs and proofs."""


class Queue:
    """One at a time, of those that wait the one of least rank and of equals the first come; safe between threads."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._waiting: list[tuple[int, int]] = []
        self._busy, self._count = False, 0

    def count_waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    @contextmanager
    def wait(self, rank: int, is_over: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """Wait for one's turn, and give it on at the end; who is overtaken meanwhile (`is_over`) goes at once.

        Each that waits holds a thread of the server, and a slider gathers more of them than it has.

        Raises
        ------
        SupersededError
        """
        with self._condition:
            self._count += 1
            ticket = (rank, self._count)
            self._waiting.append(ticket)
            try:
                self._condition.wait_for(lambda: is_over() or (not self._busy and min(self._waiting) == ticket))
            finally:
                self._waiting.remove(ticket)
                self._condition.notify_all()  # another may be the first now
            if is_over():
                raise SupersededError
            self._busy = True
        try:
            yield
        finally:
            with self._condition:
                self._busy = False
                self._condition.notify_all()

    def wake(self) -> None:
        """Have all that wait look whether they are overtaken."""
        with self._condition:
            self._condition.notify_all()


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
        """Return the newest turn of a session, None when it has asked nothing."""
        return self._newest.get(session)

    def check(self, session: str | None, turn: int) -> None:
        """Go on only while no newer question has come.

        Raises
        ------
        SupersededError
            When one has.
        """
        if self.is_over(session, turn):
            raise SupersededError

    def is_over(self, session: str | None, turn: int) -> bool:
        """Return whether a newer question has come."""
        return session is not None and self._newest.get(session, turn) > turn
