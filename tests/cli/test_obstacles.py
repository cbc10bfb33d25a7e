"""Every command that writes, and everything that can stand in its way: ``cannot_write``, exit code 2, the path."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.minipack import write_minipack
from tests.pages.test_run import STUDY
from tests.study.mini_workspace import write_mini_scenarios
from tests.tools.command import Answer, run_command
from transit_model.store.system_errors import explain

SMALL = Path(__file__).parent.parent / "roads" / "fixtures" / "small.osm"
FILES = {
    "od": ("od --from west --to east --mode road -o {}", ".csv"),
    "od-json": ("od --from west --to east --mode road -o {}", ".json"),
    "od-parquet": ("od --from west --to east --mode road -o {}", ".parquet"),
    "isochrone-geojson": ("isochrone --from west --mode road --cutoffs 30 -o {}", ".geojson"),
    "isochrone-gpkg": ("isochrone --from west --mode road --cutoffs 30 -o {}", ".gpkg"),
    "isochrone-parquet": ("isochrone --from west --mode road --cutoffs 30 -o {}", ".parquet"),
    "isochrone-tif": ("isochrone --from west --mode road --cutoffs 30 -o {}", ".tif"),
    "isochrone-html": ("isochrone --from west --mode road --cutoffs 30 -o {}", ".html"),
    "isochrone-base": ("isochrone --from west --mode road --cutoffs 30 -s planned --base built -o {}", ".tif"),
    "indicators": ("indicators mean_time -o {}", ".csv"),
    "template": ("scenario new rail_line -o {}", ".yaml"),
    "preview": ("scenario show hsr -o {}", ".svg"),
    "geoparquet": ("import roads {small} -o {region} --geoparquet {}", ".parquet"),
}
FOLDERS = {
    "run": ("run -o {}", ""),
    "export": ("scenario export rail-only -o {}", ""),
    "batch": ("batch -s built --out {}", ""),
    "import": ("import roads {small} -o {}", ""),
    "import-gtfs": ("import gtfs {mini}/gtfs -o {}", ""),
    "join": ("data join {small} --out {}", ""),
    "join-write": ("data join {small} --write {}", ""),
}
WRITERS = FILES | FOLDERS
QUICK = ("od", "isochrone-geojson", "isochrone-gpkg", "template", "run", "export", "batch", "import")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    write_minipack(folder / "mini")
    (write_mini_scenarios(folder / "scenarios") / "study.yaml").write_text(STUDY, encoding="utf-8")
    return folder


def run_writer(name: str, inputs: Path, out: Path) -> Answer:
    """Run a command that writes `out`."""
    pattern, _ = WRITERS[name]
    region = out.parent / "region" if out.parent.is_dir() else inputs / "region"
    words = [
        word.replace("{small}", str(SMALL)).replace("{mini}", str(inputs / "mini")).replace("{region}", str(region))
        for word in pattern.split()
    ]
    words = [str(out) if word == "{}" else word for word in words]
    if words[0] in ("import",) or words[:2] == ["scenario", "new"]:
        return run_command(*words)
    return run_command(*words, "--scenarios", str(inputs / "scenarios"), "--region", str(inputs / "mini"))


def under_a_file(folder: Path, suffix: str, is_folder: bool) -> Path:
    (folder / "wall").write_text("in the way")
    return folder / "wall" / f"out{suffix}"


def the_other_kind(folder: Path, suffix: str, is_folder: bool) -> Path:
    out = folder / f"out{suffix}"
    if is_folder:
        out.write_text("in the way")
    else:
        out.mkdir()
    return out


def too_long(folder: Path, suffix: str, is_folder: bool) -> Path:
    return folder / ("n" * 300 + suffix)


def a_link_to_nothing(folder: Path, suffix: str, is_folder: bool) -> Path:
    (folder / f"out{suffix}").symlink_to(folder / "nowhere" / "deep")
    return folder / f"out{suffix}"


def below_a_link_to_nothing(folder: Path, suffix: str, is_folder: bool) -> Path:
    (folder / "link").symlink_to(folder / "nowhere")
    return folder / "link" / f"out{suffix}"


def a_link_in_a_circle(folder: Path, suffix: str, is_folder: bool) -> Path:
    (folder / f"out{suffix}").symlink_to(folder / f"out{suffix}")
    return folder / f"out{suffix}"


OBSTACLES = [
    under_a_file,
    the_other_kind,
    too_long,
    a_link_to_nothing,
    below_a_link_to_nothing,
    a_link_in_a_circle,
]


def _check(answer: Answer, path: Path) -> None:
    assert answer.returncode == 2, answer.printed
    said = answer.stdout + answer.stderr
    assert "error cannot_write" in said, said
    assert str(path) in said.replace("\n", ""), said
    assert "internal" not in said


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
@pytest.mark.parametrize("obstacle", OBSTACLES)
@pytest.mark.parametrize("name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in WRITERS])
def test_what_stands_in_the_way(
    name: str, obstacle: Callable[[Path, str, bool], Path], inputs: Path, tmp_path: Path
) -> None:
    out = obstacle(tmp_path, WRITERS[name][1], name in FOLDERS)
    before = sorted(tmp_path.rglob("*"))
    _check(run_writer(name, inputs, out), out)
    assert [p for p in sorted(tmp_path.rglob("*")) if "region" not in p.parts] == before


@pytest.mark.parametrize("number", [errno.EROFS, errno.EDQUOT, errno.EACCES, errno.ENOSPC])
@pytest.mark.parametrize("name", [n if n == "od" else pytest.param(n, marks=pytest.mark.slow) for n in WRITERS])
def test_the_system_refuses(
    name: str, number: int, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = os.mkdir

    def refuse(path: str, *arguments: int, **options: int) -> None:
        if str(tmp_path) in str(path):
            raise OSError(number, os.strerror(number), path)
        make(path, *arguments, **options)

    monkeypatch.setattr(os, "mkdir", refuse)
    answer = run_writer(name, inputs, tmp_path / f"out{WRITERS[name][1]}")
    _check(answer, tmp_path)
    assert explain(OSError(number, os.strerror(number))) in answer.stdout + answer.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("name", [n if n in QUICK else pytest.param(n, marks=pytest.mark.slow) for n in WRITERS])
def test_a_disk_that_fills_while_writing(name: str, inputs: Path, tmp_path: Path) -> None:
    """The system takes only so many bytes of each file, as a full disk or a used-up quota does."""
    import resource

    assert run_writer(name, inputs, tmp_path / "whole" / f"out{WRITERS[name][1]}").returncode == 0  # and all is loaded
    size = max(p.stat().st_size for p in (tmp_path / "whole").rglob("*") if p.is_file())
    out = tmp_path / "full" / f"out{WRITERS[name][1]}"
    out.parent.mkdir()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))
        try:
            answer = run_writer(name, inputs, out)
            os.write(write, f"{answer.returncode}\n{answer.stdout}{answer.stderr}".encode())
        finally:
            os._exit(0)
    os.close(write)
    with open(read, encoding="utf-8") as file:  # noqa: PTH123 - a pipe
        code, _, said = file.read().partition("\n")
    os.waitpid(child, 0)
    _check(Answer(int(code), said, ""), out if name != "import" else tmp_path)
    assert not [p for p in out.parent.rglob("*") if p.is_file() and "region" not in p.parts and name != "batch"]


@pytest.mark.parametrize("name", ["join", "join-write", "export"])
def test_a_folder_of_somebody_is_not_replaced(name: str, inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.docx").write_text("mine")
    answer = run_writer(name, inputs, tmp_path / "out")
    assert answer.returncode == 2, answer.printed
    assert "folder_in_use" in answer.stdout + answer.stderr
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["thesis.docx"]
    (tmp_path / "out" / "thesis.docx").unlink()
    for _ in range(2):  # an empty folder, and one of our own
        assert run_writer(name, inputs, tmp_path / "out").returncode == 0
