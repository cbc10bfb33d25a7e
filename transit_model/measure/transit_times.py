"""Times by rail or bus between places on the three readings (design 3).

promoter: fastest journey of the service day between any pair of the two places' stations, boarding to alighting.
typical: median over departure minutes of wait + ride (+ transfer), station to station, on the best station pair.
door_to_door: the same minutes with access, station entry, exit and egress, centre to centre. The first two go by way of
other stations, with the way there, where that is shorter or a place has none (`pair_ways`). A second policy,
`timetabled`, is about travellers who know the timetable and leave home just in time for a train.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from transit_model.domain.modes import DeparturePolicy, Mode, Reading
from transit_model.domain.place import Place
from transit_model.domain.readings import READING_RULES
from transit_model.measure.access import tell_no_station
from transit_model.measure.pair_ways import PairWays
from transit_model.measure.session import Session
from transit_model.measure.transit_rows import measure_row
from transit_model.timetable.phases import MIDDLE, Phase
from transit_model.timetable.profile import (
    Profile,
    compute_profile_events,
    timetabled_percentiles,
)
from transit_model.timetable.raptor import (
    Access,
    build_destinations,
)
from transit_model.units import S_PER_DAY

QUANTILES = (0.1, 0.5, 0.9)
TIMETABLED_DRAWS = 60
"""Days, each with other phases of the headway lines, that a traveller who knows the timetable is followed on."""


@dataclass(frozen=True)
class TransitTime:
    """One measured pair in seconds; `via` names the station pair, `note` says why a time is missing."""

    p50_s: float
    p10_s: float = float("nan")
    p90_s: float = float("nan")
    via: str = ""
    note: str = ""
    depart_clock_s: float = float("nan")


UNREACHABLE = float("inf")
_BY_WAY = "by way of a station elsewhere, with the way there"


def compute_transit_od(
    session: Session,
    origins: Sequence[Place],
    destinations: Sequence[Place],
    mode: Mode,
    reading: Reading,
    policy: DeparturePolicy = DeparturePolicy.SPONTANEOUS,
    ways: PairWays | None = None,
) -> list[list[TransitTime]]:
    """Return the times of a mode on a reading, one list of destinations for each origin.

    The policy counts door to door only: the other readings are between stations. `ways` are those of the same places,
    when several readings are asked for.
    """
    if not session.has_service(mode):
        missing = TransitTime(UNREACHABLE, note=f"no {mode.value} service in this scenario")
        return [[missing for _ in destinations] for _ in origins]
    ways = ways or PairWays(session, origins, destinations, mode)
    if READING_RULES[reading].door_to_door:
        return _timetabled(ways) if policy is DeparturePolicy.TIMETABLED else _door_to_door(ways)
    return [_tell_between_stations(ways, i, reading) for i in range(len(origins))]


def _tell_between_stations(ways: PairWays, i: int, reading: Reading) -> list[TransitTime]:
    """Return the times from origin `i` between stations, with the pair of stations or why there is no time."""
    row = measure_row(ways, i, reading, QUANTILES)
    stops = ways.session.seen(ways.mode).network.feed.stops
    names = dict(zip(stops["stop_id"], stops["stop_name"], strict=True))
    origin, times = ways.origins[i], []
    for j, destination in enumerate(ways.destinations):
        pair, clock_s = row.stations[j], float(row.depart_clock_s[j])
        # the promoter's reading has no distribution
        p10, p50, p90 = (
            row.seconds[:, j].tolist() if len(row.seconds) > 1 else (np.nan, float(row.seconds[0, j]), np.nan)
        )
        if origin.place_id == destination.place_id:
            times.append(TransitTime(0.0, 0.0, 0.0))
        elif not np.isfinite(p50):
            ends = ways.stops[origin.place_id], ways.stops[destination.place_id]
            times.append(TransitTime(UNREACHABLE, note=_tell_no_ride(origin, destination, ends)))
        elif pair is None:
            times.append(TransitTime(p50, p10, p90, "", _BY_WAY, clock_s))
        else:
            times.append(TransitTime(p50, p10, p90, f"{names[pair[0]]} - {names[pair[1]]}", "", clock_s))
    return times


def _tell_no_ride(origin: Place, destination: Place, ends: tuple[Sequence[str], Sequence[str]]) -> str:
    if not ends[0] or not ends[1]:
        who = origin if not ends[0] else destination
        return f"no station with listed service at {who.place_id}"
    if set(ends[0]) & set(ends[1]):
        return "both places use the same station"
    return "no journey within the service day"


def _door_to_door(ways: PairWays) -> list[list[TransitTime]]:
    tell = _MissingEnds(ways.session, ways.mode)
    rows = []
    for i, origin in enumerate(ways.origins):
        kept = [e.door for e in ways.list_kept(i)]
        measured = measure_row(ways, i, Reading.DOOR_TO_DOOR, QUANTILES)
        row = []
        for j, (destination, times) in enumerate(zip(ways.destinations, measured.seconds.T.tolist(), strict=True)):
            p10, p50, p90 = times
            note = "" if np.isfinite(p50) else "no journey at half of the departure minutes"
            note = note if measured.ridden[j] else tell.unridden
            note = tell.why((origin, ways.starts[i].door), (destination, ways.ends[j].door), kept[j]) or note
            own = origin.place_id == destination.place_id
            row.append(TransitTime(0.0, 0.0, 0.0) if own else TransitTime(p50, p10, p90, "", note))
        rows.append(row)
    return rows


def _timetabled(ways: PairWays) -> list[list[TransitTime]]:
    """Return arrival minus latest departure from home: p10, p50 and p90 over trains, each weighing its gap.

    Vehicles of headway lines are known to this traveller as well, at each drawn phase.
    """
    _, index = ways.session.timetable(ways.mode)
    start_s, end_s = ways.session.window
    tell = _MissingEnds(ways.session, ways.mode)
    rows = []
    for i, origin in enumerate(ways.origins):
        kept, access, ridden = [e.door for e in ways.list_kept(i)], ways.starts[i].door, ways.find_ridden(i)
        last_s = max(end_s, S_PER_DAY)
        days = [
            compute_day_profiles(ways.session, ways.mode, access, kept, start_s, last_s, Phase(number, start_s))
            for number in range(TIMETABLED_DRAWS if index.n_lines > index.n_patterns else 1)
        ]
        row = []
        for j, (destination, *profiles) in enumerate(zip(ways.destinations, *days, strict=True)):
            times, served = timetabled_percentiles(
                profiles, start_clock_s=start_s, end_clock_s=end_s, quantiles=QUANTILES
            )
            p10, p50, p90 = (float(v) if ridden[j] else UNREACHABLE for v in times)
            note = f"timetabled: {served:.0%} of the window before the last departure"
            note = note if ridden[j] else tell.unridden
            note = tell.why((origin, access), (destination, ways.ends[j].door), kept[j]) or note
            own = origin.place_id == destination.place_id
            row.append(TransitTime(0.0, 0.0, 0.0) if own else TransitTime(p50, p10, p90, "", note))
        rows.append(row)
    return rows


def compute_day_profiles(
    session: Session,
    mode: Mode,
    access: Access,
    egresses: Sequence[Access],
    start_clock_s: int,
    end_clock_s: int,
    phase: Phase = MIDDLE,
) -> list[Profile]:
    """Return the door-to-door journeys of a span by destination: who leaves home just in time, and when one arrives.

    Of a day on which headway lines run by the `phase`: by default each leaves half a headway after its band begins.

    The search reaches a day further than the span: a journey that waits for the next morning's train is dropped,
    since one may as well leave in the morning.
    """
    _, index = session.timetable(mode)
    profiles = compute_profile_events(
        index,
        access,
        build_destinations(egresses),
        start_clock_s=start_clock_s,
        end_clock_s=end_clock_s + S_PER_DAY,
        max_rides=session.network.assumptions.max_rides,
        phase=phase,
    )
    out = []
    for profile in profiles:
        kept = profile.depart_clock_s < end_clock_s
        out.append(Profile(profile.depart_clock_s[kept], profile.arrive_clock_s[kept]))
    return out


class _MissingEnds:
    """Tells why pairs have no way in or out of a train; each place without a station is looked into once."""

    def __init__(self, session: Session, mode: Mode) -> None:
        self._tell = cache(lambda place: tell_no_station(session, place, mode))
        self.unridden = f"no {mode.value} vehicle is ridden: the metro alone is as quick"

    def why(self, start: tuple[Place, Access], end: tuple[Place, Access], kept: Access) -> str:
        """Return the reason, empty when both ends have a way."""
        for place, ends in (start, end):
            if not len(ends.stop_idx):
                return self._tell(place)
        return "" if len(kept.stop_idx) else "getting to and from the stations takes longer than driving all the way"
