#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that helios-core stands on the folders under Apache-2.0 alone.

  check_core_alone.py [--build] [ROOT]

Copies those folders, and nothing else, and configures the preset `core` there; every file that helios-core is built of
must be in the copy, and no file of these folders may include one that is not. --build also builds it and asks it for
its version.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

import tree
from check_tree import OPEN_FOLDERS

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
SOURCE = re.compile(r"\.(h|cc)$")


def foreign_includes(root: str, paths: list[str]) -> list[str]:
    problems = []
    for path in paths:
        if not SOURCE.search(path):
            continue
        for number, line in enumerate(tree.read(root, path).splitlines(), 1):
            match = INCLUDE.match(line)
            named = match and f"src/{match.group(1)}"
            if named and os.path.exists(os.path.join(root, named)) and not OPEN_FOLDERS.match(named):
                problems.append(f'{path}:{number}: includes "{match.group(1)}", which is not under Apache-2.0')
    return problems


def run(command: list[str], folder: str, what: str) -> list[str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    words = (done.stdout + done.stderr).strip().splitlines()[-15:]
    return ["\n    ".join([f"CMakePresets.json: the preset core {what} from the folders under Apache-2.0 alone:"] + words)]


def check(root: str, build: bool = False) -> tuple[list[str], int]:
    paths = [path for path in tree.files(root) if OPEN_FOLDERS.match(path)]
    problems = foreign_includes(root, paths)
    with tempfile.TemporaryDirectory(prefix="helios-core-alone-") as copy:
        for path in paths:
            os.makedirs(os.path.dirname(os.path.join(copy, path)), exist_ok=True)
            shutil.copy2(os.path.join(root, path), os.path.join(copy, path))
        found = run(["cmake", "--preset", "core"], copy, "does not configure")
        # Without building: names a file that no rule makes and that is not there.
        found = found or run(["ninja", "-C", "build/core", "-n", "helios-core"], copy, "misses a file of helios-core")
        if build and not found:
            jobs = os.environ.get("HELIOS_JOBS", str(os.cpu_count()))
            found = run(["ninja", "-C", "build/core", "-j", jobs, "helios-core"], copy, "does not build")
            found = found or run(["build/core/bin/helios-core", "--version"], copy, "builds what does not start")
    return problems + found, len(paths)


if __name__ == "__main__":
    wants_build = "--build" in sys.argv
    if wants_build:
        sys.argv.remove("--build")
    result, count = check(tree.root_argument(), wants_build)
    sys.exit(tree.report("check_core_alone", result, f"{count} files"))
