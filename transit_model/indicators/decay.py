"""How the weight of an opportunity falls with time: small factories, seconds in, weights from 1 to 0 out.

Every function gives 0 for an unreachable place (`inf`) and never rises with time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from transit_model.errors import InputError, Issue

F64 = npt.NDArray[np.float64]
Decay = Callable[[npt.ArrayLike], F64]


def build_stepped_decay(limits_s: Sequence[float], weights: Sequence[float]) -> Decay:
    """Return ``weights[k]`` up to and at ``limits_s[k]``, 0 beyond the last.

    Luo and Qi (2009), Health & Place 15(4), use 10, 20 and 30 min with weights 1, 0.68, 0.22 (slow) or
    1, 0.42, 0.09 (quick).

    Raises
    ------
    InputError
        When the lists differ in length, limits do not grow, or weights rise or leave 0..1.
    """
    limits, steps = np.asarray(limits_s, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    fine = (
        len(limits) == len(steps) > 0
        and bool(np.isfinite(limits).all())
        and bool((np.diff(limits, prepend=0.0) > 0).all())
        and bool((np.diff(steps, append=0.0) <= 0).all())
        and bool(steps[0] <= 1)
    )
    if not fine:
        raise InputError(
            Issue(
                "bad_steps",
                "error",
                "limits must grow from above 0 and weights fall from at most 1 to at least 0, one each",
                field="limits_s",
                value=f"{list(limits_s)} / {list(weights)}",
            )
        )
    padded = np.append(steps, 0.0)
    return lambda time_s: padded[np.searchsorted(limits, np.asarray(time_s, dtype=np.float64), side="left")]
