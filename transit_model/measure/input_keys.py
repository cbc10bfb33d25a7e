"""Keys of what is compiled from a network: digests of exactly the tables, columns and assumptions that go into it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from transit_model.domain.modes import Ride, SpeedTable, Vehicle, classify_route_type
from transit_model.domain.stop_calls import CALL_KINDS
from transit_model.measure.memo import TIMES, Key, Memo, digest_table
from transit_model.network.model import Network
from transit_model.network.road_change import Name

LINK_COLUMNS = (
    "link_id",
    "road_id",
    "from_node_id",
    "to_node_id",
    "highway",
    "length_m",
    "maxspeed_kmh",
    "toll",
    "area",
)
COURSE_COLUMNS = ("link_id", "road_id", "from_node_id", "to_node_id", "highway")
NODE_COLUMNS = ("node_id", "lon", "lat")
_STREET_ASSUMPTIONS = ("vehicle_cap_kmh", "toll_gate_delay_s", "ramp_delay_s", "junction_delay_s")
_STATION_ASSUMPTIONS = (
    *(f"{kind}_{what}_min" for kind in ("rail", "metro") for what in ("entry", "exit", "change")),
    *("bus_entry_min", "bus_exit_min"),
    *("walk_detour", "walk_speed_kmh", "transfer_walk_max_m", "taxi_wait_min", "taxi_alight_min"),
)


class InputKeys:
    """The keys of one network; a table that many networks share is read once by the memo."""

    def __init__(self, network: Network, memo: Memo) -> None:
        self._network = network
        self._memo = memo
        self._digests: dict[tuple[str, tuple[str, ...]], bytes] = {}

    def roads(self, vehicle: Vehicle, table: SpeedTable) -> Key:
        """Return the key of a street graph: links, nodes and the numbers that make times of lengths."""
        return vehicle, table, *self.road_tables, list_street_numbers(self._network, table)

    @property
    def road_tables(self) -> tuple[bytes, bytes]:
        """What of links and nodes a street graph is made of."""
        return self._digest("links", LINK_COLUMNS), self._digest("nodes", NODE_COLUMNS)

    def _digest(self, name: Name, columns: tuple[str, ...] = ()) -> bytes:
        """Return a digest of a table of the roads: of what differs where changes are told, else of all cells."""
        if (name, columns) not in self._digests:
            change = self._network.find_road_change()
            before = getattr(self._network if change is None else change.before, name)
            more = b"" if change is None else change.digest(name, columns)
            whole = self._memo.digest(before, columns)
            self._digests[name, columns] = whole + more
        return self._digests[name, columns]

    @cached_property
    def shapes(self) -> bytes:
        """The geometry of links."""
        return self._digest("shapes")

    @cached_property
    def courses(self) -> Key:
        """Where links lie, as `RoadLocator` looks for them."""
        return self._digest("links", COURSE_COLUMNS), self._digest("nodes", NODE_COLUMNS), self.shapes

    @cached_property
    def drawn_roads(self) -> Key:
        """Where links lie, and whose they are, as a map draws them."""
        return self.courses, self._digest("links", ("project_id",))

    @cached_property
    def drawn_services(self) -> Key:
        """Which trips call where, in which order, as a map draws them: not when."""
        order = self._memo.digest(self._network.feed.stop_times, ("stop_sequence",))
        return self.served, order, self.stations

    @cached_property
    def stops(self) -> Key:
        """The stops of the feed."""
        return self._memo.digest(self._network.feed.stops)

    @cached_property
    def stations(self) -> Key:
        """The stations and where they join the roads."""
        return self._memo.digest(self._network.stations), self._memo.digest(self._network.station_links)

    @cached_property
    def places(self) -> Key:
        """The places that names are found among, those that projects opened or closed too."""
        network = self._network
        switches = (network.places_opened, network.places_closed)
        return self._memo.digest(network.places), self.stops, self.stations, switches

    @cached_property
    def served(self) -> Key:
        """Which stops are served, on which days and for whom, whenever that is."""
        feed, digest = self._network.feed, self._memo.digest
        return (
            *(digest(t) for t in (feed.stops, feed.routes, feed.trips, feed.calendar, feed.calendar_dates)),
            digest(feed.stop_times, ("trip_id", "stop_id", *(c for c in CALL_KINDS if c in feed.stop_times.columns))),
            digest(feed.frequencies, ("trip_id", "start_clock_s", "end_clock_s", "exact_times")),
        )

    @cached_property
    def feed(self) -> Key:
        """The whole feed."""
        feed = self._network.feed
        return (
            *(self._memo.digest(t) for t in (feed.stops, feed.routes, feed.trips, feed.calendar, feed.calendar_dates)),
            *(self._memo.digest(t) for t in (feed.stop_times, feed.frequencies, feed.transfers)),
        )

    @cached_property
    def transfers(self) -> bytes:
        """The rows of changes between stops and trips."""
        return self._memo.digest(self._network.feed.transfers)

    def times_of(self, rides: Sequence[Ride]) -> Key:
        """Return the key of when some vehicles run, beside `served`, which says where and on which days."""
        feed = self._network.feed
        tables = (feed.stop_times, feed.frequencies)
        read = (feed.routes, feed.trips, *tables)

        def make() -> Key:
            own = [classify_route_type(int(kind)) in rides for kind in feed.routes["route_type"]]
            trips = set(feed.trips.loc[feed.trips["route_id"].isin(feed.routes.loc[own, "route_id"]), "trip_id"])
            return tuple(digest_table(t[t["trip_id"].isin(trips)]) if len(t) else b"" for t in tables)

        # tables are never edited, and what holds them keeps their ids from being given to others
        key = (*(id(table) for table in read), tuple(rides))
        return self._memo.get(TIMES, key, lambda: (read, make()))[1]

    @cached_property
    def station_minutes(self) -> str:
        """The assumptions about stations that a compiled timetable holds."""
        a = self._network.assumptions
        return repr([getattr(a, name) for name in _STATION_ASSUMPTIONS])


def list_street_numbers(network: Network, table: SpeedTable) -> str:
    """Return the numbers that make times of lengths."""
    return repr([getattr(network.assumptions, name) for name in (f"speed_factor_{table}", *_STREET_ASSUMPTIONS)])
