# SPDX-License-Identifier: Apache-2.0
"""Checks that the agent is one small file that needs nothing else: check_binary.py BINARY"""

import os
import subprocess
import sys

MAX_BYTES = 8 << 20


def main() -> int:
    binary = sys.argv[1]
    headers = subprocess.run(["readelf", "-lW", binary], check=True, capture_output=True, text=True).stdout
    problems = [f"it has a segment {kind}" for kind in ("INTERP", "DYNAMIC") if f" {kind} " in headers]
    size = os.path.getsize(binary)
    if size > MAX_BYTES:
        problems.append(f"it has {size} bytes; want at most {MAX_BYTES}")
    for problem in problems:
        print(f"{binary} is not what customers install: {problem}", file=sys.stderr)
    print(f"{binary}: {size} bytes, {size / (1 << 20):.2f} MiB")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
