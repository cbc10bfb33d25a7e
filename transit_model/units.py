"""The only place that knows 60, 3600, 3.6 and 1000.

Inside the package a duration is in seconds (`*_s`), a length in metres (`*_m`), a clock time in seconds after
the origin of the GTFS service day (`*_clock_s`, may exceed 86,400). Street weights are integers of a tenth of a
second (*ticks*), so that sums are exact and equal on every platform.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt

TICKS_PER_S: Final = 10
"""Street weights are integer tenths of a second."""
S_PER_MIN: Final = 60
S_PER_HOUR: Final = 3600
S_PER_DAY: Final = 86_400
M_PER_KM: Final = 1000
M2_PER_KM2: Final = 1_000_000
KMH_PER_MS: Final = 3.6
KMH_PER_MPH: Final = 1.609344
"""International mile, exact (1959 agreement)."""

_CLOCK = re.compile(r"^\s*(\d{1,3}):([0-5]\d)(?::([0-5]\d))?\s*$")


def parse_clock_s(text: str) -> int:
    """Return the clock time of ``H:MM`` or ``H:MM:SS`` in seconds; hours above 24 are allowed (GTFS).

    Raises
    ------
    ValueError
        When the text is not a clock time.
    """
    match = _CLOCK.match(text)
    if match is None:
        msg = f"not a clock time (HH:MM or HH:MM:SS): {text!r}"
        raise ValueError(msg)
    hours, minutes, seconds = match.group(1), match.group(2), match.group(3) or "0"
    return int(hours) * S_PER_HOUR + int(minutes) * S_PER_MIN + int(seconds)


def format_clock(clock_s: float, *, seconds: bool = False) -> str:
    """Return a clock time in seconds as ``HH:MM`` (or ``HH:MM:SS``); hours may exceed 24, never negative."""
    total = round(clock_s)
    sign = "-" if total < 0 else ""
    total = abs(total)
    text = f"{sign}{total // S_PER_HOUR:02d}:{total % S_PER_HOUR // S_PER_MIN:02d}"
    return f"{text}:{total % S_PER_MIN:02d}" if seconds else text


def min_to_s(minutes: float) -> float:
    """Convert minutes to seconds."""
    return minutes * S_PER_MIN


def s_to_min(seconds: float) -> float:
    """Convert seconds to minutes; `inf` stays `inf`."""
    return seconds / S_PER_MIN


def km_to_m(km: float) -> float:
    """Convert kilometres to metres."""
    return km * M_PER_KM


def m_to_km(metres: float) -> float:
    """Convert metres to kilometres."""
    return metres / M_PER_KM


def kmh_to_ms(kmh: float) -> float:
    """Convert kilometres per hour to metres per second."""
    return kmh / KMH_PER_MS


def ms_to_kmh(ms: float) -> float:
    """Convert metres per second to kilometres per hour."""
    return ms * KMH_PER_MS


def seconds_to_ticks(seconds: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Round durations in seconds to integer ticks (half up), int32 of the same shape."""
    return np.floor(np.asarray(seconds, dtype=np.float64) * TICKS_PER_S + 0.5).astype(np.int32)


def drive_time_ticks(length_m: npt.ArrayLike, speed_kmh: npt.ArrayLike) -> npt.NDArray[np.int32]:
    """Return the time to drive lengths at speeds in ticks, at least one tick each, int32.

    180,000 m at 120 km/h = 5,400 s = 54,000 ticks.
    """
    length = np.asarray(length_m, dtype=np.float64)
    speed = np.asarray(speed_kmh, dtype=np.float64)
    return np.maximum(seconds_to_ticks(length * KMH_PER_MS / speed), 1).astype(np.int32)


def ticks_to_seconds(ticks: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Convert ticks to seconds as float64; `inf` stays `inf`."""
    return np.asarray(ticks, dtype=np.float64) / TICKS_PER_S


def ceil_to_whole_s(seconds: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Round durations up to whole seconds: nobody catches a train 0.4 s early. `inf` stays `inf`."""
    return np.ceil(np.asarray(seconds, dtype=np.float64) - 1e-9)
