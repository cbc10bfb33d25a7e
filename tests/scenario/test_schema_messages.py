"""Every message of the loader has a bad file: code, line, and a word of the message or hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenario.bad_services import BAD_BUSES, BAD_SERVICES, replaced
from tests.scenario.yaml_text import HEAD_LINES, parse, text_of
from transit_model.store.yaml_lines import parse_document, read_document

H = HEAD_LINES
SERVICE = 'service: {kind: headway, headway_min: 20, first_departure: "06:00", last_departure: "22:00"}\n'
ENDS = "stations:\n  - {stop_id: sa, chainage_km: 0}\n  - {stop_id: sb, chainage_km: 72}\n"
ADD = "line_speed_kmh: 200\nadd:\n  - id: more\n    stops: [sa, sb]\n"
TT = "    service: {kind: timetable, trains_per_day: 2, first_departure: '06:00', last_departure: '20:00'}\n"
ROAD = "highway: trunk\ndesign_speed_kmh: 80\ntoll: false\n"


def bent(bend: str) -> str:
    """Return a road with one bend in its first section."""
    return replaced("road_link", ", length_km: 26}", f", via: [{bend}], length_km: 26}}")


BAD: dict[str, tuple[str, str, int | None, str]] = {
    **BAD_SERVICES,
    **BAD_BUSES,
    # the text itself
    "empty": ("", "empty_file", 1, "empty"),
    "only comments": ("# nothing\n\n", "empty_file", 1, "template"),
    "tab": ("id: p\nservice:\n\tkind: headway\n", "tab_in_yaml", 3, "spaces"),
    "syntax": ("id: p\ntitle: {zh: x, en: y\nkind: policy\n", "bad_yaml", 3, "not valid YAML"),
    "unclosed quote": ('id: "p\nkind: policy\n', "bad_yaml", None, "not valid YAML"),
    "list": ("- id: p\n", "not_a_mapping", 1, "keys and values"),
    "scalar": ("just words\n", "not_a_mapping", 1, "id:"),
    "key twice": (text_of("policy") + "id: q\n", "duplicate_key", H + 2, "first in line 1"),
    "alias": ("id: &x p\nkind: policy\ntitle: {zh: *x, en: *x}\n", "alias_in_yaml", 1, "anchors"),
    "tag": ("id: !!python/name:os.system x\nkind: policy\n", "bad_yaml", None, "not valid YAML"),
    # what every project has
    "no kind": ("id: p\n", "missing_key", 1, "kind"),
    "wrong kind": ("id: p\nkind: rail_lien\n", "unknown_kind", 2, "rail_line"),
    "kind no word": ("id: p\nkind: [a]\n", "unknown_kind", 2, "kinds:"),
    "no title": (replaced("policy", "title: {zh: 某项目, en: a project}\n", ""), "missing_key", 1, "title"),
    "title of one language": (replaced("policy", ", en: a project", ""), "missing_key", 3, "en"),
    "empty title": (replaced("policy", "zh: 某项目", "zh: ''"), "empty_value", 3, ""),
    "id": (replaced("policy", "id: p", "id: My Project"), "bad_id", 1, "small letters"),
    "status": (replaced("policy", "status: planned", "status: planed"), "unknown_value", 4, "did you mean planned"),
    "confidence": (replaced("policy", "confidence: low", "confidence: sure"), "unknown_value", 7, "high, medium, low"),
    "no source": (replaced("policy", "source: [t]", "source: []"), "empty_list", 6, ""),
    "source in words": (replaced("policy", "source: [t]", "source: [the paper]"), "bad_source", 6, "sources.csv"),
    "opening in words": (replaced("policy", "opens: 2030", "opens: soon"), "bad_opening", 5, "unknown"),
    "opening month 13": (replaced("policy", "opens: 2030", "opens: 2030-13"), "bad_opening", 5, "YYYY"),
    "opening backwards": (replaced("policy", "opens: 2030", "opens: [2030, 2028]"), "bad_opening", 5, "earlier first"),
    "unknown key": (text_of("policy") + "sourcce: [x]\n", "unknown_key", H + 2, "did you mean source"),
    "far unknown key": (text_of("policy") + "zzz: 1\n", "unknown_key", H + 2, "known keys"),
    "assumed unknown": (
        text_of("policy") + "assumed:\n  - {field: headwai, zh: x, en: y}\n",
        "assumed_unknown",
        H + 3,
        "no key of a policy",
    ),
    "assumed without reason": (text_of("policy") + "assumed:\n  - {field: flags}\n", "missing_key", H + 3, "missing"),
    "range of nothing": (text_of("policy") + "ranges: {speed: [1, 2]}\n", "range_unknown", H + 2, "there is no speed"),
    "range of a word": (text_of("policy") + "ranges: {status: [1, 2]}\n", "range_unknown", H + 2, "not a number"),
    "range beside the value": (
        text_of("policy") + "ranges: {assumptions.rail_change_min: [11, 20]}\n",
        "bad_range",
        H + 2,
        "hold the value",
    ),
    # rail lines
    "no speed": (text_of("rail_line", ENDS + SERVICE), "speed_unclear", None, "exactly one"),
    "two speeds": (
        text_of("rail_line", ENDS + "design_speed_kmh: 250\ncommercial_speed_kmh: 200\n" + SERVICE),
        "speed_unclear",
        None,
        "exactly one",
    ),
    "one station": (
        text_of("rail_line", "stations: [{stop_id: sa, chainage_km: 0}]\ndesign_speed_kmh: 250\n" + SERVICE),
        "empty_list",
        H + 1,
        "",
    ),
    "station unclear": (replaced("rail_line", "stop_id: sa, ", ""), "station_unclear", H + 2, "either stop_id or id"),
    "station both": (replaced("rail_line", "stop_id: sa", "stop_id: sa, id: sx"), "station_unclear", H + 2, "either"),
    "new station nameless": (
        replaced("rail_line", "name: {zh: 新站, en: New}, ", ""),
        "station_unclear",
        H + 3,
        "lacks a name",
    ),
    "lon alone": (replaced("rail_line", "lat: 40.2, ", ""), "station_unclear", H + 3, "belong together"),
    "old station renamed": (
        replaced("rail_line", "stop_id: sa", "stop_id: sa, name: {zh: 甲, en: A}"),
        "station_unclear",
        H + 2,
        "keeps its name",
    ),
    "off road with a node": (
        replaced("rail_line", "stop_id: sa", "stop_id: sa, off_road: true, road_node_id: a"),
        "station_unclear",
        H + 2,
        "contradict",
    ),
    "latitude": (replaced("rail_line", "lat: 40.2", "lat: 140.2"), "out_of_range", H + 3, ""),
    "chainage from 5": (replaced("rail_line", "chainage_km: 0}", "chainage_km: 5}"), "chainage", None, "must be 0"),
    "speed that nothing is checked with": (
        text_of("rail_line") + "line_speed_kmh: 300\n",
        "key_unused",
        None,
        "would not be used",
    ),
    "departures back of trains a day": (
        replaced(
            "rail_line",
            "{kind: headway, headway_min: 20,",
            "{kind: timetable, trains_per_day: 9, departures_back: ['09:00'],",
        ),
        "service_mixed",
        H + 6,
        "spread both ways",
    ),
    "departures back of a one-way service": (
        replaced("rail_service", 'departures_back: ["11:00"]', 'departures_back: ["11:00"], both_directions: false'),
        "service_mixed",
        H + 6,
        "no way back",
    ),
    "a span beside departures": (
        replaced("rail_service", 'departures_back: ["11:00"]', 'departures_back: ["11:00"], first_departure: "06:00"'),
        "service_mixed",
        H + 6,
        "would not be used",
    ),
    "chainage falls": (replaced("rail_line", "chainage_km: 24", "chainage_km: 80"), "chainage", None, "must grow"),
    "station twice": (replaced("rail_line", "stop_id: sb", "stop_id: sa"), "station_twice", None, "twice"),
    "run times": (
        replaced("rail_line", "design_speed_kmh: 250", "run_times_min: [10]"),
        "run_time_count",
        None,
        "3 stations need 2",
    ),
    "no trains": (text_of("rail_line", ENDS + "design_speed_kmh: 250\n"), "no_trains", None, "patterns"),
    "pattern stop": (
        text_of("rail_line") + "patterns:\n  - {id: x, stops: [sa, sz], " + SERVICE.strip() + "}\n",
        "pattern_stop",
        None,
        "no station of the line",
    ),
    "pattern backwards": (
        text_of("rail_line") + "patterns:\n  - {id: x, stops: [sb, sa], " + SERVICE.strip() + "}\n",
        "pattern_stop",
        None,
        "order of the line",
    ),
    "pattern twice": (
        text_of("rail_line") + "patterns:\n" + 2 * ("  - {id: x, stops: [sa, sb], " + SERVICE.strip() + "}\n"),
        "pattern_twice",
        None,
        "same id",
    ),
    "speed of 0": (
        replaced("rail_line", "design_speed_kmh: 250", "design_speed_kmh: 0"),
        "out_of_range",
        H + 5,
        "1 or more",
    ),
    "speed not a number": (
        replaced("rail_line", "design_speed_kmh: 250", "design_speed_kmh: fast"),
        "bad_value",
        H + 5,
        "number",
    ),
    "speed infinite": (
        replaced("rail_line", "design_speed_kmh: 250", "design_speed_kmh: .inf"),
        "out_of_range",
        H + 5,
        "",
    ),
    # services
    "headway without headway": (replaced("rail_line", "headway_min: 20, ", ""), "service_incomplete", H + 6, "needs"),
    "headway with departures": (
        replaced("rail_line", "headway_min: 20", "headway_min: 20, trains_per_day: 3"),
        "service_mixed",
        H + 6,
        "no departures",
    ),
    "clock": (replaced("rail_line", '"06:00"', '"6 am"'), "bad_clock", H + 6, "HH:MM"),
    "clock as number": (replaced("rail_line", '"06:00"', "6"), "bad_clock", H + 6, "in quotes"),
    "last before first": (replaced("rail_line", '"22:00"', '"05:00"'), "service_span", H + 6, "24:30"),
    "timetable with headway": (
        replaced("rail_line", "kind: headway", "kind: timetable"),
        "service_mixed",
        H + 6,
        "no headway_min",
    ),
    "timetable of nothing": (
        replaced("rail_service", ', departures: ["09:00", "15:00"], departures_back: ["11:00"]', ""),
        "service_incomplete",
        H + 6,
        "either trains_per_day or departures",
    ),
    "no way back": (
        replaced("rail_service", ', departures_back: ["11:00"]', ""),
        "service_incomplete",
        H + 6,
        "departures_back",
    ),
    "no departures": (
        replaced("rail_service", '"09:00", "15:00"', ""),
        "service_incomplete",
        H + 6,
        "empty",
    ),
    "trains without span": (
        text_of("rail_service", ADD + "    as_fastest: 1\n    service: {kind: timetable, trains_per_day: 2}\n"),
        "service_incomplete",
        H + 6,
        "first_departure",
    ),
    # rail services
    "nothing to do": (
        text_of("rail_service", "line_speed_kmh: 200\n"),
        "no_trains",
        None,
        "add, retime, scale or calls",
    ),
    "both timings": (
        text_of("rail_service", ADD + "    as_fastest: 1\n    run_times_min: [30]\n" + TT),
        "speed_unclear",
        H + 5,
        "exactly one",
    ),
    "times too many": (
        text_of("rail_service", ADD + "    run_times_min: [30, 30]\n" + TT),
        "run_time_count",
        H + 5,
        "2 stops need 1",
    ),
    "group twice": (
        text_of(
            "rail_service", ADD + "    as_fastest: 1\n" + TT + ADD[ADD.index("  - id") :] + "    as_fastest: 1\n" + TT
        ),
        "pattern_twice",
        None,
        "same id",
    ),
    # roads
    "no length": (replaced("road_link", ", length_km: 26}", "}"), "length_unclear", H + 8, "exactly one"),
    "bends beside a course": (
        replaced("road_link", ", length_km: 26}", ", course: {file: x.geojson, datum: wgs84}, via: [[111, 40]]}"),
        "course_unclear",
        H + 8,
        "via",
    ),
    "to itself": (replaced("road_link", "to: n1", "to: i1"), "road_to_itself", H + 8, "begins and ends"),
    "no direction of the compass": (
        text_of("closure") + "direction: north\n",
        "unknown_value",
        H + 2,
        "use one of both, along, against",
    ),
    "half a range": (text_of("policy") + "ranges: {x: [1]}\n", "missing_key", H + 2, "its item 2 is missing"),
    "works from a to a": (
        text_of("closure", "along: {ref: S1, from: a, to: a}\n"),
        "road_to_itself",
        H + 1,
        "begins and ends at a",
    ),
    "one number for a bend": (bent("[111.5]"), "bad_bend", H + 8, "[lon, lat]"),
    "a bend of texts": (bent("['111.5', '40.8']"), "bad_bend", H + 8, "is not a bend"),
    "a bend of yes and no": (bent("[true, false]"), "bad_bend", H + 8, "is not a bend"),
    "a bend at the pole": (bent("[111.5, 90]"), "out_of_range", H + 8, "lat within 85"),
    "needs itself": (text_of("closure") + "requires: [q, p]\n", "names_itself", H + 2, "requires names"),
    "stands not beside itself": (text_of("closure") + "conflicts: [p]\n", "names_itself", H + 2, "conflicts names"),
    "no road": (text_of("road_link", ROAD + "roads: []\n"), "empty_list", H + 4, ""),
    "no end": (text_of("road_link", ROAD + "roads:\n  - {from: a, length_km: 3}\n"), "missing_key", H + 5, "to"),
    "node twice": (
        replaced("road_link", "  - {id: n1", "  - {id: n1, name: {zh: x, en: y}, lon: 111, lat: 40}\n  - {id: n1"),
        "node_twice",
        None,
        "same id",
    ),
    "node unused": (
        replaced("road_link", "roads:", "  - {id: n2, name: {zh: x, en: y}, lon: 111, lat: 40}\nroads:"),
        "node_unused",
        None,
        "n2",
    ),
    "island": (
        replaced(
            "road_link",
            "{from: i1, to: n1, length_km: 26}\n  - {from: n1, to: i2, length_km: 26}",
            "{from: n1, to: n1x, length_km: 2}",
        ).replace("roads:", "  - {id: n1x, name: {zh: x, en: y}, lon: 111.1, lat: 40.31}\nroads:"),
        "road_island",
        None,
        "existing interchange",
    ),
    "highway": (replaced("road_link", "highway: motorway", "highway: highway"), "unknown_value", H + 1, "motorway"),
    "upgrade of nothing": (text_of("road_upgrade", "highway: trunk\n"), "roads_unclear", None, "exactly one"),
    "upgrade to nothing": (text_of("road_upgrade", "roads: [a--c]\n"), "changed_nothing", None, "length_factor"),
    "closure of nothing": (text_of("closure", ""), "changed_nothing", None, "roads, along, trips"),
    "closure of an empty list": (text_of("closure", "roads: []\n"), "changed_nothing", None, "roads, along, trips"),
    # buses and policies
    "bus of one stop": (replaced("bus_line", ", {node: c}, {node: b}", ""), "empty_list", H + 1, ""),
    "bus stop twice": (replaced("bus_line", "{node: c}", "{node: a}"), "station_twice", None, "twice"),
    "vehicle": (text_of("bus_line") + "vehicle: tram\n", "unknown_value", H + 3, "coach"),
    "policy of nothing": (text_of("policy", ""), "changed_nothing", None, "must change"),
    "flag": (text_of("policy", "flags: {ambulance: true}\n"), "unknown_flag", None, "ambulance_cross_border"),
    "place": (
        text_of("policy", "places_opened: [x]\nplaces_closed: [x]\n"),
        "place_contradiction",
        None,
        "at once",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_reported_with_code_line_and_words(name: str) -> None:
    text, code, line, words = BAD[name]
    project, issues = parse(text)
    assert project is None or issues
    found = [i for i in issues if i.code == code]
    assert found, [i.as_text() for i in issues]
    if line is not None:
        assert line in [i.line for i in found], [i.as_text() for i in found]
    assert any(words in i.message + i.hint for i in found), [i.as_text() for i in found]
    assert all(i.file == "projects/p.yaml" and i.severity == "error" for i in issues)


def test_there_are_enough_bad_files() -> None:
    assert len(BAD) >= 40


def test_every_code_of_the_schemas_has_a_bad_file(repo: Path) -> None:
    import re

    codes: set[str] = set()
    for file in ("base_schema.py", "rail_schema.py", "road_schema.py", "other_schema.py"):
        codes |= set(re.findall(r'problem\(\s*"(\w+)"', (repo / "transit_model/scenario" / file).read_text("utf-8")))
    assert codes - {code for _, code, _, _ in BAD.values()} == set()


def test_all_issues_of_a_file_come_at_once() -> None:
    text = text_of("road_link").replace("status: planned", "status: maybe").replace("toll: true", "toll: perhaps")
    text = text.replace("length_km: 26}", "length_km: -26}") + "tol: 3\n"
    _, issues = parse(text)
    assert sorted(i.code for i in issues) == [
        "bad_value",
        "out_of_range",
        "out_of_range",
        "unknown_key",
        "unknown_value",
    ]


def test_two_duplicate_keys_are_both_listed() -> None:
    _, issues = parse_document("a: 1\nb: 2\na: 3\nb: 4\n", file="x.yaml")
    assert [(i.code, i.line) for i in issues] == [("duplicate_key", 3), ("duplicate_key", 4)]


def test_not_utf8_and_missing_file(tmp_path: Path) -> None:
    bad = tmp_path / "gbk.yaml"
    bad.write_bytes("id: p\ntitle: 呼包高铁\n".encode("gbk"))
    document, issues = read_document(bad)
    assert document is None
    assert [(i.code, i.line) for i in issues] == [("not_utf8", 2)]
    assert {i.hint for i in issues} == {"save it as UTF-8 text"}
    for encoding in ("gb18030", "utf-16"):
        (tmp_path / "w.yaml").write_bytes("id: w\ntitle: {zh: 呼和浩特, en: w}\n".encode(encoding))
        assert [(i.code, i.hint) for i in read_document(tmp_path / "w.yaml")[1]] == [
            ("not_utf8", "save it as UTF-8 text")
        ]
    document, issues = read_document(tmp_path / "none.yaml")
    assert document is None
    assert [i.code for i in issues] == ["missing_file"]
