"""The costs of test files, summed from a report of pytest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.list_costs import main

REPORT = """<testsuites><testsuite>
<testcase classname="tests.gtfs.test_gtfs" name="test_a[x.y]" time="2.5"/>
<testcase classname="tests.gtfs.test_gtfs" name="test_b" time="1.0"><failure/></testcase>
<testcase classname="tests.pages.test_axe" name="test_a" time="2.0"/>
<testcase classname="tests.pages.test_paper" name="test_b" time="4.0"/>
<testcase classname="tests.test_units" name="test_c" time="2.9"/>
</testsuite></testsuites>"""


def test_files_of_three_seconds_and_more_get_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "report.xml").write_text(REPORT, encoding="utf-8")
    assert main([str(tmp_path / "report.xml")]) == 0
    # browser 2.0 + 4.0, gtfs 2.5 + 1.0, units below 3; together 12.4 s
    assert capsys.readouterr().out.splitlines() == [
        "    BROWSER: 6.0,",
        '    "tests/gtfs/test_gtfs.py": 3.5,',
        "# all 3 files: 12 s",
    ]


def test_without_a_report_it_says_what_it_wants(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert main(["gone.xml"]) == 1
    assert "--junitxml" in capsys.readouterr().err
