"""Fixtures shared by all rooms."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest
from hypothesis import settings

from tests.examples import examples

REPO = Path(__file__).resolve().parent.parent

pytest_plugins = ["tests.shipped_fixtures", "tests.chromium"]


def pytest_configure() -> None:
    """Hear Ctrl-C again: what runs in the background of a shell ignores it, and so would every command tested."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """Give out the costly files first, see `tests.spread`."""
    from tests.spread import make_scheduler

    return make_scheduler(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave costly tests to CI's second step, see `tests.second_step`."""
    from tests.second_step import postpone

    postpone(items)


# The first example of a test may have to compile its kernels.
settings.register_profile("patient", settings.default, deadline=None, max_examples=examples(100))
settings.load_profile("patient")


def find_shared(name: str) -> Path | None:
    """Return the folder of shared material beside a checkout, if there is one."""
    for parent in REPO.parents:
        candidate = parent / "shared" / name
        if candidate.is_dir():
            return candidate
    return None


@pytest.fixture(scope="session")
def repo() -> Path:
    """The checkout."""
    return REPO


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real public extracts that lie beside the checkout of developers, never inside it."""
    folder = find_shared("data")
    if folder is None:
        pytest.skip("the folder of public extracts (shared/data) is not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def shared_facts() -> Path:
    """Researched fact tables that lie beside the checkout of developers."""
    folder = find_shared("facts")
    if folder is None:
        pytest.skip("the folder of fact tables (shared/facts) is not beside this checkout")
    return folder
