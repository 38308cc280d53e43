#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that modules include only what their DEPS name.

  check_includes.py [ROOT]

- A file of src/<module>/ includes its own module's headers and those of modules in its DEPS; its tests also those of
  modules in its TEST_LIBS (helios_<module>). The compiler cannot see this: DEPS are passed on.
- <module>/internal/ is included from that module alone, by anyone anywhere in the tree.
- Sockets are src/http's alone: nothing else in src/ or apps/ includes Asio or Beast (docs/adr/0004).
- An include in quotes is written from src/: "module/header.h", never "../header.h" or a bare name.
"""
import re
import sys

import tree

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
SOCKETS = re.compile(r"^\s*#\s*include\s*<(boost/(?:asio|beast)\b[^>]*)>")
SOURCE = re.compile(r"\.(h|cc)$")
TEST = re.compile(r"_(test|bench)\.cc$|(^|/)(test_\w+|\w+_fixture|\w+_test_\w+)\.(h|cc)$")


def problem(path: str, included: str, modules: dict[str, dict[str, list[str]]]) -> str:
    """Why `path` may not include `included`; empty when it may."""
    parts = path.split("/")
    own = parts[1] if parts[0] == "src" and len(parts) > 2 else ""
    target, _, rest = included.partition("/")
    if own and (not rest or target in (".", "..")):
        return 'write it from src/, as "module/header.h"'
    if target not in modules or target == own:
        return ""
    if rest.startswith("internal/"):
        return f"{target}/internal/ is {target}'s own; include one of its public headers"
    if own not in modules:
        return ""
    allowed = set(modules[own]["DEPS"])
    if TEST.search(path):
        allowed |= {library.removeprefix("helios_") for library in modules[own]["TEST_LIBS"]}
    if target not in allowed:
        return f"{target} is not among the DEPS of {own} ({', '.join(sorted(allowed)) or 'none'})"
    return ""


def check(root: str) -> tuple[list[str], int]:
    modules = tree.modules(root)
    paths = [path for path in tree.files(root) if SOURCE.search(path)]
    problems = []
    for path in paths:
        for number, line in enumerate(tree.read(root, path).splitlines(), 1):
            if (match := SOCKETS.match(line)) and re.match(r"(src/(?!http/)|apps/)", path):
                problems.append(f"{path}:{number}: cannot include <{match.group(1)}>: sockets are src/http's alone")
            match = INCLUDE.match(line)
            reason = match and problem(path, match.group(1), modules)
            if reason:
                problems.append(f'{path}:{number}: cannot include "{match.group(1)}": {reason}')
    return problems, len(paths)


if __name__ == "__main__":
    found, count = check(tree.root_argument())
    sys.exit(tree.report("check_includes", found, f"{count} files"))
