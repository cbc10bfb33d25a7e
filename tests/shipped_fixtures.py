"""The town as a session, and the shipped region read once for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.network.town import make_town
from tests.read_once import read_once
from transit_model.measure.session import Session
from transit_model.measure.workspace import Workspace
from transit_model.region.pack import read_region


@pytest.fixture(scope="session", autouse=True)
def packs_read_once() -> Iterator[None]:
    """Every workspace of this process takes an unchanged pack as it was read before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("transit_model.measure.workspace.read_region", read_once(read_region))
        yield


@pytest.fixture(scope="session")
def town() -> Session:
    """The town on its Wednesday, departures 07:00-12:00."""
    return Session("town", make_town())


@pytest.fixture(scope="session")
def shipped() -> Workspace:
    """The region and the scenarios that ship with the package."""
    return Workspace.open()


@pytest.fixture(scope="session")
def built_2025(shipped: Workspace) -> Session:
    return shipped.session("built-2025")


@pytest.fixture(scope="session")
def built_2020(shipped: Workspace) -> Session:
    return shipped.session("built-2020")


@pytest.fixture(scope="session")
def taixin() -> Workspace:
    """The second region that ships, with its scenarios."""
    return Workspace.open("taixin")
