"""All pages and tables of a study into one folder, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from transit_model.errors import InputError, Issue
from transit_model.pages import text
from transit_model.pages.basemap_tiles import TileSource
from transit_model.pages.brief_page import brief_file, list_briefs, render_brief
from transit_model.pages.compare_page import compare_file, render_compare
from transit_model.pages.data_files import write_tables
from transit_model.pages.goals_page import render_goals
from transit_model.pages.index_page import render_index
from transit_model.pages.map_data import PageStore
from transit_model.pages.map_page import fit_page, render_map
from transit_model.pages.other_regions import list_other_regions
from transit_model.pages.page import Link, Site
from transit_model.pages.report_page import render_report
from transit_model.pages.timeline_page import render_timeline
from transit_model.pages.view import StudyView
from transit_model.store.cache import hash_file
from transit_model.store.shared_folder import SharedFolder, open_shared_folder

PAGE_BUDGET_BYTES: Final = 1_500_000
FOLDER_BUDGET_BYTES: Final = 30_000_000
_OTHER_FILES_BYTES: Final = 9_000_000
_RESERVED: Final = ("index", "goals", "timeline", "report")
MANIFEST: Final = "manifest.json"


def write_pages(
    view: StudyView,
    out_dir: Path | SharedFolder,
    *,
    lang: str = "zh",
    tiles: TileSource | None = None,
    later: Callable[..., Callable[[], tuple[dict[str, str], list[str]]]] = partial,
) -> list[Path]:
    """Write every page and table of a study and return their paths, the front page first.

    Everything is made in a hidden folder beside `out_dir` and put into place when whole (see `store.shared_folder`):
    an interrupted run leaves the maps of the run before as they were. Other files in `out_dir` are left alone; pages
    of the run before that this study no longer has are removed. The same view gives the same bytes, as
    long as the same regions have pages beside these (see `pages.other_regions`).
    The pages ask nothing of the internet unless `tiles` name an online base map.

    `out_dir` may be a folder of `open_pages` that is locked already.
    `later` has a function called, here or in another process, and returns what waits for its answer: tables and the
    pages of words are made beside the pages with maps.

    Raises
    ------
    InputError
        When scenario ids would overwrite each other's pages, or the folder cannot be written.
    """
    _check_ids(view)
    named = out_dir.named if isinstance(out_dir, SharedFolder) else out_dir
    others = list_other_regions(view.manifest.get("region", ""), named)
    site = Site(links=tuple(list_links(view)), lang=lang, tiles=tiles, others=others)

    def write(stage: Path) -> list[str]:
        (stage / "data").mkdir()
        texts = later(_make_texts, view, site, stage / "data")
        made, tolerances = _make_maps(view, site)
        words, tables = texts()
        pages = {**words, **made}
        for file, page in pages.items():
            (stage / file).write_text(page, encoding="utf-8", newline="\n")
        _write_manifest(view, stage, tolerances)
        return [link.file for link in site.links] + [f"data/{name}" for name in (*tables, MANIFEST)]

    if isinstance(out_dir, SharedFolder):
        return [out_dir.named / name for name in out_dir.replace(write)]
    with open_pages(out_dir) as folder:
        return [out_dir / name for name in folder.replace(write)]


def open_pages(out_dir: Path) -> AbstractContextManager[SharedFolder]:
    """Lock a folder of pages before there is anything to write: a second run is told at once.

    Raises
    ------
    InputError
        ``folder_busy``: another process writes there. ``cannot_write``.
    """
    return open_shared_folder(out_dir, f"data/{MANIFEST}")


def list_links(view: StudyView) -> list[Link]:
    """Return the pages of a study in the order of the navigation."""
    links = [Link("index.html", text.word("nav_index"), "index")]
    links += [Link(f"{s.id}.html", s.title, "map") for s in view.scenarios]
    if view.timeline:
        links.append(Link("timeline.html", text.word("timeline_title"), "timeline"))
    for pair in view.comparisons:
        title = text.fill(
            "compare_title",
            scenario=view.get_scenario(pair.scenario).title,
            base=view.get_scenario(pair.base).title,
        )
        links.append(Link(compare_file(pair), title, "compare"))
    for pair in list_briefs(view):
        title = text.fill("brief_title", scenario=view.get_scenario(pair.scenario).title)
        links.append(Link(brief_file(pair.scenario), title, "brief"))
    links.append(Link("goals.html", text.word("goals_title"), "goals"))
    links.append(Link("report.html", text.fill("report_title", region=view.region.title), "report"))
    return links


def _make_texts(view: StudyView, site: Site, folder: Path) -> tuple[dict[str, str], list[str]]:
    """Write the tables into a folder; return the texts of the pages without a map, and the names of the tables."""
    tables = write_tables(view, folder)
    listing = replace(site, data_files=(*tables, MANIFEST))
    pages = {
        "index.html": render_index(view, listing, PageStore(view)),
        "goals.html": render_goals(view, site),
        "report.html": render_report(view, site),
        **{brief_file(pair.scenario): render_brief(view, site, pair) for pair in list_briefs(view)},
    }
    return pages, tables


def _make_maps(view: StudyView, site: Site) -> tuple[dict[str, str], dict[str, float]]:
    """Return the text of every page, and the tolerance in metres of the shapes of those with maps.

    Shapes are as fine as a page may weigh; when the folder then weighs too much, all maps share its room evenly.
    """
    store = PageStore(view)
    with_map: list[tuple[str, Callable[[float], str]]] = [
        (f"{s.id}.html", partial(render_map, view, site, s, store)) for s in view.scenarios
    ]
    with_map += [(compare_file(p), partial(render_compare, view, site, p, store)) for p in view.comparisons]
    if view.timeline:
        with_map.append(("timeline.html", partial(render_timeline, view, site, store)))
    room = FOLDER_BUDGET_BYTES - _OTHER_FILES_BYTES
    made: dict[str, tuple[str, float]] = {}
    for budget in (PAGE_BUDGET_BYTES, room // len(with_map)):
        made = {file: fit_page(make, budget) for file, make in with_map}
        if sum(len(page.encode()) for page, _ in made.values()) <= room:
            break
    pages = {file: page for file, (page, _) in made.items()}
    return pages, {file: tolerance for file, (_, tolerance) in made.items()}


def _check_ids(view: StudyView) -> None:
    ids = [s.id for s in view.scenarios]
    bad = sorted({i for i in ids if ids.count(i) > 1 or i in _RESERVED or i.startswith(("compare-", "brief-"))})
    if bad:
        raise InputError(
            [
                Issue("page_name_taken", "error", "two pages would have the same name", field="id", value=i,
                      hint="give the scenario another id")
                for i in bad
            ]
        )  # fmt: skip


def _write_manifest(view: StudyView, stage: Path, tolerances: dict[str, float]) -> None:
    files = sorted(p.relative_to(stage).as_posix() for p in stage.rglob("*") if p.is_file())
    manifest = {
        **view.manifest,
        "simplification_tolerance_m": tolerances,
        "files": {name: {"bytes": (stage / name).stat().st_size, "sha256": hash_file(stage / name)} for name in files},
    }
    content = json.dumps(manifest, ensure_ascii=False, indent=1, default=str) + "\n"
    (stage / "data" / MANIFEST).write_text(content, encoding="utf-8", newline="\n")
