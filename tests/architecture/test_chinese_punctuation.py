"""Chinese sentences are punctuated as Chinese: no half-width comma, colon, ... beside a Chinese character."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.conftest import REPO

PACKAGE = REPO / "transit_model"
HAN = "\u4e00-\u9fff"
VALUE = "\ufffc"
"""Stands for a value within a sentence."""
_GLOSS = r"(?![^()]*[a-z]{3}[^()]*\))"
"""Not in brackets that hold an English word: a gloss in an English sentence."""
WRONG = re.compile(
    "|".join(
        (
            rf"[{HAN}）】”][,;:!?](?! )",
            rf"(?<![ '\"`])[,;:!?][{HAN}]",
            rf"[{HAN}]\({_GLOSS}",
            rf"[{HAN}0-9{VALUE}]\((?=[^()]*[{HAN}]){_GLOSS}",
            rf"(?<!\w)\([^()]*[{HAN}][^()]*\)[{HAN}]",
            rf"{VALUE}[,;:]{VALUE} ?[{HAN}]",
        )
    )
)
WRONG_IN_CHINESE = re.compile(rf"[{HAN}{VALUE}][,;:!?](?! )|[{HAN}{VALUE}]\(")
"""Where the sentence is known to be Chinese, also beside a value."""
SYNTAX = (
    "经度,纬度", "低,高", "西,南,东,北", "时:分", "tianditu:密钥", "编号:口径", "起点:方式:分钟", "起点:方式",
    "起点:终点:方式", "主机:端口", "csv:列名", "read_parquet(文件夹)",
)  # fmt: skip
"""What is typed as it stands: two numbers of a point, the parts of a name."""
PATTERNS = {
    "gtfs/train_cells.py", "roads/osm_durations.py", "roads/station_names.py", "roads/highway_speeds.py",
    "pages/publishers.py",
}  # fmt: skip
"""Files whose strings are patterns, not sentences."""
WORD_LISTS = ("domain/issue_words_zh.txt", "cli/help_words_zh.txt", "cli/help_zh.txt")


def list_sentences(source: str) -> Iterator[tuple[int, str]]:
    """Yield the strings of a module that are no docstrings, values as `VALUE`; in both languages, the Chinese part."""
    tree = ast.parse(source)
    whole = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    skipped = {
        id(part.value)
        for node in ast.walk(tree)
        if isinstance(node, whole)
        for part in node.body
        if isinstance(part, ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            text = "".join(str(v.value) if isinstance(v, ast.Constant) else VALUE for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skipped:
            text = node.value
        else:
            continue
        yield from ((node.lineno, part) for part in re.split(r"  | / |\n", text))


def find_half_width(text: str) -> str | None:
    """Return a half-width mark with what stands around it, None where there is none."""
    for syntax in SYNTAX:
        text = text.replace(syntax, "")
    met = WRONG.search(text)
    return None if met is None else text[max(0, met.start() - 20) : met.end() + 20]


def list_chinese(source: str) -> Iterator[tuple[int, str]]:
    """Yield what is said where the language is Chinese: ``... if zh else ...``, ``{"zh": ...}``."""
    for node in ast.walk(ast.parse(source)):
        parts: list[ast.AST] = []
        if isinstance(node, ast.IfExp) and ast.unparse(node.test) in ("zh", "lang == 'zh'", "language == 'zh'"):
            parts = [node.body]
        elif isinstance(node, ast.Dict):
            parts = [
                v
                for k, v in zip(node.keys, node.values, strict=True)
                if isinstance(k, ast.Constant) and k.value == "zh"
            ]
        for part in parts:
            if isinstance(part, ast.JoinedStr):
                yield part.lineno, "".join(str(v.value) if isinstance(v, ast.Constant) else VALUE for v in part.values)


def test_sentences_that_are_chinese_have_no_half_width_mark_beside_a_value() -> None:
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        for line, text in list_chinese(file.read_text(encoding="utf-8")):
            if WRONG_IN_CHINESE.search(text):
                found.append(f"{file.relative_to(PACKAGE)}:{line}: {text}")
    assert not found, "\n".join(found)


def test_strings_of_the_package() -> None:
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        name = file.relative_to(PACKAGE).as_posix()
        for line, text in list_sentences(file.read_text(encoding="utf-8")) if name not in PATTERNS else ():
            mark = find_half_width(text)
            if mark is not None:
                found.append(f"{name}:{line}: {mark}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", WORD_LISTS)
def test_lists_of_words(name: str) -> None:
    lines = (PACKAGE / name).read_text(encoding="utf-8").splitlines()
    found = [f"{n}: {mark}" for n, line in enumerate(lines, start=1) if (mark := find_half_width(line))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", ["studio", "pages"])
def test_scripts_and_templates(folder: str) -> None:
    found = []
    for file in sorted((PACKAGE / folder).rglob("*")):
        if file.suffix in {".js", ".j2", ".html"} and "vendor" not in file.parts:
            lines = file.read_text(encoding="utf-8").splitlines()
            found += [f"{file.name}:{n}: {mark}" for n, line in enumerate(lines, 1) if (mark := find_half_width(line))]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("0.7 秒;用它", True), ("取上限180(范围90)", True), ("甲,乙", True), ("用法:命令", True), ("时限(分钟)", True),
        ("路,3 条", True), ("写经度,纬度", False), ("甲，乙；丙：丁（戊）", False), ("car 或 bus, bike", False),
        (f"{VALUE},{VALUE} 秒", True), ("Station: name (站 may be left out)", False),
        ("当日, 次日, 第3天 or +1", False),
    ],
)  # fmt: skip
def test_what_is_found(text: str, wrong: bool) -> None:
    assert (find_half_width(text) is not None) == wrong
