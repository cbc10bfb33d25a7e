"""One kind of finding, and how it becomes issues: a few listed singly, the rest counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from transit_model.errors import Issue, Severity
from transit_model.store.csv_text import StringTable

MAX_LISTED = 5


@dataclass(frozen=True)
class Notice:
    """A code with its severity, file, field, message and hint."""

    code: str
    severity: Severity
    file: str
    field: str
    message: str
    hint: str = ""

    def list_values(self, values: Sequence[object], prefix: str = "") -> list[Issue]:
        """Return one issue a value, at most `MAX_LISTED`, the last counting the rest."""
        return self._list(len(values), [(None, str(value)) for value in values[:MAX_LISTED]], prefix)

    def list_lines(self, found: Sequence[tuple[int, str]]) -> list[Issue]:
        """Return one issue a (line, value), at most `MAX_LISTED`, the last counting the rest."""
        return self._list(len(found), list(found[:MAX_LISTED]), "")

    def list_rows(self, wrong: npt.NDArray[np.bool_] | Iterable[bool], raw: StringTable) -> list[Issue]:
        """Return one issue a row marked in the (n,) mask, with its line in the file and its value."""
        if not isinstance(wrong, np.ndarray):
            wrong = np.fromiter(wrong, dtype=bool, count=len(raw.lines))
        rows = np.flatnonzero(wrong)
        values = raw.table[self.field]
        return self._list(len(rows), [(int(raw.lines[r]), str(values.iloc[r])) for r in rows[:MAX_LISTED]], "")

    def _list(self, total: int, shown: list[tuple[int | None, str]], prefix: str) -> list[Issue]:
        file = prefix + self.file
        issues = [
            Issue(self.code, self.severity, self.message, file, line, self.field, value, self.hint)
            for line, value in shown
        ]
        if total > len(shown):
            more = total - len(shown)
            issues[-1] = replace(issues[-1], message=f"{self.message} (and {more} more)", more=more)
        return issues
