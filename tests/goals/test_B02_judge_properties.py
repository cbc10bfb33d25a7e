"""Share, value and verdict agree, against counting by hand."""

from __future__ import annotations

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.goals.builders import coverage_goal, judge

MINUTES = st.one_of(st.integers(0, 240).map(float), st.just(math.inf))
TOWN = st.lists(st.tuples(MINUTES, st.integers(1, 50)), min_size=1, max_size=12)
SHARES = st.integers(1, 100).map(lambda n: n / 100)


def run(town: list[tuple[float, int]], share: float, weight: str, tolerance: float = 0.0) -> tuple[str, float, float]:
    seats = tuple(f"p{i}" for i in range(len(town)))
    times = {("a", p): m for p, (m, _) in zip(seats, town, strict=True)}
    weights = {p: float(w) for p, (_, w) in zip(seats, town, strict=True)}
    verdict = judge(coverage_goal(share, weight=weight), times, seats=seats, weights=weights, tolerance=tolerance)
    return verdict.verdict, verdict.value_min, verdict.share


@given(TOWN, SHARES, st.sampled_from(["count", "population"]))
def test_share_suffices_exactly_when_value_is_within(town: list[tuple[float, int]], share: float, weight: str) -> None:
    word, value, reached = run(town, share, weight)
    weights = [w if weight == "population" else 1 for _, w in town]
    within = sum(w for (m, _), w in zip(town, weights, strict=True) if m <= 60)
    # whole numbers: within / total >= n / 100 without a rounding error
    enough = within * 100 >= round(share * 100) * sum(weights)
    assert enough == (value <= 60)
    assert math.isclose(reached, within / sum(weights))
    assert word == ("met" if enough else "missed")


@given(TOWN, SHARES)
def test_value_is_the_least_time_that_gives_the_share(town: list[tuple[float, int]], share: float) -> None:
    _, value, _ = run(town, share, "population")
    total = sum(w for _, w in town)
    need = round(share * 100) * total
    enough = [m for m, _ in town if 100 * sum(w for n, w in town if n <= m) >= need]
    assert value == min(enough)


@given(TOWN, SHARES, st.integers(0, 11), st.integers(1, 60))
def test_a_faster_place_never_worsens_the_verdict(
    town: list[tuple[float, int]], share: float, which: int, gain: int
) -> None:
    assume(which < len(town))
    faster = list(town)
    faster[which] = (max(0.0, town[which][0] - gain), town[which][1])
    order = {"missed": 0, "borderline": 1, "met": 2}
    before, after = run(town, share, "population", 0.1), run(faster, share, "population", 0.1)
    assert after[1] <= before[1]
    assert after[2] >= before[2]
    assert order[after[0]] >= order[before[0]]


@given(TOWN, SHARES, st.lists(MINUTES, max_size=4))
def test_an_unknown_place_hides_nothing(town: list[tuple[float, int]], share: float, truth: list[float]) -> None:
    known = [m for m, _ in town]
    seats = tuple(f"p{i}" for i in range(len(known) + len(truth)))
    blurred = dict(zip([("a", p) for p in seats], [*known, *(math.nan for _ in truth)], strict=True))
    clear = dict(zip([("a", p) for p in seats], [*known, *truth], strict=True))
    one = coverage_goal(share)
    said = judge(one, blurred, seats=seats, tolerance=0.1)
    true = judge(one, clear, seats=seats, tolerance=0.1)
    assert said.verdict in ("cannot_tell", true.verdict)
    if said.verdict != "cannot_tell":
        assert said.share <= true.share
