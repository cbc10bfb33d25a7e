"""Tables of two region packs to one: rows of the same id are one thing, and which row is taken is written down.

The row of the region in which the thing lies is taken: a node or station that is no gateway there. Where both or
neither hold it inside, the row of higher confidence, else that of the first region. Plain files in, plain rows out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

Row = dict[str, str]
JOINT: Final = "+"
"""Stands between the names of two regions that are joined."""
GATEWAY: Final = "gateway"
REVIEW_COLUMNS: Final = (
    "item", "first_id", "second_id", "first_name", "second_name", "first_value", "second_value", "apart", "unit",
    "taken", "status", "source",
)  # fmt: skip
SAME_KM, APART_KM = 0.3, 2.0
"""Places of one id within the first are one point; beyond the second they are a conflict to look at."""
SAME_SHARE, APART_SHARE = 0.03, 0.15
"""The same of lengths of roads, as a share of the longer."""
_NODE_COLUMNS: Final = ("node_id", "road_node_id", "from_node_id", "to_node_id")
_RANKS: Final = {"high": 0, "medium": 1, "low": 2}


@dataclass
class Review:
    """What was matched, one row each: `status` is same, taken or conflict."""

    names: tuple[str, str]
    rows: list[Row] = field(default_factory=list)

    def add(self, item: str, pair: tuple[Row, Row], keys: tuple[str, str], taken: int, apart: float, unit: str) -> None:
        """Note one pair: the two values under `keys` are ids; how far apart they are decides the status."""
        same, far = (SAME_KM, APART_KM) if unit == "km" else (SAME_SHARE, APART_SHARE)
        status = "same" if apart <= same else "taken" if apart <= far else "conflict"
        first, second = pair
        self.rows.append({
            "item": item, "first_id": first[keys[0]], "second_id": second[keys[1]],
            "first_name": first.get("name_zh", ""), "second_name": second.get("name_zh", ""),
            "first_value": _describe(first), "second_value": _describe(second), "apart": f"{apart:.2f}", "unit": unit,
            "taken": self.names[taken], "status": status, "source": "[judged] by the rules of the join",
        })  # fmt: skip

    def tell(self, item: str, name: str, first: str, second: str, taken: int) -> None:
        """Note a conflict of things that have no distance."""
        row = dict.fromkeys(REVIEW_COLUMNS, "")
        row |= {"item": item, "first_id": name, "second_id": name, "first_value": first, "second_value": second}
        row |= {"taken": self.names[taken], "status": "conflict", "source": "[judged] by the rules of the join"}
        self.rows.append(row)


def read_rows(path: Path) -> tuple[list[str], list[Row]]:
    """Return columns and rows of a table as text; nothing where there is no file."""
    if not path.is_file():
        return [], []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        return list(reader.fieldnames or ()), [dict(row) for row in reader]


def write_rows(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    """Write a table with LF ends; cells that a row lacks stay empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, columns, restval="", lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def rename_nodes(rows: list[Row], names: Mapping[str, str]) -> list[Row]:
    """Return rows in which nodes bear the names of the first region."""
    columns = [column for column in _NODE_COLUMNS if rows and column in rows[0]]
    return [{**row, **{c: names.get(row[c], row[c]) for c in columns}} for row in rows] if names else rows


def match_points(
    item: str, key: str, tables: tuple[list[Row], list[Row]], review: Review, *, kind: str = "kind"
) -> list[Row]:
    """Return stations, nodes or places of both regions, each id once, and note every id that both have.

    What only one region knows of a thing (its road node, its aliases) is kept beside the row taken.
    """
    first, second = ({row[key]: row for row in rows} for rows in tables)
    out = []
    for name in [*first, *(n for n in second if n not in first)]:
        if name not in first or name not in second:
            out.append(first.get(name) or second[name])
            continue
        pair = (first[name], second[name])
        taken = choose(pair, kind)
        review.add(item, pair, (key, key), taken, measure_km(*pair), "km")
        other = pair[1 - taken]
        kept = {column: value or other.get(column, "") for column, value in pair[taken].items()}
        names = [n for row in pair for n in row.get("aliases", "").split(";") if n]
        out.append({**kept, **({"aliases": ";".join(dict.fromkeys(names))} if "aliases" in kept else {})})
    return out


