"""The default study of the second region as pages: whole, light, about itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tools.command import run_command


@pytest.mark.slow
def test_the_study_writes_its_pages(tmp_path: Path) -> None:
    out = tmp_path / "maps-taixin"
    done = run_command("run", "--region", "taixin", "--out", str(out), "--workers", "1")
    assert done.returncode == 0, done.printed
    pages = {path.name: path.read_text(encoding="utf-8") for path in out.glob("*.html")}
    assert {"index.html", "goals.html", "report.html", "timeline.html", "built-2025.html", "xiongxin.html"} <= set(
        pages
    )
    assert max(len(page.encode()) for page in pages.values()) < 3_000_000
    assert sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) < 30_000_000
    for name, page in pages.items():
        links = {link.split("#")[0] for link in re.findall(r'href="([^"#][^":]*)"', page)} - {"data:,"}
        lost = [link for link in links if link.endswith(".html") and not (out / link).is_file()]
        assert lost == [], name
        assert name == "index.html" or "呼包鄂乌" not in page  # only the front page names the other region
    for words in ("3223出行交通圈", "雄忻高铁", "太忻大道", "transit-model run --region hubaoewu"):
        assert words in pages["index.html"]
    assert "集大原高铁" in pages["built-2025.html"]
    assert "乌兰察布" in pages["report.html"]  # the calibration of rail
