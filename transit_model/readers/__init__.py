"""Bytes to domain tables: region packs, GTFS feeds, road layers and OpenStreetMap.

The only room that opens input files or touches the network. Nothing is guessed without an `Issue`: every mistake
of an input is collected with file and line, and raised as one `InputError`.
"""
