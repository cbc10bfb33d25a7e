"""Policy goals as data; every verdict carries its evidence: met, missed, borderline, cannot tell.

A goal file quotes its source, says which pairs or places it is read on, and by which share it is judged. This
room reads a finished OD table; it computes no travel time.
"""
