"""What became of an OSM file that was read for its roads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class RoadReport:
    """What became of a file: plain numbers, written beside the tables as ``import.json``."""

    source: str
    options: Mapping[str, Any]
    ways: int
    nodes: int
    links: int
    km: float
    km_by_class: Mapping[str, float]
    dropped_ways: Mapping[str, int]
    lost_parts: tuple[Mapping[str, Any], ...]
    lost_parts_total: int
    lost_km: float
    cut_ways: int
    posted_share: float
    odd_speeds: Mapping[str, int]
    closed_barriers: int
    traffic_signals: int
    toll_booths: int
    turn_restrictions_not_used: int
    loops: int
    odd_durations: Mapping[str, int] = field(default_factory=dict)
    odd_classes: Mapping[str, int] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return asdict(self)
