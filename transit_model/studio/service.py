"""A warm workspace: evaluators of the bases that are asked about, one question measured at a time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transit_model.analysis.evaluate import Evaluation, Evaluator
from transit_model.errors import InputError, Issue, ScenarioError
from transit_model.goals.schema import Goal
from transit_model.measure.compiled_roads import LEAST_LINKS
from transit_model.measure.memo import TABLES, Memo
from transit_model.measure.session import Session
from transit_model.measure.surfaces import SurfaceBuilder
from transit_model.measure.workspace import Workspace, parse_day, parse_window
from transit_model.near_names import hint_near
from transit_model.scenario.base_schema import Project
from transit_model.studio.drafts import check_standing, find_more_errors, list_drafts
from transit_model.studio.question import Case, Circumstances
from transit_model.studio.turns import EVIDENCE, Queue, Turns
from transit_model.studio.watch import Watch

DRAFT = "studio"
"""What rows call a scenario that nobody has named."""
_MOST_EVALUATORS = 4
_KEPT_RESULTS = 512
_LARGE: Final = ("networks", "streets", "timetables", "feeders", "locators", "places", "projects", "station_ends")
_LARGER: Final = ("sessions", "builders", "road_segments", "parted", "station_windows", "station_leads", "station_ways")
_KEPT_LARGE: Final = {**dict.fromkeys(_LARGE, 32), **dict.fromkeys(_LARGER, 8), "from_scratch": 2, TABLES: 256}
"""What an evaluator keeps: a slider moved through its range and back finds what it has seen, and memory is bounded."""
_KEPT_FEW_LINKS: Final = {**_KEPT_LARGE, **dict.fromkeys(_LARGE, 96)}
"""The same on networks of few links: room for the 64 sets of six projects, which each ask for the smaller ones."""


@dataclass(frozen=True)
class Source:
    """Where a workspace comes from.

    Attributes
    ----------
    region : str or None
        As it was asked for, for the commands that the page writes.
    open : callable
        Opens the workspace.
    watch : Watch
        Of the files behind it.
    """

    region: str | None
    open: Callable[[], Workspace]
    watch: Watch


class Studio:
    """Answers questions about one region.

    Parameters
    ----------
    workspace : Workspace
    folder : Path, optional
        Where scenarios and projects are saved; nowhere when absent.
    source : Source, optional
        Where the workspace came from, to open it again when its files have changed.
    """

    def __init__(self, workspace: Workspace, folder: Path | None = None, source: Source | None = None) -> None:
        self.workspace = workspace
        self.folder = folder
        self.source = source
        self.turns = Turns()
        self._queue = Queue()
        self._evaluators: OrderedDict[tuple[str, str | None], Evaluator] = OrderedDict()

    def get_folder(self) -> Path:
        """Return where scenarios and projects are saved.

        Raises
        ------
        InputError
            ``no_folder`` when the studio was started without one.
        """
        if self.folder is None:
            message = "the studio was started without a folder of one's own"
            raise InputError(Issue("no_folder", "error", message, hint="start it with --scenarios DIR"))
        return self.folder

    @contextmanager
    def turn_of(self, question: Circumstances, rank: int = EVIDENCE) -> Iterator[None]:
        """Measure for one question at a time; a question that a newer one of its session has overtaken is dropped.

        Raises
        ------
        SupersededError
            When it was overtaken while it waited.
        """
        session, turn = question.session, question.turn
        self.turns.note(session, turn)
        self._queue.wake()
        with self._queue.wait(rank, lambda: self.turns.is_over(session, turn)):
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Measure for a question that no other overtakes."""
        with self._queue.wait(EVIDENCE):
            yield

    def count_waiting(self) -> int:
        """Return how many questions wait for their turn."""
        return self._queue.count_waiting()

    @cached_property
    def goals(self) -> list[Goal]:
        """All goals of the library."""
        return self.workspace.goals()

    def pick_goals(self, names: Sequence[str] | str) -> list[Goal]:
        """Return the goals named, ``all`` or ``headline``.

        Raises
        ------
        InputError
            When one is not known.
        """
        if isinstance(names, str):
            headline = [g for g in self.goals if g.headline]
            return list(self.goals) if names == "all" or not headline else headline
        known = {g.id: g for g in self.goals}
        unknown = [n for n in names if n not in known]
        if unknown:
            hint = hint_near(unknown[0], known, f"goals: {', '.join(known)}")
            message = f"no goal called {unknown[0]!r}"
            raise InputError(Issue("unknown_goal", "error", message, field="goals", value=unknown[0], hint=hint))
        return [known[n] for n in names]

    def evaluator_of(self, base: str | None, timetable: str | None = None) -> Evaluator:
        """Return the warm evaluator of a base on a timetable; the latest few are kept."""
        name = self.workspace.choose(base)
        timetable = timetable or self.workspace.timetable
        key = (name, timetable)
        if key not in self._evaluators:
            workspace = self.workspace
            if timetable != workspace.timetable:
                workspace.region.info.get_timetable(str(timetable))
                workspace = replace(workspace, timetable=timetable, _networks={}, _scenarios={}, _grounds={})
            kept = _KEPT_FEW_LINKS if len(workspace.region.links) < LEAST_LINKS else _KEPT_LARGE
            self._evaluators[key] = Evaluator(workspace, name, memo=Memo(_KEPT_RESULTS, kept))
        self._evaluators.move_to_end(key)
        if len(self._evaluators) > _MOST_EVALUATORS:
            self._evaluators.popitem(last=False)
        return self._evaluators[key]

    def evaluate(self, question: Case) -> tuple[Evaluator, Evaluation, tuple[Project, ...]]:
        """Return the scenario of a question: its evaluator, what stands in it, and its projects with their documents.

        Raises
        ------
        ScenarioError, InputError
            With every mistake of it.
        """
        evaluator = self.evaluator_of(question.base, question.timetable)
        ids, drafts, errors = list_drafts(question.projects)
        if drafts:
            evaluator = evaluator.with_projects(drafts)
        if errors:
            raise ScenarioError([*errors, *find_more_errors(evaluator, ids, question, errors)])
        evaluation = evaluator.evaluate(ids, question.overrides, without=question.without)
        check_standing(question.overrides, evaluation.projects)
        return evaluator, evaluation, tuple(evaluator.library[p] for p in evaluation.projects)

    def session_of(self, question: Circumstances, evaluator: Evaluator, evaluation: Evaluation) -> Session:
        """Return the session of a question: that of its scenario with its date, window, vehicle and speeds."""
        name = question.scenario or (evaluator.base.scenario_id if question.is_base else DRAFT)
        network = evaluation.session.network
        day = None if question.date is None else parse_day(question.date)
        window = None if question.window is None else parse_window(question.window)

        def make() -> Session:
            how: dict[str, Any] = {"vehicle": question.vehicle, "speeds": question.speeds, "memo": evaluator.memo}
            return Session(name, network, service_date=day, window=window, **how)

        # circles, goals and pairs of one position of a slider ask one after the other; the network is held with it
        key = (id(network), name, day, window, question.vehicle, question.speeds)
        return evaluator.memo.get("sessions", key, lambda: (network, make()))[1]

    def builder_of(self, evaluator: Evaluator, session: Session) -> SurfaceBuilder:
        """Return the builder of the surfaces of a session; it keeps what it has searched."""
        return evaluator.memo.get("builders", id(session), lambda: (session, SurfaceBuilder(session)))[1]

    def build_from_scratch(self, evaluator: Evaluator, base: Session) -> SurfaceBuilder:
        """Return the surfaces of a base that was read and built anew, without a memo: what the base is proved by.

        Made once under the same circumstances, as no scenario has a part in it.
        """
        how: dict[str, Any] = {"window": base.window, "vehicle": base.vehicle, "speeds": base.speeds}

        def make() -> SurfaceBuilder:
            network = evaluator.workspace.afresh().network(base.scenario_id)
            return SurfaceBuilder(Session(base.scenario_id, network, service_date=base.service_date, **how))

        return evaluator.memo.get("from_scratch", (base.scenario_id, base.service_date, *how.values()), make)

    def forget_library(self) -> None:
        """Read the files of the library anew when the next question comes; the region stays."""
        self._take(self.workspace.afresh())
        if self.source is not None:
            self.source.watch.settle()

    def has_changed(self) -> bool:
        """Return whether files of the region or the library differ from when they were read."""
        return self.source is not None and self.source.watch.has_changed()

    def reload(self) -> bool:
        """Read region and library anew; when they cannot be read, what was read stays.

        Returns
        -------
        bool
            Whether files were added, removed or changed since they were last read; False where nothing is watched.

        Raises
        ------
        TransitModelError
            With every mistake of the files.
        """
        if self.source is None:
            self._take(self.workspace.afresh())
            return False
        now = self.source.watch.look()  # what changes while it is read is told later
        self._take(self.source.open())
        return self.source.watch.settle(now)

    def _take(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._evaluators.clear()
        self.__dict__.pop("goals", None)

    def place_people(self, evaluator: Evaluator) -> npt.NDArray[np.float64] | None:
        """Return the persons by cell, (ny, nx), where they live in the base; None when nobody is known to live here."""
        people = evaluator.place_people()
        return people if people.any() else None
