"""Which projects need which: closure, order and rivals, on libraries small enough to see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scenario.yaml_text import BODIES, make
from transit_model.errors import ScenarioError
from transit_model.scenario.base_schema import Project
from transit_model.scenario.requirements import (
    add_required,
    collect_required,
    is_ruled_out,
    keep_complete,
    sort_by_need,
)


def project(name: str, requires: str = "", conflicts: str = "") -> Project:
    head = f"requires: [{requires}]\nconflicts: [{conflicts}]\n"
    return make("policy", BODIES["policy"] + head, project_id=name)


A, B, C = project("a", "b"), project("b", "c"), project("c")
LIBRARY = {p.id: p for p in (A, B, C)}
NAMES = ("a", "b", "c", "d", "e")


def test_a_chain_by_hand() -> None:
    # a needs b, b needs c
    assert [p.id for p in sort_by_need([A, B, C])] == ["c", "b", "a"]
    assert keep_complete([A, B]) == []
    assert keep_complete([A, B], {"c"}) == [A, B]
    assert [p.id for p in collect_required(A, LIBRARY)] == ["c", "b"]
    assert set(add_required(["a"], LIBRARY)) == {"a", "b", "c"}
    assert add_required(["a"], LIBRARY, ["b"]) == ("a",)


def test_what_cannot_be_collected() -> None:
    with pytest.raises(ScenarioError, match="needs c, which is no project"):
        collect_required(A, {"a": A, "b": B})
    ring = {"x": project("x", "y"), "y": project("y", "x")}
    with pytest.raises(ScenarioError, match="needs it in turn"):
        collect_required(ring["x"], ring)
    assert {p.id for p in sort_by_need(list(ring.values()))} == {"x", "y"}


def test_rivals_whichever_says_so() -> None:
    rival = project("r", conflicts="c")
    assert is_ruled_out(rival, [C])
    assert is_ruled_out(C, [rival])
    assert not is_ruled_out(C, [A, B])


NEEDS = st.fixed_dictionaries({n: st.sets(st.sampled_from(NAMES[: max(i, 1)])) for i, n in enumerate(NAMES)})


@given(needs=NEEDS, chosen=st.lists(st.sampled_from(NAMES), unique=True))
def test_the_kept_are_the_largest_set_without_a_lack(needs: dict[str, set[str]], chosen: list[str]) -> None:
    # a project needs earlier names only, so that there is no circle but that of `a` with itself
    library = {n: project(n, ", ".join(sorted(needs[n] - {n}))) for n in NAMES}
    kept = [p.id for p in keep_complete([library[n] for n in chosen])]

    def stands(name: str) -> bool:  # slow and obvious: all it needs is chosen, and stands
        return name in chosen and all(stands(n) for n in library[name].requires)

    assert kept == [n for n in chosen if stands(n)]
    order = [p.id for p in sort_by_need([library[n] for n in chosen])]
    assert sorted(order) == sorted(chosen)
    assert all(order.index(n) < order.index(p) for p in order for n in library[p].requires if n in order)
