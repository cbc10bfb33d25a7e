"""The command of the national travel circle: transit-model reach --from STATION."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.measure_options import read_cutoffs
from transit_model.cli.option_groups import Moment, Pack, Shown, grouped
from transit_model.cli.options import OutOption, ScenarioOption
from transit_model.cli.output import (
    Format,
    find_language,
    print_issues,
    reporting,
    say,
    write_csv,
    write_json,
    write_table,
)
from transit_model.cli.row_files import check_row_file, start_paper, write_records
from transit_model.cli.unused_options import refuse_unused
from transit_model.errors import InputError, Issue

if TYPE_CHECKING:
    from datetime import date

    from transit_model.domain.region import Feed, TimetableInfo
    from transit_model.measure.rail_reach import RailTimetable, Reach

READING_TITLES = {
    "fastest": {"zh": "最快车（上车到下车）", "en": "fastest train, boarding to alighting"},
    "typical": {"zh": "典型（含候车，中位）", "en": "typical: median with the wait"},
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(grouped(reach))


@dataclass(frozen=True)
class ReachSource:
    """Which trains: a table, feeds, else those of the region."""

    trains: Annotated[
        Path | None, typer.Option("--trains", help="Train table (12306 style), .csv or .xlsx, e.g. of a whole country.")
    ] = None
    stations: Annotated[
        Path | None, typer.Option("--stations", help="With --trains, for the map: name, lon, lat of the stations.")
    ] = None
    gtfs: Annotated[list[Path] | None, typer.Option("--gtfs", help="GTFS zip or folder; say it again for more.")] = None
    scenario: ScenarioOption = None


@dataclass(frozen=True)
class ReachQuestion:
    """From where, within which hours, and what is counted."""

    cutoffs: Annotated[str, typer.Option("--cutoffs", help="Minutes, with commas.")] = "60,120,180"
    cities: Annotated[
        Path | None,
        typer.Option("--cities", help="CSV city,population and/or station,city: cities, and people within."),
    ] = None
    most: Annotated[int, typer.Option("--most", min=0, help="Stations in the table for people.")] = 20
    out: OutOption = None


def reach(
    context: typer.Context,
    origin: Annotated[str, typer.Option("--from", help="Station: name (站 may be left out) or id.")],
    source: ReachSource,
    question: ReachQuestion,
    pack: Pack,
    moment: Moment,
    shown: Shown,
) -> None:
    """Tell which stations and cities trains reach from a station within 1, 2, 3 hours; table, map. 铁路123交通圈"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.measure.rail_reach import read_cities
        from transit_model.units import min_to_s

        own = source.trains is None and not source.gtfs
        by_region = (own, "with the timetable of a region")
        refuse_unused(
            context,
            {
                "stations": (source.trains is not None, "with --trains"),
                "date": (source.trains is None, "with --gtfs or a region: a table of trains has no days"),
                **dict.fromkeys(("region", "scenarios", "timetable", "scenario"), by_region),
            },
        )
        check_row_file(question.out, ".html")
        cutoffs = read_cutoffs(question.cutoffs)
        timetable, issues, ran = _open(source, pack, moment)
        if shown.form is not Format.JSON:
            print_issues(issues, shown.form)
        cities = None if question.cities is None else read_cities(question.cities)
        found = timetable.compute_reach(timetable.find_station(origin), cities, min_to_s(cutoffs[-1]))
        rings, language = found.list_rings(cutoffs), find_language(shown.lang)
        named = {} if ran is None else {"timetable": ran.timetable_id}
        rows = [{**row, **named} for row in found.list_rows(cutoffs)]
        if question.out is not None:
            _write(question.out, (found, rows, cutoffs), shown, ran)
            say(str(question.out))
        elif shown.form is Format.JSON:
            answer = {"from": str(found.stops["name"].iloc[found.origin]), "rings": rings, "rows": rows, **named}
            beside = {"issues": [i.as_dict() for i in issues]} if issues else {}
            write_json({**answer, "cities_assumed": found.assumed_cities, **beside})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            _print(found, rings, rows[: question.most], language)
            if ran is not None:
                say(_name_vintage(ran, language))


def _name_vintage(ran: TimetableInfo, language: str) -> str:
    return f"{'时刻表' if language == 'zh' else 'timetable'} {ran.timetable_id}: {ran.vintage[language]}"


