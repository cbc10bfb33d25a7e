"""The audit of the corridor roads beside a junction graph of OpenStreetMap, applied with judgement.

The graph has no names, classes or speeds, and what proposes a change also checks it. So, row by row:

- a node moves to its junction; it is ``medium`` where a second witness (a notice, a published length) agrees,
  else ``low``;
- a length that was published stays; what differs is told in ``checks/road_changes.csv``;
- a length that was only great-circle x factor takes the path of the graph, ``medium`` with a second witness,
  else ``low``;
- where the path only shortens by a straight edge (at most ``STRAIGHT`` x great-circle), our factor is kept;
- nodes, links and missing roads are applied together: one without the others makes some pairs worse.

Rows that come from the graph are ODbL and carry the key ``osm-scgraph``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from choices import Choices
from geometry import great_circle_m
from tables import Row

CHANGE_COLUMNS = (
    "item", "id", "ref", "before_km", "audit_km", "after_km", "moved_m", "confidence_before", "confidence_after",
    "decision", "reason",
)  # fmt: skip
STRAIGHT = 1.05
FACTOR = re.compile(r"^length = great-circle x ([\d.]+)")
ON_G6 = "measured on the G6 geometry"
GRAPH = "[osm-scgraph] OSM junction graph of scgraph-data 2.0.0 (ODbL), about early 2024"
NO_WITNESS = "the graph alone, no second witness"
LINK_COLUMNS = (
    "from", "to", "ref", "name_zh", "class", "length_km", "free_speed_kmh", "toll", "status", "opened", "confidence",
    "source",
)  # fmt: skip


@dataclass
class Network:
    """Nodes and links in the columns of the fact tables, and what the audit changed in them."""

    nodes: list[Row]
    links: list[Row]
    changes: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Audit:
    """The tables of the audit."""

    nodes: list[Row]
    links: list[Row]
    missing: list[Row]


def pair_id(link: Row) -> str:
    """Return ``from--to``, by which the choices name a link."""
    return f"{link['from']}--{link['to']}"


def apply_audit(network: Network, audit: Audit, choices: Choices) -> Network:
    """Return the network with the audit's nodes, lengths and missing roads, and one row of reasons for each."""
    judged = choices.table("road_audit")
    result = Network([], [])
    _nodes(network, audit, judged, result)
    at = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in result.nodes}
    before = {row["id"]: (float(row["lon"]), float(row["lat"])) for row in network.nodes}
    moved = {node for node, point in at.items() if node in before and before[node] != point}
    ours = {(row["from"], row["to"], row["ref"]): row for row in network.links}
    left = dict(ours)
    for proposed in audit.links:
        old = left.pop((proposed["from"], proposed["to"], proposed["ref"]), None)
        if pair_id(proposed) in judged["replaced_by_parts"]:
            result.changes.append(_change("link", proposed, old, None, "replaced", "replaced by its parts"))
            continue
        _link(proposed, old, at, moved, judged, result)
    for row in left.values():
        result.changes.append(_change("link", row, row, None, "removed", "other end nodes: the order of the OSM line"))
    _missing(audit.missing, judged, result)
    return result


def _nodes(network: Network, audit: Audit, judged: dict[str, Any], result: Network) -> None:
    old = {row["id"]: row for row in network.nodes}
    for row in audit.nodes:
        was = old.get(row["id"])
        if was is not None and (was["lon"], was["lat"]) == (row["lon"], row["lat"]):
            result.nodes.append(was)
            continue
        witness = judged["nodes_with_witness"].get(row["id"])
        node = {key: row[key] for key in network.nodes[0]}
        node["confidence"] = "medium" if witness else "low"
        node["source"] = f"{GRAPH}, 100 m; {row['evidence']}; {witness or NO_WITNESS}"
        result.nodes.append(node)
        result.changes.append({
            "item": "node", "id": row["id"], "ref": "", "before_km": "", "audit_km": "", "after_km": "",
            "moved_m": row["moved_m"], "confidence_before": was["confidence"] if was else "",
            "confidence_after": node["confidence"], "decision": "taken" if was else "added",
            "reason": f"{row['evidence']}; {witness or NO_WITNESS}",
        })  # fmt: skip


