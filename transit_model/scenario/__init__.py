"""Projects and scenarios: YAML to frozen objects, and from one `Network` to a new one.

A *project* is the switchable unit (one planned line, road, bus or rule); a *scenario* names a base case and a list
of projects; a *study* names scenarios, comparisons and goals. YAML carries human units in its field names
(``_min``, ``_km``, ``_kmh``); they become seconds and metres when a project is applied.

Applying has two phases. *Resolve* looks every id up and collects all issues of all projects, each with file and
line. Only when there is no error does the new network leave this room; the network given is never changed.
The order of projects is the author's. Buses are timed last, on the roads of their own scenario.

What does not belong here: routing (run times of buses come in as a function), goals, maps.
"""
