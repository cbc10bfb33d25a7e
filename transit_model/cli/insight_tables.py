"""Tables of the commands that go beyond the verdict."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from transit_model.cli.output import Format, say, write_csv, write_json, write_table
from transit_model.domain.rounding import format_share, round_shown, subtract_shown

_BAR = 24
_READINGS = {
    "promoter": {"zh": "宣传口径", "en": "promoter"},
    "typical": {"zh": "典型口径", "en": "typical"},
    "door_to_door": {"zh": "门到门", "en": "door to door"},
}
_UNITS = {"min": {"zh": "分钟", "en": "min"}, "persons": {"zh": "人", "en": "persons"}, "share": {"zh": "", "en": ""}}
_OUTCOMES = {
    "met_already": {"zh": "已经达到", "en": "met already"},
    "always_met": {"zh": "在搜索范围内都达到", "en": "met at every value searched"},
    "crossing": {"zh": "可以达到", "en": "can be met"},
    "cannot_be_met": {"zh": "仅改这一项达不到", "en": "cannot be met by this number"},
}
_WORDS = {
    "robust_met": {"zh": "稳健达到", "en": "robust: met"},
    "robust_missed": {"zh": "稳健未达到", "en": "robust: missed"},
    "depends": {"zh": "取决于", "en": "depends on"},
    "fragile": {"zh": "脆弱", "en": "fragile"},
    "unknown": {"zh": "无法判定", "en": "cannot tell"},
}
_KINDS = {
    "none": {"zh": "已经达到", "en": "met already"},
    "number": {"zh": "改一项参数", "en": "change a number"},
    "project": {"zh": "增加一个项目", "en": "one more project"},
    "project_number": {"zh": "增加项目并改参数", "en": "one more project, number changed"},
}


def print_uncertainty(
    result: Mapping[str, Any], titles: Mapping[str, Mapping[str, str]], tornado: int, lang: str
) -> None:
    """Print chances, quantiles and words, and the widest swings when asked for."""
    zh = lang == "zh"
    names = {u["key"]: u[lang] for u in result["uncertain"]}
    rows = []
    for row in result["rows"]:
        if not row["judged"]:
            continue
        word = _WORDS[row["word"]][lang]
        rows.append(
            {
                **row,
                "title": titles[row["goal"]][lang],
                "reading": _READINGS[row["reading"]][lang],
                "chance": _percent(row["probability"], row["stderr"]),
                "base_chance": _percent(row["base_probability"], row["base_stderr"]),
                "word": f"{word} {names[row['depends_on']]}" if row["word"] == "depends" else word,
            }
        )
    headings = {
        "title": "目标" if zh else "goal",
        "reading": "口径" if zh else "reading",
        "threshold_min": "目标值" if zh else "limit",
        "p10": "p10",
        "p50": "p50",
        "p90": "p90",
        "chance": "达标概率" if zh else "holds",
        **({"base_chance": "基准" if zh else "in base"} if result["base"] else {}),
        "word": "结论" if zh else "verdict",
    }
    write_table(rows, headings, title=f"{result['scenario']} · {result['draws']} {'次抽样' if zh else 'draws'}")
    if result["impossible_draws"]:
        say(f"{'不可行的抽样' if zh else 'impossible draws'}: {result['impossible_draws']}")
        for reason in result["impossible_reasons"][:3]:
            say(f"  {reason}")
    for row in result["rows"] if tornado else ():
        if row["judged"]:
            say(f"{titles[row['goal']][lang]} · {_READINGS[row['reading']][lang]}")
            for bar in row["tornado"][:tornado]:
                turn = (
                    "" if bar["break_even"] is None else f"  {'临界值' if zh else 'break-even'} {bar['break_even']:g}"
                )
                low, high = _number(bar["low_margin_min"]), _number(bar["high_margin_min"])
                say(f"  {names[bar['key']]}: {low} .. {high}{turn}")


def print_phases(result: Mapping[str, Any], titles: Mapping[str, Mapping[str, str]], lang: str) -> None:
    """Print the year in which each goal is first met."""
    zh = lang == "zh"
    rows = []
    for row in result["rows"]:
        never = "未达到" if zh else "never"
        word = str(row["first_met"]) if row["first_met"] else never
        rows.append(
            {
                **row,
                "title": titles[row["goal"]][lang],
                "reading": _READINGS[row["reading"]][lang],
                "first": word if row["judged"] else f"({word})",
                "at_first": row["years"][0]["value_min"],
                "at_last": row["years"][-1]["value_min"],
            }
        )
    headings = {
        "title": "目标" if zh else "goal",
        "reading": "口径" if zh else "reading",
        "threshold_min": "目标值" if zh else "limit",
        "first": "首次达到" if zh else "first met",
        "at_first": str(result["years"][0]),
        "at_last": str(result["years"][-1]),
    }
    write_table(rows, headings, title=str(result["scenario"]))
    for year, names in result["openings"].items():
        say(f"{year}: {', '.join(names)}")
    undated = ", ".join(result["undated"])
    say(f"{'没有开通日期，不在其中' if zh else 'no opening date, not counted'}: {undated}")
    if result["over"]:
        over = ", ".join(result["over"])
        say(f"{'年内开始并结束，年末不在' if zh else 'begun and over within a year, not there at its end'}: {over}")


def _percent(share: float | None, stderr: float | None) -> str:
    if share is None:
        return "-"
    return format_share(share) + (f" ±{format_share(stderr)}" if stderr else "")


def print_attribution(result: Mapping[str, Any], titles: Mapping[str, Mapping[str, str]], lang: str) -> None:
    """Print shares with bars, the total, and which projects work together."""
    zh = lang == "zh"
    unit = _UNITS[result["unit"]][lang]
    largest = max((abs(r["shapley"]) for r in result["rows"]), default=0.0) or 1.0
    rows = [
        {
            **r,
            "project": titles[r["project"]][lang],
            "bar": ("" if r["shapley"] >= 0 else "-") + "█" * round(_BAR * abs(r["shapley"]) / largest),
        }
        for r in result["rows"]
    ]
    sampled = result["method"] == "sampled"
    headings = {
        "project": "项目" if zh else "project",
        "shapley": f"贡献（{unit}）" if zh else f"share ({unit})",
        **({"stderr": "标准误" if zh else "std. error"} if sampled else {}),
        "add_one": "单独增加" if zh else "alone",
        "leave_one_out": "最后增加" if zh else "last",
        "bar": "",
    }
    write_table(rows, headings, title=f"{result['measure']} · {result['base']}")
    say(
        f"{'合计' if zh else 'total'}: {_number(_show_total(result))} {unit} "
        f"({_number(result['base_value'])} -> {_number(result['value'])})"
    )
    for pair in result["pairs"]:
        strength = pair["interaction"] if pair["interaction"] is not None else pair["together"]
        if abs(strength) >= 0.05:
            word = (
                ("相互促进" if strength > 0 else "相互替代")
                if zh
                else ("work together" if strength > 0 else "replace each other")
            )
            say(f"{titles[pair['a']][lang]} + {titles[pair['b']][lang]}: {word} {strength:+.1f} {unit}")


def _show_total(result: Mapping[str, Any]) -> float | None:
    """Return the total as the difference of the two values as shown."""
    total: float | None = result["total"]
    before, after = result["base_value"], result["value"]
    if total is None or before is None or after is None:
        return total
    return math.copysign(subtract_shown(after, before, 1), total)


def print_thresholds(found: Sequence[Mapping[str, Any]], form: Format, lang: str, more: Mapping[str, Any]) -> None:
    """Print what one number must be, on each reading; `more` is added to JSON."""
    if form is Format.JSON:
        write_json({"requirements": list(found), **more})
        return
    flat = [{k: v for k, v in r.items() if k not in ("grid", "crossings", "impossible")} for r in found]
    if form is Format.CSV:
        write_csv(flat)
        return
    zh = lang == "zh"
    rows = [{**r, "outcome": _OUTCOMES[r["outcome"]][lang]} for r in flat]
    headings = {
        "reading": "口径" if zh else "reading",
        "outcome": "结论" if zh else "outcome",
        "now": "现值" if zh else "now",
        "now_value_min": "现为（分钟）" if zh else "minutes now",
        "required": "需要" if zh else "required",
        "best": "最接近的取值" if zh else "best value",
        "best_value_min": "届时（分钟）" if zh else "minutes there",
    }
    write_table(rows, headings, title=f"{found[0]['goal']} · {found[0]['field']} · {found[0]['scenario']}")
    for r in found:
        low, high = r["searched"]
        say(f"{r['reading']}: {'搜索范围' if zh else 'searched'} {low:g} - {high:g}")
        if not r["monotone"]:
            say("不是单调变化，可能有多个临界值" if zh else "not monotone: there may be several crossings")


def print_changes(
    goal: str,
    scenario: str,
    rows: Sequence[Mapping[str, Any]],
    form: Format,
    lang: str,
    more: Mapping[str, Any],
) -> None:
    """Print the smallest single changes; `more` is added to JSON."""
    if form is Format.JSON:
        write_json({"goal": goal, "scenario": scenario, "changes": list(rows), **more})
        return
    if form is Format.CSV:
        write_csv(rows)
        return
    zh = lang == "zh"
    if not rows:
        say("没有任何单项改变能使目标更近" if zh else "no single change brings the goal nearer")
        return
    shown = [
        {
            **r,
            "kind": _KINDS[r["kind"]][lang],
            "what": f"{r['project']}.{r['field']}".rstrip("."),
            "meets": ("达到" if zh else "meets it") if r["meets"] else "",
        }
        for r in rows
    ]
    headings = {
        "reading": "口径" if zh else "reading",
        "kind": "改变" if zh else "change",
        "what": "项目或参数" if zh else "project or number",
        "now": "现值" if zh else "now",
        "new": "改为" if zh else "new",
        "value_min": "届时（分钟）" if zh else "minutes then",
        "meets": "结论" if zh else "outcome",
    }
    write_table(shown, headings, title=f"{goal} · {scenario}")


def _number(value: float | None) -> str:
    return "∞" if value is None else f"{round_shown(value, 1):,.1f}"
