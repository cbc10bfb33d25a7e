"""Published examples of other tools, rebuilt: their inputs and results are facts, each with its address."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from tests.indicators.decays import build_binary_decay, build_exponential_decay, build_gaussian_decay, build_power_decay
from transit_model.indicators.decay import (
    build_stepped_decay,
)
from transit_model.indicators.equity import compute_gini
from transit_model.indicators.floating_catchment import compute_floating_catchment

MIN = 60.0


def matrix(times_min: dict[tuple[str, str], float]) -> pd.DataFrame:
    return pd.DataFrame([{"from": a, "to": b, "minutes": t} for (a, b), t in times_min.items()])


def column(name: str, values: dict[str, float]) -> pd.DataFrame:
    return pd.DataFrame({"id": list(values), name: list(values.values())})


def access(result: pd.DataFrame) -> dict[str, float]:
    return dict(zip(result["from"], result["access"], strict=True))


def test_sdc_catchment_gaussian_example() -> None:
    # sdc-catchment 0.1, quickstart on its package page (a port of the R package catchment).
    # Three consumers of 100 at 0, 1, 2 on a line, two providers of 10 at 0 and 2, gaussian of scale 1 (minutes here).
    travel = matrix({
        ("c1", "p1"): 0, ("c1", "p2"): 2, ("c2", "p1"): 1, ("c2", "p2"): 1, ("c3", "p1"): 2, ("c3", "p2"): 0,
    })  # fmt: skip
    demand = column("population", {"c1": 100, "c2": 100, "c3": 100})
    supply = column("supply", {"p1": 10, "p2": 10})
    found = access(compute_floating_catchment(travel, demand, supply, build_gaussian_decay(MIN)))
    assert found == pytest.approx({"c1": 0.065179, "c2": 0.069641, "c3": 0.065179}, abs=5e-7)


HOSPITALS = {  # gridlock, faster in, faster out, both faster: (in, out, across) in minutes
    "gridlock": (40, 40, 80),
    "in": (20, 40, 80),
    "out": (40, 20, 80),
    "both": (20, 20, 40),
}


def pysal_hospitals(case: str) -> dict[str, float]:
    # PySAL access, tests/test_hospital_example.py: https://github.com/pysal/access (commit 26e29ef2)
    inward, outward, across = HOSPITALS[case]
    travel = matrix({
        ("1", "1"): 1, ("2", "2"): 1, ("3", "3"): 1, ("1", "3"): inward, ("2", "3"): inward,
        ("3", "1"): outward, ("3", "2"): outward, ("1", "2"): across, ("2", "1"): across,
    })  # fmt: skip
    power, limit = build_power_decay(1, MIN), build_binary_decay(60.999 * MIN)  # "cost < 61"
    demand = column("population", {"1": 100, "2": 50, "3": 10})
    supply = column("supply", {"1": 15, "2": 20, "3": 100})
    return access(compute_floating_catchment(travel, demand, supply, lambda t: power(t) * limit(t)))


def test_pysal_hospital_example_by_hand() -> None:
    # Gridlock: D1 = 100/1 + 10/40 = 100.25, D2 = 50 + 10/40 = 50.25, D3 = 10 + 100/40 + 50/40 = 13.75.
    # R = 15/100.25, 20/50.25, 100/13.75; A1 = R1 + R3/40, A2 = R2 + R3/40, A3 = R3 + (R1 + R2)/40.
    r1, r2, r3 = 15 / 100.25, 20 / 50.25, 100 / 13.75
    assert pysal_hospitals("gridlock") == pytest.approx(
        {"1": r1 + r3 / 40, "2": r2 + r3 / 40, "3": r3 + (r1 + r2) / 40}
    )


def test_pysal_hospital_example_moves_as_its_authors_assert() -> None:
    base = pysal_hospitals("gridlock")
    signs = {"in": (1, 1, -1), "out": (-1, -1, 1), "both": (1, 1, -1)}
    for case, expected in signs.items():
        found = pysal_hospitals(case)
        assert tuple(int(math.copysign(1, found[k] - base[k])) for k in ("1", "2", "3")) == expected


def test_pysal_stepped_weights_are_those_of_luo_and_qi() -> None:
    # access.Access.enhanced_two_stage_fca, default weights: https://access.readthedocs.io (10: 1, 20: 0.68, 30: 0.22)
    decay = build_stepped_decay([10 * MIN, 20 * MIN, 30 * MIN], [1, 0.68, 0.22])
    assert decay(np.array([0, 10, 10.01, 20, 30, 30.01, math.inf]) * MIN).tolist() == [1, 1, 0.68, 0.68, 0.22, 0, 0]


def test_r_accessibility_decay_functions() -> None:
    # R accessibility, vignette "Decay functions": https://ipeagit.github.io/accessibility/articles/decay_functions.html
    minutes = np.array([10, 15, 20]) * MIN
    assert build_exponential_decay(0.2 / MIN)(minutes) == pytest.approx([0.13533528, 0.04978707, 0.01831564], abs=5e-9)
    assert build_exponential_decay(0.3 / MIN)(minutes) == pytest.approx(
        [0.049787068, 0.011108997, 0.002478752], abs=5e-10
    )
    # its stepped function falls at each step instead of right after it, so steps are compared between them
    between = np.array([15, 25, 35, 45]) * MIN
    ours = build_stepped_decay([10 * MIN, 20 * MIN, 30 * MIN], [1, 0.67, 0.33])
    assert ours(between).tolist() == [0.67, 0.33, 0, 0]
    other = build_stepped_decay([10 * MIN, 20 * MIN, 30 * MIN, 40 * MIN], [1, 0.75, 0.5, 0.25])
    assert other(between).tolist() == [0.75, 0.5, 0.25, 0]
    assert build_power_decay(1, MIN)(np.array([0, 0.5, 1, 2, 5, 10]) * MIN).tolist() == [1, 1, 1, 0.5, 0.2, 0.1]


def test_r_accessibility_three_zones_keep_the_total() -> None:
    # R accessibility, tests/testthat/test-constrained-essentials.R: 3 x 3 minutes, jobs 160, 150, 180, people 4, 10, 6.
    # There the supply-constrained access of all adds up to the 490 jobs; per head that is the 2SFCA identity.
    minutes = [[10, 30, 15], [30, 10, 25], [15, 25, 10]]
    travel = matrix({(str(i + 1), str(j + 1)): minutes[i][j] for i in range(3) for j in range(3)})
    people = {"1": 4.0, "2": 10.0, "3": 6.0}
    found = access(
        compute_floating_catchment(
            travel, column("population", people), column("supply", {"1": 160, "2": 150, "3": 180}),
            build_exponential_decay(0.1 / MIN),
        )
    )  # fmt: skip
    assert sum(people[k] * found[k] for k in people) == pytest.approx(490)


def test_r_accessibility_spatial_availability() -> None:
    # R accessibility, tests/testthat/test-spatial_availability.R (commit 0928c8a7), the example of Soukhov et al.
    # (2023), PLOS ONE 18(1), slightly modified there. Jobs available to a zone are its people times its 2SFCA access,
    # since both share the jobs of j out by P_i f(t_ij); the published result is 66833, 133203, 9963 (whole jobs).
    minutes = {"A": (15, 30, 100), "B": (30, 15, 100), "C": (100, 100, 15)}
    travel = matrix({(zone, str(j + 1)): t for zone, row in minutes.items() for j, t in enumerate(row)})
    people = {"A": 50_000.0, "B": 150_000.0, "C": 10_000.0}
    jobs = column("supply", {"1": 100_000, "2": 100_000, "3": 10_000})
    decay = build_exponential_decay(0.1 / MIN)
    found = access(compute_floating_catchment(travel, column("population", people), jobs, decay))
    assert {z: round(people[z] * a) for z, a in found.items()} == {"A": 66_833, "B": 133_203, "C": 9_963}


@pytest.mark.parametrize(("values", "gini"), [
    # R package ineq, its help page example; 0.4620911 as compared in
    # https://github.com/open-risk/concentrationMetrics (examples/gini_example.py)
    ([541, 1463, 2445, 3438, 4437, 5401, 6392, 8304, 11904, 22261], 0.4620911),
    # R package phylotools, algorithm of ineq: https://rdocumentation.org/packages/phylotools/versions/0.1.2/topics/gini
    ([1, 3, 2, 1, 1, 1, 4], 0.3076923),
    # ineq in "Statistics Slam Dunk": rep(c(10, 100), times = c(9, 1))
    ([10] * 9 + [100], 0.4263158),
    ([50] * 10, 0.0),
])  # fmt: skip
def test_r_ineq_gini(values: list[float], gini: float) -> None:
    assert compute_gini(values) == pytest.approx(gini, abs=5e-8)
