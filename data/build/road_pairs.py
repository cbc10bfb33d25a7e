"""Minutes by road from the centres to the county seats before and after the audit, largest difference first.

Free flow: length over posted speed, the fastest way on the roads that are open at ``built_as_of``. No ramps, lights or
calibration, which are the model's; so the table tells what the changed tables alone do, and by which links.
"""

from __future__ import annotations

import heapq

from tables import Row

COLUMNS = (
    "centre", "seat", "before_min", "after_min", "difference_min", "before_km", "after_km", "changed_links", "source",
)  # fmt: skip
SOURCE = "[judged] worked out by the builder: free flow on roads/links.csv, before from the facts alone"
Path = tuple[float, float, list[str]]


def compare(places: list[Row], before: list[Row], after: list[Row], as_of: str) -> list[Row]:
    """Return one row for each centre and each seat at another node."""
    was, now = ({row["link_id"]: (row["length_m"], row["maxspeed_kmh"]) for row in rows} for rows in (before, after))
    roads_before, roads_after = _graph(before, as_of), _graph(after, as_of)
    rows = []
    for centre in (row for row in places if row["kind"] == "centre"):
        node = centre["road_node_id"]
        old, new = _fastest(roads_before, node), _fastest(roads_after, node)
        for seat in (row for row in places if row["kind"] == "county_seat" and row["road_node_id"] != node):
            (old_min, old_km, _), (new_min, new_km, links) = old[seat["road_node_id"]], new[seat["road_node_id"]]
            rows.append({
                "centre": centre["place_id"], "seat": seat["place_id"], "before_min": f"{old_min:.1f}",
                "after_min": f"{new_min:.1f}", "difference_min": f"{new_min - old_min:.1f}",
                "before_km": f"{old_km:.1f}", "after_km": f"{new_km:.1f}",
                "changed_links": ";".join(link for link in links if was.get(link) != now[link]), "source": SOURCE,
            })  # fmt: skip
    return sorted(rows, key=lambda row: (-abs(float(row["difference_min"])), row["centre"], row["seat"]))


def _graph(links: list[Row], as_of: str) -> dict[str, list[tuple[str, Row]]]:
    roads: dict[str, list[tuple[str, Row]]] = {}
    for link in links:
        if (link["opened"] and link["opened"] > as_of) or (link["closed"] and link["closed"] <= as_of):
            continue
        a, b = link["from_node_id"], link["to_node_id"]
        roads.setdefault(a, []).append((b, link))
        roads.setdefault(b, []).append((a, link))
    return roads


def _fastest(roads: dict[str, list[tuple[str, Row]]], start: str) -> dict[str, Path]:
    """Return minutes, kilometres and links of the fastest way to every node (Dijkstra)."""
    done: dict[str, Path] = {}
    heap: list[tuple[float, str, float, list[str]]] = [(0.0, start, 0.0, [])]
    while heap:
        minutes, node, km, links = heapq.heappop(heap)
        if node in done:
            continue
        done[node] = (minutes, km, links)
        for other, link in roads[node]:
            if other not in done:
                length_km = int(link["length_m"]) / 1000
                take_min = length_km / int(link["maxspeed_kmh"]) * 60
                heapq.heappush(heap, (minutes + take_min, other, km + length_km, [*links, link["link_id"]]))
    return done
