"""Commands on the timetables of a region: timetable list, timetable diff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from transit_model.cli.option_groups import Shown, grouped
from transit_model.cli.options import OutOption, RegionOption
from transit_model.cli.output import Format, find_language, reporting, say, write_csv, write_json, write_table

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command("list")
@grouped
def list_command(
    region: RegionOption = None,
    *,
    shown: Shown,
) -> None:
    """List the timetables of the region: from when, of what, trips, limits. 时刻表"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.region.pack import read_region
        from transit_model.region.status import describe_timetables
        from transit_model.store.resources import DEFAULT_REGION, find_region

        rows = describe_timetables(read_region(find_region(region or DEFAULT_REGION)))
        if shown.form is Format.JSON:
            write_json({"rows": rows})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            language = find_language(shown.lang)
            zh = language == "zh"
            names = {
                "timetable": "时刻表" if zh else "timetable",
                "valid_from": "自" if zh else "from",
                "service_date": "默认运行日" if zh else "service date",
                "trips": "车次" if zh else "trips",
                "stops_served": "有车的车站" if zh else "stops served",
                "vintage": "说明" if zh else "vintage",
            }
            write_table([{**r, "vintage": r["vintage"][language]} for r in rows], names)
            for row in rows:
                if row["notes"] is not None:
                    say(f"{row['timetable']}: {row['notes'][language]}")


@dataclass(frozen=True)
class DiffQuestion:
    """Which trains of two timetables are compared."""

    origins: Annotated[
        str, typer.Option("--from", help="Stations, cities with main stations, or a group; with commas.")
    ] = "centres"
    destinations: Annotated[str, typer.Option("--to", help="As --from.")] = "centres"
    routes: Annotated[
        str, typer.Option("--routes", help="Only trains of these route_short_names, e.g. G,D,C for EMU trains.")
    ] = ""


@app.command()
@grouped
def diff(
    first: Annotated[str, typer.Argument(help="Timetable id, see `timetable list`.")],
    second: Annotated[str, typer.Argument(help="Timetable id.")],
    question: DiffQuestion,
    out: OutOption = None,
    region: RegionOption = None,
    *,
    shown: Shown,
) -> None:
    """Say what changed between two timetables: trains a day, fastest, median, first, last, stations. 时刻表比较"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.assumptions import read_default_assumptions
        from transit_model.catalogue.timetable_diff import CAUTION, diff_timetables
        from transit_model.cli.row_files import check_row_file, start_paper, write_records
        from transit_model.measure.places import PlaceIndex
        from transit_model.network.build import build_network
        from transit_model.region.pack import read_region
        from transit_model.store.resources import DEFAULT_REGION, find_region

        check_row_file(out)
        where = read_region(find_region(region or DEFAULT_REGION))
        # Places are looked up on the second, whose stations may be new.
        rules = read_default_assumptions()
        index = PlaceIndex(build_network(where, where.info.built_as_of, rules, timetable_id=second))
        from_places, to_places = index.list_group(question.origins), index.list_group(question.destinations)
        wanted = [n.strip() for n in question.routes.replace("，", ",").split(",") if n.strip()]
        result = diff_timetables(where, first, second, from_places, to_places, route_names=wanted)
        rows = result.rows()
        if out is not None:
            language = find_language(shown.lang)
            names = {p.place_id: p.name(language) for p in (*index.places, *from_places, *to_places)}
            write_records(out, rows, start_paper(shown.lang, "时刻表比较", "timetables", names=names))
            say(str(out))
        elif shown.form is Format.JSON:
            sides = {
                k: {"timetable": t.timetable_id, "vintage": dict(t.vintage), "service_date": t.service_date.isoformat()}
                for k, t in (("before", result.before), ("after", result.after))
            }
            stations = {"gained": list(result.gained), "lost": list(result.lost)}
            write_json({"rows": rows, "timetables": sides, "stations": stations, "caution": dict(CAUTION)})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            language = find_language(shown.lang)
            names = {p.place_id: p.name(language) for p in (*index.places, *from_places, *to_places)}
            stops = {p.stop_id: p.name(language) for p in index.places if p.stop_id}
            title = f"{result.before.vintage[language]} → {result.after.vintage[language]}"
            write_table([_show(row, names) for row in rows], _headings(language), title=title)
            zh = language == "zh"
            for word, found in (
                ("新增车站" if zh else "gained", result.gained),
                ("不再停靠" if zh else "lost", result.lost),
            ):
                if found:
                    say(f"{word}: {', '.join(stops.get(s, s) for s in found)}")
            say(CAUTION[language])


def _show(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return a row with both sides of each number in one cell."""
    out: dict[str, Any] = {"from": names.get(row["from"], row["from"]), "to": names.get(row["to"], row["to"])}
    for name, unit in (("trains", ""), ("fastest", "_min"), ("median", "_min"), ("first", ""), ("last", "")):
        pair = (row[f"{name}_before{unit}"], row[f"{name}_after{unit}"])
        out[name] = " → ".join("-" if v is None else f"{v:g}" if isinstance(v, int | float) else v for v in pair)
    return out


def _headings(language: str) -> dict[str, str]:
    zh = ("起点", "终点", "每日车次", "最快（分）", "中位（分）", "首班", "末班")
    en = ("from", "to", "trains a day", "fastest, min", "median, min", "first", "last")
    columns = ("from", "to", "trains", "fastest", "median", "first", "last")
    return dict(zip(columns, zh if language == "zh" else en, strict=True))
