"""The preview map: well-formed, whole in one file, every project on it or named, names escaped."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
import shapely
from typer.testing import CliRunner

from transit_model.cli.app import app
from transit_model.errors import InputError, ScenarioError
from transit_model.measure.workspace import Workspace
from transit_model.pages.preview import Element, Mark, Preview, render_preview
from transit_model.pages.project_preview import apply_alone, build_preview, write_preview
from transit_model.scenario.load import load_projects

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def make_preview(**changes: object) -> Preview:
    line = shapely.LineString([(111.0, 40.0), (111.5, 40.0)])
    content: dict[str, object] = {
        "title": {"zh": "方案", "en": "scenario"},
        "subtitle": {"zh": "底图。", "en": "Ground."},
        "bbox": (110.5, 39.5, 112.0, 40.5),
        "outlines": [shapely.box(110, 39, 113, 41)],
        "roads": [("motorway", line), ("tertiary", line)],
        "rail": [line],
        "elements": [Element({"zh": "新路", "en": "new road"}, "road", [line])],
        "centres": [Mark({"zh": "甲", "en": "Alpha"}, 111.0, 40.0), Mark({"zh": "乙", "en": "Beta"}, 111.99, 40.0)],
    }
    return Preview(**{**content, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["everything-planned", "s27@end-2017", "built-2025", "built-2020"])
def test_each_project_has_its_number_and_both_names(shipped: Workspace, name: str) -> None:
    preview = build_preview(shipped, name)
    svg = render_preview(preview)
    result = texts(svg)
    for number, element in enumerate(preview.elements, start=1):
        on_map = 1 if element.lines or element.stops else 0
        assert result.count(str(number)) == 1 + on_map
        for lang in ("zh", "en"):
            assert any(t.rstrip("…") and element.title[lang].startswith(t.rstrip("…")) for t in result)
    for centre in ("呼和浩特", "Hohhot", "包头", "Baotou", "鄂尔多斯", "Ordos", "乌兰察布", "Ulanqab"):
        assert centre in result
    assert any("OpenStreetMap" in t for t in result)


def test_nothing_outside_the_file_is_asked_for(shipped: Workspace) -> None:
    svg = render_preview(build_preview(shipped, "everything-planned"))
    assert re.findall(r"https?://[^\"' <]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "href" not in svg
    assert "<script" not in svg
    assert set(re.findall(r"url\(([^)]*)\)", svg)) == {"#map"}
    assert len(svg) < 150_000


def test_only_what_the_base_lacks_is_bold(shipped: Workspace) -> None:
    assert [e.title["en"] for e in build_preview(shipped, "s27").elements] == [
        "S27 expressway Hohhot section", "S27 expressway Ordos section",
    ]  # fmt: skip
    # two sections and one, each drawn once and not once a direction
    assert [len(e.lines) for e in build_preview(shipped, "s27").elements] == [2, 1]
    assert build_preview(shipped, "built-2020").elements == []


def test_a_project_of_each_kind_can_be_drawn_alone(shipped: Workspace) -> None:
    library = {p.id: p for p in load_projects(shipped.scenarios_dir)}
    some = ("hubao_hsr_airport_ext", "emu_regular", "s27_ordos", "s311_wuyang", "baotou_dalad_bus", "one_card")
    for project in (library[i] for i in some):
        before, after = apply_alone(shipped, project, library)
        assert [p.project_id for p in after.projects] == [*project.requires, project.id]
        opened = project.opens.earliest
        assert opened is None or before.as_of < opened
    preview = build_preview(shipped, "s29_huliang")
    assert len(preview.elements[0].lines) == 2
    assert "2025-08-27" in preview.subtitle["en"]


def test_names_from_data_are_escaped_and_control_characters_left_out() -> None:
    nasty = '<script>&"\x00\x08]]>'
    mark = Mark({"zh": nasty, "en": nasty}, 111.2, 40.1)
    element = Element({"zh": nasty, "en": nasty}, "rail", [shapely.LineString([(111, 40), (111.4, 40.2)])], [mark])
    svg = render_preview(make_preview(title={"zh": nasty, "en": nasty}, elements=[element], centres=[mark]))
    assert "<script" not in svg
    assert '<script>&"]]>' in texts(svg)


def test_numbers_keep_apart_and_names_stay_inside() -> None:
    line = shapely.LineString([(110.8, 40.0), (111.6, 40.1)])
    elements = [Element({"zh": f"项目{i}", "en": f"project {i}"}, "road", [line]) for i in range(8)]
    root = ElementTree.fromstring(render_preview(make_preview(elements=elements)))
    group = root.find(f"{SVG}g/{SVG}g")
    assert group is not None
    at = [(float(c.get("cx", 0)), float(c.get("cy", 0))) for c in group.iter(f"{SVG}circle") if c.get("r") == "8"]
    assert len(at) == 8
    apart = [max(abs(a[0] - b[0]), abs(a[1] - b[1])) for i, a in enumerate(at) for b in at[:i]]
    assert min(apart) > 16
    # the town at the right edge has its name to its left
    beta = next(t for t in group.iter(f"{SVG}text") if t.text == "乙")
    assert beta.get("text-anchor") == "end"


def test_a_road_that_closes_is_drawn_and_named(shipped: Workspace) -> None:
    gone = shapely.LineString([(111, 40), (111.2, 40.2)])
    assert "停用的公路 / roads that close" in texts(render_preview(make_preview(removed=[gone])))
    assert "停用的公路 / roads that close" not in texts(render_preview(make_preview()))


def test_wrong_names_and_suffixes(shipped: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown_format"):
        write_preview(shipped, "s27", tmp_path / "map.png")
    with pytest.raises(ScenarioError, match="unknown_scenario"):
        write_preview(shipped, "s28", tmp_path / "map.svg")
    assert list(tmp_path.iterdir()) == []


def test_show_draws_and_still_tells(shipped: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workspace, "open", classmethod(lambda *_: shipped))
    run = CliRunner().invoke
    plain = run(app, ["scenario", "show", "s27", "--lang", "zh"]).output
    out = tmp_path / "preview.svg"
    drawn = run(app, ["scenario", "show", "s27", "--lang", "zh", "-o", str(out)]).output
    assert drawn == f"{plain}{out}\n"
    assert out.read_text(encoding="utf-8").startswith("<?xml")
