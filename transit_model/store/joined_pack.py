"""Two region packs as one: ``--region first+second``.

Things of the same id are matched (`joined_tables`, `joined_trains`), and ``checks/joined_rows.csv`` of the joined pack
has a row for each: which row was taken, and what is a conflict to look at. ``join/choices.yaml`` in the bundled
scenarios of the pair may say which ids of the second region mean a node of the first, and whose project file is taken.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from transit_model.errors import InputError, Issue
from transit_model.store.cache import Cache, hash_file, make_key
from transit_model.store.joined_tables import (
    JOINT,
    REVIEW_COLUMNS,
    Review,
    Row,
    join_plain,
    match_links,
    match_points,
    read_rows,
    rename_nodes,
    write_rows,
)
from transit_model.store.joined_trains import join_feeds
from transit_model.store.scratch import make_scratch
from transit_model.store.yaml_lines import parse_yaml

REVIEW: Final = "checks/joined_rows.csv"
CHOICES: Final = "join/choices.yaml"
PROJECTS: Final = Path("scenarios") / "projects"
VERSION: Final = "2"
"""Goes up when two packs would be joined another way."""
_REGION = "region.yaml"
_POINTS: Final = {
    "places.csv": ("place", "place_id", "kind"), "stations.csv": ("station", "stop_id", "region"),
    "roads/nodes.csv": ("node", "node_id", "kind"),
}  # fmt: skip
_KEYS: Final = {"counties.csv": "adcode", "facilities.csv": "facility_id", "sources.csv": "key"}
_APART: Final = {*_POINTS, "roads/links.csv", "roads/shapes.csv", _REGION, "manifest.json", "county_outlines.geojson"}


@dataclass(frozen=True)
class Pair:
    """Two packs with their names, libraries of projects, and the choices of the pair."""

    names: tuple[str, str]
    packs: tuple[Path, Path]
    libraries: tuple[Path | None, Path | None]
    choices: Path | None = None

    @property
    def region_id(self) -> str:
        """Return the id of the joined region."""
        return JOINT.join(self.names)


def open_joined(pair: Pair) -> Path:
    """Return the folder of the joined pack, made now when the cache does not have it.

    Raises
    ------
    InputError
        ``cannot_join`` when the packs cannot stand together.
    """
    folders = [*pair.packs, *(folder / "projects" for folder in pair.libraries if folder is not None)]
    files = [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()]
    files += [pair.choices] if pair.choices is not None else []
    key = make_key("joined pack", version=VERSION, names=pair.names, files=[hash_file(p) for p in files])
    place = Cache().fetch(key, lambda folder: join_packs(pair, folder / "pack"))
    if place is None:
        place = _join_for_now(pair, key)
    return place / "pack"


@cache
def _join_for_now(pair: Pair, _key: str) -> Path:
    """Join into a folder that goes with this process, once for the same files."""
    place = make_scratch("joined")
    join_packs(pair, place / "pack")
    return place


def join_packs(pair: Pair, out: Path) -> list[Row]:
    """Write the pack of both into a folder and return the rows to review.

    Raises
    ------
    InputError
        ``cannot_join``: other timetables, or a pack that is not sound by itself.
    """
    try:
        return _join(pair, out)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = "one of the two packs is not sound by itself"
        hint = f"check each: transit-model data verify --region ... ({type(error).__name__}: {error})"
        value = pair.region_id
        raise InputError(Issue("cannot_join", "error", message, field="region", value=value, hint=hint)) from error


def _join(pair: Pair, out: Path) -> list[Row]:
    documents = tuple(parse_yaml((p / _REGION).read_bytes(), file=f"{p.name}/{_REGION}").data for p in pair.packs)
    choices = {} if pair.choices is None else parse_yaml(pair.choices.read_bytes(), file=CHOICES).data
    review = Review(pair.names)
    out.mkdir(parents=True, exist_ok=True)
    same = {str(k): str(v) for k, v in (choices.get("nodes") or {}).items()}
    points = _join_points(pair, same, review, out)
    _join_roads(pair, same, review, out)
    _join_tables(pair, same, out)
    _join_outlines(pair, out)
    _join_ground(pair, documents, out)
    timetables = _join_timetables(pair, documents, points, review, out)
    _join_projects(pair, choices.get("projects") or {}, review, out)
    head = f"id: {pair.region_id}\n"
    body = _join_regions(documents, timetables, review)
    (out / _REGION).write_text(
        head + "".join(f"{key}: {json.dumps(value, ensure_ascii=False, default=str)}\n" for key, value in body.items()),
        encoding="utf-8",
    )
    write_rows(out / REVIEW, REVIEW_COLUMNS, review.rows)
    _write_manifest(pair.region_id, out)
    return review.rows


def _join_points(pair: Pair, same: Mapping[str, str], review: Review, out: Path) -> dict[str, Row]:
    stations: dict[str, Row] = {}
    for file, (item, key, kind) in _POINTS.items():
        (columns, first), (more, second) = (read_rows(pack / file) for pack in pair.packs)
        rows = match_points(item, key, (first, rename_nodes(second, same)), review, kind=kind)
        if columns or more:
            write_rows(out / file, [*columns, *(c for c in more if c not in columns)], rows)
        if item == "station":
            stations = {row[key]: row for row in rows}
    return stations


def _join_roads(pair: Pair, same: Mapping[str, str], review: Review, out: Path) -> None:
    nodes, links, shapes = (
        [read_rows(pack / f"roads/{name}.csv") for pack in pair.packs] for name in ("nodes", "links", "shapes")
    )
    second_nodes, second_links = (rename_nodes(table[1][1], same) for table in (nodes, links))
    kept = match_links((links[0][1], second_links), (nodes[0][1], second_nodes), review)
    taken = {row["link_id"] for row in kept[0]}
    renamed = {row["link_id"]: f"{row['link_id']}-{pair.names[1]}" for row in kept[1] if row["link_id"] in taken}
    second = [{**row, "link_id": renamed.get(row["link_id"], row["link_id"])} for row in kept[1]]
    write_rows(out / "roads/links.csv", links[0][0], [*kept[0], *second])
    own = {row["link_id"] for row in kept[1]}
    drawn = [row for row in shapes[0][1] if row["link_id"] in taken]
    drawn += [
        {**row, "link_id": renamed.get(row["link_id"], row["link_id"])} for row in shapes[1][1] if row["link_id"] in own
    ]
    if drawn:
        write_rows(out / "roads/shapes.csv", shapes[0][0] or shapes[1][0], drawn)


def _join_tables(pair: Pair, same: Mapping[str, str], out: Path) -> None:
    files = {
        p.relative_to(pack).as_posix()
        for pack in pair.packs
        for folder in ("", "calibration", "checks")
        for p in (pack / folder).glob("*.csv")
    }
    for file in sorted(files - _APART):
        (columns, first), (more, second) = (read_rows(pack / file) for pack in pair.packs)
        columns += [c for c in more if c not in columns]
        blank = dict.fromkeys(columns, "")
        rows = [[{**blank, **row} for row in table] for table in (first, rename_nodes(second, same))]
        write_rows(out / file, columns, join_plain(rows[0], rows[1], _KEYS.get(file, "")))


def _join_outlines(pair: Pair, out: Path) -> None:
    found = [pack / "county_outlines.geojson" for pack in pair.packs]
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in found if path.is_file()]
    if documents:
        joined = {**documents[0], "features": [f for document in documents for f in document["features"]]}
        (out / "county_outlines.geojson").write_text(json.dumps(joined, ensure_ascii=False), encoding="utf-8")


def _join_ground(pair: Pair, documents: tuple[Mapping[str, Any], ...], out: Path) -> None:
    """Lay the ground of the larger region under both; courses and shields are those of both."""
    boxes = [document["bbox"] for document in documents]
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in boxes]
    larger = int(areas[1] > areas[0])
    if not (pair.packs[larger] / "ground").is_dir():
        return
    shutil.copytree(pair.packs[larger] / "ground", out / "ground")
    for file, key in (("rail_shapes.csv", ""), ("shields.csv", ""), ("neighbours.csv", "name_zh")):
        (columns, first), (_, second) = (read_rows(pair.packs[n] / "ground" / file) for n in (larger, 1 - larger))
        rows = join_plain(first, second, key)
        if key:
            _, places = read_rows(out / "places.csv")
            own = {row["name_zh"] for row in places if row["kind"] == "centre"}
            rows = [row for row in rows if row[key] not in own]
        if file == "rail_shapes.csv":
            drawn = {(row["from_stop_id"], row["to_stop_id"]) for row in first}
            rows = [*first, *(row for row in second if (row["from_stop_id"], row["to_stop_id"]) not in drawn)]
        write_rows(out / "ground" / file, columns, rows)


def _join_timetables(
    pair: Pair, documents: tuple[Mapping[str, Any], ...], points: Mapping[str, Row], review: Review, out: Path
) -> list[dict[str, Any]]:
    lists = [{t["id"]: dict(t) for t in document.get("timetables") or ()} for document in documents]
    alone = sorted(set(lists[0]) ^ set(lists[1]))
    if alone or not lists[0]:
        message = "the two regions have not the same timetables, so there is no day on which both are known"
        hint = "give both the same `timetables` by id"
        raise InputError(Issue("cannot_join", "error", message, field="timetables", value=", ".join(alone), hint=hint))
    joined = []
    for name, first in lists[0].items():
        second = lists[1][name]
        folders = (pair.packs[0] / first["folder"], pair.packs[1] / second["folder"])
        join_feeds(folders, points, review, out / first["folder"])
        texts = {key: _join_texts(first.get(key), second.get(key)) for key in ("vintage", "notes")}
        sources = list(dict.fromkeys([*(first.get("source") or ()), *(second.get("source") or ())]))
        dates = {key: str(first[key]) for key in ("valid_from", "service_date") if key in first}
        joined.append({**first, **dates, **{k: v for k, v in texts.items() if v}, "source": sources})
    return joined


def _join_projects(pair: Pair, chosen: Mapping[str, str], review: Review, out: Path) -> None:
    """Copy the projects of both libraries; of one that both have the chosen file, else none, which is a conflict."""
    found = [
        {} if folder is None else {p.stem: p for p in sorted((folder / "projects").glob("*.yaml"))}
        for folder in pair.libraries
    ]
    (out / PROJECTS).mkdir(parents=True, exist_ok=True)
    for name in sorted({*found[0], *found[1]}):
        both = name in found[0] and name in found[1]
        if both and chosen.get(name) not in pair.names:
            review.tell("project", name, "", "neither file is taken: name one in join/choices.yaml", 0)
            continue
        side = pair.names.index(chosen[name]) if both else int(name not in found[0])
        shutil.copyfile(found[side][name], out / PROJECTS / f"{name}.yaml")


def _join_regions(
    documents: tuple[Mapping[str, Any], ...], timetables: list[dict[str, Any]], review: Review
) -> dict[str, Any]:
    """Return what region.yaml of both says, the id apart."""
    first, second = documents
    boxes = list(zip(first["bbox"], second["bbox"], strict=True))
    box = [min(boxes[0]), min(boxes[1]), max(boxes[2]), max(boxes[3])]
    middle = (
        f"+proj=laea +lat_0={(box[1] + box[3]) / 2:g} +lon_0={(box[0] + box[2]) / 2:g} +datum=WGS84 +units=m +no_defs"
    )
    groups = {**second["groups"], **first["groups"]}
    groups["centres"] = [place for document in documents for place in document["groups"].get("centres", ())]
    windows = [document["departure_window"] for document in documents]
    if windows[0] != windows[1]:
        review.tell("departure_window", "", "-".join(windows[0]), "-".join(windows[1]), 0)
    body = {
        "title": _join_texts(first["title"], second["title"], " + "), "crs": middle, "bbox": box,
        "built_as_of": min(str(document["built_as_of"]) for document in documents),
        "service_date": str(first["service_date"]), "departure_window": windows[0],
        "timetable_vintage": _join_texts(first.get("timetable_vintage"), second.get("timetable_vintage")),
        "timetables": timetables,
        "groups": groups, "main_stations": {**second.get("main_stations", {}), **first.get("main_stations", {})},
        "known_gaps": join_texts_once(documents, "known_gaps"), "limits": join_texts_once(documents, "limits"),
        "attribution": _join_texts(first["attribution"], second["attribution"]),
    }  # fmt: skip
    return {key: value for key, value in body.items() if value}


def join_texts_once(documents: tuple[Mapping[str, Any], ...], key: str) -> list[Any]:
    """Return the texts of both lists, each once."""
    return list({str(text): text for document in documents for text in document.get(key) or ()}.values())


def _join_texts(first: Mapping[str, str] | None, second: Mapping[str, str] | None, sign: str = "; ") -> dict[str, str]:
    texts = [text for text in (first, second) if text]
    return {} if not texts else {lang: sign.join(dict.fromkeys(t[lang] for t in texts)) for lang in ("zh", "en")}


def _write_manifest(region_id: str, out: Path) -> None:
    files = {p.relative_to(out).as_posix(): {"sha256": hash_file(p)} for p in sorted(out.rglob("*")) if p.is_file()}
    manifest = {"schema": 1, "region": region_id, "built_by": "transit-model", "files": files}
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
