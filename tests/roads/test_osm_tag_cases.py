"""Tables of tag cases, each case through a whole import: from the drawn way to the links of the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import find_shared
from tests.roads.tag_cases import Answer, import_cases, parse_tags, read_rows

OWN = Path(__file__).parent / "fixtures" / "osm_tag_cases.csv"
FOREIGN = (find_shared("cases") or Path("absent")) / "osm" / "tag_cases.csv"
OPEN = {(True, True): "both", (True, False): "forward", (False, True): "backward", (False, False): "none"}


def say(answer: Answer) -> str:
    return OPEN[answer.kmh is not None, answer.back_kmh is not None]


def write_speeds(answer: Answer) -> list[float | None]:
    return [None if v is None else round(v, 4) for v in (answer.kmh, answer.back_kmh)]


def test_our_table(tmp_path: Path) -> None:
    rows = read_rows(OWN)
    answers = import_cases([(parse_tags(r["way"]), parse_tags(r["node"])) for r in rows], tmp_path)
    wrong = []
    for row, answer in zip(rows, answers, strict=True):
        speeds = [round(float(v), 4) if v else None for v in row["speed"].split("/")] if row["speed"] else None
        right = (row["open"], row["toll"])
        if speeds is not None and row["open"] == "forward":
            speeds[1] = None
        if (say(answer), answer.toll) != right or (speeds is not None and write_speeds(answer) != speeds):
            wrong.append((row["way"], row["node"], row["why"], answer))
    assert wrong == []
    assert len(rows) > 150
    assert {r["open"] for r in rows} == set(OPEN.values())


@pytest.mark.skipif(not FOREIGN.is_file(), reason="no table of other engines' cases beside the checkout")
def test_cases_of_other_engines(tmp_path: Path) -> None:
    rows = read_rows(FOREIGN)
    answers = import_cases([(parse_tags(r["way_tags"]), parse_tags(r["node_tags"])) for r in rows], tmp_path)
    wrong = []
    for row, answer in zip(rows, answers, strict=True):
        right = OPEN[row["right_forward"] == "True", row["right_backward"] == "True"]
        speed = row["right_speed_kmh"]
        same = say(answer) == right
        if "/" in speed:
            same &= write_speeds(answer) == [float(v) if v else None for v in speed.split("/")]
        if "toll" in row["kind"].split(":")[0]:
            same &= answer.toll == speed.removeprefix("toll").strip()
        if not same:
            wrong.append((row["way_tags"], row["node_tags"], answer))
    assert wrong == []
