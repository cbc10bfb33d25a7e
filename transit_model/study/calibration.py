"""Model against observation: road times, with residuals."""

from __future__ import annotations

import math

import pandas as pd

from transit_model.domain.modes import SpeedTable, Vehicle
from transit_model.routing.streets import compute_street_od
from transit_model.routing.terminals import build_node_terminals
from transit_model.study.session import Session
from transit_model.units import s_to_min

COLUMNS = ("what", "from", "to", "observed_min", "model_min", "residual_min", "source")


def measure_road_residuals(session: Session) -> pd.DataFrame:
    """Return the independent rows of ``road_time_truth`` beside typical model times, node to node.

    Returns
    -------
    DataFrame
        Columns `COLUMNS` and ``use`` (1 for rows that the links were not built from), ``confidence``; the residual
        is model minus observed.
    """
    truth = session.network.extra.get("road_time_truth")
    if truth is None:
        return pd.DataFrame(columns=[*COLUMNS, "use", "confidence"])
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
            seconds = compute_street_od(streets.arrays, build_node_terminals(ends[:1]), build_node_terminals(ends[1:]))
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
    return pd.DataFrame(rows, columns=[*COLUMNS, "use", "confidence"])
