"""What planners report, computed from times that somebody else has found.

Tables and arrays of travel times in, tables and polygons out. This room calls no router: it can be checked
against any other router's output. One indicator a file; each docstring names the Chinese term (加权平均旅行时间,
日可达性, ...), the formula and where it comes from.

Words
-----
*grid*: the fixed equal-area raster of a region. *surface*: time to every cell of the grid. *cutoff*: the limit in
seconds. *ring*: the area within a cutoff (cumulative). *band*: the area between two cutoffs. *opportunity*: what
one travels for, people or jobs or beds. Unreachable is `inf`; zero is a real time.

Files
-----
`grid`, `surface` (with `offnetwork`), `isochrone`, `ring_sets`, `export` make the circles. `population` and
`disaggregation` put the census on points and cells. The rest is one indicator each.
"""
