"""``region.yaml``: names, groups, timetables, what is known to be missing."""

from __future__ import annotations

import io
from typing import Any

from choices import Choices
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted

TIMETABLE_KEYS = ("id", "valid_from", "service_date", "vintage", "source", "stations_listed", "notes")


def build_region(choices: Choices, counts: dict[str, int]) -> str:
    """Return the text of ``region.yaml``; ``{counts}`` in the texts come from the tables themselves."""
    values = choices.values
    document = {
        "id": choices.region,
        "title": values["title"],
        "crs": values["crs"],
        "bbox": values["bbox"],
        "built_as_of": Quoted(values["built_as_of"]),
        "service_date": Quoted(values["service_date"]),
        "departure_window": [Quoted(text) for text in values["departure_window"]],
        "timetable_vintage": _filled(values["timetable_vintage"], counts),
        "timetables": [_timetable(row) for row in choices.rows("timetables")],
        "groups": {
            "centres": [row[0] for row in choices.rows("centres")],
            "alternative_centres": {centre: row[0] for centre, row in choices.table("alternative_centres").items()},
            "county_seats": {"kind": "county_seat"},
            "stations": {"kind": "station"},
            "airports": {"kind": "airport"},
        },
        "main_stations": values["main_stations"],
        "known_gaps": [_filled(text, counts) for text in choices.rows("known_gaps")],
        "limits": [_filled(text, counts) for text in choices.rows("limits")],
        "attribution": values["attribution"],
    }
    yaml = YAML()
    yaml.width = 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    yaml.dump(document, stream)
    return "# Written by data/build; do not edit by hand.\n" + stream.getvalue()


def _filled(text: dict[str, str], counts: dict[str, int]) -> dict[str, str]:
    return {language: words.format(**counts) for language, words in text.items()}


def _timetable(row: dict[str, Any]) -> dict[str, Any]:
    kept = {key: row[key] for key in TIMETABLE_KEYS if key in row}
    for key in ("valid_from", "service_date"):
        if key in kept:
            kept[key] = Quoted(kept[key])
    return {"id": kept.pop("id"), "folder": f"timetables/{row['id']}", **kept}
