"""OpenStreetMap extracts, live downloads and survey layers to tables of road nodes and links, rail lines and outlines.

Tags mean what the OpenStreetMap wiki says; what is assumed is in `highway_speeds.csv` and `junction_delays.csv`.
"""
