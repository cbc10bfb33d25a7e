"""GTFS feeds: read, checked by the canonical rules, imported, written; and train tables that become feeds.

File and column names are those of the GTFS reference. Nothing is guessed without an `Issue` with file and line.
"""
