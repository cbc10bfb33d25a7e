"""OSM files before they are read: is it one, can it be read, and what to do when not."""

from __future__ import annotations

import bz2
import gzip
import re
import zlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import IO, Any, NamedTuple
from xml.parsers import expat

from transit_model.errors import InputError, Issue

SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
SNIFF_BYTES = 50_000_000
"""Larger files are no hand-made ones: they are not searched for deleted objects before they are read."""
_UNPACK = "unpack it first (xz, 7-Zip and the like do), then import the .osm or .osm.pbf inside"
_CHANGE = (
    "a change file says what changed, not what is there: put it into its extract "
    "(osmium apply-changes old.osm.pbf changes.osc -o new.osm.pbf) and import that"
)
_REFUSED = {
    ".o5m": "convert it to .osm.pbf (osmium cat x.o5m -o x.osm.pbf, or osmconvert) and import that",
    ".o5c": _CHANGE,
    ".osc": _CHANGE,
    ".osc.gz": _CHANGE,
    ".osc.bz2": _CHANGE,
    ".osm.xz": _UNPACK,
    ".osm.zst": _UNPACK,
    ".osm.7z": _UNPACK,
    ".osm.zip": _UNPACK,
    ".pbf.xz": _UNPACK,
    ".pbf.gz": _UNPACK,
    ".pbf.bz2": _UNPACK,
    ".pbf.zip": _UNPACK,
}
_MAGIC = (
    (b"\xfd7zXZ\x00", "xz", ()),
    (b"7z\xbc\xaf\x27\x1c", "7z", ()),
    (b"PK\x03\x04", "zip", ()),
    (b"\x28\xb5\x2f\xfd", "zstd", ()),
    (b"\xff\xe0\x04o5", "o5m", ()),
    (b"\x1f\x8b", "gzip", (".gz",)),
    (b"BZh", "bzip2", (".bz2",)),
    (b"<?xml", "OSM XML", (".osm",)),
    (b"<osm", "OSM XML", (".osm",)),
)
"""First bytes, the format, and the endings under which they are expected."""
_MARKS = re.compile(rb"""visible=["']false["']|action=["']delete["']""")
_COORDINATE = re.compile(r"coordinate: '(.*)'$")


def is_osm_name(path: Path) -> bool:
    """Return whether a name is that of an OSM file, also of a kind that is refused with a word of what to do."""
    return path.name.lower().endswith((*SUFFIXES, *_REFUSED))


def check_osm_path(path: Path | str) -> Path:
    """Return the path of an OSM file.

    Raises
    ------
    InputError
        ``missing_file``, ``unknown_format`` (another kind of file, by its name or its first bytes), ``change_file``.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(Issue("missing_file", "error", "no such file", file=str(path)))
    name = path.name.lower()
    for ending, hint in _REFUSED.items():
        if name.endswith(ending):
            code = "change_file" if hint is _CHANGE else "unknown_format"
            message = f"files of the kind {ending} cannot be imported"
            raise InputError(Issue(code, "error", message, file=path.name, hint=hint))
    if not name.endswith(SUFFIXES):
        hint = f"one of {', '.join(SUFFIXES)}"
        raise InputError(Issue("unknown_format", "error", "not an OSM file by its name", file=path.name, hint=hint))
    with path.open("rb") as file:
        head = file.read(8)
    for magic, kind, endings in _MAGIC:
        if head.startswith(magic) and not (endings and name.endswith(endings)):
            hint = f"name it {path.name.split('.')[0]}.osm{endings[0].removeprefix('.osm')}" if endings else _UNPACK
            hint = _REFUSED[".o5m"] if kind == "o5m" else hint
            message = f"the content is {kind}, the name says something else"
            raise InputError(Issue("unknown_format", "error", message, file=path.name, hint=hint))
    if b"<osmChange" in _read_start(path):
        raise InputError(Issue("change_file", "error", "this is a change file, no map", file=path.name, hint=_CHANGE))
    return path


class reading:  # noqa: N801 - a `with` block reads like a word
    """Turn what pyosmium raises about a damaged file into an issue ``bad_osm`` or ``bad_coordinates``."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None or isinstance(error, InputError):
            return
        import osmium

        if isinstance(error, osmium.InvalidLocationError):
            match = _COORDINATE.search(str(error))
            value = match.group(1) if match else str(error)
            hint = "degrees, longitude -180 to 180 and latitude -90 to 90; mend or delete the node"
            message, line = "a node has a coordinate that is none", _find_line(self._path, value)
            raise InputError(
                Issue("bad_coordinates", "error", message, self._path.name, line, "lon, lat", value, hint)
            ) from error
        if isinstance(error, (RuntimeError, ValueError, OSError, EOFError, zlib.error)):
            hint = "the file may be cut off or damaged; compare its size, fetch it again"
            message = f"the file cannot be read as OSM: {str(error)[:160]}"
            raise InputError(Issue("bad_osm", "error", message, file=self._path.name, hint=hint)) from error


