"""Names of places for the pages: id to both languages."""

from __future__ import annotations

from transit_model.pages.text import is_missing, widen_punctuation
from transit_model.pages.view import StudyView


class Names:
    """Look up a place; an unknown id names itself."""

    def __init__(self, view: StudyView) -> None:
        self._names: dict[str, dict[str, str]] = {}
        self._stations: dict[str, dict[str, str]] = {}
        known = (t for t in (view.basemap.bus_stops, view.basemap.stations) if t is not None)
        for stations in known:
            for row in stations.to_dict("records"):
                self._add(row["stop_id"], row)
                name = self._names[str(row["stop_id"])]
                self._stations[name["zh"]] = self._stations[str(row["name_zh"])] = name
        for row in view.places.to_dict("records"):
            self._add(row["place_id"], row)

    def _add(self, key: object, row: dict[object, object]) -> None:
        zh, en = (None if is_missing(row.get(k)) else str(row[k]) for k in ("name_zh", "name_en"))
        self._names[str(key)] = {"zh": widen_punctuation(zh or en or str(key)), "en": en or zh or str(key)}

    def find_station(self, zh: str) -> dict[str, str]:
        """Return the names of a station by its Chinese name; an unknown one names itself."""
        return self._stations.get(zh) or self._stations.get(zh.removesuffix("站")) or {"zh": zh, "en": zh}

    def __call__(self, place_id: str) -> dict[str, str]:
        """Return the name of a place in both languages."""
        return self._names.get(place_id, {"zh": place_id, "en": place_id})
