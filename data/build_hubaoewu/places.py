"""Places and counties: the four centres, Dongsheng beside them, 38 county seats, airports, census totals."""

from __future__ import annotations

from provenance import cite
from tables import Row

PLACE_COLUMNS = (
    "place_id", "kind", "name_zh", "name_en", "aliases", "lon", "lat", "adcode", "prefecture", "road_node_id",
    "confidence", "source",
)  # fmt: skip
COUNTY_COLUMNS = (
    "adcode", "name_zh", "name_en", "prefecture", "kind", "population_2020", "place_id", "road_node_id", "area_km2",
    "confidence", "source",
)  # fmt: skip
# place_id, road node, zh, en, adcode, prefecture. Ordos is the municipal seat in Kangbashi.
CENTRES = (
    ("hohhot", "hohhot", "呼和浩特", "Hohhot", "150100", "Hohhot"),
    ("baotou", "baotou", "包头", "Baotou", "150200", "Baotou"),
    ("ordos", "kangbashi", "鄂尔多斯", "Ordos", "150600", "Ordos"),
    ("ulanqab", "ulanqab", "乌兰察布", "Ulanqab", "150900", "Ulanqab"),
)
ALTERNATIVES = (("dongsheng", "dongsheng", "东胜", "Dongsheng", "150602", "Ordos"),)
# Names of the airports; the prefecture is the one they stand in.
AIRPORTS = (
    ("airport_hohhot_baita", "呼和浩特白塔国际机场", "Hohhot Baita International Airport", "Hohhot"),
    ("airport_hohhot_shengle", "呼和浩特盛乐国际机场", "Hohhot Shengle International Airport", "Hohhot"),
    ("airport_baotou", "包头东河机场", "Baotou Donghe Airport", "Baotou"),
    ("airport_ordos", "鄂尔多斯伊金霍洛国际机场", "Ordos Ejin Horo International Airport", "Ordos"),
    ("airport_ulanqab", "乌兰察布集宁机场", "Ulanqab Jining Airport", "Ulanqab"),
)


def build_places(counties: list[Row], nodes: dict[str, Row], aliases: dict[str, str], sources: list[Row]) -> list[Row]:
    """Build ``places.csv``: centres, the alternative centre, county seats in adcode order, airports.

    A county seat has the slug of its road node; ``dongsheng`` is taken by the alternative centre, so that
    seat is ``dongsheng-seat``.
    """

    def place(place_id: str, kind: str, names: tuple[str, str], where: tuple[str, str], node_id: str) -> Row:
        node = nodes[node_id]
        return {
            "place_id": place_id, "kind": kind, "name_zh": names[0], "name_en": names[1],
            "aliases": aliases.get(place_id, ""), "lon": node["lon"], "lat": node["lat"], "adcode": where[0],
            "prefecture": where[1], "road_node_id": node_id, "confidence": node["confidence"],
            "source": cite(node["source"], sources),
        }  # fmt: skip

    rows = [place(i, "centre", (zh, en), (code, pref), node) for i, node, zh, en, code, pref in CENTRES]
    rows += [
        place(i, "alternative_centre", (zh, en), (code, pref), node) for i, node, zh, en, code, pref in ALTERNATIVES
    ]
    rows += [
        place(
            seat_id(c),
            "county_seat",
            (c["name_zh"], c["name_en"]),
            (c["adcode"], c["prefecture"]),
            c["road_node"],
        )
        for c in sorted(counties, key=lambda row: row["adcode"])
        if c["kind"] == "county"
    ]
    rows += [place(i, "airport", (zh, en), ("", pref), i) for i, zh, en, pref in AIRPORTS]
    return rows


def seat_id(county: Row) -> str:
    """Return the place id of a county's seat."""
    taken = {row[0] for row in CENTRES + ALTERNATIVES}
    slug = county["road_node"]
    return f"{slug}-seat" if slug in taken else slug


def build_counties(counties: list[Row]) -> list[Row]:
    """Build ``counties.csv``: 38 counties, then the two zones that the census tabulates apart.

    The zones keep rows of their own (no seat, no polygon) so that prefecture totals equal the census.
    """
    rows = sorted(counties, key=lambda row: (row["kind"] == "zone", row["adcode"]))
    return [
        {
            "adcode": c["adcode"], "name_zh": c["name_zh"], "name_en": c["name_en"], "prefecture": c["prefecture"],
            "kind": c["kind"], "population_2020": c["population_2020"],
            "place_id": "" if c["kind"] == "zone" else seat_id(c), "road_node_id": c["road_node"],
            "area_km2": c["area_km2"], "confidence": "high" if c["kind"] == "county" else "medium",
            "source": f"[census2020] {c['source']}",
        }
        for c in rows
    ]  # fmt: skip
