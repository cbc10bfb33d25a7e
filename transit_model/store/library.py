"""A library of scenarios, projects and goals: folders of one's own upon the one that ships, read as one.

The first folder is one's own, the next ones are what it builds on. An id that stands in two of them is an error unless
the upper file says ``replaces: true``; then it takes the place of the lower one everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from transit_model.errors import Issue
from transit_model.near_names import hint_near
from transit_model.store.yaml_lines import read_document

PROJECTS, GOALS, STUDY = "projects", "goals", "study.yaml"
REPLACES: Final = ("replaces", "replaces_shipped")
"""Keys by which a file says that it stands for the one of the same id below it."""
_KINDS: Final = {"": "scenario", PROJECTS: "project", GOALS: "goal"}


@dataclass(frozen=True)
class Library:
    """Folders of scenarios that are read as one.

    Attributes
    ----------
    folders : tuple of Path
        One's own first, then those it builds on.
    """

    folders: tuple[Path, ...]

    @property
    def own(self) -> Path:
        """Return the folder of one's own."""
        return self.folders[0]

    def list_files(self, kind: str = "") -> dict[str, Path]:
        """Return the files of scenarios (``""``), `PROJECTS` or `GOALS` by id, in order of their ids."""
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            found |= _list_folder(folder, kind)
        return dict(sorted(found.items()))

    def find_study(self) -> Path:
        """Return the file of the default study: that of one's own folder, else the one it builds on."""
        found = (folder / STUDY for folder in self.folders)
        return next((path for path in found if path.is_file()), self.own / STUDY)

    def check_twins(self) -> list[Issue]:
        """Return what is wrong with ids that stand twice, or that replace nothing.

        Issues
        ------
        ``id_twice`` (both files are named), ``replaces_nothing`` (with the nearest ids).
        """
        issues: list[Issue] = []
        for n, folder in enumerate(self.folders[:-1]):
            below = Library(self.folders[n + 1 :])
            for kind, word in _KINDS.items():
                lower = below.list_files(kind)
                for name, path in _list_folder(folder, kind).items():
                    issues += _check_twin(word, name, path, lower)
        return issues


def as_library(where: Library | Path) -> Library:
    """Return a library as it is, a folder as one that builds on nothing."""
    return where if isinstance(where, Library) else Library((where,))


def _list_folder(folder: Path, kind: str) -> dict[str, Path]:
    files = sorted((folder / kind if kind else folder).glob("*.yaml"))
    return {path.stem: path for path in files if kind or path.name != STUDY}


def _check_twin(word: str, name: str, path: Path, lower: dict[str, Path]) -> list[Issue]:
    document, _ = read_document(path, file=str(path))
    key = None
    if document is not None and isinstance(document.data, dict):
        key = next((k for k in REPLACES if document.data.get(k) is True), None)
    if name in lower and key is None:
        message = f"the {word} {name} stands in {lower[name]} as well"
        same = path.read_bytes() == lower[name].read_bytes()
        hint = "give it another id, or write `replaces: true` to take the other's place"
        if same:
            message += ", word for word"
            hint = "delete this copy: the other is found without it; to change it, write `replaces: true` in it"
        line = document.line_of("id") if document is not None else None
        return [Issue("id_twice", "error", message, str(path), line, "id", name, hint)]
    if name not in lower and key is not None and document is not None:
        message = f"there is no {word} {name} that it could replace"
        hint = hint_near(name, lower, f"take {key} out")
        return [Issue("replaces_nothing", "error", message, str(path), document.line_of(key), key, name, hint)]
    return []
