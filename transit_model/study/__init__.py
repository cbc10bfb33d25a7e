"""The use cases: one workspace of region, scenarios and goals; sessions that measure; the study that is drawn.

The only room that knows all others below the command line. Tables in, tables out; it prints nothing.
"""
