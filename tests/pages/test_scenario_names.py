"""Plans that are alike say in their names what parts them: held against the projects that they have."""

from __future__ import annotations

from transit_model.measure.workspace import Workspace
from transit_model.pages.text import widen_punctuation


def test_the_two_largest_plans_name_their_difference() -> None:
    work = Workspace.open()
    wide, dated = work.scenario("everything-planned"), work.scenario("everything-2035")
    projects = [{p.id: p for p in s.projects} for s in (wide, dated)]
    more = set(projects[0]) - set(projects[1])
    assert more == {"hue_hsr", "s315_renyichang_wushen"}
    assert not set(projects[1]) - set(projects[0])
    assert {str(projects[0][p].status) for p in more} == {"study"}
    for lang, sides in (("zh", ("含呼鄂城际", "不含呼鄂城际")), ("en", ("with the", "without the"))):
        titles = [getattr(s.title, lang) for s in (wide, dated)]
        assert all(side in title for side, title in zip(sides, titles, strict=True))
    notes = [s.summary.zh for s in (wide, dated) if s.summary is not None]
    assert len(notes) == 2
    assert all("呼鄂城际" in note and "S315仁义昌至五申" in note for note in map(widen_punctuation, notes))
