#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that C++ files are laid out as .clang-format says; scripts/lint --fix lays them out.

  check_format.py [ROOT]
"""
import os
import subprocess
import sys

import tree


def check(root: str) -> tuple[list[str], int]:
    paths = [path for path in tree.files(root) if path.endswith((".cc", ".h"))]
    jobs = os.cpu_count() or 1
    runs = [
        subprocess.Popen(["clang-format-19", "--dry-run", "-Werror", *part], cwd=root, stderr=subprocess.PIPE, text=True)
        for part in (paths[start::jobs] for start in range(jobs))
        if part
    ]
    problems = []
    for run in runs:
        _, errors = run.communicate()
        problems += [line for line in errors.splitlines() if " error: " in line]
        if run.returncode != 0 and not problems:
            problems.append(errors.strip())
    return problems, len(paths)


if __name__ == "__main__":
    found, count = check(tree.root_argument())
    sys.exit(tree.report("check_format", found, f"{count} files"))
