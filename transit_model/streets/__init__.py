"""Travel times on street arrays, in ticks of 0.1 s.

`connectors` (where places join the graph), `places_search` (times and ways between places), `street_search` (which
search for which size); behind it `bucket_graph` and `bucket_queue` (few to many origins), `hierarchy`,
`hierarchy_build`, `hierarchy_order`, `lanes` and `sweep` (very many), `edited_search`, `graph_edit`, `repair`,
`link_tree` and `row_repair` (a graph made from another by a few links: its packed form edited, kept times repaired).

Terms: *position* (place of a node in a hierarchy, from the top down), *shortcut*, *sweep* (one pass down a hierarchy
for many origins), *row* and *lane* (budgets left at a node, one for each origin). This room knows no scenario, no
table, no id and no file.
"""
