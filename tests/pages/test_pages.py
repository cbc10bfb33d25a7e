"""What stands in the pages, read without a browser."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from tests.pages.sample_basemap import SCRIPT_NAME
from tests.pages.sample_view import build_sample_view
from tests.pages.unpack import unpack
from transit_model.pages.basemap_layers import list_ground, stands
from transit_model.pages.compare_page import list_changes
from transit_model.pages.headline import write_headline
from transit_model.pages.index_page import list_centre_pairs, list_matrix
from transit_model.pages.report_page import list_residuals
from transit_model.pages.text import format_minutes
from transit_model.pages.timeline_page import list_turned
from transit_model.pages.view import ProjectView, ScenarioView, StudyView
from transit_model.pages.write import write_pages

pytestmark = pytest.mark.smoke

PAGES = (
    "index.html",
    "built.html",
    "bridge.html",
    "everything.html",
    "timeline.html",
    "compare-built-everything.html",
    "brief-everything.html",
    "goals.html",
    "report.html",
)


class _Reader(HTMLParser):
    """Collects what a browser would run or load."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append("")
        for name, value in attrs:
            if name == "src" or (tag in {"link", "use", "image"} and name == "href"):
                self.loads.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append(f"{tag} {name}")
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data


def _read(path: Path) -> _Reader:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    return reader


def test_the_folder_holds_these_pages(maps: Path) -> None:
    assert {p.name for p in maps.glob("*.html")} == set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_page_loads_nothing_and_runs_only_our_scripts(maps: Path, page: str) -> None:
    reader = _read(maps / page)
    assert [x for x in reader.loads if not x.startswith(("#", "data:"))] == []
    assert reader.handlers == []
    assert not any(s.strip() == "alert(1)" for s in reader.scripts)
    assert len(reader.ids) == len(set(reader.ids))
    for link in reader.links:
        assert not link.lower().startswith("javascript:")
        if "://" not in link and not link.startswith(("#", "data:")):
            assert (maps / link.split("#")[0]).is_file(), link


@pytest.mark.parametrize("page", PAGES)
def test_names_from_data_are_escaped(maps: Path, page: str) -> None:
    content = (maps / page).read_text(encoding="utf-8")
    assert SCRIPT_NAME not in content
    assert 'lang="zh-CN"' in content
    assert 'lang="en"' in content


def test_awkward_names_are_still_shown(maps: Path) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in (maps / "index.html").read_text(encoding="utf-8")
    assert "高铁镇🚄" in (maps / "built.html").read_text(encoding="utf-8")


def test_map_data_carries_the_table_s_minutes(maps: Path, view: StudyView) -> None:
    content = (maps / "everything.html").read_text(encoding="utf-8")
    match = re.search(r'<script type="application/json" id="study-data">(.*?)</script>', content, re.DOTALL)
    assert match is not None
    data = json.loads(match.group(1))
    minutes = {scenario: unpack(part) for scenario, part in data["minutes"].items()}
    seen = 0
    for row in view.od[view.od["scenario"].isin(["built", "everything"])].to_dict("records"):
        here = minutes[row["scenario"]][row["reading"]][row["mode"]].get(row["from"], {}).get(row["to"])
        if math.isnan(row["minutes"]):
            assert here is None
        elif math.isinf(row["minutes"]):
            assert here[0] is None
        else:
            assert here[0] == round(row["minutes"], 2)
            seen += 1
    assert seen > 200
    assert "bridge" not in data["rings"]  # only the scenario and its base


def test_matrix_equals_the_verdict_table(view: StudyView) -> None:
    table = {(r["goal"], r["scenario"], r["reading"]): r for r in view.verdicts.to_dict("records")}
    matrix = list_matrix(view)
    assert [row["goal"].id for row in matrix] == ["one-hour-rail", "two-hour-road", "half-hour"]
    for row in matrix:
        for cell in row["cells"]:
            for chip in cell["chips"]:
                truth = table[row["goal"].id, cell["scenario"].id, chip["reading"]]
                assert chip["verdict"] == truth["verdict"]
                assert chip["minutes"] == format_minutes(truth["value_min"], near=row["goal"].threshold_min)
                assert chip["judged"] == (chip["reading"] in row["goal"].judged_on)


