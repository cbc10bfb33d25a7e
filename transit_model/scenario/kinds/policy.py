"""A rule: other assumptions, switches, places that open or close."""

from __future__ import annotations

from typing import Any

from transit_model.assumptions import Assumptions
from transit_model.scenario.kinds.row import Field, ProjectKind, Template
from transit_model.scenario.other_schema import FLAGS, Policy
from transit_model.scenario.policy_edit import apply_policy

_TEMPLATE = Template(
    "规则 a rule",
    """\
assumptions:                    # 名称见 transit_model/assumptions.yaml
  rail_change_min: 10
# flags: {ambulance_cross_border: true}
# places_opened: [airport_hohhot_shengle]
# places_closed: [airport_hohhot_baita]
""",
    "assumptions.rail_change_min",
    "assumptions.rail_change_min",
    "[5, 15]",
)


def _describe(p: Policy, zh: bool, _: Assumptions) -> list[str]:
    lines = [f"{'参数' if zh else 'assumption'} {k} = {v:g}" for k, v in p.assumptions.items()]
    lines += [FLAGS[k]["zh" if zh else "en"] + ("" if v else ("：否" if zh else ": no")) for k, v in p.flags.items()]
    for key, word in (("places_opened", ("启用 ", "opens ")), ("places_closed", ("关闭 ", "closes "))):
        if getattr(p, key):
            lines.append(word[0 if zh else 1] + ", ".join(getattr(p, key)))
    return lines


def _list_settings(p: Policy) -> dict[str, tuple[Field, Any]]:
    found: dict[str, tuple[Field, Any]] = {
        name: (("assumptions", name), value) for name, value in p.assumptions.items()
    }
    found |= {name: (("flags", name), value) for name, value in p.flags.items()}
    for key, word in (("places_opened", "open"), ("places_closed", "closed")):
        found |= {place: ((key, i), word) for i, place in enumerate(getattr(p, key))}
    return found


KIND = ProjectKind(
    schema=Policy,
    apply=apply_policy,
    describe=_describe,
    template=_TEMPLATE,
    sets=_list_settings,
)
