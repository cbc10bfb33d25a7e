"""How far places are from the road network, and which did not get onto it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from transit_model.domain.geo import compute_great_circle_m
from transit_model.domain.place import Place
from transit_model.measure.session import Session
from transit_model.network.snap import RoadLocator
from transit_model.units import m_to_km

COLUMNS = ("place", "name_zh", "name_en", "snap_m", "limit_m", "snapped", "joins")


def report_snaps(session: Session, places: Sequence[Place]) -> pd.DataFrame:
    """Return where each place joins the roads and the straight distance to there.

    Returns
    -------
    DataFrame
        ``place, name_zh, name_en, snap_m`` (inf without any road), ``limit_m`` (`Session.snap_limit_m`), ``snapped``,
        ``joins`` (``node:ID``, ``road:ID``, or empty when the place did not snap). Of a free point it is the nearest
        road; which of those near it one takes hangs on where one is bound: `explain` and the notes of `od` have it.
    """
    network, streets = session.network, session.taxi_roads()
    limit_m = session.snap_limit_m
    nodes = network.nodes.set_index("node_id")
    loose = [p for p in places if not streets.may_stop_at(p.road_node_id)]
    snap = RoadLocator(network).snap([p.at for p in loose], limit_m) if loose else None
    where = {p.place_id: i for i, p in enumerate(loose)}
    rows = []
    for place in places:
        if place.place_id in where and snap is not None:
            i = where[place.place_id]
            row, far_m = int(snap.link_row[i]), float(snap.distance_m[i])
            joins = f"road:{network.links['road_id'].iloc[row]}" if row >= 0 else ""
        else:
            at = nodes.loc[place.road_node_id]
            far_m = float(compute_great_circle_m(place.at.lon, place.at.lat, float(at["lon"]), float(at["lat"])))
            joins = f"node:{place.road_node_id}"
        names = (place.place_id, place.name_zh, place.name_en)
        rows.append((*names, far_m, limit_m, bool(joins), joins))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def describe_snaps(report: pd.DataFrame, lang: str) -> list[str]:
    """Return one line for each place: its distance to the road, or that it did not get onto the network."""
    lines = []
    for row in report.to_dict("records"):
        name = str(row[f"name_{lang}"] or row["place"])
        far, limit = m_to_km(float(row["snap_m"])), m_to_km(float(row["limit_m"]))
        if row["snapped"]:
            line = f"{name}：距路网 {far:.2f} 公里" if lang == "zh" else f"{name}: {far:.2f} km to the road network"
        elif lang == "zh":
            line = f"{name}：距最近道路 {far:.1f} 公里，超过上限 {limit:g} 公里，未接入路网"
        else:
            line = f"{name}: not on the network, {far:.1f} km from the nearest road, the limit is {limit:g} km"
        lines.append(line)
    return lines