def _open(source: ReachSource, pack: Pack, moment: Moment) -> tuple[RailTimetable, list[Issue], TimetableInfo | None]:
    """Return the timetable that is asked, what to tell of its files, and which one of a region it is."""
    from transit_model.measure.rail_reach import WINDOW_S, RailTimetable
    from transit_model.measure.workspace import Workspace, parse_day, parse_window

    if source.trains is not None and source.gtfs:
        message, hint = "trains come from --trains or from --gtfs", "one source at a time"
        raise InputError(Issue("one_only", "error", message, field="gtfs", hint=hint))
    day = None if moment.date is None else parse_day(moment.date)
    window = None if moment.window is None else parse_window(moment.window)
    if source.trains is None and not source.gtfs:
        workspace = Workspace.open(pack.region, pack.scenarios, timetable=pack.timetable)
        session = workspace.session(source.scenario, date=moment.date, window=moment.window)
        network = session.network
        timetable = RailTimetable(
            network.feed,
            day=session.service_date,
            window=session.window,
            assumptions=network.assumptions,
            network=network,
        )
        return timetable, workspace.data_warnings(), workspace.find_timetable(session.scenario_id)
    feed, issues, first = _read(source)
    timetable = RailTimetable(feed, day=day or first, window=window or WINDOW_S)
    return timetable, [i for i in issues if i.severity != "info"], None


def _read(source: ReachSource) -> tuple[Feed, list[Issue], date | None]:
    from transit_model.gtfs.feed_import import import_feeds
    from transit_model.gtfs.train_table import read_train_table
    from transit_model.measure.rail_reach import ANY_DAY

    if source.trains is None:
        return *import_feeds(source.gtfs or []), None
    feed, issues = read_train_table(source.trains, source.stations, valid=(ANY_DAY, ANY_DAY))
    return feed, issues, ANY_DAY


def _write(
    out: Path, what: tuple[Reach, list[dict[str, Any]], Sequence[float]], shown: Shown, ran: TimetableInfo | None
) -> None:
    (found, rows, cutoffs), language = what, find_language(shown.lang)
    if out.suffix.lower() == ".html":
        from transit_model.pages.reach_page import write_reach_page

        write_reach_page(out, found, cutoffs, language, "" if ran is None else _name_vintage(ran, language))
        return
    name = "圈层" if language == "zh" else "rings"
    paper = start_paper(shown.lang, "车站", "stations", more={name: _show_rings(found.list_rings(cutoffs), language)})
    write_records(out, rows, paper)


def _show_rings(rings: Sequence[Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    return [{**r, "reading": READING_TITLES[str(r["reading"])][language]} for r in rings]


def _print(found: Reach, rings: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], language: str) -> None:
    zh = language == "zh"
    origin = str(found.stops["name"].iloc[found.origin])
    headings = {
        "reading": "口径" if zh else "reading",
        "cutoff_min": "时限（分钟）" if zh else "within, min",
        "stations": "车站" if zh else "stations",
        "cities": "城市" if zh else "cities",
        **({"people": "人口" if zh else "people"} if found.people else {}),
    }

    def tell(people: float | None) -> str | None:
        return None if people is None else f"{people:,.0f}"

    counted = [
        {**r, "cutoff_min": f"{r['cutoff_min']:g}", "people": None if r["people"] is None else f"{r['people']:,.0f}"}
        for r in rings
    ]
    write_table(_show_rings(counted, language), headings, title=f"{origin}: {'铁路可达' if zh else 'by rail'}")
    if rows:
        columns = ("to", "city", "fastest_min", "typical_min")
        english = ("station", "city", "fastest, min", "typical, min")
        words = ("车站", "城市", "最快（分钟）", "典型（分钟）") if zh else english
        write_table(rows, dict(zip(columns, words, strict=True)))
    if found.assumed_cities:
        assumed = "城市按站名推断（北京南属北京）；用 --cities 指定"
        say(assumed if zh else "cities are guessed by the names of stations (北京南 is of 北京); --cities says better")
    lacking = max((int(r["cities_without_people"] or 0) for r in rings), default=0)
    if lacking:
        say(f"其中最多{lacking}个城市没有人口数" if zh else f"up to {lacking} of the cities have no number of people")
