"""How the tests are spread over processes: by file, the costly ones first, and Chromium is started once.

pytest-xdist's ``loadfile`` gives each process whole files, those of most tests first, and so may begin the longest file
last. Here a file is chosen by what it costs. Files whose costly fixtures (a browser, the shipped region with its
scenarios) are the same are taken by a process that holds the fixtures already, while there are any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from xdist.workermanage import WorkerController

BROWSER: Final = "browser"
BROWSER_FILES: Final = frozenset(
    f"tests/{name}.py"
    for name in (
        "bench/test_pages_speed",
        "bench/test_studio",
        "pages/test_address",
        "pages/test_axe",
        "pages/test_basemap_tiles",
        "pages/test_browser",
        "pages/test_cell_layers",
        "pages/test_change_pages",
        "pages/test_computed_words",
        "pages/test_first_sight",
        "pages/test_folds",
        "pages/test_instrument",
        "pages/test_land",
        "pages/test_paper",
        "pages/test_reach_page",
        "pages/test_shown_circle",
        "pages/test_take_away",
        "studio/test_browser",
        "studio/test_copied_commands",
        "studio/test_forms",
        "studio/test_half_hour",
        "studio/test_written_pages",
    )
)
"""Files that drive one Chromium: they go together, since starting it and writing its pages takes seconds."""

COST_S: Final[dict[str, float]] = {
    BROWSER: 21.5,
    "tests/gtfs/test_gtfs_dirt.py": 5.6,
    "tests/studio/test_interface.py": 4.4,
    "tests/architecture/test_walls.py": 4.0,
    "tests/gtfs/test_gtfs_import.py": 3.4,
    "tests/region/test_timetables.py": 3.3,
    "tests/region/test_kept_region.py": 3.2,
}
"""Seconds of the files that take long, roughly; `tests.tools.list_costs` prints these lines from a report."""
COST_OF_A_TEST_S: Final = 0.02


class Spread(LoadFileScheduling):  # type: ignore[misc] # xdist has no types
    """`loadfile`, the costly files first."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return BROWSER if file in BROWSER_FILES else file

    def _assign_work_unit(self, node: WorkerController) -> None:
        # The base class gives out the first of the queue.
        costly = max(self.workqueue, key=lambda scope: compute_cost_s(scope, len(self.workqueue[scope])))
        self.workqueue.move_to_end(costly, last=False)
        super()._assign_work_unit(node)


def compute_cost_s(scope: str, n_tests: int) -> float:
    """Return what a file (or the files of the browser together) costs in seconds, by measurement or by its tests."""
    return COST_S.get(scope, COST_OF_A_TEST_S * n_tests)


def make_scheduler(config: Any, log: Any) -> Spread | None:
    """Return the scheduler for ``--dist loadfile``, None for any other."""
    return Spread(config, log) if config.getoption("dist") == "loadfile" else None
