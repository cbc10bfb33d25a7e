"""The studio in Firefox: it opens without an error, and a switch moves circles, people and a goal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.minipack import write_minipack
from tests.studio.firefox import Firefox, find_firefox, running_firefox
from tests.studio.planner import serving
from tests.study.mini_workspace import write_mini_scenarios

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_REST = """
return new Promise((done) => { const look = () => { const d = document.body.dataset;
  if (d.ready && d.turn && d.turn === d.pairs && !document.body.classList.contains('busy')) { done(true); }
  else { setTimeout(look, 20); } }; setTimeout(look, 60); });
"""
_SEEN = """
const text = (at) => document.querySelector(at).textContent;
return { minutes: text('[data-minutes="east"]'), goal: text('[data-goal="rail-40"] [data-reading="promoter"] b'),
  people: text('#people tbody'), rings: document.querySelectorAll('.leaflet-rings-pane path').length,
  first: (document.querySelector('.leaflet-rings-pane path') || { getAttribute: () => null }).getAttribute('d'),
  drawn: document.querySelectorAll('.leaflet-added-pane path').length,
  dashed: document.querySelectorAll('.base-ring').length };
"""
_SWITCH = 'const box = document.querySelector(`[data-project="${arguments[0]}"]`); box.click(); return box.checked;'
_CHOOSE = 'document.querySelector(`#${arguments[0]} input[value="${arguments[1]}"]`).click();'


def _look(firefox: Firefox) -> dict[str, object]:
    firefox.run(_REST)
    seen: dict[str, object] = firefox.run(_SEEN)
    return seen


@pytest.mark.skipif(find_firefox() is None, reason="no Firefox (Debian: apt-get install firefox-esr)")
def test_a_switch_in_firefox(tmp_path: Path) -> None:
    write_minipack(tmp_path / "mini")
    write_mini_scenarios(tmp_path / "scenarios")
    program = find_firefox()
    assert program is not None
    with serving(str(tmp_path / "mini"), tmp_path / "scenarios") as server, running_firefox(program) as firefox:
        firefox.open(server.url)
        firefox.run(_REST)
        firefox.run(_CHOOSE, "modes", "road")
        before = _look(firefox)
        assert float(str(before["minutes"])) > 50  # free flow takes 50, the typical reading more
        assert isinstance(before["rings"], int)
        assert before["rings"] > 0
        assert firefox.run(_SWITCH, "bridge_west") is True
        assert firefox.run(_SWITCH, "bridge_east") is True
        after = _look(firefox)
        assert float(str(after["minutes"])) < float(str(before["minutes"]))
        assert after["first"] != before["first"]  # the circle is another
        assert after["people"] != before["people"]
        assert after["dashed"] != 0
        assert before["goal"] == "50.0"
        firefox.run(_SWITCH, "hsr")
        assert _look(firefox)["goal"] == "30.0"  # 90 km at 180 km/h
        assert firefox.run("return getComputedStyle(document.querySelector('.studio .top')).display") == "flex"
        assert firefox.list_errors(server.url) == []
