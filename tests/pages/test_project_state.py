"""How far a project is and when it opens: two texts that go together, one for what runs."""

from __future__ import annotations

import pytest

from transit_model.pages.project_state import tell_state
from transit_model.pages.view import ProjectView


def project(status: str, opens: str) -> ProjectView:
    return ProjectView("p", {"zh": "线", "en": "Line"}, status=status, opens=opens)


@pytest.mark.parametrize(
    ("projects", "zh", "en"),
    [
        ([("open", "unknown")], ["来源称已开通，未说何时"], ["open by its sources, which do not say since when"]),
        ([("open", "2023")], ["2023 已开通"], ["open since 2023"]),
        ([("planned", "2028")], ["规划", "开通 2028"], ["planned", "opens 2028"]),
        ([("planned", "unknown")], ["规划", "开通时间未定"], ["planned", "opening not known"]),
        ([("", "unknown")], ["开通时间未定"], ["opening not known"]),
        (
            [("planned", "2028"), ("study", "unknown"), ("planned", "2031")],
            ["规划", "研究", "开通 2028–2031 · 部分未定"],
            ["planned", "under study", "opens 2028–2031 · some not known"],
        ),
        ([("odd", "2028")], ["odd", "开通 2028"], ["odd", "opens 2028"]),
    ],
)
def test_a_state_says_one_thing(projects: list[tuple[str, str]], zh: list[str], en: list[str]) -> None:
    told = tell_state([project(*p) for p in projects])
    assert [t["zh"] for t in told] == zh
    assert [t["en"] for t in told] == en
    without = tell_state([project(*p) for p in projects], with_status=False)
    assert without == told[-1:]
