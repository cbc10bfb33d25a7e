"""Many questions at once over HTTP: none hangs, none holds up who asks for something else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from time import monotonic, sleep
from urllib.parse import urlsplit

from transit_model.studio.server import StudioServer

TIMEOUT_S = 60
PEOPLE: dict[str, object] = {"base": "built", "parts": ["people", "rings"], "modes": ["road"], "readings": ["typical"]}
GOALS: dict[str, object] = {"base": "built", "parts": ["verdicts"], "evidence": False}
PAIRS: dict[str, object] = {"base": "built", "parts": ["rows"], "modes": ["rail"], "readings": ["typical"]}


def _ask(server: StudioServer, method: str, path: str, asked: object = None) -> int:
    """Return the status of the answer; one that hangs is an error."""
    line = HTTPConnection(str(urlsplit(server.url).netloc), timeout=TIMEOUT_S)
    try:
        line.request(method, path, None if asked is None else json.dumps(asked), {"content-type": "application/json"})
        answer = line.getresponse()
        answer.read()
        return answer.status
    finally:
        line.close()


def _measure(server: StudioServer, asked: Mapping[str, object], session: str, turn: int) -> int:
    speed = {"overrides": {"bridge_east.design_speed_kmh": 60 + turn}, "projects": ["bridge_west", "bridge_east"]}
    return _ask(server, "POST", "/api/measure", {**asked, **speed, "session": session, "turn": turn})


def test_questions_that_are_overtaken_hold_no_thread(server: StudioServer) -> None:
    turns = range(1, 51)  # more than a server has threads (anyio: 40)
    with ThreadPoolExecutor(len(turns)) as pool, server.studio.alone():
        asked = [pool.submit(_measure, server, PEOPLE, "slider", turn) for turn in turns]
        # something else is still being measured: all but the newest have been answered, and the page opens
        late = monotonic() + TIMEOUT_S
        while server.studio.count_waiting() != 1 or server.studio.turns.newest_of("slider") != turns[-1]:
            assert monotonic() < late, "questions that are overtaken still wait"
            sleep(0.01)
        assert _ask(server, "GET", "/") == 200
    statuses = [one.result() for one in asked]
    assert statuses[-1] == 200
    assert statuses.count(409) == len(turns) - 1


def test_two_browsers_ask_many_questions_at_once(server: StudioServer) -> None:
    n_turns = 20
    with ThreadPoolExecutor(2 * n_turns) as pool:
        asked = {
            (session, turn): pool.submit(_measure, server, (PEOPLE, GOALS, PAIRS)[turn % 3], session, turn)
            for turn in range(1, n_turns + 1)
            for session in ("one", "two")
        }
    result = {key: one.result() for key, one in asked.items()}
    assert set(result.values()) <= {200, 409}
    assert [result[session, n_turns] for session in ("one", "two")] == [200, 200]
    assert server.studio.count_waiting() == 0
