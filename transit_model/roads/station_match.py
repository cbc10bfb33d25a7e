"""Stations of a map beside stops of a timetable: matched by name and distance, with a table to review.

Nothing is matched in silence: every stop has a row that says with which station, how alike the names are, how far
apart they lie and whether a person should look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from transit_model.domain.datum import check_datum
from transit_model.domain.geo import compute_great_circle_m
from transit_model.errors import Issue
from transit_model.roads.station_names import score_names

ACCEPTED, REVIEW, UNMATCHED = "accepted", "review", "unmatched"
REVIEW_COLUMNS = (
    "stop_id",
    "stop_name",
    "status",
    "osm_id",
    "osm_name",
    "name_score",
    "distance_m",
    "second_osm_id",
    "second_score",
    "lon",
    "lat",
    "note",
)
NEAR_M = 1000.0
"""A stop and its station lie nearer than this (judged: the length of a large station with its forecourt)."""
FAR_M = 20_000.0
"""Farther apart two places are no one station, whatever their names (judged)."""
SAME_NAME, ALIKE_NAME = 0.999, 0.6
_CLEARLY = 0.1  # a second candidate this near in score asks for a look


class Match(NamedTuple):
    """What `match_stations` found: rows of `REVIEW_COLUMNS`, one a stop, and issues."""

    review: pd.DataFrame
    issues: list[Issue]

    def tally(self) -> dict[str, int]:
        """Return how many stops are accepted, to review and unmatched."""
        return {s: int((self.review["status"] == s).sum()) for s in (ACCEPTED, REVIEW, UNMATCHED)}


def match_stations(stops: pd.DataFrame, stations: pd.DataFrame, *, file: str = "stops") -> Match:
    """Match stops of a timetable with stations of a map.

    Parameters
    ----------
    stops : DataFrame
        ``stop_id, stop_name, lon, lat`` (NaN where unknown) and, optional, ``names``: a tuple of further names.
    stations : DataFrame
        As `osm_rail.OsmRail.stations`.
    file : str
        Named in the issues.

    Returns
    -------
    Match
        Status ``accepted``: the same name within `NEAR_M`, or the same name alone when the stop has no place and no
        other station has it. ``review``: the same name farther away (up to `FAR_M`), a name at least `ALIKE_NAME` alike
        nearby, another candidate as good, or a station that two stops claim. Else ``unmatched``. An issue
        ``datum_mixed_up`` when the accepted and the far ones together look like another datum.
    """
    lon, lat = stations["lon"].to_numpy(dtype=np.float64), stations["lat"].to_numpy(dtype=np.float64)
    names = [_list_names(row) for row in stations.to_dict("records")]
    rows = [_match_one(stop, stations, names, (lon, lat)) for stop in stops.to_dict("records")]
    review = pd.DataFrame(rows, columns=list(REVIEW_COLUMNS))
    _mark_shared(review)
    return Match(review, _check_datum(review, stops, stations, file))


def _list_names(station: Mapping[str, object]) -> list[str]:
    names = [str(station.get(c, "")) for c in ("name_zh", "name", "name_en", "name_pinyin")]
    return [n for n in [*names, *str(station.get("aliases", "")).split(";")] if n]


def _match_one(
    stop: Mapping[str, object],
    stations: pd.DataFrame,
    names: Sequence[list[str]],
    at: tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]],
) -> dict[str, object]:
    own = [str(stop["stop_name"]), *[str(n) for n in stop.get("names", ()) or ()]]  # type: ignore[attr-defined]
    x, y = float(str(stop["lon"])), float(str(stop["lat"]))
    placed = not (np.isnan(x) or np.isnan(y))
    far = compute_great_circle_m(at[0], at[1], x, y) if placed else np.full(len(names), np.nan)
    row: dict[str, object] = dict.fromkeys(REVIEW_COLUMNS, "")
    row |= {"stop_id": stop["stop_id"], "stop_name": stop["stop_name"], "status": UNMATCHED}
    row |= {"name_score": np.nan, "distance_m": np.nan, "second_score": np.nan, "lon": np.nan, "lat": np.nan}
    found = []
    for i in np.flatnonzero(~(far > FAR_M)).tolist():
        alike, name = score_names(own, names[i])
        away = float(far[i])
        if alike >= SAME_NAME or (alike >= ALIKE_NAME and away <= NEAR_M):
            # One kilometre weighs as much as a tenth of the letters.
            found.append((alike - (0.0 if np.isnan(away) else away / (10 * NEAR_M)), alike, away, i, name))
    if not found:
        row["note"] = "no station of this name" if placed else "no station of this name, and the stop has no place"
        return row
    found.sort(key=lambda f: (-f[0], f[3]))
    rank, alike, away, i, name = found[0]
    row |= {"osm_id": stations["osm_id"].iloc[i], "osm_name": name, "name_score": round(alike, 3)}
    row |= {"lon": float(at[0][i]), "lat": float(at[1][i]), "distance_m": round(away, 1)}
    notes = []
    if len(found) > 1:
        row |= {"second_osm_id": stations["osm_id"].iloc[found[1][3]], "second_score": round(found[1][1], 3)}
        if rank - found[1][0] < _CLEARLY and (found[1][1] >= SAME_NAME or alike < SAME_NAME):
            notes.append("another station fits as well")
    if alike < SAME_NAME:
        notes.append("names differ")
    if placed and away > NEAR_M:
        notes.append(f"{away / 1000:.1f} km apart")
    return row | {"status": REVIEW if notes else ACCEPTED, "note": "; ".join(notes)}


def _mark_shared(review: pd.DataFrame) -> None:
    """Two stops of one station are to be looked at, unless they are platforms of one name."""
    taken = review[review["osm_id"] != ""]
    for _, rows in taken.groupby("osm_id", sort=False):
        if rows["stop_name"].nunique() > 1:
            review.loc[rows.index, "status"] = REVIEW
            for i in rows.index:
                note = str(review.at[i, "note"])
                review.at[i, "note"] = "; ".join(n for n in (note, "two stops claim this station") if n)


def _check_datum(review: pd.DataFrame, stops: pd.DataFrame, stations: pd.DataFrame, file: str) -> list[Issue]:
    """Compare places of stops with places of stations of the same name."""
    sure = (review["name_score"] >= SAME_NAME) & stops["lon"].notna().to_numpy() & stops["lat"].notna().to_numpy()
    if int(sure.sum()) < 5:
        return []
    rows = np.flatnonzero(sure)
    x, y = stops["lon"].to_numpy(dtype=np.float64)[rows], stops["lat"].to_numpy(dtype=np.float64)[rows]
    return check_datum(x, y, stations["lon"], stations["lat"], file=file).issues
