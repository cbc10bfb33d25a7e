"""A commented goal to start from: correct as it stands, with every other form as a comment."""

from __future__ import annotations

from typing import Final

_TEXT: Final = """\
# 目标 a goal
# 保存为 scenarios/goals/{goal_id}.yaml / save as scenarios/goals/{goal_id}.yaml
# 检查 / check:  transit-model scenario check;  判定 / judge:  transit-model goals --goal {goal_id}
id: {goal_id}                    # 与文件名相同 / same as the file name
title: {{zh: 目标名称, en: name of the goal}}
kind: goal                      # goal | claim | definition | proposal
quote: {{zh: 原文, en: words of the source}}
source: "[pol2023] 出处 / where the words stand"
mode: rail                      # road | rail | bus | transit | best
threshold_min: 60               # 分钟 / minutes
judged_on: [typical]            # promoter | typical | door_to_door, 列表 / a list
pairs:                          # 三选一 / one of three forms
  hub: hohhot                   # 放射 / a star
  to: [baotou]                  # 地点或分组 / places or groups
  # pairs: [[hohhot, baotou], [baotou, ordos]]
  # all_of: [hohhot, baotou, ordos]
  # direction: towards          # from | towards(谁能到 / who can reach it) | both(取较慢 / the slower)
# coverage:                     # 代替 pairs: 覆盖率 / in place of pairs: a share
#   from: [centres]             # 地点或分组，取最近 / places or groups, the nearest counts
#   of: people                  # places | people(格网人口) | cells(格网单元)
#   direction: towards
#   by: prefecture              # 每个地市都须达到 / in each prefecture
#   to: county_seats            # of: places 时 / with of: places
#   weight: population          # count | population
# required_share: 0.8           # 80 %
# frequency:                    # 与 pairs 合用，judged_on: [door_to_door] / with pairs
#   departures_a_day: 12        # 每日至少 / at least；或 or largest_gap_min: 60；或 or last_departure: "21:00"
# target_year: 2030
# headline: true                # 首页先讲 / told first
# unmeasurable: {{zh: 理由, en: the reason}}   # 不能测算时代替以上 / where it cannot be measured
"""


def get_goal_template(goal_id: str = "my-goal") -> str:
    """Return a commented goal file to start from."""
    return _TEXT.format(goal_id=goal_id)
