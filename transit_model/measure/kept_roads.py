"""Courses of roads by the content of the roads: those of a base are kept, those of a scenario made from them."""

from __future__ import annotations

from collections.abc import Sequence

from transit_model.measure.compiled_roads import LEAST_LINKS
from transit_model.measure.edited_courses import edit_courses
from transit_model.measure.few_roads import keep_few_roads
from transit_model.measure.input_keys import InputKeys
from transit_model.measure.memo import COURSES
from transit_model.measure.road_courses import RoadCourses, find_rule, lay_roads
from transit_model.measure.session import Session
from transit_model.surface.grid import Grid


def keep_roads(session: Session, grid: Grid, known: Sequence[RoadCourses] = ()) -> RoadCourses:
    """Return the roads of a session on a grid: one of the known courses where these serve.

    What comes out gives every cell the time it has when all roads are laid anew, to the bit.
    """
    if session.memo is not None and len(session.network.links) < LEAST_LINKS:
        return keep_few_roads(session, grid, known)
    network, memo = session.network, session.memo
    change = network.find_road_change()
    if change is None or len(network.links) < LEAST_LINKS:
        return lay_roads(network, grid, known)
    if memo is None:
        rule = find_rule(network)
        first = next((courses for courses in known if courses.lies_on(change.before, grid, rule)), None)
        edited = None if first is None or change.is_none else edit_courses(first, network)
        return lay_roads(network, grid, known) if edited is None else edited
    roads, a = change.before, network.assumptions
    base = network.with_tables(links=roads.links, nodes=roads.nodes, shapes=roads.shapes).as_road_base()
    key = (InputKeys(base, memo).courses, grid, a.off_network_speed_kmh, a.off_network_max_min)
    before = memo.get(COURSES, key, lambda: lay_roads(base, grid))
    edited = before if change.is_none else edit_courses(before, network)
    return lay_roads(network, grid, known) if edited is None else edited
