"""What the model says against what was seen, and how far the typical speed factor is fixed by it."""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from tests.network.town import make_town
from transit_model.measure.calibration import (
    COLUMNS,
    compute_rail_min,
    measure_rail_residuals,
    measure_residuals,
    measure_road_residuals,
    summarise_residuals,
)
from transit_model.measure.session import Session

RURAL = ("motorway", "trunk", "primary", "secondary", "tertiary")
FACTORS = np.round(np.arange(0.70, 1.0001, 0.025), 3)


def test_no_observations_no_rows(town: Session) -> None:
    found = measure_residuals(town)
    assert (len(found), list(found.columns)) == (0, list(COLUMNS))


def test_residuals_by_hand() -> None:
    network = make_town()
    road = pd.DataFrame(
        [
            ("a", "c", "50", "car", "2019", "1", "high", "[t]"),
            ("a", "c", "60", "coach", "", "1", "low", "[t]"),
            ("a", "nowhere", "60", "car", "", "1", "low", "[t]"),
            ("a", "b", "", "car", "", "1", "low", "[t]"),
        ],
        columns=["from_node_id", "to_node_id", "minutes", "mode", "year", "use", "confidence", "source"],
    )
    rail = pd.DataFrame(
        [("甲", "丙", "55", "30", "200", "1", "[t]"), ("甲", "?", "", "30", "200", "1", "[t]")],
        columns=["from_zh", "to_zh", "km", "fastest_min", "design_kmh", "use", "source"],
    )
    session = Session("seen", network.with_tables(pack_tables={"road_time_truth": road, "rail_observed": rail}))
    found = measure_residuals(session)
    # car 3130 s = 52.17 min; coach 3580 s = 59.67; no such node; a distance without minutes is left out
    assert found["residual_min"].iloc[:2].tolist() == pytest.approx([3130 / 60 - 50, 3580 / 60 - 60])
    assert found["what"].tolist()[:3] == ["car 2019", "coach", "car"]
    assert np.isnan(found["model_min"].iloc[2])
    model, stops = compute_rail_min(55, 200, network.assumptions)
    assert stops == 0
    assert found.iloc[3][["what", "from", "to", "model_min"]].tolist() == [
        "rail 200 km/h, 0 stops taken", "甲", "丙", model,
    ]  # fmt: skip
    summary = found.iloc[4:]
    assert summary["what"].tolist() == ["car: median residual", "coach: median residual", "rail: median residual"]
    assert summary["residual_min"].tolist() == pytest.approx([3130 / 60 - 50, 3580 / 60 - 60, model - 30])
    assert summary["from"].tolist() == ["1 rows"] * 3


def test_only_rows_marked_for_use_are_summarised() -> None:
    rows = pd.DataFrame(
        [("car", "a", "b", 1.0, 2.0, r, "", use, "") for r, use in ((-4.0, 1), (1.0, 1), (9.0, 1), (99.0, 0))],
        columns=list(COLUMNS),
    )
    found = summarise_residuals(rows)
    assert found["residual_min"].tolist() == [1.0]
    assert found["to"].tolist() == ["median |residual| 4.0 min"]


def test_rail_residuals_of_the_shipped_region(built_2025: Session) -> None:
    found = measure_rail_residuals(built_2025)
    assert len(found) == 8
    fitted = found[found["use"] == 1]
    assert len(fitted) == 3
    assert (fitted["residual_min"] / fitted["observed_min"]).abs().max() < 0.02
    # Lines the model was not fitted to: older track and more stops than are taken here make the model 29-30 % short.
    others = found[found["use"] == 0]
    assert ((others["residual_min"] / others["observed_min"]).abs() < 0.35).all()


def test_summary_of_the_shipped_region_is_within_bounds(
    built_2025: Session, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measure_residuals(built_2025)
    summary = found[found["what"].str.endswith("median residual")].set_index("what")
    with capsys.disabled():
        sys.stdout.write("\nresiduals, model minus observed:\n" + found[list(COLUMNS[:6])].to_string() + "\n")
    assert abs(summary.loc["car: median residual", "residual_min"]) < 5
    assert abs(summary.loc["coach: median residual", "residual_min"]) < 25
    assert abs(summary.loc["rail: median residual", "residual_min"]) < 2


def car_residuals(session: Session) -> npt.NDArray[np.float64]:
    """Residuals of the independent car rows by factor of `FACTORS`, (n_factors, n_rows) minutes."""
    network, a = session.network, session.network.assumptions
    out = []
    for factor in FACTORS.tolist():
        table = {**a.speed_factor_typical, **dict.fromkeys(RURAL, factor)}
        changed = Session("fit", network.with_tables(assumptions=a.with_changes(speed_factor_typical=table)))
        rows = measure_road_residuals(changed)
        out.append(rows.loc[rows["what"].str.startswith("car") & (rows["use"] == 1), "residual_min"].dropna())
    return np.array(out, dtype=np.float64)


def test_the_typical_factor_is_not_fixed_by_the_observations(built_2025: Session) -> None:
    """The words of `speed_factor_typical` in assumptions.yaml: judged, and these numbers."""
    residual = car_residuals(built_2025)
    ours = int(np.flatnonzero(built_2025.network.assumptions.speed_factor_typical["motorway"] == FACTORS)[0])
    spread = np.median(np.abs(residual), axis=1)
    middle = np.median(residual, axis=1)
    assert residual.shape[1] == 7
    assert (round(float(middle[ours]), 1), round(float(spread[ours]), 1)) == (1.9, 11.4)
    assert (FACTORS[int(spread.argmin())], round(float(spread.min()), 1)) == (0.975, 6.4)
    assert FACTORS[int(np.abs(middle).argmin())] == 0.875
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 7, (2000, 7))
    best = FACTORS[np.median(np.abs(residual[:, rows]), axis=2).argmin(axis=0)]
    assert np.percentile(best, [2.5, 97.5]).tolist() == [0.70, 1.00]
    provision = built_2025.network.assumptions.provisions["speed_factor_typical"]
    assert provision.basis == "judged"
    assert all(word in provision.source for word in ("1.9 min", "11.4 min", "6.4 min", "0.975", "0.875"))


def test_a_row_of_two_publishers_is_no_drive(built_2025: Session) -> None:
    # Hohhot-Huitengxile: 135 km of one page, 3.5 hours of another that gives 2 hours for 140 km. It stays in the
    # table with its residual, and out of the summary.
    found = measure_road_residuals(built_2025)
    row = found[(found["from"] == "hohhot") & (found["to"] == "huitengxile")]
    assert row["use"].tolist() == [0]
    truth = built_2025.network.pack_tables["road_time_truth"]
    assert truth.loc[truth["to_node_id"] == "huitengxile", "independence"].str.startswith("not used: ").any()
