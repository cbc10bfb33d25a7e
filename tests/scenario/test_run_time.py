"""The run-time model: hand sums, bounds, and the calibration with its residuals."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.assumptions import read_default_assumptions
from transit_model.scenario.run_time import (
    RunTimeModel,
    compute_bounds,
    compute_commercial_runs_s,
    compute_constant_speed_s,
    compute_journey_s,
    compute_profile_s,
    compute_run_s,
)

EVEN = RunTimeModel(acceleration_ms2=0.5, braking_ms2=0.5, utilisation=1.0, recovery_share=0.0)
DEFAULT = RunTimeModel.from_assumptions(read_default_assumptions())


def test_trapezoid_by_hand() -> None:
    # 180 km/h = 50 m/s; 0.5 m/s2: 100 s and 2,500 m on each ramp; 25,000 m leaves 20,000 m at 50 m/s = 400 s.
    assert compute_run_s(25_000, 180, EVEN) == pytest.approx(100 + 400 + 100)


def test_triangle_by_hand() -> None:
    # 1,250 m is short of the 5,000 m of both ramps: half up, half down. 625 = a t^2 / 2 -> t = 50 s each way.
    assert compute_run_s(1_250, 180, EVEN) == pytest.approx(100)


def test_trapezoid_and_triangle_meet() -> None:
    # At exactly 5,000 m the train touches 50 m/s: 100 s + 100 s by either formula.
    assert compute_run_s(5_000, 180, EVEN) == pytest.approx(200)
    assert compute_run_s(4_999.999, 180, EVEN) == pytest.approx(200, abs=1e-3)


def test_uneven_ramps_by_hand() -> None:
    # v = 40 m/s, a = 0.4, b = 0.8: ramps 100 s / 2,000 m and 50 s / 1,000 m; 7,000 m cruise / 40 = 175 s.
    assert compute_profile_s(10_000, 40, 0.4, 0.8) == pytest.approx(100 + 175 + 50)


def test_utilisation_and_recovery_by_hand() -> None:
    # 200 km/h x 0.9 = 180 km/h: 600 s as above; 10 % margin: 660 s.
    model = RunTimeModel(0.5, 0.5, 0.9, 0.1)
    assert compute_run_s(25_000, 200, model) == pytest.approx(660)


def test_journey_adds_dwell_between_only() -> None:
    # two runs of 600 s and one stop of 120 s
    assert compute_journey_s([0, 25_000, 50_000], 180, 120, EVEN) == pytest.approx(1320)


def test_hohhot_baotou_bound_is_31_5_min() -> None:
    # 183.7 km / 350 km/h = 0.52486 h = 31.49 min: the "half hour" cannot be reached even without any stop.
    assert compute_constant_speed_s(183_700, 350) / 60 == pytest.approx(31.49, abs=0.005)


def test_hohhot_baotou_beside_each_other() -> None:
    bounds = compute_bounds([0, 183_700], 350, read_default_assumptions())
    # v = 0.92 x 350 = 322 km/h = 89.44 m/s; 183,700 / 89.44 = 2,053.8 s; + 89.44 / 0.6 = 149.1; + 89.44 / 0.8 = 111.8;
    # sum 2,314.7 s; x 1.08 = 2,499.9 s = 41.7 min. Speeds.md gives 40 min at ratio 0.79 and 46 min at 0.69.
    assert bounds.modelled_s == pytest.approx(2499.9, abs=0.5)
    assert bounds.ratio_079_s / 60 == pytest.approx(39.9, abs=0.1)
    assert bounds.ratio_069_s / 60 == pytest.approx(45.6, abs=0.1)
    assert bounds.constant_s < bounds.ratio_079_s < bounds.modelled_s < bounds.ratio_069_s


def test_commercial_speed_counts_the_stops() -> None:
    # 20 km at 80 km/h = 900 s, last arrival at 1,800 s for 40 km; the stop of 60 s is inside the first section.
    runs = compute_commercial_runs_s([0, 20_000, 40_000], 80, 60)
    assert runs == pytest.approx([840, 900])
    assert sum(runs) + 60 == pytest.approx(1800)


@given(
    length=st.floats(100, 1e6),
    speed=st.floats(60, 400),
    a=st.floats(0.1, 1.2),
    b=st.floats(0.1, 1.2),
    use=st.floats(0.5, 1.0),
    margin=st.floats(0, 0.3),
)
def test_no_train_beats_constant_speed_and_longer_takes_longer(
    length: float, speed: float, a: float, b: float, use: float, margin: float
) -> None:
    model = RunTimeModel(a, b, use, margin)
    run = compute_run_s(length, speed, model)
    assert run >= compute_constant_speed_s(length, speed)
    assert compute_run_s(length * 1.01, speed, model) > run
    assert compute_run_s(length, speed * 1.05, model) <= run * (1 + 1e-12)


@settings(max_examples=examples(25), deadline=None)
@given(length=st.floats(500, 50_000), cruise=st.floats(10, 100))
def test_profile_against_small_steps(length: float, cruise: float) -> None:
    """The closed form equals a drive simulated in steps of 0.1 s.

    The simulated train brakes up to a step late: it ends at up to sqrt(2 b v step), and that over b too early.
    """
    a, b, step = 0.3, 0.4, 0.1
    x = v = t = 0.0
    while x < length:
        braking_m = v * v / (2 * b)
        v = max(v - b * step, 0.5) if x + braking_m >= length else min(v + a * step, cruise)
        x += v * step
        t += step
    early_s = math.sqrt(2 * b * cruise * step) / b
    assert compute_profile_s(length, cruise, a, b) == pytest.approx(t, rel=0.01, abs=1.0 + early_s)


def test_profile_by_hand() -> None:
    # 0 to 39 m/s at 0.3 takes 130 s and 2535 m, back to 0 at 0.4 97.5 s and 1901.25 m; 118.75 m are left for 39 m/s
    assert compute_profile_s(4555.0, 39.0, 0.3, 0.4) == pytest.approx(130 + 97.5 + 118.75 / 39)


# Lines of 250 km/h, fastest train at opening (facts, speeds.md section 2). The number of intermediate stops of those
# trains was not published: 2 is taken on the two long lines, none on the 126 km hop.
OBSERVED = {
    "Baotou-Yinchuan": (519, 158, 2),
    "Ulanqab-Hohhot East": (126, 39, 0),
    "Ulanqab-Yuanping West": (309, 103, 2),
}
DWELL_S = 120.0


def model_min(km: float, stops: int, design_kmh: float = 250, model: RunTimeModel = DEFAULT) -> float:
    chainage = [float(c) for c in np.linspace(0, km * 1000, stops + 2)]
    return compute_journey_s(chainage, design_kmh, DWELL_S, model) / 60


def residuals(model: RunTimeModel = DEFAULT) -> dict[str, float]:
    return {name: model_min(km, stops, model=model) / fastest - 1 for name, (km, fastest, stops) in OBSERVED.items()}


def test_calibration_residuals(capsys: pytest.CaptureFixture[str]) -> None:
    rows = residuals()
    lines = [
        f"  {name:22s} {km:4d} km {stops} stops  seen {fastest:5.1f}  model {model_min(km, stops):5.1f} min"
        f"  {rows[name]:+.1%}"
        for name, (km, fastest, stops) in OBSERVED.items()
    ]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", "run-time model against the fastest trains seen:", *lines, ""]))
    assert all(abs(r) < 0.02 for r in rows.values())
    assert abs(float(np.mean(list(rows.values())))) < 0.01


def test_utilisation_is_the_best_to_a_hundredth() -> None:
    """Least squares over utilisation with the recovery margin held at its value: 0.92."""

    def loss(use: float) -> float:
        model = RunTimeModel(DEFAULT.acceleration_ms2, DEFAULT.braking_ms2, use, DEFAULT.recovery_share)
        return sum(r * r for r in residuals(model).values())

    best = min((round(u, 2) for u in np.arange(0.85, 1.0, 0.01)), key=loss)
    assert best == DEFAULT.utilisation


@pytest.mark.parametrize(
    ("km", "fastest_min", "design_kmh", "stops", "low", "high"),
    [
        (120, 30, 350, 0, -0.06, 0.0),  # Beijing South-Tianjin, not used to fit: 28.8 min
        (97, 44, 250, 2, -0.10, 0.0),  # Yinchuan-Huinong South alone, not used: 41.4 min with two stops
        (126, 37, 250, 0, 0.0, 0.06),  # Ulanqab-Hohhot East in the 2020 boards, not used: 38.8 min
    ],
)
def test_lines_that_were_not_used(
    km: float, fastest_min: float, design_kmh: float, stops: int, low: float, high: float
) -> None:
    assert low <= model_min(km, stops, design_kmh) / fastest_min - 1 <= high


def test_the_pack_holds_the_same_observations(repo: Path) -> None:
    rows = pd.read_csv(repo / "data/hubaoewu/calibration/rail_observed.csv")
    used = rows[rows["use"] == 1]
    assert sorted(zip(used["km"], used["fastest_min"], strict=True)) == sorted((k, f) for k, f, _ in OBSERVED.values())
