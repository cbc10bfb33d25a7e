"""A saved scenario written for others: GTFS and GeoPackage, or the offline pages, into the folder of one's own."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from transit_model.catalogue.export import export_scenario
from transit_model.pages.run import run_study
from transit_model.store.write import make_parents, write_text
from transit_model.studio.files import format_yaml
from transit_model.studio.question import WriteBody
from transit_model.studio.service import Studio


def write_out(studio: Studio, question: WriteBody) -> dict[str, Any]:
    """Write a saved scenario and return the names of the files; a workspace of its own reads it afresh.

    Raises
    ------
    InputError
        ``no_folder`` without a folder of one's own; ``unknown_timetable``; ``cannot_write``.
    ScenarioError
        When there is no such scenario.
    """
    folder = studio.get_folder()
    workspace = studio.workspace.afresh()
    if question.timetable is not None:
        workspace.region.info.get_timetable(question.timetable)
        workspace = replace(workspace, timetable=question.timetable)
    scenario = workspace.scenario(question.id)
    name = scenario.scenario_id
    if question.what == "export":
        paths = export_scenario(workspace, name, folder / "exports" / name)
    else:
        base = scenario.base_id or workspace.choose()
        title = {"zh": scenario.title.zh, "en": scenario.title.en}
        study: dict[str, Any] = {"id": name, "title": title, "scenarios": [base, name], "goals": "all"}
        study["comparisons"] = [{"base": base, "scenario": name}]
        file = folder / "studies" / f"{name}.yaml"
        make_parents(file)
        write_text(file, format_yaml(study, file.name))
        paths = run_study(workspace, str(file), folder / "maps" / name)[1]
    names = [p.relative_to(folder).as_posix() for p in paths if p.suffix in _TOLD]
    return {"files": sorted(names, key=_rank)}


def _rank(name: str) -> tuple[int, str]:
    """Return the place of a file in what is told: the front page, the brief of two pages, all others by name."""
    file = name.rpartition("/")[2]
    return (0 if file == "index.html" else 1 if file.startswith("brief-") else 2), name


_TOLD = {".html", ".gpkg", ".txt", ".json", ".zip"}
