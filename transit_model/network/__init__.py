"""Domain tables to one immutable `Network`, its checks, and its array forms for the routing room.

Reads no file and knows no scenario: the handshake with `readers` and `scenario` are the domain tables.
"""
