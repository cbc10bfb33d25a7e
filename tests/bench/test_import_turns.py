"""What turn restrictions change: street times of a real town with and without them, on the graph of turns.

The import counts restrictions and does not use them; this is the measurement behind that decision (DECISIONS.md).
A node of the graph is a piece of road in one direction, an arc is a turn; a banned turn is an arc left out.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from tests.roads.test_osm_roads import draw
from transit_model.roads.highway_speeds import read_speed_rules
from transit_model.roads.osm_scan import scan_roads
from transit_model.roads.osm_simplify import simplify

pytestmark = pytest.mark.bench

F64 = npt.NDArray[np.float64]
Ban = tuple[str, int, int, int]  # restriction, from way, via node, to way
JUNCTION_S = 5.0  # a car loses some seconds where roads meet, else every alley is a short cut
N_ORIGINS = 150


def read_bans(path: Path) -> list[Ban]:
    """Return the restrictions for cars with one from way, one via node and one to way."""
    import osmium

    bans = []
    for relation in osmium.FileProcessor(str(path), osmium.osm.RELATION):
        assert isinstance(relation, osmium.osm.Relation)
        tags = {t.k: t.v for t in relation.tags}
        kind = tags.get("restriction:motorcar") or tags.get("restriction", "")
        if tags.get("type") != "restriction" or "motorcar" in tags.get("except", ""):
            continue
        roles = {(m.role, m.type): m.ref for m in relation.members}
        keys = (("from", "w"), ("via", "n"), ("to", "w"))
        if kind.startswith(("no_", "only_")) and all(k in roles for k in keys):
            start, via, end = (roles[k] for k in keys)
            bans.append((kind, start, via, end))
    return bans


class Turns:
    """Pieces of road in both directions and the turns between them."""

    def __init__(self, path: Path) -> None:
        raw = scan_roads(path, read_speed_rules())
        simple = simplify(raw)
        p = simple.pieces
        two = np.flatnonzero(~p.oneway)
        seconds = p.time_h_km * 3.6 / 0.6 + JUNCTION_S  # six tenths of the posted speed, as in town
        self.tail = np.concatenate([p.tail, p.head[two]])
        self.head = np.concatenate([p.head, p.tail[two]])
        self.seconds = np.concatenate([seconds, (p.back_h_km * 3.6 / 0.6 + JUNCTION_S)[two]])
        self.way = raw.way_id[np.concatenate([p.way, p.way[two]])]
        self.node_id = simple.node_id
        self.n = len(self.tail)
        order = np.argsort(self.tail, kind="stable")
        first = np.searchsorted(self.tail[order], self.head, side="left")
        count = np.searchsorted(self.tail[order], self.head, side="right") - first
        self.one = np.repeat(np.arange(self.n), count)
        at = np.arange(len(self.one)) - np.repeat(np.cumsum(count) - count, count)
        self.two = order[np.repeat(first, count) + at]

    def forbid(self, bans: list[Ban]) -> tuple[npt.NDArray[np.bool_], int]:
        """Return the turns that are allowed, and how many restrictions forbid one."""
        allowed = np.ones(len(self.one), dtype=bool)
        by_place: dict[tuple[int, int], list[int]] = {}
        for row in range(self.n):
            by_place.setdefault((int(self.node_id[self.head[row]]), int(self.way[row])), []).append(row)
        used = 0
        for kind, start, via, end in bans:
            before = int(allowed.sum())
            for row in by_place.get((via, start), []):
                turns = slice(*np.searchsorted(self.one, [row, row + 1]))
                into = self.way[self.two[turns]] == end
                back = (self.head[self.two[turns]] == self.tail[row]) & (self.way[self.two[turns]] == self.way[row])
                if kind == "no_u_turn":
                    allowed[turns] &= ~(into & back) if start == end else ~into
                elif kind.startswith("no_"):
                    allowed[turns] &= ~(into & ~back)
                elif into.any():
                    allowed[turns] &= into
            used += before > int(allowed.sum())
        return allowed, used

    def times(self, allowed: npt.NDArray[np.bool_], nodes: npt.NDArray[np.int64]) -> F64:
        """Return seconds from nodes to all nodes, (n_nodes, n)."""
        weight = self.seconds[self.two]
        graph = csr_array((weight[allowed], (self.one[allowed], self.two[allowed])), shape=(self.n, self.n))
        out = np.full((len(nodes), len(self.node_id)), np.inf)
        for row, node in enumerate(nodes.tolist()):
            starts = np.flatnonzero(self.tail == node)
            there = dijkstra(graph, indices=starts) + self.seconds[starts][:, None]
            np.minimum.at(out[row], self.head, there.min(axis=0))
            out[row, node] = 0.0
        return out


def test_a_banned_left_turn_costs_the_way_round(tmp_path: Path) -> None:
    # 1-2-3 straight, 2-4 to the left; from 1 to 4 one has to go on to 3, turn and come back.
    nodes = {1: (0.0, 0.0), 2: (1.0, 0.0), 3: (2.0, 0.0), 4: (1.0, 1.0)}
    turns = Turns(draw(tmp_path, nodes, [([1, 2], ROAD), ([2, 3], ROAD), ([2, 4], ROAD)]))
    allowed, used = turns.forbid([("no_left_turn", 1, 2, 3)])
    assert (used, int((~allowed).sum())) == (1, 1)
    at = {int(n): i for i, n in enumerate(turns.node_id)}
    start = np.array([at[1]])
    plain, banned = turns.times(np.ones_like(allowed), start)[0], turns.times(allowed, start)[0]
    leg = {(int(turns.node_id[a]), int(turns.node_id[b])): s for a, b, s in zip(turns.tail, turns.head, turns.seconds, strict=True)}  # fmt: skip  # noqa: E501
    assert plain[at[4]] == pytest.approx(leg[1, 2] + leg[2, 4])
    assert banned[at[4]] == pytest.approx(leg[1, 2] + leg[2, 3] + leg[3, 2] + leg[2, 4])
    assert banned[at[3]] == plain[at[3]]


ROAD = {"highway": "residential"}


@pytest.mark.parametrize("name", ["porto/porto.osm.pbf"])
def test_what_restrictions_change(shared_data: Path, name: str) -> None:
    path = shared_data / "osm" / name
    turns, bans = Turns(path), read_bans(path)
    allowed, used = turns.forbid(bans)
    rng = np.random.default_rng(7)
    nodes = rng.choice(np.unique(turns.tail), N_ORIGINS, replace=False)
    plain, banned = (turns.times(a, nodes) for a in (np.ones_like(allowed), allowed))
    pairs = np.isfinite(plain) & (plain > 0)
    lost = pairs & np.isinf(banned)
    more = banned[pairs & ~lost] - plain[pairs & ~lost]
    share = {s: float((more > s).mean()) for s in (0.1, 10, 30, 60, 120)}
    regional = plain[pairs & ~lost] > 1200
    result = {
        "restrictions": len(bans),
        "used": used,
        "turns": len(allowed),
        "pairs": int(pairs.sum()),
        "unreachable": int(lost.sum()),
        "mean_s": float(more.mean()),
        "p95_s": float(np.quantile(more, 0.95)),
        "max_s": float(more.max()),
        "mean_trip_s": float(plain[pairs & ~lost].mean()),
        "mean_s_of_trips_over_20_min": float(more[regional].mean()),
        **{f"share_over_{s:g}_s": v for s, v in share.items()},
    }
    sys.stderr.write(f"\n{name}: " + ", ".join(f"{k} {v:.4g}" for k, v in result.items()) + "\n")
    assert more.min() > -1e-6  # a ban never helps
    assert used > 0.5 * len(bans)
    assert result["mean_s"] < 60
