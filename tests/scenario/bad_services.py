"""Services, buses and works that are wrong, each with its code, line and words: bad files of `test_schema_messages`."""

from __future__ import annotations

from tests.scenario.yaml_text import HEAD_LINES, text_of

H = HEAD_LINES


def replaced(kind: str, old: str, new: str) -> str:
    text = text_of(kind)
    assert old in text
    return text.replace(old, new)


BAD_SERVICES: dict[str, tuple[str, str, int | None, str]] = {
    "a day twice": (
        replaced("rail_line", "kind: headway", "kind: headway, days: [mon, mon]"),
        "day_twice",
        H + 6,
        "twice",
    ),
    "peaks that overlap": (
        replaced(
            "rail_line",
            'headway_min: 20, first_departure: "06:00", last_departure: "22:00"',
            'periods: [{from: "06:00", to: "09:00", headway_min: 5}, {from: "08:00", to: "22:00", headway_min: 9}]',
        ),
        "periods_overlap",
        H + 6,
        "08:00",
    ),
    "works over too early": (text_of("closure", "roads: [a--b]\nends: 2029\n"), "bad_ending", None, "2027-06-30"),
    "no hours": (
        text_of("closure", 'roads: [a--b]\nhours: {from: "05:00", to: "05:00"}\n'),
        "bad_hours",
        H + 2,
        "05:00",
    ),
}
BAD_BUSES: dict[str, tuple[str, str, int | None, str]] = {
    "nobody boards": (
        replaced("bus_line", "{node: a}, {node: c}", "{node: a, pickup_type: 1}, {node: c, pickup_type: 1}"),
        "nobody_boards",
        H + 1,
        "leave one stop",
    ),
    "nobody alights": (
        replaced("bus_line", "{node: c}, {node: b}", "{node: c, drop_off_type: 1}, {node: b, drop_off_type: 1}"),
        "nobody_alights",
        H + 1,
        "leave one stop",
    ),
    "a stop of no use": (
        replaced("bus_line", "{node: c}", "{node: c, pickup_type: 1, drop_off_type: 1}"),
        "stop_of_no_use",
        H + 1,
        "bus-c",
    ),
    "true is no pickup": (
        replaced("bus_line", "{node: a}", "{node: a, pickup_type: true}"),
        "unknown_value",
        H + 1,
        "use one of 0, 1",
    ),
    "a broken drop-off": (
        replaced("bus_line", "{node: c}", "{node: c, drop_off_type: 1.0}"),
        "unknown_value",
        H + 1,
        "use one of 0, 1",
    ),
    "pickup by telephone": (
        replaced("bus_line", "{node: a}", "{node: a, pickup_type: 2}"),
        "unknown_value",
        H + 1,
        "use one of 0, 1",
    ),
}
