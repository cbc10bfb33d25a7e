"""Layouts of roads by the content of the roads: that of a base is kept, that of a scenario made from it."""

from __future__ import annotations

from transit_model.measure.compiled_roads import LEAST_LINKS
from transit_model.measure.input_keys import InputKeys
from transit_model.measure.memo import LAYOUTS
from transit_model.measure.road_layout import RoadLayout, edit_layout, lay_roads
from transit_model.measure.session import Session
from transit_model.surface.grid import Grid


def keep_layout(session: Session, grid: Grid, rule: tuple[float, float]) -> RoadLayout:
    """Return the roads of a session on a grid; `rule` is the speed and the longest time off the network.

    What comes out gives every cell the time it has when all roads are laid anew, to the bit.
    """
    network, memo = session.network, session.memo
    change = network.find_road_change()
    if memo is None or change is None or len(network.links) < LEAST_LINKS:
        return lay_roads(network, grid, rule)
    roads = change.before
    base = network.with_tables(links=roads.links, nodes=roads.nodes, shapes=roads.shapes).as_road_base()
    before = memo.get(LAYOUTS, (InputKeys(base, memo).courses, grid, rule), lambda: lay_roads(base, grid, rule))
    edited = before if change.is_none else edit_layout(before, network)
    return lay_roads(network, grid, rule) if edited is None else edited
