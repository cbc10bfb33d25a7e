"""What the command line will say of a scenario that is not saved yet: the check of the library on its very bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from transit_model.catalogue.check import list_remarks
from transit_model.errors import Issue
from transit_model.measure.workspace import Workspace
from transit_model.store.library import Library
from transit_model.studio.files import TextFile


@dataclass(frozen=True)
class _WithFiles(Library):
    """A library in which some files are as they will be: they take the place of those that stand there."""

    written: Library

    def list_files(self, kind: str = "") -> dict[str, Path]:
        """Return the files by id, those to come among them."""
        return dict(sorted((super().list_files(kind) | self.written.list_files(kind)).items()))


def check_files(workspace: Workspace, files: Iterable[TextFile], name: str) -> list[Issue]:
    """Return what `transit-model scenario check NAME` tells once the files stand in the folder of scenarios.

    Nothing is taken from what was read before: a project to come may change what its base brings by date.
    """
    with TemporaryDirectory() as folder:
        for file in files:
            path = Path(folder, file.name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(file.text, encoding="utf-8", newline="\n")
        library = _WithFiles(workspace.library.folders, Library((Path(folder),)))
        fresh = replace(workspace.afresh(), library=library)
        network, issues = fresh.check(name)
        if network is not None:
            issues += list_remarks(fresh, fresh.scenario(name).projects)
    return list(dict.fromkeys(issues))
