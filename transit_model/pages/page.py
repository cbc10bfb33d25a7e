"""The frame of every page: templates, own styles and scripts, navigation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transit_model.pages import text
from transit_model.pages.basemap_tiles import TileSource
from transit_model.pages.citations import Citations
from transit_model.pages.other_regions import OtherRegion
from transit_model.pages.palette import COLOURS, LINES
from transit_model.pages.phrases import tell_note, tell_way
from transit_model.pages.project_state import tell_state
from transit_model.pages.range_values import list_range_values
from transit_model.pages.view import StudyView

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Link:
    """A page of this folder."""

    file: str
    title: Mapping[str, str]
    kind: str


@dataclass(frozen=True)
class Site:
    """What all pages share: the list of pages and the default language; the browser's goes before it if `follows`."""

    links: tuple[Link, ...] = ()
    lang: str = "zh"
    data_files: tuple[str, ...] = field(default_factory=tuple)
    tiles: TileSource | None = None
    others: tuple[OtherRegion, ...] = ()
    follows: bool = True

    def of_kind(self, kind: str) -> list[Link]:
        """Return the pages of a kind in order."""
        return [link for link in self.links if link.kind == kind]

    def has(self, file: str) -> bool:
        """Return True when a page of this name will be written."""
        return any(link.file == file for link in self.links)


def find_project_title(view: StudyView, project: str) -> Mapping[str, str]:
    """Return the title of a project of any scenario, its id when no scenario has it."""
    known = (p for s in view.scenarios for p in s.projects)
    return next((p.title for p in known if p.id == project), {"zh": project, "en": project})


def widen(title: Mapping[str, str]) -> dict[str, str]:
    """Return a title with full-width marks in its Chinese."""
    return {**title, "zh": text.widen_punctuation(title["zh"])}


@cache
def read_asset(name: str) -> Markup:
    """Return one of our own style sheets or scripts, ready to stand inside a page.

    Indents, and remarks after the one at the head of a script, are left out: they would be a hundredth of all pages.
    """
    from markupsafe import Markup

    lines = [line.strip() for line in (_FOLDER / "assets" / name).read_text(encoding="utf-8").strip().splitlines()]
    start = next((i for i, line in enumerate(lines) if not line.startswith("//")), 0)
    content = "\n".join(line for i, line in enumerate(lines) if i < start or not line.startswith("//"))
    return Markup(content.replace("</script", "<\\/script").replace("</style", "<\\/style"))


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        both=text.both,
        heading=text.heading,
        minutes=text.format_minutes,
        margin=text.format_margin,
        gain=text.format_gain,
        count=text.format_count,
        people=text.format_people,
        share=text.format_share,
        value=text.format_value,
        json_script=text.json_for_script,
    )
    environment.globals.update(
        say=text.say,
        word=text.word,
        fill=text.fill,
        asset=read_asset,
        missing=text.is_missing,
        has_word=text.has_word,
        tell_way=tell_way,
        tell_note=tell_note,
        list_range_values=list_range_values,
        tell_state=tell_state,
        lines=LINES,
        colours=COLOURS,
    )
    return environment


def render_template(template: str, **values: Any) -> str:  # noqa: ANN401
    """Return a page that belongs to no study as text."""
    return _environment().get_template(template).render(**values)


def render_page(
    template: str,
    view: StudyView,
    site: Site,
    *,
    title: Mapping[str, str],
    file: str,
    **values: Any,  # noqa: ANN401
) -> str:
    """Return a whole page as text."""
    citations = Citations(view)
    return (
        _environment()
        .get_template(template)
        .render(
            cite=citations,
            cite_both=citations.both,
            project_title=partial(find_project_title, view),
            view=view,
            region=view.region,
            site=site,
            title=widen(title),
            file=file,
            **values,
        )
    )
