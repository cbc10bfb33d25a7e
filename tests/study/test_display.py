"""What a notebook shows: small tables, nothing from data read as markup, and areas that match the people."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from tests.network.town import make_town
from transit_model.domain.html_table import MOST_ROWS, build_table, format_cell
from transit_model.domain.modes import Mode, Reading
from transit_model.errors import InputError
from transit_model.goals.judge import Verdict
from transit_model.goals.schema import Goal
from transit_model.measure.explain import explain_journey
from transit_model.measure.session import Session
from transit_model.scenario.base_schema import Title
from transit_model.scenario.load import Study
from transit_model.study.compare import Comparison, compare_sessions
from transit_model.study.result import StudyResult
from transit_model.study.scenario_tables import measure_od
from transit_model.surface.gained import CellTimes, list_changed_areas, outline_cells
from transit_model.surface.grid import Grid

EQUAL_AREA = "+proj=laea +lat_0=40 +lon_0=111 +datum=WGS84 +units=m"


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    base, again = Session("base", make_town()), Session("base", make_town())
    better = Session("<b>better", make_town(as_of=date(2030, 12, 31)))
    return compare_sessions(base, again, better, measure_od(base, []), measure_od(better, []))


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (math.nan, "–"), (math.inf, "∞"), (-math.inf, "−∞"), (0.0, "0.0"), (52.17, "52.2"), (3, "3")],
)
def test_cells(value: object, text: str) -> None:
    assert format_cell(value) == text


def test_a_table_is_short_and_escaped() -> None:
    page = build_table(("<i>",), [("<script>",)] * (MOST_ROWS + 3), title="a & b", notes=("x < y",))
    assert page.count("&lt;script&gt;") == MOST_ROWS
    assert "<script>" not in page
    assert "<i>" not in page
    assert "3 more rows" in page
    assert "a &amp; b" in page
    assert "x &lt; y" in page


def test_a_comparison_shows_what_changes_most_first(comparison: Comparison) -> None:
    page = comparison._repr_html_()
    assert "base → &lt;b&gt;better" in page
    change = comparison.od["change_min"].dropna()
    most, least = change[change.abs().idxmax()], change[change != 0][change[change != 0].abs().idxmin()]
    assert f"<td>{format_cell(float(most))}</td></tr>" in page.split("</tr>")[1] + "</tr>"
    assert f"<td>{format_cell(float(least))}</td></tr>" not in page
    assert f"{(change != 0).sum()} of {len(comparison.od)} rows change" in page
    assert "null edit 0 s" in page


def test_gained_cells_match_the_change_of_the_population_table(comparison: Comparison) -> None:
    keys = ["origin", "mode", "reading", "cutoff_min"]
    change = comparison.population.set_index(keys)["change"]
    both = comparison.as_geodataframe()
    signed = both.assign(people=both["population"].where(both["change"] == "gained", -both["population"]))
    found = signed.groupby(keys)["people"].sum().reindex(change.index, fill_value=0.0)
    assert np.allclose(found, change)
    assert both.crs == "EPSG:4326"
    assert (both["area_km2"] > 0).all()
    assert set(comparison.gained["change"]) == {"gained"}
    assert comparison.gained is comparison.gained


def test_explore_asks_no_tile_server_unless_told(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, object] = {}
    monkeypatch.setattr(type(comparison.gained), "explore", lambda self, **options: asked.update(options))
    comparison.explore(column="cutoff_min")
    assert asked == {"tiles": None, "column": "cutoff_min"}


def test_explore_draws_without_the_packages_that_geopandas_wants(
    comparison: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, **_options: object) -> None:
        raise ImportError("matplotlib and mapclassify are required")

    monkeypatch.setattr(type(comparison.gained), "explore", refuse)
    page = comparison.explore().get_root().render()
    assert "cutoff_min" in page
    assert "tile.openstreetmap.org" not in page
    with pytest.raises(InputError, match="mapclassify") as caught:
        comparison.explore(column="cutoff_min")
    assert "transit-model[notebook]" in caught.value.issues[0].hint


def test_a_comparison_is_drawn_in_two_colours(comparison: Comparison) -> None:
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    table = comparison.as_geodataframe()
    for cutoff in comparison.cutoffs_min:
        axes = comparison.plot(cutoff_min=cutoff)
        mode, reading = comparison.population.iloc[0][["mode", "reading"]]
        kind = (table["mode"] == mode) & (table["reading"] == reading) & (table["cutoff_min"] == cutoff)
        drawn = sorted(table[kind]["change"].unique())
        title = f"base → <b>better: {mode}, {reading}, {cutoff:g} min"
        assert axes.get_title() == (title if drawn else f"{title}: no change")
        legend = axes.get_legend()
        assert sorted(t.get_text() for t in legend.get_texts()) == drawn if legend else not drawn
        pyplot.close(axes.figure)
    _, own = pyplot.subplots()
    assert comparison.plot(ax=own, alpha=0.2) is own
    assert f"{max(comparison.cutoffs_min):g} min" in own.get_title()
    pyplot.close(own.figure)


@pytest.mark.parametrize("wrong", [{"mode": "boat"}, {"reading": "hopeful"}, {"cutoff_min": 17.0}])
def test_what_was_not_compared_is_not_drawn(comparison: Comparison, wrong: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="not_compared") as caught:
        comparison.plot(**wrong)
    assert caught.value.issues[0].field == next(iter(wrong))
    assert caught.value.issues[0].hint


def test_without_matplotlib_the_extra_is_named(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(InputError, match="missing_extra") as caught:
        comparison.plot()
    assert caught.value.issues[0].hint == 'pip install "transit-model[notebook]"'


def test_areas_of_cells_by_hand() -> None:
    grid = Grid(EQUAL_AREA, 0.0, 0.0, 1000.0, 3, 2)
    base = np.array([[0.0, 1900.0, np.inf], [0.0, 0.0, 1700.0]])
    scenario = np.array([[0.0, 1700.0, 1800.0], [0.0, 0.0, 1900.0]])
    people = np.array([[1.0, 2.0, 4.0], [8.0, 16.0, 32.0]])
    table = list_changed_areas(
        [CellTimes("a", "road", "typical", grid, base, scenario, people)], [30], ["gained", "lost"]
    )
    # within 1800 s: the second and third cell of the south are new (2 + 4 persons), the third of the north is lost
    assert table[["change", "area_km2", "population"]].to_numpy().tolist() == [
        ["gained", 2.0, 6.0],
        ["lost", 1.0, 32.0],
    ]
    assert table.geometry.is_valid.all()
    none = list_changed_areas([], [30], ["gained"])
    assert (len(none), none.crs) == (0, "EPSG:4326")


def test_cells_that_touch_at_a_corner_stay_valid() -> None:
    grid = Grid(EQUAL_AREA, 0.0, 0.0, 1000.0, 2, 2)
    area = outline_cells(grid, np.array([[True, False], [False, True]]))
    assert area.is_valid
    assert len(shapely.get_parts(area)) == 2


def test_a_journey_and_a_session_are_shown(town: Session) -> None:
    pair = [town.places.get_place(p) for p in ("pa", "pc")]
    journey = explain_journey(town, pair[0], pair[1], Mode.ROAD, Reading.TYPICAL)
    assert f"{journey.minutes:.1f} min" in journey._repr_html_()
    named = replace(journey, origin="<script>")
    assert "<script>" not in named._repr_html_()
    page = town._repr_html_()
    assert "2020-12-16" in page
    assert "07:00–12:00" in page


def test_a_study_shows_its_verdicts() -> None:
    title = {"zh": "目标", "en": "goal <b>"}
    goal = Goal.model_validate(
        {
            "id": "pairs",
            "title": title,
            "kind": "goal",
            "quote": title,
            "source": "[t]",
            "mode": "road",
            "threshold_min": 60,
            "judged_on": ["typical"],
            "pairs": {"pairs": [["pa", "pc"]]},
        }
    )
    study = Study("<i>plan</i>", Title(**title), (), (), (), ())
    met = Verdict("pairs", "town", "typical", "met", 60.0, 52.2, 7.8, 1.0, judged=True)
    missed = Verdict("pairs", "town", "door_to_door", "missed", 60.0, math.inf, -math.inf, 0.0, judged=False)
    session = Session("town", make_town())
    page = StudyResult(study, [goal], {"town": session}, pd.DataFrame(), [met, missed], None, [])._repr_html_()
    assert "✔ 52.2" in page
    assert "(✘ ∞)" in page
    assert "goal &lt;b&gt;" in page
    assert "&lt;i&gt;plan" in page


def test_unreachable_rows_are_shown_as_such(comparison: Comparison) -> None:
    row = {"from": ["a"], "to": ["b"], "mode": ["road"], "reading": ["typical"]}
    od = pd.DataFrame({**row, "base_min": [math.inf], "scenario_min": [20.0], "change_min": [-math.inf]})
    assert "∞" in replace(comparison, od=od)._repr_html_()
