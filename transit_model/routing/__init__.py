"""The engine: street search and timetable search. Arrays in, seconds out.

Terms: *round* (number of rides), *pattern* (trips with the same stop sequence), *access* and *egress*,
*departure window*. This room knows no scenario, no table, no id and no file.
"""
