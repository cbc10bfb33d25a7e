"""The written reference and the JSON schema are those of the schemas: regenerate them with this file.

``python -m tests.scenario.test_reference`` writes them.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.tools.scenario_reference import build_json_schema, build_reference, translate_reference
from transit_model.scenario.kinds.registry import PROJECT_KINDS

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
HINT = "run: python -m tests.scenario.test_reference"


def schema_text() -> str:
    return json.dumps(build_json_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def test_reference_is_fresh() -> None:
    assert (SCENARIOS / "REFERENCE.md").read_text(encoding="utf-8") == build_reference(), HINT


def test_reference_in_chinese_is_fresh_and_translated() -> None:
    text, lacking = translate_reference(build_reference())
    assert (SCENARIOS / "REFERENCE.zh.md").read_text(encoding="utf-8") == text, HINT
    # A new key may come in English; a tenth of all may not.
    assert len(lacking) <= text.count("\n| `") // 10, "add to tests/tools/reference_words_zh.txt:\n" + "\n".join(
        lacking
    )
    keys = re.compile(r"(?m)^\| (`[^`]+`) ")
    assert keys.findall(text) == keys.findall(build_reference())


def test_json_schema_is_fresh() -> None:
    assert (SCENARIOS / "project.schema.json").read_text(encoding="utf-8") == schema_text(), HINT


def test_every_key_is_in_the_reference() -> None:
    text = build_reference()
    for kind, row in PROJECT_KINDS.items():
        assert f"## kind: {kind}" in text
        for name, info in row.schema.model_fields.items():
            assert f"| `{info.alias or name}` |" in text


def test_every_reference_within_the_schema_is_defined() -> None:
    schema = build_json_schema()
    text = json.dumps(schema)
    names = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert names <= set(schema["$defs"])
    assert set(PROJECT_KINDS) <= names


if __name__ == "__main__":
    (SCENARIOS / "REFERENCE.md").write_text(build_reference(), encoding="utf-8")
    (SCENARIOS / "REFERENCE.zh.md").write_text(translate_reference(build_reference())[0], encoding="utf-8")
    (SCENARIOS / "project.schema.json").write_text(schema_text(), encoding="utf-8")
