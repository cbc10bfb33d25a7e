"""Noon minus twelve hours: where neighbouring service days stand on the clock of one day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from transit_model.domain.service_clock import find_service_clock

H = 3600


@pytest.mark.parametrize(
    ("day", "zone", "before_h", "after_h"),
    [
        ("2024-03-31", "Europe/Berlin", -23, 24),  # noon CEST is 23 h after noon CET of the 30th
        ("2024-03-30", "Europe/Berlin", -24, 23),
        ("2024-10-27", "Europe/Berlin", -25, 24),
        ("2024-05-15", "Europe/Berlin", -24, 24),
        ("2024-10-06", "Australia/Lord_Howe", -23.5, 24),  # half an hour
        ("2020-12-16", "Asia/Shanghai", -24, 24),
        ("2024-03-31", "", -24, 24),
        ("2024-03-31", "Mars/Base", -24, 24),  # told elsewhere
    ],
)
def test_service_days_are_as_far_apart_as_their_noons(day: str, zone: str, before_h: float, after_h: float) -> None:
    clock = find_service_clock(date.fromisoformat(day), zone)
    assert clock.find_shift_s(-1) == before_h * H
    assert clock.find_shift_s(1) == after_h * H
    assert clock.find_shift_s(0) == 0


def test_the_walls_lag_behind_before_spring() -> None:
    """Noon minus 12 h of 31 March is 23:00 CET: 2:30 after it is 1:30, and 3:00 after it 2:00 CET, now 3:00 CEST."""
    clock = find_service_clock(date(2024, 3, 31), "Europe/Berlin")
    elapsed = np.array([0, 2.5 * H, 3 * H - 1, 3 * H, 9 * H], np.int32)
    assert clock.read_walls(elapsed).tolist() == [-H, 1.5 * H, 2 * H - 1, 3 * H, 9 * H]


def test_of_the_hour_that_autumn_has_twice_the_second_pass_is_told() -> None:
    """Noon minus 12 h of 27 October is 1:00 CEST; 2:00 to 3:00 CEST stand as 2:00, from 2:00 CET on all is told."""
    clock = find_service_clock(date(2024, 10, 27), "Europe/Berlin")
    elapsed = np.array([-H, 0, 0.5 * H, 1.5 * H, 2 * H, 2.5 * H], np.int32)
    assert clock.read_walls(elapsed).tolist() == [0, H, 1.5 * H, 2 * H, 2 * H, 2.5 * H]
    assert (np.diff(clock.read_walls(np.arange(-H, 4 * H, 60, dtype=np.int32))) >= 0).all()
