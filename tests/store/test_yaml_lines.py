"""YAML is read safely and every message knows its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from transit_model.errors import InputError
from transit_model.store import yaml_lines
from transit_model.store.yaml_lines import load_yaml, parse_yaml, validate_model


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")
    speed_kmh: float
    when: date | None = None


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: str
    parts: tuple[Part, ...] = ()


def test_lines_of_keys_and_items() -> None:
    text = "name: x\nparts:\n  - speed_kmh: 80\n    when: 2024-01-01\n  - {speed_kmh: 100}\n"
    document = parse_yaml(text, file="t.yaml")
    assert document.data["parts"][0]["when"] == date(2024, 1, 1)
    assert document.line_of("parts") == 2
    assert document.line_of("parts", 0, "when") == 4
    assert document.line_of("parts", 1, "speed_kmh") == 5
    assert document.line_of("parts", 1, "not_there") == 5  # the nearest parent
    assert document.line_of("nothing") == 1


def test_clock_texts_stay_texts() -> None:
    assert parse_yaml("a: 07:00\nb: on\nc: 010\n", file="t").data == {"a": "07:00", "b": "on", "c": 10}


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: [1, 2\nb: 3\n", "bad_yaml", 2),
        ("a: 1\n  b: 2\n", "bad_yaml", 2),
        ("a: 1\na: 2\n", "duplicate_key", 2),
        ("a: !!python/object/apply:os.system [ls]\n", "bad_yaml", 1),
        ("a: 'cut off\n", "bad_yaml", 2),
        ("", "empty_file", 1),
        ("# only a comment\n", "empty_file", 1),
        ("a: *nobody\n", "bad_yaml", 1),
        ("a: &x [1]\nb: *x\n", "alias_in_yaml", 1),
        ("a:\n\t- 1\n", "tab_in_yaml", 2),
        ("- a\n", "not_a_mapping", 1),
    ],
    ids=["bracket", "indent", "twice", "tag", "truncated", "empty", "comment", "nobody", "alias", "tab", "list"],
)
def test_bad_yaml(text: str, code: str, line: int) -> None:
    with pytest.raises(InputError) as error:
        parse_yaml(text, file="t.yaml")
    issue = error.value.issues[0]
    assert (issue.code, issue.file, issue.line) == (code, "t.yaml", line)


def test_a_billion_laughs() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(InputError, match="alias_in_yaml"):
        parse_yaml("\n".join(["l0: &l0 ha", *levels]), file="t.yaml")


def test_deep_nesting() -> None:
    with pytest.raises(InputError):
        parse_yaml("[" * 600 + "]" * 600, file="t.yaml")


def test_not_utf8() -> None:
    with pytest.raises(InputError) as error:
        parse_yaml("a: 呼市\n".encode("gb18030"), file="t.yaml")
    assert error.value.issues[0].code == "not_utf8"


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.yaml"
    path.write_text("a: 1\n", encoding="utf-8")
    assert load_yaml(path).data == {"a": 1}
    monkeypatch.setattr(yaml_lines, "MAX_BYTES", 3)
    with pytest.raises(InputError, match="larger"):
        load_yaml(path)
    with pytest.raises(InputError) as error:
        load_yaml(tmp_path / "none.yaml")
    assert error.value.issues[0].code == "missing_file"


def test_unknown_key_is_refused_with_the_nearest() -> None:
    text = "name: x\nparts:\n  - speed_kmh: 80\n  - speed_kph: 100\ncolour: red\n"
    model, issues = validate_model(Whole, parse_yaml(text, file="t.yaml"))
    assert model is None
    found = {(i.code, i.line, i.field): i.hint for i in issues}
    assert found[("unknown_key", 4, "parts.1.speed_kph")] == "did you mean speed_kmh?"
    assert "known keys: name, parts" in found[("unknown_key", 5, "colour")]
    assert ("missing_key", 4, "parts.1.speed_kmh") in found


def test_bad_value_names_the_line() -> None:
    text = "name: x\nparts:\n  - speed_kmh: fast\n"
    _, issues = validate_model(Whole, parse_yaml(text, file="t.yaml"))
    assert [(i.code, i.line, i.value) for i in issues] == [("bad_value", 3, "fast")]
