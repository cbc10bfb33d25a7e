"""People of each county in its seat, its towns and its villages.

Two sources: the census of 2020 tells how many live in towns at all (``POPU_URB``), and GHSL tells in what kind of
settlement people live (shares of people, not totals: GHSL's totals differ from the census). Of the town people,
those of the largest kind of centre present (urban centre, else dense town) are in the seat, those of the smaller
kinds and of suburbs in towns; all others are in villages. Sums per county are the census to the person.
"""

from __future__ import annotations

from tables import Row

COLUMNS = ("adcode", "part", "persons", "source")
CENTRES = ("GHSL_POP_30", "GHSL_POP_23")
TOWNS = ("GHSL_POP_22", "GHSL_POP_21")
SOURCE = (
    "[census2020] census total and urban share {urban}; [ghsl] shares of people in urban centre {a}, dense town {b}, "
    "semi-dense town {c}, suburb {d}; seat = the largest kind of centre present, split judged"
)


def build_settlements(counties: list[Row], census: list[Row]) -> list[Row]:
    """Build ``settlements.csv``: three rows a county or zone.

    Raises
    ------
    ValueError
        When a county is missing from the census table or its total there is another.
    """
    by_code = {row["CODE"]: row for row in census}
    rows = []
    for county in counties:
        people, row = int(county["population_2020"]), by_code.get(county["adcode"])
        if row is None or int(float(row["POPU"])) != people:
            raise ValueError(f"settlements: {county['adcode']} has another total in the census table")
        shares = [float(row[name]) for name in (*CENTRES, *TOWNS)]
        seat_share = shares[0] or shares[1]
        urban = round(people * float(row["POPU_URB"]))
        # Where no kind of centre is present, the town people live in towns.
        seat = round(urban * seat_share / sum(shares)) if seat_share else 0
        source = SOURCE.format(urban=row["POPU_URB"], **dict(zip("abcd", shares, strict=True)))
        for part, persons in (("seat", seat), ("towns", urban - seat), ("villages", people - urban)):
            rows.append({"adcode": county["adcode"], "part": part, "persons": str(persons), "source": source})
    return rows