class Latest(NamedTuple):
    """Newest state of some objects: places (lon, lat) of nodes; version of ways, absent when deleted."""

    places: dict[int, tuple[float, float]]
    ways: dict[int, int]


def read_latest(path: Path, nodes: Collection[int] | None = None, ways: Collection[int] = ()) -> Latest:
    """Return the newest state of nodes (None: those with negative ids) and ways of a file.

    An index of libosmium holds neither negative ids, as editors give them, nor several versions; this slow pass does.
    """
    import osmium

    found = Latest({}, {})
    seen: dict[tuple[bool, int], int] = {}
    things: Iterable[Any] = osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
    for thing in things:
        number, node = thing.id, thing.is_node()
        wanted = (number < 0 if nodes is None else number in nodes) if node else number in ways
        if not wanted or thing.version < seen.get((node, number), 0):
            continue
        seen[node, number] = thing.version
        if not node:
            found.ways[number] = thing.version
        elif thing.location.valid():
            found.places[number] = (thing.lon, thing.lat)
        if thing.deleted and not node:
            del found.ways[number]
    return found


class Marks(NamedTuple):
    """What a file tells beside the map.

    `versions` whether it may hold several versions of an object; `nodes` and `ways` that an editor has marked as
    deleted (``action="delete"``, which libosmium passes over).
    """

    versions: bool
    nodes: frozenset[int]
    ways: frozenset[int]


def read_marks(path: Path) -> Marks:
    """Return the marks of a file that its editor or server has set."""
    import osmium

    versions = bool(osmium.io.Reader(str(path), osmium.osm.NOTHING).header().has_multiple_object_versions)
    plain = Marks(versions, frozenset(), frozenset())
    if path.name.lower().endswith(".pbf") or path.stat().st_size > SNIFF_BYTES:
        return plain
    words, tail = set(), b""
    with _unpack(path) as file:
        while block := file.read(1_000_000):
            words |= set(_MARKS.findall(tail + block))
            tail = block[-40:]
    if any(word.startswith(b"visible") for word in words):
        plain = plain._replace(versions=True)
    return _read_deleted(path, plain) if any(word.startswith(b"action") for word in words) else plain


def _read_deleted(path: Path, marks: Marks) -> Marks:
    deleted: dict[str, set[int]] = {"node": set(), "way": set()}

    def start(name: str, attributes: dict[str, str]) -> None:
        if name in deleted and attributes.get("action") == "delete" and "id" in attributes:
            deleted[name].add(int(attributes["id"]))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        with _unpack(path) as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return marks._replace(nodes=frozenset(deleted["node"]), ways=frozenset(deleted["way"]))


def _unpack(path: Path) -> IO[bytes]:
    name = path.name.lower()
    if name.endswith(".gz"):
        return gzip.open(path)  # type: ignore[return-value]
    return bz2.open(path) if name.endswith(".bz2") else path.open("rb")


def _read_start(path: Path) -> bytes:
    if path.name.lower().endswith(".pbf"):
        return b""
    try:
        with _unpack(path) as file:
            return file.read(2_000)
    except (OSError, EOFError):  # damaged: told when it is read
        return b""


def _find_line(path: Path, value: str) -> int | None:
    if path.name.lower().endswith(".pbf"):
        return None
    wanted = [f"={quote}{value}{quote}".encode() for quote in "\"'"]
    with _unpack(path) as file:
        for number, line in enumerate(file, start=1):
            if b"<node" in line and any(w in line for w in wanted):
                return number
    return None
