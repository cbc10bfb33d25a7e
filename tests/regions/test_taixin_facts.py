"""Minutes that were published of Taiyuan, Xinzhou, Shuozhou and Datong, through the command line and in sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.tools.command import read_json, run_command
from transit_model.domain.modes import Mode, Reading
from transit_model.measure.od import compute_od
from transit_model.measure.workspace import Workspace
from transit_model.scenario.rail_schema import RailLine, RailService
from transit_model.scenario.run_time import RunTimeModel, compute_bounds, compute_run_s

Minutes = Callable[[str, str, str, Mode], dict[Reading, float]]


@pytest.fixture(scope="module")
def minutes(taixin: Workspace) -> Minutes:
    def measure(scenario: str, start: str, end: str, mode: Mode) -> dict[Reading, float]:
        session = taixin.session(scenario)
        origin, goal = session.places.get_place(start), session.places.get_place(end)
        table = compute_od(session, [origin], [goal], [mode], list(Reading))
        return {Reading(row["reading"]): float(row["minutes"]) for row in table.to_dict("records")}

    return measure


@pytest.mark.parametrize(
    ("start", "end", "published_min"),
    [
        ("ulanqab", "datong-south", 40),
        ("taiyuan-south", "datong-south", 85),
        ("datong-south", "taiyuan-south", 85),
        ("taiyuan-south", "xinzhou-west", 29),
        ("hohhot-east", "taiyuan-south", 192),
        ("hohhot-east", "datong-south", 79),
    ],
)
def test_the_new_line_has_its_published_minutes(minutes: Minutes, start: str, end: str, published_min: float) -> None:
    assert minutes("built-2025", start, end, Mode.RAIL)[Reading.PROMOTER] == pytest.approx(published_min, abs=0.05)


def test_before_the_new_line(minutes: Minutes) -> None:
    assert minutes("built-2020", "datong-south", "taiyuan-south", Mode.RAIL)[Reading.PROMOTER] == 114
    assert minutes("built-2023", "ulanqab", "datong-south", Mode.RAIL)[Reading.PROMOTER] == 100
    assert minutes("built-2023", "hohhot-east", "taiyuan-south", Mode.RAIL)[Reading.PROMOTER] == 317


def test_the_command_line_tells_the_same() -> None:
    command = ("od", "--region", "taixin", "--from", "ulanqab", "--to", "datong-south", "--mode", "rail")
    rows = read_json(*command, "--reading", "promoter")["rows"]
    assert [(row["scenario"], row["minutes"]) for row in rows] == [("built-2025", 40.0)]


def test_taiyuan_to_xinzhou_by_road_is_an_hour_and_the_half_hour_is_the_avenue(minutes: Minutes) -> None:
    """41.1 km at 80 km/h are 30.8 min; the 30 min of the claim would be 82 km/h."""
    centre = minutes("built-2025", "taiyuan", "xinzhou", Mode.ROAD)[Reading.PROMOTER]
    assert 62.5 <= centre <= 65
    avenue = minutes("built-2025", "yangxing", "taixin_n", Mode.ROAD)[Reading.PROMOTER]
    assert avenue == pytest.approx((16.5 + 7.9 + 10.0 + 6.7) / 80 * 60, abs=0.05)
    (row,) = read_json(
        "od", "--region", "taixin", "--from", "yangxing", "--to", "taixin_n", "--mode", "road", "--reading", "promoter"
    )["rows"]
    assert row["km"] == pytest.approx(41.1, abs=0.01)
    # Before the avenue there was no such way: the claim is about what the avenue brought.
    assert minutes("built-2020", "yangxing", "taixin_n", Mode.ROAD)[Reading.PROMOTER] > 50


def test_xinzhou_to_xiongan_in_an_hour_is_judged_with_the_run_time_model(taixin: Workspace, minutes: Minutes) -> None:
    """342.661 km in 60 min are 342.7 km/h on average; at a constant 350 km/h they take 58.7 min, in the model 73.7."""
    (line,) = [p for p in taixin.scenario("xiongxin").projects if isinstance(p, RailLine) and p.id == "xiongxin_hsr"]
    length_km = line.stations[-1].chainage_km
    assert length_km is not None
    assert length_km == pytest.approx(342.661)
    bounds = compute_bounds([0, length_km * 1000], 350, taixin.assumptions)
    assert bounds.constant_s / 60 == pytest.approx(342.661 / 350 * 60, abs=0.01)
    assert bounds.modelled_s / 60 == pytest.approx(73.7, abs=0.1)
    measured = minutes("xiongxin", "xinzhou-west", "xiongan", Mode.RAIL)
    assert measured[Reading.PROMOTER] == pytest.approx(bounds.modelled_s / 60, abs=0.1)
    assert measured[Reading.PROMOTER] > 60


def test_minutes_written_into_services_are_those_of_the_model(taixin: Workspace) -> None:
    """Sections of the new lines whose times were not published were taken from the run-time model: still the same?"""
    model = RunTimeModel.from_assumptions(taixin.assumptions)
    known = {16.0, 18.0, 27.0, 29.0, 37.0, 40.0, 111.0}  # published
    seen = 0
    for scenario, name, speed in (("built-2025", "jidayuan_stopping", 250), ("xiongxin", "xiongxin_through", None)):
        (project,) = [p for p in taixin.scenario(scenario).projects if p.id == name]
        assert isinstance(project, RailService)
        for group in project.add:
            assert group.run_times_min is not None
            assert group.chainage_km is not None
            for result, km in zip(group.run_times_min, group.chainage_km, strict=True):
                if result in known:
                    continue
                design = speed or (350 if km > 300 else 250)
                assert result == pytest.approx(compute_run_s(km * 1000, design, model) / 60, abs=0.06), (name, km)
                seen += 1
    assert seen == 2 + 6 + 2


def test_a_base_by_date_holds_the_roads_of_its_day(taixin: Workspace) -> None:
    roads = {
        base: set(taixin.session(base).network.links["road_id"]) for base in ("built-2020", "built-2023", "built-2025")
    }
    assert "taixin_n--shilingguan" not in roads["built-2020"]
    assert "taixin_n--shilingguan" in roads["built-2023"]
    assert "s50_xilingjing--g55_damang" not in roads["built-2023"]
    assert "s50_xilingjing--g55_damang" in roads["built-2025"]
    assert [taixin.session(base).timetable_id for base in roads] == ["TT2020Q4", "TT20231215", "TT20231215"]


def test_the_region_is_offered_by_name() -> None:
    missed = run_command("od", "--region", "taixn", "--from", "taiyuan", "--to", "datong")
    assert missed.returncode == 2
    assert "did you mean taixin?" in missed.stderr
    assert "taixin" in run_command("od", "--help").stdout


def test_scenarios_of_one_region_are_none_of_the_other() -> None:
    missed = run_command("od", "--region", "taixin", "--scenario", "s27", "--from", "taiyuan", "--to", "datong")
    assert missed.returncode == 2
    listed = read_json("scenario", "list", "--region", "taixin")
    assert "hubao-hsr" not in str(listed)
    assert "xiongxin" in str(listed)
