"""Where polylines are cut, against counting their points one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from transit_model.surface.cut_courses import _count_before
from transit_model.surface.surface import Courses

SHARE = st.sampled_from([-0.1, 0.0, 0.25, 0.5, 0.75, 1.0, 1.1])


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 4), min_size=2, max_size=6), min_size=1, max_size=4),
    st.data(),
)
def test_points_before_a_share_are_counted(lines: list[list[int]], data: st.DataObject) -> None:
    x = np.array([float(p) for line in lines for p in line])
    courses = Courses(np.cumsum([0, *(len(line) for line in lines)]), x, np.zeros(len(x)))
    asked = data.draw(st.lists(st.tuples(st.integers(0, len(lines) - 1), SHARE), max_size=8))
    line, share = np.array([a for a, _ in asked], dtype=np.int64), np.array([b for _, b in asked])
    for after in (False, True):
        found = _count_before(courses, line, share, after=after)
        slow = []
        for k, at in asked:
            own = courses.share[courses.ptr[k] : courses.ptr[k + 1]]
            slow.append(int(courses.ptr[k] + np.count_nonzero(own <= at if after else own < at)))
        assert found.tolist() == slow
