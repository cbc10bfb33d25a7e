"""A place one travels from or to."""

from __future__ import annotations

from dataclasses import dataclass

from transit_model.domain.geo import LonLat


@dataclass(frozen=True)
class Place:
    """A named point.

    Attributes
    ----------
    place_id : str
        Id in tables and files.
    kind : str
        centre, alternative_centre, county_seat, airport, station, facility or point.
    road_node_id : str
        Where it joins the road network; empty when it must be projected onto the nearest road.
    stop_id : str
        The stop of the feed when the place is a station, else empty.
    """

    place_id: str
    kind: str
    name_zh: str
    name_en: str
    at: LonLat
    road_node_id: str = ""
    stop_id: str = ""
    adcode: str = ""
    prefecture: str = ""

    def name(self, lang: str) -> str:
        """Return the name in ``zh`` or ``en``, falling back to the other language and then the id."""
        first, second = (self.name_zh, self.name_en) if lang == "zh" else (self.name_en, self.name_zh)
        return first or second or self.place_id
