"""Short jobs side by side: in their order, on other threads, and a fault is told whoever meets it."""

from __future__ import annotations

import threading

import pytest

from transit_model.threads import do_side_by_side


def test_answers_stand_in_the_order_of_the_jobs() -> None:
    assert do_side_by_side([]) == []
    assert do_side_by_side([lambda: 1]) == [1]
    met = threading.Barrier(2, timeout=10)

    def meet(name: str) -> tuple[str, str]:
        met.wait()  # both are under way, or neither ends
        return name, threading.current_thread().name

    first, last = do_side_by_side([lambda: meet("first"), lambda: meet("last")])
    assert (first[0], last) == ("first", ("last", threading.current_thread().name))
    assert first[1] != last[1]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_fault_is_told(at: int) -> None:
    def fail() -> int:
        raise ValueError("no")

    jobs = [fail if n == at else lambda: 7 for n in range(3)]
    with pytest.raises(ValueError, match="no"):
        do_side_by_side(jobs)
