"""One way of measuring: a workspace of region and scenarios, sessions, travel times on the readings, surfaces, people.

Whoever asks (a table, a goal, a page, a batch, the studio) asks here, so that one question has one answer.
"""
