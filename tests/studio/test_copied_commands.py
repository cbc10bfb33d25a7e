"""What the page hands on: commands that the command line takes, of the scenario that was saved and of no other."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.studio.planner import Planner
from transit_model.cli.app import app

pytestmark = pytest.mark.browser


def _list_commands(planner: Planner, **state: str | None) -> list[list[str]]:
    """Return the words of the commands of a state that nothing is measured in."""
    planner.page.evaluate("(s) => { Object.assign(TransitStudio.state, s); }", state)
    return [shlex.split(line) for line in planner.read("TransitStudio.commands()").splitlines()]


@pytest.mark.parametrize("window", [None, "07:00-09:00"])
def test_every_command_is_taken(planner: Planner, tmp_path: Path, window: str | None) -> None:
    asked = set()
    for mode in ("road", "rail", "best"):
        for reading in ("promoter", "typical", "door_to_door"):
            for line in _list_commands(planner, mode=mode, reading=reading, window=window, speeds="winter"):
                words = [str(tmp_path / w) if w == "rings.geojson" else w for w in line]
                done = CliRunner().invoke(app, words[1:])
                assert done.exit_code == 0, (words, done.output)
                asked.add(words[1])
                assert ("--window" in words) == (window is not None and mode != "road")
                assert ("--speeds" in words) == (reading != "promoter")
    assert asked == {"isochrone", "od"}  # goals are judged at typical speeds alone
    assert _list_commands(planner, speeds="typical", window=None)[-1][:2] == ["transit-model", "goals"]


def test_what_was_saved_is_named_until_it_is_changed(planner: Planner) -> None:
    page = planner.page

    def name() -> str:
        (words,) = [w for w in _list_commands(planner) if w[1] == "od"]
        return words[words.index("--scenario") + 1]

    assert name() == "built"
    planner.switch("hsr")
    assert name() == "NAME"
    page.locator("#save").click()
    page.locator('[name="scenario-id"]').fill("fast")
    page.locator("#save-ok").click()
    page.locator("#save-told .sound").wait_for()
    assert name() == "fast"
    # a change under the open form: what would be written is not what is seen
    planner.page.evaluate("TransitStudio.change((s) => { s.over['hsr.commercial_speed_kmh'] = 120; })")
    assert name() == "NAME"
    page.locator('[data-write="export"]').click()
    page.locator('#save-told [data-code="not_saved"]').wait_for()
    planner.page.evaluate("TransitStudio.undo()")
    assert name() == "fast"
    planner.page.evaluate("document.getElementById('dialog').close()")
    planner.switch("hsr", on=False)
    assert name() == "built"


def test_warnings_stand_at_their_fields_and_hinder_nothing(planner: Planner) -> None:
    page = planner.page
    page.locator('[data-set-lang="en"]').click()
    page.locator('[data-new="road_link"]').click()
    for node in ("west", "east"):
        planner.click_node(node)
    page.locator("#draw-done").click()
    page.locator('#form-warnings [data-code="not_an_interchange"]').first.wait_for()
    page.locator('#dialog-form [name="range"]').fill("80-120")
    page.locator('#dialog-form [name="range"]').blur()
    field = page.locator('[data-field="ranges.design_speed_kmh"]')
    field.locator(".field-warning").get_by_text("upper end of its range").wait_for()
    page.locator('#dialog-form [name="range"]').fill("80-140")
    page.locator('#dialog-form [name="range"]').blur()
    field.locator(".field-warning:empty").wait_for(state="attached")
    assert page.locator(".field-issue:not(:empty)").count() == 0
    planner.take()
    assert page.locator('.draft .warnings [data-code="not_an_interchange"]').count() > 0
