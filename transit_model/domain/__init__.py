"""What exists: places, roads, stations, timetables and travel times, as frozen objects and table schemas.

No file is opened here and nothing is printed. Table schemas (column, dtype, unit, nullable, meaning) live in
`tables`; they are checked at the doors of the package and trusted inside.
"""