def test_a_missing_verdict_is_shown_as_cannot_tell(view: StudyView) -> None:
    fewer = replace(view, verdicts=view.verdicts[view.verdicts["reading"] != "typical"])
    chips = list_matrix(fewer)[0]["cells"][0]["chips"]
    assert [c["verdict"] == "cannot_tell" for c in chips] == [False, True, False]
    assert chips[1]["minutes"] == "—"


def test_headline_counts_the_table(view: StudyView) -> None:
    today = view.verdicts[(view.verdicts["scenario"] == "built") & (view.verdicts["verdict"] == "met")]
    n = (today["reading"] == "door_to_door").sum()
    first = write_headline(view)[0]
    assert f"可指门到门的 1 项中成立 {n} 项" in first["zh"]  # one goal can mean it
    assert "3 goals and claims" in first["en"]  # the unmeasurable one is not counted


def test_centre_pairs_show_each_pair_once(view: StudyView) -> None:
    block = list_centre_pairs(view)["everything"]
    assert [(r["from"], r["to"]) for r in block["rows"]] == [("jia", "yi"), ("jia", "bing"), ("yi", "bing")]
    assert block["modes"] == ["road", "rail", "best"]
    assert all(c["was"] and c["better"] for r in block["rows"] for c in r["cells"])  # every trip is shorter
    assert all(not c["was"] for r in list_centre_pairs(view)["built"]["rows"] for c in r["cells"])


def test_a_network_row_stands_by_project_and_date() -> None:
    then = ScenarioView("s", {}, as_of="2024-12-31", projects=(ProjectView("p", {}),))
    assert stands({"project_id": "p", "opened": "2030"}, then)
    assert not stands({"project_id": "q", "opened": "2001"}, then)
    assert stands({"opened": "2024"}, then)
    assert not stands({"opened": "2025-01-05"}, then)
    assert not stands({"opened": "", "closed": "2020"}, then)
    assert stands({"opened": math.nan, "closed": None}, then)


def test_changes_put_newly_reachable_first(view: StudyView) -> None:
    import pandas as pd

    od = pd.DataFrame(
        [
            ("a", "b", "rail", "typical", 90.0, 60.0, -30.0),
            ("a", "c", "rail", "typical", math.inf, 80.0, math.nan),
            ("a", "d", "rail", "typical", 50.0, 49.8, -0.2),
            ("a", "e", "rail", "typical", math.inf, math.inf, math.nan),
        ],
        columns=["from", "to", "mode", "reading", "base_min", "scenario_min", "change_min"],
    )
    rows, left_out = list_changes(od)
    assert [r["to"] for r in rows] == ["c", "b"]
    assert rows[0]["cells"]["typical"]["change"] == "−∞"
    assert left_out == 0


def test_residual_bars_are_relative_to_the_largest(view: StudyView) -> None:
    assert [r["bar"] for r in list_residuals(view)] == [-4.5 / 8.0, 1.0]


def test_sources_link_only_to_web_addresses(maps: Path) -> None:
    links = _read(maps / "report.html").links
    assert "http://example.org/plan" in links
    assert not any("alert" in link for link in links)


