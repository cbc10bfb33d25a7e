"""The day-return circle (当日往返圈): where one can be for some hours and be home again on the same day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from transit_model.domain.modes import Mode, Reading
from transit_model.domain.place import Place
from transit_model.errors import InputError, Issue
from transit_model.measure.ring_frames import tell_timetable
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.surface.isochrone import collect_features, compute_rings
from transit_model.surface.surface import Surface, combine_surfaces
from transit_model.units import S_PER_HOUR, format_clock

if TYPE_CHECKING:
    import geopandas as gpd

KIND = "day_return"


@dataclass(frozen=True)
class Day:
    """From when one may leave home until when one must be back, clock seconds."""

    after_clock_s: int
    home_by_clock_s: int

    def __post_init__(self) -> None:
        """Refuse a day that ends before it begins."""
        if self.home_by_clock_s <= self.after_clock_s:
            raise InputError(
                Issue("bad_day", "error", "the day must begin before it ends", field="home_by", hint="06:00 to 22:00")
            )

    @property
    def length_s(self) -> int:
        """Seconds from leaving to being back."""
        return self.home_by_clock_s - self.after_clock_s


def compute_day_surface(builder: SurfaceBuilder, place: Place, mode: Mode, reading: Reading, day: Day) -> Surface:
    """Return for each cell the seconds of the day that are no stay there: out and back, with all waiting.

    ``stay = latest departure that is home in time - earliest arrival``, after Törnqvist (1970) as in
    `indicators.day_return`; the surface holds ``length of the day - stay``, so that fewer hours there make a larger
    ring. `best` takes one mode out and back, whichever leaves more hours: who drives there has to drive home.

    Raises
    ------
    InputError
        When the reading has no surface for the mode.
    """
    if mode is Mode.BEST:
        return combine_surfaces(
            [compute_day_surface(builder, place, part, reading, day) for part in builder.list_parts(mode)]
        )
    out = builder.compute(place, mode, reading, clock_s=day.after_clock_s)
    back = builder.compute(place, mode, reading, reverse=True, clock_s=day.home_by_clock_s)
    late = [np.where(np.isfinite(s.time_s), s.time_s, s.beyond_s) for s in (out, back)]
    return replace(
        out,
        time_s=out.time_s + back.time_s,
        edge_s=np.maximum(out.edge_s, back.edge_s),
        beyond_s=late[0] + late[1],
        # every metre off the network is travelled twice
        off_network_speed_ms=out.off_network_speed_ms / 2,
    )


def compute_day_return_circle(
    builder: SurfaceBuilder,
    place: Place,
    mode: Mode,
    reading: Reading,
    hours_there: Sequence[float],
    day: Day,
    *,
    population: npt.NDArray[np.float64] | None = None,
) -> tuple[gpd.GeoDataFrame, Surface]:
    """Return the rings where one can stay at least so many hours, and the surface behind them (see above).

    Columns of a ring table, with ``kind``, ``hours_there``, ``after`` and ``home_by``; ``cutoff_min`` is the time that
    is left for both ways, so a ring of fewer hours holds that of more.

    Raises
    ------
    InputError
        ``bad_hours`` when hours are not above 0 or fill the day, or stand twice; or no surface for the mode.
    """
    _check_hours(hours_there, day)
    surface = compute_day_surface(builder, place, mode, reading, day)
    foot = builder.reach_on_foot(place)
    cutoffs_s = [day.length_s - h * S_PER_HOUR for h in hours_there]
    rings = compute_rings(surface, cutoffs_s, replace(foot, speed_ms=foot.speed_ms / 2))
    frame = collect_features(
        rings,
        surface,
        origin=place.place_id,
        mode=mode.value,
        reading=reading.value,
        scenario=builder.session.scenario_id,
        population=population,
    )
    return tell_timetable(frame, builder.session).assign(
        kind=KIND,
        hours_there=[(day.length_s - r.cutoff_s) / S_PER_HOUR for r in rings],
        after=format_clock(day.after_clock_s),
        home_by=format_clock(day.home_by_clock_s),
    ), surface


def _check_hours(hours_there: Sequence[float], day: Day) -> None:
    most = day.length_s / S_PER_HOUR
    wrong = [h for h in hours_there if not (math.isfinite(h) and 0 < h < most)]
    if wrong or not hours_there or len(set(hours_there)) < len(hours_there):
        text = ", ".join(f"{h:g}" for h in (wrong or hours_there))
        raise InputError(
            Issue(
                "bad_hours",
                "error",
                f"hours there are numbers above 0 and below the {most:g} hours of the day, each once",
                field="hours_there",
                value=text,
                hint="e.g. --hours-there 4,8",
            )
        )
