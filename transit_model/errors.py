"""The error tree and the `Issue`, our unit of bad news.

::

    TransitModelError
    ├── InputError      (ValueError)  a file, table or argument is wrong
    │   └── PlaceError  (LookupError) a place name is not known or not unique
    ├── ScenarioError   (ValueError)  a project or scenario cannot be read or applied
    ├── GoalError       (ValueError)  a goal cannot be read or measured
    └── NetworkError    (ValueError)  tables do not make one usable network

Every error carries a list of issues, so that a user sees all mistakes at once. An unreachable place is a
value (`inf`), never an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True)
class Issue:
    """One finding about an input: what is wrong, where, and what to do.

    Attributes
    ----------
    code : str
        Stable machine name in snake case, e.g. ``"duplicate_id"``.
    severity : {"error", "warning", "info"}
        Only errors stop a run.
    message : str
        One sentence for people.
    file, line, field, value : optional
        Where it was found. `line` counts from 1 and includes the header of a table.
    hint : str
        What to do about it, may be empty.
    more : int
        How many further ones of the kind are not listed singly; `message` says so too.
    """

    code: str
    severity: Severity
    message: str
    file: str | None = None
    line: int | None = None
    field: str | None = None
    value: str | None = None
    hint: str = ""
    more: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the issue as a plain dictionary with the keys of the JSON contract."""
        keys = ("code", "severity", "file", "line", "field", "value", "message", "hint")
        fields = asdict(self)
        return {key: fields[key] for key in keys}

    def as_text(self, severity: str = "", value_words: str = " (value: {})") -> str:
        """Return the issue as one line: place, severity, code, message, hint; another language brings its own words."""
        where = self.file or ""
        if self.line is not None:
            where += f":{self.line}"
        if self.field:
            where += f" [{self.field}]" if where else f"[{self.field}]"
        head = f"{where}: " if where else ""
        value = value_words.format(self.value) if self.value is not None else ""
        hint = f" -> {self.hint}" if self.hint else ""
        return f"{head}{severity or self.severity} {self.code}: {self.message}{value}{hint}"


def has_errors(issues: Iterable[Issue]) -> bool:
    """Return True when at least one issue is an error."""
    return any(issue.severity == "error" for issue in issues)


class TransitModelError(Exception):
    """Base of all errors of this package; `issues` lists every finding."""

    def __init__(self, issues: Sequence[Issue] | Issue | str) -> None:
        if isinstance(issues, str):
            issues = [Issue(code=self._default_code(), severity="error", message=issues)]
        elif isinstance(issues, Issue):
            issues = [issues]
        self.issues: list[Issue] = list(issues)
        super().__init__("\n".join(issue.as_text() for issue in self.issues))

    @classmethod
    def _default_code(cls) -> str:
        return "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")


class InputError(TransitModelError, ValueError):
    """A file, a table or an argument is wrong."""


class PlaceError(InputError, LookupError):
    """A place is unknown or ambiguous; the hint offers the nearest matches."""


class ScenarioError(TransitModelError, ValueError):
    """A project or scenario cannot be read or applied."""


class GoalError(TransitModelError, ValueError):
    """A goal cannot be read or measured."""


class NetworkError(TransitModelError, ValueError):
    """The tables do not make one usable network."""
