"""Scripts and style sheets as they stand in pages: without indents and later remarks, every line of code kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from transit_model.pages import page
from transit_model.pages.page import read_asset

FOLDER = Path(page.__file__).parent / "assets"
NAMES = sorted(f.name for f in FOLDER.iterdir() if f.suffix in (".js", ".css"))


@pytest.mark.parametrize("name", NAMES)
def test_an_asset_keeps_its_code_and_its_head(name: str) -> None:
    source = [line.strip() for line in (FOLDER / name).read_text(encoding="utf-8").strip().splitlines()]
    shown = str(read_asset(name)).splitlines()
    code = [line for line in source if not line.startswith("//")]
    assert [line for line in shown if not line.startswith("//")] == [
        line.replace("</script", "<\\/script").replace("</style", "<\\/style") for line in code
    ]
    assert shown[0] == source[0]
    assert len(shown) <= len(source)


@pytest.mark.parametrize("name", [n for n in NAMES if n.endswith(".js")])
def test_no_text_of_a_script_spans_lines(name: str) -> None:
    """An indent or a line that begins as a remark would be part of it."""
    for line in (FOLDER / name).read_text(encoding="utf-8").splitlines():
        assert line.strip().startswith("//") or line.split("//")[0].count("`") % 2 == 0
        assert not line.rstrip().endswith("\\")
