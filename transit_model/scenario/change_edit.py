"""Apply a `ServiceChange`: stops, hours, frequency and days of services that run already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

from transit_model.network.model import Network
from transit_model.scenario.change_frequency import change_days, change_headways, change_number
from transit_model.scenario.change_runs import (
    Run,
    Track,
    add_stop,
    drop_stop,
    extend_run,
    find_gap,
    shift_run,
)
from transit_model.scenario.change_schema import Change, ServiceChange
from transit_model.scenario.change_trains import choose_trains, list_train_names
from transit_model.scenario.existing_stops import list_placed, make_stop, measure_stops_m
from transit_model.scenario.lookup import Report, find_point, list_stops
from transit_model.scenario.rail_service_edit import list_overtakings
from transit_model.scenario.run_tables import mark_trips, read_runs, write_runs
from transit_model.scenario.run_time import RunTimeModel
from transit_model.scenario.tables import add_stops
from transit_model.units import m_to_km, min_to_s, s_to_min

_Step = Callable[[tuple[str | int, ...], Callable[[Run], Run], str], None]
"""Changes all runs: a field of the change, the edit, and what is told when it changes none."""


def apply_service_change(project: ServiceChange, network: Network, report: Report) -> Network:
    """Return the network with the changes done in their order, or the same network when something was reported."""
    before = report.count_errors()
    changed = network
    for index, change in enumerate(project.changes):
        changed = _apply(project, index, change, changed, report)
    if report.count_errors() > before:
        return network
    _warn_overtaking(project, network, changed, report)
    return changed


def _warn_overtaking(project: ServiceChange, network: Network, changed: Network, report: Report) -> None:
    """Point out pairs of trains of which the later arrives first between two stops, and did not before."""
    trips = changed.feed.trips
    own = set(trips.loc[trips["project_id"] == project.id, "trip_id"].astype(str))
    known = set(list_overtakings(network, own))
    pairs = [pair for pair in list_overtakings(changed, own) if pair not in known]
    if pairs:
        fast, slow, a, b = pairs[0]
        more = f"; {len(pairs) - 1} more pairs" if len(pairs) > 1 else ""
        hint = "possible only at a station with a passing track that the timetable does not list"
        message = f"{fast} would overtake {slow} between {a} and {b}{more}"
        report.add(project, "overtaking", message, "changes", severity="warning", hint=hint)


def _apply(project: ServiceChange, index: int, change: Change, network: Network, report: Report) -> Network:
    before = report.count_errors()
    chosen = choose_trains(project, index, network, report)
    _check_stops(project, index, change, network, report)
    if report.count_errors() > before or not chosen:
        return network
    changed = _change_runs(project, index, change, network, chosen, report)
    if report.count_errors() > before:
        return network
    if change.headway_min is not None or change.periods:
        changed = change_headways(project, index, changed, chosen, report)
    if change.trains_per_day is not None:
        changed = change_number(project, index, changed, chosen, report)
    if change.days:
        changed = change_days(project, index, changed, chosen, report)
    return mark_trips(changed, chosen, project.id)


def _check_stops(project: ServiceChange, index: int, change: Change, network: Network, report: Report) -> None:
    known = list_stops(network)
    wanted: list[tuple[tuple[str | int, ...], str]] = [(("drop_stops", i), s) for i, s in enumerate(change.drop_stops)]
    for i, added in enumerate(change.add_stops):
        wanted += [(("add_stops", i, "stop"), added.stop)]
        wanted += [(("add_stops", i, "after"), added.after)] if added.after else []
    if change.extend is not None:
        wanted += [(("extend", "beyond"), change.extend.beyond)]
        wanted += [(("extend", "to", i), s) for i, s in enumerate(change.extend.to)]
    for path, stop in wanted:
        is_known = report.check_known(project, "stop", stop, known, "changes", index, *path)
        if is_known and find_point(network, stop) is None:
            report.add(project, "no_place", f"nobody knows where {stop} lies", "changes", index, *path, value=stop)


def _change_runs(
    project: ServiceChange, index: int, change: Change, network: Network, chosen: Sequence[str], report: Report
) -> Network:
    """Return the network with other calls of the trips chosen, and the stops that are new to the feed."""
    if not (change.drop_stops or change.add_stops or change.extend or change.shift_min):
        return network
    before = report.count_errors()

    @cache
    def distance_m(a: str, b: str) -> float:
        return measure_stops_m(network, a, b)

    track = Track(distance_m, change.line_speed_kmh, RunTimeModel.from_assumptions(network.assumptions))
    names = list_train_names(network)
    runs = read_runs(network, chosen)
    where = ("changes", index)

    def step(field: tuple[str | int, ...], edit: Callable[[Run], Run], missing: str) -> None:
        """Change all runs; report when it changes none."""
        after = {trip: edit(run) for trip, run in runs.items()}
        if all(after[trip] is runs[trip] for trip in runs):
            hint = "see the stops of a train with `transit-model timetable`, or choose others under trains"
            report.add(project, "changed_nothing", missing, *where, *field, hint=hint)
        runs.update(after)

    for i, stop in enumerate(change.drop_stops):
        step(("drop_stops", i), lambda run, s=stop: drop_stop(run, s, track), f"none of these trains calls at {stop}")  # type: ignore[misc]
    for i, added in enumerate(change.add_stops):
        dwell_s = min_to_s(network.assumptions.rail_dwell_min if added.dwell_min is None else added.dwell_min)
        lost_s = None if added.lost_min is None else min_to_s(added.lost_min)

        def insert(run: Run, stop: str = added.stop, after: str | None = added.after) -> Run:
            if any(call.stop_id == stop for call in run):
                return run
            gap = find_gap(run, stop, after, distance_m)
            return run if gap is None else add_stop(run, gap, stop, dwell_s, lost_s, track)  # noqa: B023 - used at once

        off = [names[t] for t, r in runs.items() if insert(r) is r and added.stop not in {c.stop_id for c in r}]
        if off:
            message = f"{added.stop} is not on the way of {off[0]}"
            if off[1:]:
                message = f"{added.stop} is not on the way of {off[0]} and {len(off) - 1} more"
            hint = "choose the trains that pass there under trains (between), name the stop before it, or use extend"
            report.add(project, "not_on_the_way", message, *where, "add_stops", i, value=added.stop, hint=hint)
        else:
            step(("add_stops", i), insert, f"all of these trains call at {added.stop} already")
    if change.extend is not None:
        _extend(change, track, step, network.assumptions.rail_dwell_min)
    if change.shift_min:
        runs.update({trip: shift_run(run, round(min_to_s(change.shift_min))) for trip, run in runs.items()})
    _check_runs(project, index, runs, names, track, report)
    if report.count_errors() > before:
        return network
    new = [a.stop for a in change.add_stops] + list(change.extend.to if change.extend else ())
    placed = list_placed(network)
    placed_network = add_stops(network, [make_stop(project, s, network) for s in new if s not in placed])
    return _shift_bands(write_runs(placed_network, runs), chosen, round(min_to_s(change.shift_min or 0.0)))


def _extend(change: Change, track: Track, step: _Step, default_dwell_min: float) -> None:
    longer = change.extend
    assert longer is not None
    dwell_s = min_to_s(default_dwell_min if longer.dwell_min is None else longer.dwell_min)
    way = (longer.beyond, *longer.to)
    given = [min_to_s(t) for t in longer.run_times_min] if longer.run_times_min is not None else None
    run_s = given or [track.run_s(a, b) for a, b in pairwise(way)]
    step(
        ("extend",),
        lambda run: extend_run(run, longer.beyond, longer.to, run_s, dwell_s),
        f"none of these trains begins or ends at {longer.beyond}",
    )


def _check_runs(
    project: ServiceChange, index: int, runs: dict[str, Run], names: dict[str, str], track: Track, report: Report
) -> None:
    """Report trains with fewer than two stops, before midnight, or faster than the speed of the track."""
    where = ("changes", index)
    for trip, run in runs.items():
        if len(run) < 2:
            message = f"{names[trip]} would call at fewer than two stops"
            report.add(project, "too_few_stops", message, *where, "drop_stops", hint="take it away with a closure")
            return
        if run[0].depart_s < 0:
            message = f"{names[trip]} would leave before midnight of the service day"
            report.add(project, "before_midnight", message, *where, value=names[trip], hint="shift it by less")
            return
        for a, b in pairwise(run):
            run_s, least_s = b.arrive_s - a.depart_s, track.bound_s(a.stop_id, b.stop_id)
            if run_s < least_s - 1 and (a.is_new or b.is_new):  # a run of the timetable is none of this change
                km = m_to_km(track.distance_m(a.stop_id, b.stop_id))
                name, run_min = f"{names[trip]}, {a.stop_id} - {b.stop_id},", s_to_min(run_s)
                limit_kmh = track.speed_kmh
                message = f"{name} in {run_min:.1f} min over {km:.1f} km is faster than {limit_kmh:g} km/h all the way"
                report.add(project, "faster_than_possible", message, *where, "line_speed_kmh", value=track.speed_kmh)
                return


def _shift_bands(network: Network, chosen: Sequence[str], seconds: int) -> Network:
    bands = network.feed.frequencies
    if not seconds or not len(bands):
        return network
    own = bands["trip_id"].isin(chosen)
    later = {c: bands[c].where(~own, bands[c] + seconds) for c in ("start_clock_s", "end_clock_s")}
    return network.with_tables(feed=replace(network.feed, frequencies=bands.assign(**later)))