def _link(
    proposed: Row,
    old: Row | None,
    at: dict[str, tuple[float, float]],
    moved: set[str],
    judged: dict[str, Any],
    result: Network,
) -> None:
    """Decide on one link: keep ours, take the graph's length, or our factor between the moved ends."""
    link = {key: proposed[key] for key in LINK_COLUMNS}
    evidence, name = proposed["evidence"], pair_id(proposed)
    direct_km = great_circle_m(*at[link["from"]], *at[link["to"]]) / 1000
    ends_moved = bool({link["from"], link["to"]} & moved)
    if old is not None and not ends_moved and float(old["length_km"]) == float(proposed["length_km"]):
        result.links.append(old)
        return
    witness = judged["links_with_witness"].get(name)
    factor = float(found.group(1)) if old is not None and (found := FACTOR.match(old["source"])) else None
    if old is not None and (published := judged["published_stays"].get(name)) and old["ref"] == proposed["ref"]:
        link, decision, reason = dict(old), "kept", f"published number stays: {published}"
    elif evidence.startswith(ON_G6):
        assert old is not None
        link["source"], link["confidence"] = f"{old['source']}; {evidence}", "high"
        decision, reason = "taken", evidence
    elif witness:
        link["source"], link["confidence"] = f"{GRAPH}; {evidence}; {witness}", "medium"
        decision, reason = "taken", f"{evidence}; {witness}"
    elif old is not None and not ends_moved and float(proposed["length_km"]) < float(old["length_km"]) and (
        float(proposed["length_km"]) <= STRAIGHT * direct_km
    ):  # fmt: skip
        link, decision, reason = dict(old), "kept", f"the graph only shortens by a straight edge; {evidence}"
    elif factor and ends_moved and float(proposed["length_km"]) < factor * direct_km - 0.05 and (
        float(proposed["length_km"]) <= STRAIGHT * direct_km
    ):  # fmt: skip
        assert old is not None
        link = dict(old)
        link["length_km"], link["confidence"] = f"{factor * direct_km:.1f}", "low"
        link["source"] = f"{old['source']}; between moved ends; the graph only shortens by a straight edge ({evidence})"
        decision, reason = (
            "kept",
            f"our factor {factor} between the moved ends; the graph only shortens by a straight edge",
        )
    elif "old factor" in evidence or "x 1.2" in evidence:
        assert old is not None
        link["source"] = f"{old['source']}; between moved ends; {evidence}"
        link["confidence"] = "low" if "not joined" in evidence else old["confidence"]
        decision, reason = "kept", f"our factor between the moved ends; {evidence}"
    else:
        link["source"], link["confidence"] = f"{GRAPH}; {evidence}; {NO_WITNESS}", "low"
        decision, reason = "taken" if old is not None else "added", f"{evidence}; {NO_WITNESS}"
    result.links.append(link)
    result.changes.append(_change("link", proposed, old, link, decision, reason))


def _missing(missing: list[Row], judged: dict[str, Any], result: Network) -> None:
    for row in missing:
        name = pair_id(row)
        out = judged["missing_left_out"].get(name)
        if out:
            reason = f"only a straight edge of the graph: {out}; ours is kept"
            result.changes.append(_change("missing road", row, None, None, "left out", reason))
            continue
        witness = judged["missing_with_witness"].get(name)
        link = {key: row[key] for key in LINK_COLUMNS}
        link["confidence"] = "medium" if witness else "low"
        reason = f"{row['evidence']}; {witness or NO_WITNESS}"
        if name in judged["missing_length_km"]:
            km, why = judged["missing_length_km"][name]
            link["length_km"], reason = f"{km:.1f}", f"{reason}; length: {why}"
        link["source"] = f"{GRAPH}: stored km x 1.02, name, class and speed by the compiler; {reason}"
        result.links.append(link)
        result.changes.append(_change("missing road", row, None, link, "added", reason))


def _change(item: str, proposed: Row, old: Row | None, new: Row | None, decision: str, reason: str) -> Row:
    return {
        "item": item, "id": pair_id(proposed), "ref": proposed["ref"],
        "before_km": f"{float(old['length_km']):.1f}" if old else "",
        "audit_km": "" if decision == "removed" else proposed["length_km"],
        "after_km": f"{float(new['length_km']):.1f}" if new else "", "moved_m": "",
        "confidence_before": old["confidence"] if old else "", "confidence_after": new["confidence"] if new else "",
        "decision": decision, "reason": reason,
    }  # fmt: skip


def add_roads(network: Network, nodes: list[Row], links: list[Row]) -> None:
    """Append roads that opened since the facts were compiled; each row tells its source itself."""
    network.nodes += nodes
    network.links += links
    for row in links:
        network.changes.append(_change("new road", {**row, "length_km": ""}, None, row, "added", row["source"]))
