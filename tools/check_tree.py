#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks the tree itself.

  check_tree.py [ROOT]

- Each source file names its licence in its first lines, and the one that its folder has (LICENSE).
- Each module has a README.md and a line in HACKING.md's map; what a README lists of its folder, and what any page links to, exists.
- No note of unfinished work, no path of one machine, no package registry's host.
- Lock files record no address to download from; scripts can be run.
"""
import os
import re
import sys

import tree

OPEN, CLOSED = "Apache-2.0", "LicenseRef-Helios-Commercial"
OPEN_FOLDERS = re.compile(
    r"^(src/(base|obs|ml|http|config|wire|agent|workbench|stateless)/|apps/(helios-core|helios-agent)/|cmake/|tools/|scripts/|\.ci/|[^/]+$)"
)
MUST_SAY = re.compile(r"(\.(h|cc|py|sh|cmake|ts|tsx)|(^|/)CMakeLists\.txt)$")
GENERATED = re.compile(r"(^|/)(next-env\.d\.ts|components/ui/[^/]+)$")
SPDX = re.compile(r"SPDX-License-Identifier: ([\w.-]+)")
LISTED = re.compile(r"^\s*(?:[-*]|\||\d+\.)\s*\[?`([^`\s]+)`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
PATH_LIKE = re.compile(r"^[\w.-]+(/[\w.-]+)*/?$")
FORBIDDEN = [
    (re.compile(r"\b(TO" r"DO|FIX" r"ME)\b"), "a note of unfinished work"),
    (re.compile(r"(?<![\w.${}~/-])/(root|home/(?!dev\b)\w+|wor[k])/\w"), "a path of one machine"),
    (re.compile(r"\b(registry\.(npmjs|yarnpkg)\.\w+|(deb|ftp[.\w]*|security|snapshot)\.debian\.org|deb\.nodesource\.com"
                r"|(files\.)?pythonhosted\.org|pypi\.org|crates\.io|proxy\.golang\.org|\w+-(npm|apt|python)\.pkg\.dev)\b"),
     "a package registry's host"),
]


def licence_problem(path: str, text: str) -> str:
    lines = text.splitlines()[:3]
    said = next((match.group(1) for line in lines if (match := SPDX.search(line))), "")
    wanted = OPEN if OPEN_FOLDERS.match(path) else CLOSED
    if said:
        return "" if said == wanted or path.startswith("LICENSE") else f"its licence line says {said}; want {wanted}"
    script = text.startswith("#!")
    if (MUST_SAY.search(path) or script) and not GENERATED.search(path):
        return f"its first lines name no licence; want SPDX-License-Identifier: {wanted}"
    return ""


def readme_problems(root: str, path: str, text: str) -> list[str]:
    folder = os.path.dirname(path)
    problems, fenced = [], False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        if fenced:
            continue
        named = [name for name in LINK.findall(line) if "://" not in name and not name.startswith("mailto:")]
        match = LISTED.match(line)
        if match and os.path.basename(path) in ("README.md", "HACKING.md"):
            name = match.group(1)
            a_file = re.search(r"/|\.(h|cc|md|sql|py|sh|txt|json|ya?ml|toml|cmake)$", name)
            if a_file and PATH_LIKE.match(name) and not name.startswith("build/"):
                named.append(name)
        for name in named:
            if not any(os.path.exists(os.path.join(root, base, name)) for base in {folder, ""}):
                problems.append(f"{path}:{number}: names {name}, which is not there")
    return problems


def check(root: str) -> tuple[list[str], int]:
    paths = tree.files(root)
    known = set(paths)
    problems = []
    for module in sorted({path.split("/")[1] for path in paths if re.match(r"src/\w+/", path)}):
        if f"src/{module}/README.md" not in known:
            problems.append(f"src/{module}: has no README.md")
        if "HACKING.md" in known and f"`src/{module}/`" not in tree.read(root, "HACKING.md"):
            problems.append(f"src/{module}: the map in HACKING.md leaves it out")
    for path in paths:
        text = tree.read(root, path)
        if reason := licence_problem(path, text):
            problems.append(f"{path}: {reason}")
        if path.endswith(".md"):
            problems += readme_problems(root, path, text)
        lock = path.endswith("package-lock.json")
        if lock and '"resolved": "http' in text:
            problems.append(f"{path}: records where packages were downloaded; want omit-lockfile-registry-resolved=true")
        for number, line in enumerate(text.splitlines() if not lock else [], 1):
            for pattern, what in FORBIDDEN:
                if match := pattern.search(line):
                    problems.append(f"{path}:{number}: has {what}: {match.group(0)}")
        runnable = os.access(os.path.join(root, path), os.X_OK)
        if text.startswith("#!") and not runnable:
            problems.append(f"{path}: begins with #! and cannot be run; want mode 755")
        if re.match(r"scripts/[^/.]+$|\.ci/run$", path) and not (runnable and text.startswith("#!")):
            problems.append(f"{path}: is a script and cannot be run; want #! and mode 755")
    return problems, len(paths)


if __name__ == "__main__":
    found, count = check(tree.root_argument())
    sys.exit(tree.report("check_tree", found, f"{count} files"))
