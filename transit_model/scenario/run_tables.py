"""The runs of trains out of the tables of a network, and back into them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

import pandas as pd

from transit_model.network.model import Network
from transit_model.scenario.change_runs import Call, Run
from transit_model.scenario.tables import append_rows

_OWN = ("trip_id", "stop_id", "stop_sequence", "arrival_clock_s", "departure_clock_s")


def read_runs(network: Network, chosen: Iterable[str]) -> dict[str, Run]:
    """Return the calls of trips by trip_id, in the order that these are given."""
    wanted = list(chosen)
    times = network.feed.stop_times
    rows = times[times["trip_id"].isin(wanted)].sort_values(["trip_id", "stop_sequence"], kind="stable")
    runs: dict[str, list[Call]] = {trip: [] for trip in wanted}
    for row in rows.to_dict("records"):
        more = {str(k): v for k, v in row.items() if k not in _OWN}
        call = Call(str(row["stop_id"]), int(row["arrival_clock_s"]), int(row["departure_clock_s"]), more)
        runs[str(row["trip_id"])].append(call)
    return {trip: tuple(calls) for trip, calls in runs.items() if calls}


def write_runs(network: Network, runs: Mapping[str, Run]) -> Network:
    """Return the network with these calls in place of those that the trips had."""
    feed = network.feed
    rest = feed.stop_times[~feed.stop_times["trip_id"].isin(list(runs))].reset_index(drop=True)
    rows = [
        {
            **call.row,
            **dict(zip(_OWN, (trip, call.stop_id, number, call.arrive_s, call.depart_s), strict=True)),
        }
        for trip, run in runs.items()
        for number, call in enumerate(run, start=1)
    ]
    if not len(rest):  # a table without rows would forget its types
        fresh = pd.DataFrame(rows).reindex(columns=feed.stop_times.columns)
        return network.with_tables(feed=replace(feed, stop_times=_as_types(fresh, feed.stop_times)))
    return network.with_tables(feed=replace(feed, stop_times=append_rows(rest, rows)))


def _as_types(table: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    empty = {c: 0 if pd.api.types.is_numeric_dtype(like[c].dtype) else "" for c in like.columns}
    return table.fillna(empty).astype({c: like[c].dtype for c in like.columns})


def mark_trips(network: Network, chosen: Collection[str], project_id: str) -> Network:
    """Return the network with a project as what trips come from."""
    trips = network.feed.trips
    table = trips if "project_id" in trips.columns else trips.assign(project_id="")
    marked = table.assign(project_id=table["project_id"].where(~table["trip_id"].isin(chosen), project_id))
    return network.with_tables(feed=replace(network.feed, trips=marked))
