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
import tempfile
from pathlib import Path

import nbformat
from command_reference import describe_commands
from nbclient import NotebookClient

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
    """Write the site into a folder; a warning of the generator is an error.

    What is there already is replaced when the new site is complete, so a failure leaves the old one.
    """
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        notebooks = _execute(work / "notebooks")
        for language, code in LANGUAGES.items():
            source = work / language
            _gather(language, source, notebooks)
            built, doctrees = work / "site" / language, work / "doctrees" / language
            command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
            command += ["-c", str(DOCS), "-d", str(doctrees)]
            environment = {**os.environ, "DOCS_LANGUAGE": code}
            subprocess.run([*command, str(source), str(built)], check=True, env=environment)
            for left in (".buildinfo", "_sources"):
                path = built / left
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        (work / "site" / "index.html").write_text(CHOOSE, encoding="utf-8")
        shutil.rmtree(work / "site" / "jupyter_execute", ignore_errors=True)  # myst-nb writes beside its output
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(work / "site", target)


def _gather(language: str, source: Path, notebooks: Path) -> None:
    """Put all that the generator reads for one language into a folder."""
    shutil.copytree(DOCS / language, source)
    shutil.copytree(notebooks, source / "notebooks")
    shutil.copytree(DOCS / "pictures", source / "pictures")
    (source / "commands.md").write_text(describe_commands(language), encoding="utf-8")
    for page, chapter in SHARED.items():
        (source / f"{chapter}.md").write_text(_take_page(page), encoding="utf-8")


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
    return text.replace("```powershell", "```text")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else REPO / "build" / "docs").resolve())
