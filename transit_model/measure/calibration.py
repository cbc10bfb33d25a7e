"""Model against observation, with residuals: road times, run times of trains, and what they say together."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from transit_model.assumptions import Assumptions
from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.measure.session import Session
from transit_model.scenario.run_time import RunTimeModel, compute_journey_s
from transit_model.streets.connectors import build_node_connectors
from transit_model.streets.places_search import compute_street_od
from transit_model.units import km_to_m, min_to_s, s_to_min

COLUMNS = ("what", "from", "to", "observed_min", "model_min", "residual_min", "source", "use", "confidence")
LONG_LINE_KM = 200.0
STOPS_TAKEN = 2
"""The stops of the fastest trains were not published: two are taken on lines of 200 km and more, none on shorter."""


def measure_residuals(session: Session) -> pd.DataFrame:
    """Return the residuals of road and rail one below the other, then one summary row for each kind.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`. A summary row has the median residual of the rows with ``use`` 1 of its kind, their number
        as ``from`` and the median absolute residual as ``to``; its observed and modelled minutes are empty.
    """
    rows = pd.concat([measure_road_residuals(session), measure_rail_residuals(session)], ignore_index=True)
    return pd.concat([rows, summarise_residuals(rows)], ignore_index=True) if len(rows) else rows


def measure_rail_residuals(session: Session) -> pd.DataFrame:
    """Return the rows of ``rail_observed`` beside the run-time model of planned lines, residual model minus observed.

    Rows with ``use`` 1 are those the model was fitted to: 250 km/h lines with their fastest train. The others (an
    older line, a 350 km/h line, a section with stops) show how far the model carries.
    """
    seen = session.network.pack_tables.get("rail_observed")
    if seen is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = []
    for row in seen.to_dict("records"):
        km, observed, design_kmh = (
            float(pd.to_numeric(row.get(name, ""), errors="coerce")) for name in ("km", "fastest_min", "design_kmh")
        )
        if math.isnan(km) or math.isnan(observed) or math.isnan(design_kmh):
            continue
        model, stops = compute_rail_min(km, design_kmh, session.network.assumptions)
        rows.append(
            (
                f"rail {design_kmh:g} km/h, {stops} stops taken",
                str(row.get("from_zh", "")),
                str(row.get("to_zh", "")),
                observed,
                model,
                model - observed,
                str(row.get("source", "")),
                int(row.get("use", 0) or 0),
                str(row.get("confidence", "")),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))


def compute_rail_min(km: float, design_kmh: float, assumptions: Assumptions) -> tuple[float, int]:
    """Return the minutes of the run-time model over a line and the stops between its ends taken for them."""
    stops = STOPS_TAKEN if km >= LONG_LINE_KM else 0
    chainage = np.linspace(0.0, km_to_m(km), stops + 2).tolist()
    run_time = RunTimeModel.from_assumptions(assumptions)
    return s_to_min(compute_journey_s(chainage, design_kmh, min_to_s(assumptions.rail_dwell_min), run_time)), stops


def summarise_residuals(rows: pd.DataFrame) -> pd.DataFrame:
    """Return a row each for car, coach and rail: median and median absolute residual of the rows with ``use`` 1."""
    out = []
    used = rows[(rows["use"] == 1) & rows["residual_min"].notna()]
    for kind in ("car", "coach", "rail"):
        residual = used.loc[used["what"].str.split().str[0] == kind, "residual_min"]
        if len(residual):
            spread = float(residual.abs().median())
            name, count = f"{kind}: median residual", f"{len(residual)} rows"
            typical = f"median |residual| {spread:.1f} min"
            out.append((name, count, typical, math.nan, math.nan, float(residual.median()), "", 1, ""))
    return pd.DataFrame(out, columns=list(COLUMNS))


def measure_road_residuals(session: Session) -> pd.DataFrame:
    """Return the independent rows of ``road_time_truth`` beside typical model times, node to node.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`; ``use`` is 1 for rows that the links were not built from; the residual is model minus
        observed.
    """
    truth = session.network.pack_tables.get("road_time_truth")
    if truth is None:
        return pd.DataFrame(columns=list(COLUMNS))
    rows = []
    for row in truth.to_dict("records"):
        observed = pd.to_numeric(row.get("minutes", ""), errors="coerce")
        if pd.isna(observed):
            continue
        vehicle = Vehicle.COACH if row.get("mode") == "coach" else Vehicle.CAR
        streets = session.streets(vehicle, SpeedTable.TYPICAL)
        ends = [streets.graph_node.get(str(row[f"{k}_node_id"]), -1) for k in ("from", "to")]
        model = math.nan
        if min(ends) >= 0:
            seconds = compute_street_od(
                streets.arrays, build_node_connectors(ends[:1]), build_node_connectors(ends[1:])
            )
            model = s_to_min(float(seconds[0, 0]))
        rows.append(
            (
                f"{vehicle.value} {row.get('year', '')}".strip(),
                row["from_node_id"],
                row["to_node_id"],
                float(observed),
                model,
                model - float(observed),
                row.get("source", ""),
                int(row.get("use", 0) or 0),
                row.get("confidence", ""),
            )
        )
    return pd.DataFrame(rows, columns=list(COLUMNS))
