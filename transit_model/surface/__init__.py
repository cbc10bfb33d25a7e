"""Times at the cells of a grid, the rings drawn from them, and people on cells.

*grid*: the fixed equal-area raster of a region. *surface*: time to every cell of the grid. *cutoff*: the limit in
seconds. *ring*: the area within a cutoff (cumulative). *band*: the area between two cutoffs.
"""
