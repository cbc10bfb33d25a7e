"""The developers' tools do what they say; a guard that never fails guards nothing."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.tools import open_pages
from tests.tools.refresh_golden import write_csv
from tests.tools.refresh_readme import END, START, build_table, replace_block

ROW = {
    "goal": "g",
    "scenario": "s",
    "reading": "typical",
    "verdict": "missed",
    "threshold_min": 60.0,
    "value_min": 71.6,
    "judged": True,
}


def test_table_has_a_row_a_goal_and_three_readings_a_cell() -> None:
    table = build_table([ROW, {**ROW, "reading": "promoter", "verdict": "met", "value_min": 59.0}], {"g": "The goal"})
    assert table.splitlines()[-1] == "| [The goal](scenarios/goals/g.yaml) | 60 min | ✓59 · ✗72 · - |"


def test_unknown_minutes_leave_the_symbol_alone() -> None:
    unknown = {**ROW, "verdict": "cannot_tell", "threshold_min": None, "value_min": None}
    name = str(ROW["scenario"])
    noted = build_table([ROW], {}, {name: "a line: 350 km/h, upper end of 250-350", "other": "x"})
    assert noted.splitlines()[-2:] == [
        "",
        f"At an end of their range: `{name}`: a line: 350 km/h, upper end of 250-350.",
    ]
    assert build_table([ROW], {}, {name: ""}) == build_table([ROW], {})
    assert build_table([unknown], {}).splitlines()[-1] == "| [g](scenarios/goals/g.yaml) | - | - · ? · - |"


def test_a_reading_that_the_wording_cannot_mean_has_no_mark() -> None:
    outside = {**ROW, "reading": "door_to_door", "value_min": 80.2, "judged": False}
    assert (
        build_table([ROW, outside], {}).splitlines()[-1] == "| [g](scenarios/goals/g.yaml) | 60 min | - · ✗72 · (80) |"
    )


def test_block_is_replaced_and_the_rest_kept() -> None:
    assert replace_block(f"a\n{START}\nold\n{END}\nb", "new") == f"a\n{START}\nnew\n{END}\nb"
    with pytest.raises(ValueError, match="once each"):
        replace_block("no markers", "new")


def test_golden_text_has_one_decimal_and_empty_for_missing() -> None:
    rows: list[dict[str, object]] = [{"a": 59.04, "share": 0.25, "b": None}, {"a": 0.0, "share": 1.0, "b": "x"}]
    assert write_csv(rows, ("a", "share", "b")) == "a,share,b\n59.0,0.250,\n0.0,1.000,x\n"


@pytest.mark.browser
def test_pages_that_need_the_network_or_break_are_found(tmp_path: Path) -> None:
    if open_pages.find_chromium() is None:
        pytest.skip("no Chromium is installed")
    (tmp_path / "good.html").write_text("<title>good</title><a href='bad.html'>next</a>", encoding="utf-8")
    (tmp_path / "bad.html").write_text(
        "<img src='https://example.org/tile.png'><a href='gone.html'>x</a><script>throw Error('boo')</script>",
        encoding="utf-8",
    )
    # In a thread of its own: another test of this process may hold Playwright's event loop.
    with ThreadPoolExecutor(1) as pool:
        bad, good = pool.submit(open_pages.visit_folder, tmp_path, screenshots=tmp_path / "pictures").result()
    assert good.problems == []
    found = " ".join(bad.problems)
    assert all(word in found for word in ("example.org", "gone.html", "boo"))
    assert (tmp_path / "pictures" / "good.png").stat().st_size > 0
    lines: list[str] = []
    assert not open_pages.report([bad, good], folder=tmp_path, write=lines.append)
    assert open_pages.report([good], folder=tmp_path, write=lines.append)


def test_a_folder_weighs_what_the_run_wrote(tmp_path: Path) -> None:
    for name in ("index.html", "data/od.csv", "gallery/large.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b" " * 1000)
    assert len(open_pages.list_files(tmp_path)) == 3
    manifest: dict[str, dict[str, dict[str, str]]] = {"files": {"index.html": {}, "data/od.csv": {}}}
    (tmp_path / "data" / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    names = {p.relative_to(tmp_path).as_posix() for p in open_pages.list_files(tmp_path)}
    assert names == {"index.html", "data/od.csv", "data/manifest.json"}
