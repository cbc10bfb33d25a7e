"""Build the documentation, searchable without a network, in both languages: ``python docs/build.py [FOLDER]``.

Pages of the repository that are chapters here too (REGION.md and its like) are copied; their links to files that are no
chapter become plain words. The command reference is written from the parser, and the notebooks are executed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import typer.main
from nbclient import NotebookClient

from transit_model.cli.app import app

DOCS = Path(__file__).resolve().parent
REPO = DOCS.parent
LANGUAGES = {"en": "en", "zh": "zh_CN"}
SHARED = {
    "REGION.md": "region",
    "INDICATORS.md": "indicators",
    "GLOSSARY.md": "glossary",
    "scenarios/REFERENCE.md": "reference",
    "CHANGELOG.md": "changelog",
    "BENCHMARKS.md": "benchmarks",
    "LICENSE-DATA.md": "licence-data",
}
"""Pages of the repository to chapters."""
CHOOSE = """<!doctype html><meta charset="utf-8"><title>transit-model</title>
<script>location.replace((navigator.language || "en").startsWith("zh") ? "zh/index.html" : "en/index.html")</script>
<p><a href="zh/index.html">中文</a> · <a href="en/index.html">English</a></p>
"""


def main(target: Path) -> None:
    """Write the site into a folder; a warning of the generator is an error."""
    work = target / ".sources"
    shutil.rmtree(target, ignore_errors=True)
    notebooks = _execute(work / "notebooks")
    for language, code in LANGUAGES.items():
        source = work / language
        shutil.copytree(DOCS / language, source)
        shutil.copytree(notebooks, source / "notebooks")
        shutil.copy(DOCS / "conf.py", source)
        (source / "commands.md").write_text(describe_commands(language), encoding="utf-8")
        for page, chapter in SHARED.items():
            (source / f"{chapter}.md").write_text(_take_page(page), encoding="utf-8")
        command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
        environment = {**os.environ, "DOCS_LANGUAGE": code}
        subprocess.run([*command, str(source), str(target / language)], check=True, env=environment)
    shutil.rmtree(work)
    (target / "index.html").write_text(CHOOSE, encoding="utf-8")


def _execute(folder: Path) -> Path:
    """Return a folder with the notebooks as they come out when run from top to bottom."""
    folder.mkdir(parents=True)
    for file in sorted((DOCS / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(file, as_version=4)
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(REPO)}}).execute()
        nbformat.write(notebook, folder / file.name)
    return folder


def _take_page(page: str) -> str:
    """Return a page of the repository with its links turned to chapters, or to words where there is no chapter."""
    text = (REPO / page).read_text(encoding="utf-8")
    folder = (REPO / page).parent

    def turn(found: re.Match[str]) -> str:
        label, link = found[1], found[2]
        name, _, anchor = link.partition("#")
        if "://" in link or not name:
            return found[0]
        path = (folder / name).resolve().relative_to(REPO).as_posix()
        if path in SHARED:
            return f"[{label}]({SHARED[path]}.md{'#' + anchor if anchor else ''})"
        return f"{label} (`{path}`)" if label.strip("`") != path else f"`{path}`"

    text = re.sub(r"(?<!!)\[([^\]]+)\]\(([^)\s]+)\)", turn, text)
    text = re.sub(r"<!--.*?-->\n?", "", text, flags=re.DOTALL)
    return text.replace("```powershell", "```text").replace("```yaml\n#", "```yaml\n#")


def describe_commands(language: str) -> str:
    """Return the reference of all commands, from the parser."""
    title = {"zh": "命令", "en": "Commands"}[language]
    said = {
        "zh": "由程序自己的帮助生成。每条命令加 `--lang zh` 输出中文。",
        "en": "Written from the help of the program itself.",
    }
    lines = [f"# {title}", "", said[language], ""]
    group = typer.main.get_command(app)
    lines += _describe(group, "transit-model", 2)
    return "\n".join(lines) + "\n"


def _describe(command: object, name: str, level: int) -> list[str]:
    lines: list[str] = []
    for word, sub in sorted(getattr(command, "commands", {}).items()):
        if sub.hidden:
            continue
        lines += [f"{'#' * level} {name} {word}", "", (sub.help or "").split("\f")[0].strip(), ""]
        if hasattr(sub, "commands"):
            lines += _describe(sub, f"{name} {word}", level + 1)
            continue
        rows = [p for p in sub.params if not getattr(p, "hidden", False) and p.name != "help"]
        if rows:
            lines += ["```{list-table}", ":header-rows: 1", "", "* - option", "  - meaning", "  - default"]
        for param in rows:
            words = ", ".join(f"`{w}`" for w in (*param.opts, *param.secondary_opts))
            is_argument = param.param_type_name == "argument"
            words = f"`{param.metavar or (param.name or '').upper()}`" if is_argument else words
            default = (
                param.default if isinstance(param.default, str | int | float) and not callable(param.default) else None
            )
            shown = f"`{default}`" if default not in (None, "", False) else "–"
            meaning = " ".join((getattr(param, "help", None) or "–").split())
            lines += [f"* - {words}", f"  - {meaning}", f"  - {shown}"]
        lines += ["```", ""] if rows else []
    return lines


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else REPO / "build" / "docs").resolve())
