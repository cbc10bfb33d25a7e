"""Day return (当日往返): hours usable at the destination between the first way there and the last way home."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from transit_model.errors import InputError, Issue

F64 = npt.NDArray[np.float64]
_COLUMNS = ("from", "to", "depart_clock_s", "arrive_clock_s")


def compute_day_return(
    out: pd.DataFrame,
    back: pd.DataFrame,
    *,
    leave_after_clock_s: float,
    home_by_clock_s: float,
    least_stay_s: float,
) -> pd.DataFrame:
    """Compute the longest stay of a day trip for each pair, seconds.

    ``stay = latest departure of a way home that arrives in time - earliest arrival of a way there that leaves late
    enough``. After Törnqvist (1970), Contact Systems and Regional Development (Lund).

    Parameters
    ----------
    out, back : DataFrame
        Journeys with ``from``, ``to``, ``depart_clock_s``, ``arrive_clock_s``, door to door; `back` runs from the
        destination to the origin.
    leave_after_clock_s, home_by_clock_s : float
        Earliest departure from home and latest arrival at home; clocks may exceed 86,400 s.
    least_stay_s : float
        What counts as feasible.

    Returns
    -------
    DataFrame
        ``from``, ``to`` (of the way out), ``arrive_clock_s``, ``depart_back_clock_s`` (NaN when there is none),
        ``stay_s`` (0 when no stay is possible), ``feasible``. Every pair of `out` or `back` has a row.

    Raises
    ------
    InputError
        With all issues: missing columns, clocks that are no numbers, journeys that arrive before they leave.
    """
    issues = [*_check(out, "out"), *_check(back, "back")]
    if not leave_after_clock_s < home_by_clock_s:
        issues.append(Issue("bad_day", "error", "the day must begin before it ends", field="home_by_clock_s"))
    if not least_stay_s >= 0:
        issues.append(Issue("bad_stay", "error", "the least stay must be 0 s or more", field="least_stay_s"))
    if issues:
        raise InputError(issues)
    arrivals = out[out["depart_clock_s"] >= leave_after_clock_s].groupby(["from", "to"])["arrive_clock_s"].min()
    home = back[back["arrive_clock_s"] <= home_by_clock_s].groupby(["to", "from"])["depart_clock_s"].max()
    pairs = pd.concat([out[["from", "to"]], back[["to", "from"]].set_axis(["from", "to"], axis=1)]).drop_duplicates()
    pairs = pairs.sort_values(["from", "to"], ignore_index=True)
    index = pd.MultiIndex.from_frame(pairs)
    arrive = arrivals.reindex(index).to_numpy(dtype=np.float64)
    depart = home.reindex(index).to_numpy(dtype=np.float64)
    stay = compute_stay(np.where(np.isnan(arrive), np.inf, arrive), np.where(np.isnan(depart), -np.inf, depart))
    # arriving and leaving at once is a stay of 0 s: feasible only where 0 s were asked for
    possible = arrive <= depart
    return pairs.assign(
        arrive_clock_s=arrive, depart_back_clock_s=depart, stay_s=stay, feasible=possible & (stay >= least_stay_s)
    )


def compute_stay(earliest_arrival_clock_s: npt.ArrayLike, latest_departure_clock_s: npt.ArrayLike) -> F64:
    """Return the time at the destination in seconds, any shape, at least 0; for cells of the day-return circle.

    No way there is an arrival of `inf`, no way home a departure of -`inf`.
    """
    arrival = np.asarray(earliest_arrival_clock_s, dtype=np.float64)
    departure = np.asarray(latest_departure_clock_s, dtype=np.float64)
    possible = np.isfinite(arrival) & np.isfinite(departure) & (departure > arrival)
    return np.where(possible, np.where(possible, departure, 0.0) - np.where(possible, arrival, 0.0), 0.0)


def _check(table: pd.DataFrame, name: str) -> list[Issue]:
    missing = [column for column in _COLUMNS if column not in table.columns]
    if missing:
        return [Issue("missing_column", "error", f"table {name} lacks {c}", file=name, field=c) for c in missing]
    clocks = table[["depart_clock_s", "arrive_clock_s"]].apply(pd.to_numeric, errors="coerce")
    issues = []
    if not np.isfinite(clocks.to_numpy(dtype=np.float64)).all():
        issues.append(Issue("bad_clock", "error", "a clock is not a number", file=name, field="depart_clock_s"))
    elif (clocks["arrive_clock_s"] < clocks["depart_clock_s"]).any():
        issues.append(Issue("arrives_before_leaving", "error", "a journey ends before it begins", file=name))
    return issues
