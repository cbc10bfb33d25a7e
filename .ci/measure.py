"""Run a command; print its seconds and peak memory on stderr; keep its exit code.

Debian's `time -v` would do, but it is not installed everywhere.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time


def main() -> int:
    """Run `sys.argv[1:]`."""
    started = time.perf_counter()
    code = subprocess.run(sys.argv[1:], check=False).returncode
    seconds = time.perf_counter() - started
    peak_mib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    sys.stderr.write(f"[{seconds:.1f} s, peak {peak_mib:.0f} MiB] {' '.join(sys.argv[1:3])}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
