"""The engine: street search and timetable search. Arrays in, seconds out.

Terms: *round* (number of rides), *pattern* (trips with the same stop sequence), *access* and *egress*,
*departure window*; *position* (place of a node in a hierarchy, from the top down), *shortcut*, *sweep* (one pass down a
hierarchy for many origins), *row* and *lane* (budgets left at a node, one for each origin). This room knows no
scenario, no table, no id and no file.
"""
