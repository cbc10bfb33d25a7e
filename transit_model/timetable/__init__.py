"""Travel times on timetables, in whole seconds.

`index` (arrays in search order), `raptor` with its `kernel` (a window of departures), `frequency` (services by
headway), `profile` (every useful departure), `egress` (times at street nodes), `journeys` (the legs of one way).

Terms: *round* (number of rides), *pattern* (trips with the same stop sequence), *access* and *egress*, *departure
window*. This room knows no scenario, no table, no id and no file.
"""
