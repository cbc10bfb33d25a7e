"""What planners report, computed from times that somebody else has found: one indicator a file, tables in, tables out.

Each docstring names the Chinese term (加权平均旅行时间, 日可达性, ...), the formula and where it comes from. This room
calls no router: it can be checked against any other router's output. *opportunity*: what one travels for, people or
jobs or beds. Unreachable is `inf`; zero is a real time.
"""