def choose(pair: tuple[Row, Row], kind: str) -> int:
    """Return 0 or 1: whose row is taken."""
    outside = [row.get(kind, "") == GATEWAY for row in pair]
    if outside[0] != outside[1]:
        return int(outside[0])
    ranks = [_RANKS.get(row.get("confidence", ""), len(_RANKS)) for row in pair]
    return int(ranks[1] < ranks[0])


def measure_km(first: Row, second: Row) -> float:
    """Return the distance between two rows; 0 where one has no point."""
    values = [row.get(column, "") for row in (first, second) for column in ("lon", "lat")]
    if not all(values):
        return 0.0
    from transit_model.domain.geo import compute_great_circle_m

    return float(compute_great_circle_m(*(float(value) for value in values))) / 1000


def match_links(
    tables: tuple[list[Row], list[Row]], nodes: tuple[list[Row], list[Row]], review: Review
) -> tuple[list[Row], list[Row]]:
    """Return the links that stay of each region.

    A road on the other region's ground is the other's business, which drew it in detail: both ends are nodes of both
    regions, gateways here, and one of them at least lies inside there. Of roads of both regions between the same two
    nodes those of the region that holds more of the two ends inside stay.
    """
    known = tuple({row["node_id"] for row in rows} for rows in nodes)
    inside = tuple({row["node_id"] for row in rows if row["kind"] != GATEWAY} for rows in nodes)
    by_ends = tuple(_group(rows) for rows in tables)
    kept: tuple[list[Row], list[Row]] = ([], [])
    for side in (0, 1):
        other = 1 - side
        for ends, roads in by_ends[side].items():
            twins = by_ends[other].get(ends, [])
            if twins:
                pair = (roads[0], twins[0]) if side == 0 else (twins[0], roads[0])
                counts = [len(ends & inside[s]) for s in (0, 1)]
                taken = int(counts[1] > counts[0]) if counts[0] != counts[1] else choose(pair, "")
                if side == 0:
                    lengths = sorted(float(row["length_m"]) for row in pair)
                    review.add("road", pair, ("link_id", "link_id"), taken, 1 - lengths[0] / lengths[1], "share")
                if taken == side:
                    kept[side].extend(roads)
            elif not (ends <= known[other] and ends & inside[other] and not ends & inside[side]):
                kept[side].extend(roads)
            else:
                row = dict.fromkeys(REVIEW_COLUMNS, "")
                row |= {"item": "road", ("first_id", "second_id")[side]: roads[0]["link_id"]}
                row |= {("first_value", "second_value")[side]: _describe(roads[0]), "taken": review.names[other]}
                review.rows.append(
                    row
                    | {
                        "status": "taken",
                        "source": "[judged] on the ground of the other region, which has it in detail",
                    }
                )
    return kept


def _group(rows: list[Row]) -> dict[frozenset[str], list[Row]]:
    found: dict[frozenset[str], list[Row]] = {}
    for row in rows:
        found.setdefault(frozenset((row["from_node_id"], row["to_node_id"])), []).append(row)
    return found


def _describe(row: Row) -> str:
    if row.get("length_m"):
        return f"{row['length_m']} m"
    return f"{row['lon']} {row['lat']}" if row.get("lon") else ""


def join_plain(first: list[Row], second: list[Row], key: str = "") -> list[Row]:
    """Return the rows of both; of those with the same `key`, or the same in every cell, the first."""
    seen: set[object] = set()
    out = []
    for row in (*first, *second):
        mark: object = row[key] if key else tuple(sorted(row.items()))
        if mark not in seen:
            seen.add(mark)
            out.append(row)
    return out
