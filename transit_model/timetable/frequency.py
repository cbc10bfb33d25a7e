"""Services by headway (GTFS ``exact_times=0``): their unknown phases, drawn alike in every scenario.

A headway line is an ordinary timetable once its *phase* is known: the clock at which the first vehicle of a band
leaves. The phase is uniform over a headway, independent of other lines. It is drawn: draw number j gives every line
a share v of its headway, and the travel time of a departure minute in this draw is that of an ordinary timetable.
Percentiles are taken over departure minutes and draws together (`percentiles`). So a line waits alike in every
scenario, and a service that is added can only lower each of the times that are ranked.

The shares of a line are a Latin hypercube sample (McKay, Beckman and Conover 1979, "A comparison of three methods for
selecting values of input variables", Technometrics 21(2)): of `STRATA` draws in a row exactly one falls into each
``1/STRATA`` of the headway, in an order that hangs on nothing but the line's own seed. What remains of a share moves by
the golden ratio from one such group to the next. Phases count from an anchor, the departure clock of a window, so that
the wait itself and not the clock is what is stratified.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from transit_model.network.arrays import I32
from transit_model.store.jit import INF_S, helper, jit
from transit_model.timetable.index import TimetableIndex
from transit_model.timetable.phases import STRATA

_WORD: Final = 2**32 - 1
_GOLDEN: Final = 2_654_435_769  # 2**32 / golden ratio


@helper
def _mix(x: int) -> int:
    """Return 32 well-mixed bits: the finaliser of MurmurHash3 on both halves."""
    h = (x ^ (x >> 32)) & _WORD
    h = ((h ^ (h >> 16)) * 0x85EBCA6B) & _WORD
    h = ((h ^ (h >> 13)) * 0xC2B2AE35) & _WORD
    return h ^ (h >> 16)


@jit
def draw_share(seed: int, number: int) -> int:
    """Return the share of its headway that a line is given in a draw, in units of ``2**-32``."""
    if number < 0:
        return 1 << 31
    group, place = number // STRATA, number % STRATA
    keys = _mix(seed ^ _mix(group + 0x1234567))
    more = _mix(keys + 0x3C6EF372)
    while True:  # a permutation of 64 places drawn by the keys, walked on until it falls within the strata
        place = (place * (2 * (keys & 31) + 1) + (keys >> 5)) & 63
        place ^= place >> 3
        place = (place * (2 * ((keys >> 11) & 31) + 1) + (keys >> 16)) & 63
        place ^= place >> 2
        place = (place * (2 * (more & 31) + 1) + (more >> 5)) & 63
        place ^= place >> 3
        place = (place + (more >> 11)) & 63
        if place < STRATA:
            break
    rest = (_mix(seed + place) + group * _GOLDEN) & _WORD
    return ((place << 32) + rest) // STRATA


@jit
def set_first_vehicles(ix: TimetableIndex, number: int, anchor_s: int, first_s: I32) -> None:
    """Write the clock at which the first vehicle of each headway row leaves its first stop, (n_rows,).

    A band shorter than its headway has one vehicle, at a time uniform over the band.
    """
    start_s, end_s, headway_s, seed = ix.h_start_s, ix.h_end_s, ix.h_headway_s, ix.h_seed
    share = 0
    for row in range(len(first_s)):
        if row == 0 or seed[row] != seed[row - 1]:
            share = draw_share(seed[row], number)
        start = start_s[row]
        width = min(np.int64(headway_s[row]), np.int64(end_s[row]) - start)
        if width <= 0:
            first_s[row] = INF_S
            continue
        wait = (width * share) >> 32
        anchor = start if number < 0 else anchor_s
        first_s[row] = start + (anchor - start + wait) % width


@helper
def find_vehicle(first: int, headway: int, end: int, ready: int) -> int:
    """Return the clock at its first stop of the first vehicle not before `ready` there, INF_S after the last one."""
    if ready > first:
        first += (ready - first + headway - 1) // headway * headway
    return first if first < end else INF_S
