"""Finished results become pages in one folder; numbers come from tables, none is computed here.

`StudyView` (view.py) is the handshake: plain frozen data that `study_view` fills in. `write_pages` (write.py) turns it
into a folder of self-contained pages. Folium, Jinja2 and geopandas are imported only when a page is made.
"""