def test_tables_hold_every_row_and_say_unreachable(maps: Path, view: StudyView) -> None:
    with (maps / "data" / "od.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(view.od)
    for row, truth in zip(rows, view.od["minutes"], strict=True):
        if math.isnan(truth):
            assert (row["minutes"], row["reachable"]) == ("", "")
        elif math.isinf(truth):
            assert (row["minutes"], row["reachable"]) == ("", "0")
        else:
            assert abs(float(row["minutes"]) - truth) < 1e-4
            assert row["reachable"] == "1"
    verdicts = json.loads((maps / "data" / "verdicts.json").read_text(encoding="utf-8"))
    assert verdicts["schema"] == 1
    assert len(verdicts["verdicts"]) == len(view.verdicts)


def test_assumptions_of_projects_are_repeated_on_map_and_report(maps: Path) -> None:
    for page in ("bridge.html", "report.html"):
        assert "匝道时间30秒为假定" in (maps / page).read_text(encoding="utf-8")


def test_what_a_scenario_rests_on_stands_wherever_its_numbers_do(maps: Path, view: StudyView) -> None:
    with_hsr = [s for s in view.scenarios if any(p.id == "hsr" for p in s.projects)]
    assert [s.id for s in with_hsr] == ["everything"]
    pages = ["index.html", "goals.html", "report.html", "everything.html", "timeline.html"]
    pages += [f"compare-{c.base}-{c.scenario}.html" for c in view.comparisons if c.scenario == "everything"]
    assert len(pages) == 6
    for page in pages:
        text = (maps / page).read_text(encoding="utf-8")
        assert "取上限350公里/小时（范围250-350）" in text, page
        assert "350 km/h, upper end of 250-350" in text, page
    assert "取上限350" not in (maps / "built.html").read_text(encoding="utf-8")


def test_people_at_the_other_end_of_the_range_stand_beside_those_that_are_shown(maps: Path) -> None:
    """Jia's circle holds 5,000 people in the base, 6,200 as stated and 5,100 with trains at 250 km/h."""
    compared = (maps / "compare-built-everything.html").read_text(encoding="utf-8")
    assert "若取范围的另一端（高铁250公里/小时）" in compared
    assert "the other ends of these ranges (HSR 250 km/h)" in compared
    assert "change by +100; with the values stated, by +1 k." in compared
    assert "内的人口变化为 +100；按所列数值为 +0.1万。" in compared
    assert "by +1 k." in (maps / "everything.html").read_text(encoding="utf-8")
    front = (maps / "index.html").read_text(encoding="utf-8")
    assert "with the other end of the range (250 km/h) it is +100 people instead" in front


def test_legend_says_what_the_map_is(maps: Path) -> None:
    content = (maps / "everything.html").read_text(encoding="utf-8")
    for phrase in ("走廊网", "2020年第四季度", "2030-12-31", "OpenStreetMap", "容差 500 米", "标定行驶速度"):
        assert phrase in content, phrase


def test_a_study_without_rings_goals_or_projects_still_gives_pages(tmp_path: Path) -> None:
    view = build_sample_view()
    bare = replace(
        view,
        rings=view.rings.iloc[:0],
        verdicts=view.verdicts.iloc[:0],
        goals=(),
        od=view.od.iloc[:0],
        scenarios=view.scenarios[:1],
        comparisons=(),
        timeline=(),
        calibration=None,
    )
    write_pages(bare, tmp_path / "maps")
    assert (tmp_path / "maps" / "built.html").is_file()


def test_only_what_a_scenario_adds_stands_out(view: StudyView) -> None:
    later = replace(view.get_scenario("everything"), base="bridge")
    assert [p.id for p in view.list_new_projects(later)] == ["hsr"]
    ground = list_ground(replace(view, scenarios=(*view.scenarios[:2], later)), "everything")
    assert [r.get("project") for r in ground["roads"]] == [None] * 4  # the bridge is there, but not new
    assert [r.get("project") for r in ground["rail"]] == [None, "hsr"]
    assert len(list_ground(view, "built")["roads"]) == 3  # nor is it there before


def test_a_page_of_two_scenarios_says_what_only_one_has(view: StudyView) -> None:
    both = list_ground(view, "everything", ["built"])
    assert [r.get("in") for r in both["roads"] if r.get("project") == "bridge"] == [["everything"]]
    assert [r.get("in") for r in both["roads"] if "project" not in r] == [None] * 3
    turned = list_ground(view, "built", ["everything"])["roads"]
    assert [r["in"] for r in turned if "closed" in r] == [["built"]]  # the bridge, which the later page lacks
    assert len([r for r in turned if "closed" not in r]) == 4


def test_a_road_stands_in_the_scenarios_that_have_it(view: StudyView) -> None:
    """A road that a project widens is there twice, before and after; neither shows in the other's scenario."""
    built, planned = view.get_scenario("built"), view.get_scenario("everything")
    before = {"scenarios": ("built",), "project_id": "", "opened": "2010", "closed": ""}
    after = {"scenarios": ("everything",), "project_id": "widening"}
    assert [stands(before, s) for s in (built, planned)] == [True, False]
    assert [stands(after, s) for s in (built, planned)] == [False, True]


def test_goals_that_turn_met_by_year(view: StudyView) -> None:
    """By hand from the verdict table: judged readings met in a step and not in the one before, and the other way."""
    met = {
        (r["goal"], r["reading"], r["scenario"])
        for r in view.verdicts.to_dict("records")
        if r["verdict"] == "met" and r.get("judged", True)
    }
    turned, lost = list_turned(view), list_turned(view, lost=True)
    assert turned[0] == lost[0] == []
    for i in range(1, len(view.timeline)):
        before, after = view.timeline[i - 1].scenario, view.timeline[i].scenario
        count = sum((g, r, before) not in met for g, r, s in met if s == after)
        assert sum(len(t["readings"]) for t in turned[i]) == count
        assert sum(len(t["readings"]) for t in lost[i]) == sum(
            (g, r, after) not in met for g, r, s in met if s == before
        )


def test_every_page_says_of_when_its_trains_are(view: StudyView, tmp_path: Path) -> None:
    old, new = {"zh": "甲时刻", "en": "first boards"}, {"zh": "乙时刻", "en": "later lists"}
    runs = [("A", old), *[("B", new)] * (len(view.scenarios) - 1)]
    scenarios = tuple(
        replace(s, timetable_id=name, timetable=words) for s, (name, words) in zip(view.scenarios, runs, strict=True)
    )
    row = {"from": "hohhot", "to": "baotou", "before": "A", "after": "B", "trains_before": 17, "trains_after": 21}
    row |= {"fastest_before_min": 59.0, "fastest_after_min": 58.0, "median_before_min": 67.0, "median_after_min": 66.5}
    row |= {"first_before": "06:29", "first_after": "07:11", "last_before": None, "last_after": "21:58"}
    changed = replace(view, scenarios=scenarios, timetable_changes=pd.DataFrame([row]))
    write_pages(changed, tmp_path / "maps")
    report = (tmp_path / "maps" / "report.html").read_text(encoding="utf-8")
    for text in (
        "first boards",
        "later lists",
        "17 → 21",
        "67 → 66.5",
        "06:29 → 07:11",
        "– → 21:58",
        "gaps",
        "timetable-figure",
    ):
        assert text in report, text
    assert '<figure class="timetable-figure">' in report
    for scenario, (_, words) in zip(scenarios, runs, strict=True):
        page = (tmp_path / "maps" / f"{scenario.id}.html").read_text(encoding="utf-8")
        assert words["en"] in page
        assert ({"first boards", "later lists"} - {words["en"]}).pop() not in page
    for name in ("goals", "timeline", "index", *(f"compare-{p.base}-{p.scenario}" for p in view.comparisons)):
        page = (tmp_path / "maps" / f"{name}.html").read_text(encoding="utf-8")
        assert "first boards" in page, name
        assert "later lists" in page, name
    od = pd.read_csv(tmp_path / "maps" / "data" / "od.csv")
    assert dict(zip(od["scenario"], od["timetable"], strict=True)) == {
        s.id: s.timetable_id for s in scenarios if s.id in set(od["scenario"])
    }
    assert (tmp_path / "maps" / "data" / "timetable_changes.csv").is_file()
