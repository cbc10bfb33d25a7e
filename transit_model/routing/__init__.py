"""Travel times on integer arrays: streets in ticks of 0.1 s, timetables in whole seconds.

Terms: *round* (number of rides), *pattern* (trips with the same stop sequence), *access* and *egress*,
*departure window*; *position* (place of a node in a hierarchy, from the top down), *shortcut*, *sweep* (one pass down a
hierarchy for many origins), *row* and *lane* (budgets left at a node, one for each origin). This room knows no
scenario, no table, no id and no file.

On streets: `terminals` (where places join the graph), `streets` (times and ways between them), `engine` (which
search for which size); behind it `bucket_graph` and `bucket_queue` (few to many origins), `hierarchy`,
`hierarchy_build`, `hierarchy_order`, `lanes` and `sweep` (very many), `separator_order` and `customise` (one geometry,
other times), `graph_edit`, `repair`, `link_tree` and `row_repair` (kept times after an edit).

On timetables: `timetable` (arrays in search order), `raptor` with its `kernel` (a window of departures), `frequency`
(services by headway), `profile` (every useful departure), `egress` (times at street nodes), `journeys` (one way told),
`csa` (the second engine, which tests compare with).

For both: `jit` (how kernels are compiled and kept), `warmup` (compile ahead), `threads` (how many may be used) and
`memory` (what builds leave behind).
"""
