"""Where the time of a run goes, stage by stage."""

from __future__ import annotations

import time


class Stopwatch:
    """Adds up seconds by the clock for each stage; a stage may come back.

    Attributes
    ----------
    spent_s : dict of str to float
        Seconds by stage, in the order in which stages were first met.
    """

    def __init__(self) -> None:
        # Until now the process has only loaded code, on one thread: its processor time is what that took.
        self.spent_s: dict[str, float] = {"start and imports": time.process_time()}
        self._last_s = time.perf_counter()

    def lap(self, stage: str) -> None:
        """Count the time since the last call to a stage."""
        now_s = time.perf_counter()
        self.spent_s[stage] = self.spent_s.get(stage, 0.0) + now_s - self._last_s
        self._last_s = now_s

    def tell(self) -> list[str]:
        """Return a line for each stage with its seconds and its share of all."""
        total_s = sum(self.spent_s.values())
        lines = [f"{stage}: {s:.1f} s, {s / total_s:.0%}" for stage, s in self.spent_s.items()]
        return [*lines, f"total: {total_s:.1f} s"]
