"""Places and counties: centres, county seats, airports, points that goals name, census totals."""

from __future__ import annotations

from choices import Choices
from provenance import Sources, cite
from tables import Row

PLACE_COLUMNS = (
    "place_id", "kind", "name_zh", "name_en", "aliases", "lon", "lat", "adcode", "prefecture", "road_node_id",
    "confidence", "source",
)  # fmt: skip
COUNTY_COLUMNS = (
    "adcode", "name_zh", "name_en", "prefecture", "kind", "population_2020", "place_id", "road_node_id", "area_km2",
    "confidence", "source",
)  # fmt: skip


def build_places(
    counties: list[Row], nodes: dict[str, Row], aliases: dict[str, str], sources: Sources, choices: Choices
) -> list[Row]:
    """Build ``places.csv``: centres, the alternative centre, county seats in adcode order, airports, points.

    A county seat has the slug of its road node, with ``-seat`` where a centre has taken it.
    """

    def place(place_id: str, kind: str, names: tuple[str, str], where: tuple[str, str], node_id: str) -> Row:
        node = nodes[node_id]
        return {
            "place_id": place_id, "kind": kind, "name_zh": names[0], "name_en": names[1],
            "aliases": aliases.get(place_id, ""), "lon": node["lon"], "lat": node["lat"], "adcode": where[0],
            "prefecture": where[1], "road_node_id": node_id, "confidence": node["confidence"],
            "source": cite(node["source"], sources),
        }  # fmt: skip

    rows = [place(i, "centre", (zh, en), (code, pref), node) for i, node, zh, en, code, pref in choices.rows("centres")]
    rows += [
        place(i, "alternative_centre", (zh, en), (code, pref), node)
        for i, node, zh, en, code, pref in choices.table("alternative_centres").values()
    ]
    rows += [
        place(
            seat_id(c, choices),
            "county_seat",
            (c["name_zh"], c["name_en"]),
            (c["adcode"], c["prefecture"]),
            c["road_node"],
        )
        for c in sorted(counties, key=lambda row: row["adcode"])
        if c["kind"] == "county"
    ]
    rows += [place(i, "airport", (zh, en), ("", pref), i) for i, zh, en, pref in choices.rows("airports")]
    rows += [place(i, "point", (zh, en), ("", pref), i) for i, zh, en, pref in choices.rows("points")]
    return rows


def seat_id(county: Row, choices: Choices) -> str:
    """Return the place id of a county's seat."""
    taken = {row[0] for row in (*choices.rows("centres"), *choices.table("alternative_centres").values())}
    slug = county["road_node"]
    return f"{slug}-seat" if slug in taken else slug


def build_counties(counties: list[Row], choices: Choices) -> list[Row]:
    """Build ``counties.csv``: the counties, then the zones that the census tabulates apart.

    The zones keep rows of their own (no seat, no polygon) so that prefecture totals equal the census.
    """
    rows = sorted(counties, key=lambda row: (row["kind"] == "zone", row["adcode"]))
    return [
        {
            "adcode": c["adcode"], "name_zh": c["name_zh"], "name_en": c["name_en"], "prefecture": c["prefecture"],
            "kind": c["kind"], "population_2020": c["population_2020"],
            "place_id": "" if c["kind"] == "zone" else seat_id(c, choices), "road_node_id": c["road_node"],
            "area_km2": c["area_km2"], "confidence": "high" if c["kind"] == "county" else "medium",
            "source": f"[census2020] {c['source']}",
        }
        for c in rows
    ]  # fmt: skip
