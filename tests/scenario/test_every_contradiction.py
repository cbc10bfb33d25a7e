"""Keys of one file that contradict each other are told all at once, also within parts and beside other mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from transit_model.scenario.schema import parse_project
from transit_model.store.yaml_lines import read_document

HEAD = "id: x\ntitle: {zh: 某, en: some}\nstatus: planned\nopens: unknown\nsource: [t]\nconfidence: low\n"
SERVICE = 'service: {kind: headway, headway_min: 30, first_departure: "06:00", last_departure: "22:00"}\n'


def tell(folder: Path, text: str) -> list[tuple[str, str | None]]:
    path = folder / "x.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    document, issues = read_document(path, file="x.yaml")
    assert document is not None
    assert issues == []
    project, issues = parse_project(document)
    assert (project is None) or issues
    return [(i.code, i.field) for i in issues]


def test_three_contradictions_of_one_line(tmp_path: Path) -> None:
    """Two speeds, a first station 5 km out, a top speed that nothing checks: three mistakes, one run."""
    stations = "stations: [{stop_id: a, chainage_km: 5}, {stop_id: b, chainage_km: 90}]\n"
    text = (
        f"kind: rail_line\n{stations}design_speed_kmh: 200\ncommercial_speed_kmh: 150\nline_speed_kmh: 200\n{SERVICE}"
    )
    assert tell(tmp_path, text) == [
        ("speed_unclear", "design_speed_kmh"),
        ("key_unused", "line_speed_kmh"),
        ("chainage", "stations"),
    ]


def test_a_contradiction_in_a_part_does_not_hide_those_of_the_whole(tmp_path: Path) -> None:
    """The second station and the service contradict themselves, the line has no speed and its chainage falls."""
    stations = "stations: [{stop_id: a, chainage_km: 0}, {stop_id: b, lon: 111, chainage_km: 90},"
    stations += " {stop_id: c, chainage_km: 50}]\n"
    text = f"kind: rail_line\n{stations}service: {{kind: headway, trains_per_day: 4}}\n"
    assert tell(tmp_path, text) == [
        ("station_unclear", "stations.1.lat"),
        ("service_incomplete", "service.headway_min"),
        ("service_mixed", "service.trains_per_day"),
        ("speed_unclear", "design_speed_kmh"),
        ("chainage", "stations"),
    ]


def test_an_unknown_key_and_a_wrong_head_do_not_hide_them(tmp_path: Path) -> None:
    text = "kind: road_upgrade\nroads: [r]\nalong: {ref: G6, from: a, to: b}\nspeeed: 3\ncovers: 7\n"
    assert sorted(tell(tmp_path, text), key=str) == sorted(
        [
            ("unknown_key", "speeed"),
            ("bad_value", "covers"),
            ("roads_unclear", "roads"),
            ("changed_nothing", "highway"),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (  # a new node twice, another that no road uses, no way in from the network
            "kind: road_link\nhighway: primary\ndesign_speed_kmh: 80\ntoll: false\n"
            "nodes: [{id: n, name: {zh: n, en: n}, lon: 111, lat: 40},"
            " {id: n, name: {zh: n, en: n}, lon: 111, lat: 41},"
            " {id: m, name: {zh: m, en: m}, lon: 112, lat: 41}, {id: o, name: {zh: o, en: o}, lon: 112, lat: 40}]\n"
            "roads: [{from: n, to: o, length_km: 3}]\n",
            ["node_twice", "node_unused", "road_island"],
        ),
        (  # no change at all of an unknown switch, and a place that opens and closes
            "kind: policy\nflags: {no_such: true, nor_this: false}\nplaces_opened: [p]\nplaces_closed: [p]\n",
            ["unknown_flag", "unknown_flag", "place_contradiction"],
        ),
        (  # departures beside a count of trains, and backwards times of the day
            "kind: rail_service\nline_speed_kmh: 160\nadd: [{id: g, stops: [a, b, a], as_fastest: 1.0,"
            " run_times_min: [10], service: {kind: headway, headway_min: 30, first_departure: '06:00',"
            " last_departure: '22:00'}}]\n",
            ["speed_unclear", "run_time_count", "station_twice"],
        ),
    ],
)
def test_every_kind_tells_all(tmp_path: Path, text: str, codes: list[str]) -> None:
    assert [code for code, _ in tell(tmp_path, text)] == codes


def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    """A value of the wrong type, and a part that is wrong in one way only, bring no echo from the whole."""
    assert tell(tmp_path, "kind: closure\nroads: 7\n") == [("bad_value", "roads")]
    road = "kind: road_link\nhighway: primary\ndesign_speed_kmh: 80\ntoll: false\n"
    assert tell(tmp_path, road + "roads: [{from: a, to: a, length_km: 2}]\n") == [("road_to_itself", "roads.0.to")]
    bus = "kind: bus_line\nstops: [{node: a}, {node: b}]\nservice: {kind: timetable}\n"
    assert tell(tmp_path, bus) == [("service_incomplete", "service.kind")]
