"""Commands that tell what there is: transit-model find WORD, transit-model data list WHAT."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transit_model.cli.option_groups import Shown, grouped
from transit_model.cli.options import OutOption, RegionOption, ScenarioOption, ScenariosOption
from transit_model.cli.output import Format, find_language, reporting, say, write_csv, write_json, write_table
from transit_model.cli.row_files import check_row_file, start_paper, write_records

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from transit_model.catalogue.inventory import Thing

WHATS = ("places", "stations", "nodes", "roads", "scenarios", "projects", "goals", "layers", "indicators")
"""What `data list` lists."""
_SHOWN = 60
"""Characters of an unknown word that are said again."""
_SHORT = {
    "zh": {"what": "类别", "id": "编号", "kind": "种类", "stop_id": "车站编号", "use": "用于"},
    "en": {"what": "what", "id": "id", "kind": "kind", "stop_id": "stop_id", "use": "use in"},
}


@dataclass(frozen=True)
class Where:
    """Whose things are looked up."""

    scenario: ScenarioOption = None
    region: RegionOption = None
    scenarios: ScenariosOption = None


def register(app: typer.Typer) -> None:
    """Add `find` to the application."""
    app.command()(grouped(find))


def register_list(app: typer.Typer) -> None:
    """Add `list` to the commands on data."""
    app.command("list")(grouped(list_things))


def find(
    words: Annotated[
        list[str], typer.Argument(metavar="WORD...", help="Chinese, pinyin (huhehaote, hhht) or English; or an id.")
    ],
    what: Annotated[
        str, typer.Option("--what", help=f"Only some kinds of things, with commas: {', '.join(WHATS)}.")
    ] = "",
    most: Annotated[int, typer.Option("--most", min=1, help="Rows at most; JSON and CSV hold as many.")] = 20,
    out: OutOption = None,
    *,
    where: Where,
    shown: Shown,
) -> None:
    """Find places, stations, roads, nodes, projects, goals by name, pinyin or English. 查找"""
    with reporting(shown.form, debug=shown.debug):
        from transit_model.catalogue.find import HOW_NAMES, find_things

        check_row_file(out)
        word = " ".join(words)
        kinds = pick_whats(what)
        found = find_things(_collect(kinds, where), word)
        rows = [f.as_row() for f in found[:most]]
        if out is not None:
            write_records(out, rows, start_paper(shown.lang, "查找", "found"))
            say(str(out))
        elif shown.form is Format.JSON:
            write_json({"word": word, "found": len(found), "rows": rows})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            language = find_language(shown.lang)
            zh = language == "zh"
            if not found:
                named = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"
                hint = "所有名称：transit-model data list places（或 stations、nodes、roads、projects、goals）"
                everything = "all names: transit-model data list places (or stations, nodes, roads, projects, goals)"
                say(f"没有找到“{named}”。{hint}" if zh else f"nothing is called {named!r}; {everything}")
                return
            table_rows = [{**_show(f.thing, language), "match": HOW_NAMES[f.how][language]} for f in found[:most]]
            write_table(
                table_rows,
                {**_headings(language, table_rows), "match": "匹配" if zh else "match"},
                fold=("what", "use"),
            )
            if len(found) > most:
                more = len(found) - most
                say(
                    f"另有{more}项，用 --most 或 --what 缩小范围" if zh else f"{more} more: --most, or --what to narrow"
                )


def list_things(
    what: Annotated[list[str], typer.Argument(metavar="WHAT...", help=f"One or more of {', '.join(WHATS)}.")],
    out: OutOption = None,
    *,
    where: Where,
    shown: Shown,
) -> None:
    """List places, stations, nodes, roads, scenarios, projects, goals, indicators with their ids. 清单"""
    with reporting(shown.form, debug=shown.debug):
        check_row_file(out, ".html")
        things = _collect(pick_whats(",".join(what)), where)
        rows = [t.as_row() for t in things]
        if out is not None and out.suffix.lower() == ".html":
            from transit_model.catalogue.inventory import Inventory
            from transit_model.pages.things_page import write_things_page

            network = Inventory.open(where.region, where.scenarios, where.scenario).network
            write_things_page(out, things, network, find_language(shown.lang))
            say(str(out))
        elif out is not None:
            write_records(out, rows, start_paper(shown.lang, "清单", "list", by="what"))
            say(str(out))
        elif shown.form is Format.JSON:
            write_json({"rows": rows})
        elif shown.form is Format.CSV:
            write_csv(rows)
        else:
            language = find_language(shown.lang)
            table_rows = [_show(t, language) for t in things]
            if not table_rows:
                say(_tell_none(what, language))
                return
            write_table(table_rows, _headings(language, table_rows), fold=("what", "use"))


def _tell_none(what: Sequence[str], language: str) -> str:
    """Return what is said where there is nothing of a kind, with what to do for layers, which no shipped pack has."""
    zh = language == "zh"
    from transit_model.catalogue.inventory import WHAT_NAMES

    kinds = pick_whats(",".join(what))
    names = [WHAT_NAMES.get(k, {"zh": k})["zh"] for k in kinds]
    said = f"这里没有{'、'.join(names)}。" if zh else f"there are no {', '.join(f'{k}s' for k in kinds)} here."
    if "layer" in kinds:
        said += (
            "机会点图层来自区域数据包的 opportunities.csv；也可以用 --opportunities 文件.csv（id, lon, lat 和一列数）。"
            if zh
            else " Layers of opportunities come from opportunities.csv of a region pack; or give "
            "--opportunities FILE.csv (id, lon, lat and a column of numbers)."
        )
    return said


def pick_whats(text: str) -> list[str]:
    """Return the kinds of things of an option, in one number; none for all.

    Raises
    ------
    InputError
        ``unknown_value`` for each word that is none.
    """
    from transit_model.errors import InputError, Issue
    from transit_model.near_names import hint_near

    known = {w: w.removesuffix("s") for w in WHATS}
    words = [w.strip().lower() for w in text.replace("，", ",").split(",") if w.strip()]
    wrong = [w for w in words if w not in known and w not in known.values()]
    if wrong:
        hints = [hint_near(w, WHATS, f"use {', '.join(WHATS)}") for w in wrong]
        raise InputError(
            [
                Issue("unknown_value", "error", f"no list called {w!r}", field="what", value=w, hint=hint)
                for w, hint in zip(wrong, hints, strict=True)
            ]
        )
    return [known.get(w, w) for w in words]


def _collect(kinds: Sequence[str], where: Where) -> list[Thing]:
    from transit_model.catalogue.inventory import Inventory, Thing
    from transit_model.indicator_tables.registry import INDICATORS

    things: list[Thing] = []
    if not kinds or set(kinds) != {"indicator"}:
        things += Inventory.open(where.region, where.scenarios, where.scenario).list_things(kinds)
    if not kinds or "indicator" in kinds:
        things += [Thing("indicator", row.name, row.zh, row.en, use="indicators") for row in INDICATORS.values()]
    return things


def _headings(language: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the columns for people; those that say nothing in any row are left out."""
    words = _SHORT[language]
    names = ("name_zh", "名称", "name_en", "英文名") if language == "zh" else ("name_en", "name", "name_zh", "Chinese")
    head = {"what": words["what"], "id": words["id"], names[0]: names[1], names[2]: names[3]}
    head |= {k: words[k] for k in ("kind", "stop_id", "use")}
    return {name: word for name, word in head.items() if any(row[name] for row in rows)}


def _show(thing: Thing, language: str) -> dict[str, Any]:
    from transit_model.catalogue.inventory import WHAT_NAMES

    row = {**thing.as_row(), "what": WHAT_NAMES[thing.what][language]}
    return {**row, "stop_id": "" if thing.stop_id == thing.thing_id else thing.stop_id}
