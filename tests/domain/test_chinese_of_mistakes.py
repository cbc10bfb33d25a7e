"""No mistake of a project, scenario or study speaks English to a Chinese reader: every field of every schema is
given every kind of wrong value, and every contradiction that has a bad file is made."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from pydantic_core import core_schema

from tests.scenario.test_schema_messages import BAD
from tests.scenario.yaml_text import BODIES, parse, text_of
from transit_model import wrong_values
from transit_model.domain.issue_words import translate_sentence, translate_text
from transit_model.errors import Issue
from transit_model.scenario.base_schema import Frozen
from transit_model.scenario.scenario_schema import ScenarioFile, StudyFile
from transit_model.scenario.schema import parse_data, parse_project
from transit_model.store.yaml_lines import YamlDocument, find_model, parse_yaml

CHINESE = re.compile(r"[\u4e00-\u9fff]")
SYNTAX = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"|\[[^\]]*\]|\w+: [\w-]+")
"""Commands, quoted values, lists and keys with a value stay as they are written."""
SENTENCE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,}\b")
"""Two English words that follow each other."""
WRONG: tuple[Any, ...] = (
    None,
    True,
    -1,
    0,
    0.3,
    1e9,
    float("nan"),
    "",
    "nosuchword",
    "x" * 400,
    [],
    ["a b"],
    [[]],
    {},
    {"a": 1},
    9999,
)
SCENARIO = {
    "id": "s", "title": {"zh": "某", "en": "some"}, "base": {"as_of": "2025-01-01", "opened": "all"},
    "projects": ["a"], "overrides": {"a.b": 1}, "variants": {"v": {"title": {"zh": "某", "en": "x"}, "without": ["a"]}},
}  # fmt: skip
STUDY = {
    "id": "s", "title": {"zh": "某", "en": "some"}, "scenarios": ["a", "b"], "goals": ["g"],
    "comparisons": [{"base": "a", "scenario": "b"}], "timeline": [{"year": 2030, "scenario": "a"}],
    "rings": [{"mode": "road", "reading": "typical"}], "compared": [{"mode": "road", "reading": "typical"}],
    "cutoffs_min": [30, 60], "pairs": {"from": ["a"], "to": ["b"]}, "first_year": 2026, "last_year": 2030,
}  # fmt: skip
WHOLE = {
    "change": "changes: [{trains: {classes: [D], between: [a, b], one_way: true, first_departure: '06:00'},"
    " drop_stops: [s], add_stops: [{stop: t, after: u, dwell_min: 2, lost_min: 3}], extend: {beyond: a, to: [b],"
    " run_times_min: [9],"
    " dwell_min: 2}, line_speed_kmh: 200, shift_min: 3, trains_per_day: 5, days: [mon]}]\n",
    "works": "along: {ref: G6, from: a, to: b}\ndirection: along\nspeed_kmh: 60\nhours: {from: '22:00', to: '05:00'}\n"
    "ends: 2031\n",
    "rail": "line_speed_kmh: 200\nretime: [{between: [a, b], factor: 0.9, routes: [D]}]\nscale: [{id: m, routes: [D],"
    " termini: [a], factor: 2, first_departure: '06:00', last_departure: '20:00'}]\ncalls: [{stop: a, between: [b, c],"
    " minutes: 3, dwell_min: 1}]\n",
    "policy": "assumptions: {rail_change_min: 10}\nflags: {one_card: true}\nplaces_opened: [p]\nplaces_closed: [q]\n",
    "bus": "stops: [{node: a, id: s1, name: {zh: 甲, en: A}}, {node: b}]\ncourse: {file: a.geojson, datum: wgs84,"
    " layer: x, feature: y}\nstop_min: 1\nservice: {kind: headway, periods: [{from: '06:00', to: '09:00',"
    " headway_min: 10}], days: [mon]}\n",
}
KINDS = {"change": "service_change", "works": "closure", "rail": "rail_service", "policy": "policy", "bus": "bus_line"}
MORE = (
    "as_of: 2026\ncovers: [c]\nsummary: {zh: 某, en: x}\nassumed: [{field: title, zh: 某, en: x}]\nrequires: [r]\n"
    "conflicts: [c2]\nexisting: {roads_present: [r]}\nreplaces: true\n"
)


def find_english(issue: Issue) -> list[str]:
    """Return the texts of an issue that speak English in Chinese."""
    texts = [translate_text(t) for t in (issue.message, issue.hint) if t]
    plain = [SYNTAX.sub("", t.partition("：")[2] if t.startswith(("p：", "某：")) else t) for t in texts]
    wrong = [t for t, p in zip(texts, plain, strict=True) if SENTENCE.search(p)]
    return wrong + ([] if CHINESE.search(translate_text(issue.message)) else [translate_text(issue.message)])


def list_paths(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    for key, value in data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ():
        yield (*path, key)
        yield from list_paths(value, (*path, key))


def list_spoilt(model: type[Frozen], data: Any) -> Iterator[Any]:
    """Yield copies of data, each with one value wrong, one key gone or one that is not known."""
    for path in list_paths(data):
        for value in (*WRONG, "gone", "more"):
            spoilt = copy.deepcopy(data)
            at: Any = spoilt
            for part in path[:-1]:
                at = at[part]
            if value == "gone" and isinstance(at, dict):
                del at[path[-1]]
            elif value == "more" and isinstance(at, dict):
                at["sppeed"] = 3
            else:
                at[path[-1]] = value
            yield spoilt
    for key in find_model(model, ()).model_fields:
        yield from ({**data, key: value} for value in WRONG)


def test_every_error_type_of_pydantic_has_a_chinese_sentence() -> None:
    """Those of bytes, addresses, calendars, ... that no schema of ours can give say what is said of any value."""
    import typing

    for kind in typing.get_args(core_schema.ErrorType):
        context: dict[str, Any] = {"class_name": "X", "expected": "'a' or 'b'", "error": "line 1 column 2"}
        numbers = ("gt", "ge", "lt", "le", "min_length", "max_length", "actual_length", "multiple_of")
        context |= dict.fromkeys(numbers, 3) | {"pattern": "^a$"}
        said = wrong_values.describe_wrong({"type": kind, "ctx": context, "msg": "Value error, must be a number"})
        assert translate_sentence(said) is not None, (kind, said)
    assert translate_sentence(wrong_values.OTHERWISE)


@pytest.mark.parametrize("kind", [*BODIES, *WHOLE])
def test_a_wrong_value_at_every_key_of_a_project(kind: str) -> None:
    text = text_of(KINDS.get(kind, kind), WHOLE.get(kind)) + MORE
    data = parse_yaml(text, file="p.yaml").data
    assert parse_project(YamlDocument(data, {}, "p.yaml"))[0] is not None
    found: dict[str, Issue] = {}
    from transit_model.scenario.kinds.registry import PROJECT_KINDS

    for spoilt in list_spoilt(PROJECT_KINDS[data["kind"]].schema, data):
        for issue in parse_project(YamlDocument(spoilt, {}, "p.yaml"))[1]:
            found |= dict.fromkeys(find_english(issue), issue)
    assert not found, "\n".join(f"{text}  <- {issue.as_text()}" for text, issue in found.items())


@pytest.mark.parametrize(("model", "data"), [(ScenarioFile, SCENARIO), (StudyFile, STUDY)])
def test_a_wrong_value_at_every_key_of_a_scenario_and_a_study(model: type[Frozen], data: Any) -> None:
    assert parse_data(model, data, YamlDocument(data, {}, "s.yaml"))[1] == []
    found: dict[str, Issue] = {}
    for spoilt in list_spoilt(model, data):
        for issue in parse_data(model, spoilt, YamlDocument(spoilt, {}, "s.yaml"))[1]:
            found |= dict.fromkeys(find_english(issue), issue)
    assert not found, "\n".join(f"{text}  <- {issue.as_text()}" for text, issue in found.items())


@pytest.mark.parametrize("name", BAD)
def test_every_bad_file_is_told_in_chinese(name: str) -> None:
    found = {text: issue.as_text() for issue in parse(BAD[name][0])[1] for text in find_english(issue)}
    assert not found
