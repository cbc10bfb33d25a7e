"""Every number has a source, and no number can be set to nonsense."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files

import pytest
from ruamel.yaml import YAML

from transit_model import assumptions as assumptions_module
from transit_model.assumptions import Assumptions, read_default_assumptions
from transit_model.errors import InputError

DEFAULT = read_default_assumptions()


def test_every_number_has_a_provision_and_every_provision_a_number() -> None:
    assert set(DEFAULT.provisions) == set(Assumptions.model_fields) - {"provisions"}


@pytest.mark.parametrize("name", sorted(DEFAULT.provisions))
def test_every_provision_says_where_the_number_comes_from(name: str) -> None:
    provision = DEFAULT.provisions[name]
    assert provision.source.strip()
    assert provision.unit
    assert provision.zh
    assert provision.en
    assert re.search(r"[\u4e00-\u9fff]", provision.zh)
    # What is published or derived names its source by key or by the calculation; what is not says "judged".
    if provision.basis == "published":
        assert "[" in provision.source
    if provision.basis == "judged":
        assert "judged" in provision.source or "[" in provision.source or "checked" in provision.source
    if provision.basis == "calibrated":
        assert "calibration/" in provision.source


def test_source_keys_are_rows_of_the_sources_table(repo: object) -> None:
    from pathlib import Path

    import pandas as pd

    keys = set(pd.read_csv(Path(str(repo)) / "data/hubaoewu/sources.csv", dtype=str)["key"])
    named = {key for p in DEFAULT.provisions.values() for key in re.findall(r"\[([a-z0-9_-]+)\]", p.source)}
    assert named
    assert named <= keys, named - keys


def test_the_same_classes_have_a_speed_in_every_table_and_a_junction_delay() -> None:
    classes = set(DEFAULT.speed_factor_free)
    assert classes == {"motorway", "trunk", "primary", "secondary", "tertiary", "other", "urban"}
    for table in (
        DEFAULT.speed_factor_typical, DEFAULT.speed_factor_peak, DEFAULT.speed_factor_winter, DEFAULT.junction_delay_s,
    ):  # fmt: skip
        assert set(table) == classes
    assert set(DEFAULT.vehicle_cap_kmh) == {"car", "coach", "ambulance"}
    assert DEFAULT.vehicle_cap_kmh["coach"] == 100  # the legal cap
    assert set(DEFAULT.borderline_share) == {"promoter", "typical", "door_to_door"}


def test_free_flow_is_the_posted_speed_and_the_others_are_not_faster() -> None:
    assert set(DEFAULT.speed_factor_free.values()) == {1.0}
    for table in (DEFAULT.speed_factor_typical, DEFAULT.speed_factor_peak, DEFAULT.speed_factor_winter):
        assert all(0 < share <= 1 for share in table.values())


def test_a_change_is_a_copy() -> None:
    changed = DEFAULT.with_changes(walk_speed_kmh=5.0)
    assert (changed.walk_speed_kmh, DEFAULT.walk_speed_kmh) == (5.0, 4.5)
    assert changed.fingerprint() != DEFAULT.fingerprint()
    assert DEFAULT.with_changes(walk_speed_kmh=4.5).fingerprint() == DEFAULT.fingerprint()


def test_unknown_names_are_refused_all_at_once() -> None:
    with pytest.raises(InputError) as caught:
        DEFAULT.with_changes(walking_speed=5, walk_detour=0.5, max_rides="many")
    assert {i.field for i in caught.value.issues} == {"walking_speed", "walk_detour", "max_rides"}
    assert all(i.code == "bad_assumption" and i.hint for i in caught.value.issues)


@pytest.mark.parametrize(
    "change",
    [
        {"vehicle_cap_kmh": {"car": 0}},
        {"speed_factor_typical": {"motorway": 0.0}},
        {"speed_factor_typical": {"motorway": -1.0}},
        {"speed_factor_typical": {"motorway": float("nan")}},
        {"junction_delay_s": {"motorway": -5}},
        {"borderline_share": {"typical": -0.1}},
        {"walk_speed_kmh": float("inf")},
        {"walk_speed_kmh": 0},
        {"ramp_delay_s": float("nan")},
    ],
    ids=str,
)
def test_numbers_that_would_make_times_infinite_or_negative_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        DEFAULT.with_changes(**change)


def test_rows_list_every_entry_of_a_table() -> None:
    rows = {r["name"]: r for r in DEFAULT.as_rows()}
    assert rows["vehicle_cap_kmh.coach"]["value"] == 100
    assert rows["walk_speed_kmh"]["basis"] == "judged"
    assert len(rows) == len(DEFAULT.as_rows())


def test_the_file_is_read_as_the_parser_of_yaml_reads_it() -> None:
    text = files("transit_model").joinpath("assumptions.yaml").read_text(encoding="utf-8")
    plain = assumptions_module.read_plain_entries(text)
    expected = YAML(typ="safe", pure=True).load(text)
    assert plain == expected
    assert [[type(v) for v in e.values()] for e in plain.values()] == [
        [type(v) for v in e.values()] for e in expected.values()
    ]


@pytest.mark.parametrize(
    "line",
    [
        "  value: [1, 2]", "  value: 'it''s'", "  zh: a: b", "  zh: yes # no", "  value: 1e3", "  value: true",
        "  value: {a: b}", "   value: 1", "  zh: |", "  value: *a", "- x", "  zh: a:",
        "  zh: 2020-01-01", "  zh: .5", "  zh: ~", "  value: 0x10", '  zh: "a" b',
    ],
)  # fmt: skip
def test_what_is_less_plain_is_refused_with_its_line_or_read_as_the_parser_reads_it(line: str) -> None:
    text = f"name:\n  unit: min\n{line}\n"
    try:
        found = assumptions_module.read_plain_entries(text)
    except InputError as error:
        (issue,) = error.issues
        assert (issue.code, issue.file, issue.line, issue.value) == ("bad_assumption", "assumptions.yaml", 3, line)
    else:
        assert found == YAML(typ="safe", pure=True).load(text)


def test_a_name_or_a_field_that_stands_twice_is_refused() -> None:
    for text in ("a:\n  value: 1\na:\n  value: 2\n", "a:\n  value: 1\n  value: 2\n"):
        with pytest.raises(InputError, match="damaged"):
            assumptions_module.read_plain_entries(text)


@pytest.mark.parametrize("name", [n for n in DEFAULT.provisions if n != "provisions"])
def test_no_number_is_beyond_all_that_is(name: str) -> None:
    """1e300 minutes of boarding are no policy; every number has an upper bound, its own value below it."""
    value = getattr(DEFAULT, name)
    wrong = dict.fromkeys(value, 1e300) if isinstance(value, Mapping) else 1e300
    with pytest.raises(InputError) as caught:
        DEFAULT.with_changes(**{name: wrong})
    assert {i.code for i in caught.value.issues} == {"bad_assumption"}
