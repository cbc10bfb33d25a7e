"""Finished tables and geometries become pages; this room decides nothing.

`StudyView` (view.py) is the handshake: plain frozen data that the study fills in. `write_pages` (write.py) turns it
into a folder of self-contained pages. Folium, Jinja2 and geopandas are imported only when a page is made.
"""
