"""Build the pack of a region from the tables in the repository.

``python data/build REGION [--sources DIR] [--out DIR]`` reads ``data/sources/REGION`` and the small file of choices
``data/build/regions/REGION.yaml`` and writes ``data/REGION``. The output depends on these alone: built twice, it is
the same byte for byte.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

from choices import read_choices
from pack import build

DATA = Path(__file__).resolve().parents[1]


def main() -> int:
    """Read the command line and build; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("region", help="id of the region, as in data/build/regions")
    parser.add_argument("--sources", type=Path, help="folder of its tables (default data/sources/REGION)")
    parser.add_argument("--out", type=Path, help="folder of the pack; it is replaced (default data/REGION)")
    args = parser.parse_args()
    try:
        choices = read_choices(args.region)
    except ValueError as error:
        print(f"data/build: {error}", file=sys.stderr)
        return 2
    sources = args.sources or DATA / "sources" / args.region
    if not sources.is_dir():
        print(f"data/build: no folder of sources {sources}", file=sys.stderr)
        return 2
    out = args.out or DATA / args.region
    fresh = out.with_name(f"{out.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    build(choices, sources, fresh)
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
