# SPDX-License-Identifier: Apache-2.0
"""What the checks share: the files of the tree, and how a check reports."""
import os
import re
import subprocess
import sys

COMMENT = re.compile(r"#[^\n]*")
CALL = re.compile(r"\bhelios_module\(\s*(\w+)([^)]*)\)")
KEYWORDS = {"LAYER", "SOURCES", "SQL", "DEPS", "LIBS", "PRIVATE_LIBS", "TESTS", "TEST_LIBS", "BENCHES", "FUZZ"}


def files(root: str) -> list[str]:
    """Paths below `root`, relative to it: what git tracks or would track; every file where there is no repository."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"], capture_output=True, check=False
    )
    if listed.returncode == 0 and os.path.exists(os.path.join(root, ".git")):
        paths = {path for path in listed.stdout.decode().split("\0") if path}
        return sorted(path for path in paths if os.path.isfile(os.path.join(root, path)))
    found = []
    for folder, _, names in os.walk(root):
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def read(root: str, path: str) -> str:
    """The file's text; empty for what is not UTF-8 text."""
    with open(os.path.join(root, path), "rb") as source:
        content = source.read()
    try:
        return "" if b"\0" in content else content.decode()
    except UnicodeDecodeError:
        return ""


def modules(root: str) -> dict[str, dict[str, list[str]]]:
    """The helios_module() call of each src/<module>/CMakeLists.txt: module -> keyword -> words."""
    found: dict[str, dict[str, list[str]]] = {}
    source = os.path.join(root, "src")
    for name in sorted(os.listdir(source)) if os.path.isdir(source) else []:
        path = os.path.join("src", name, "CMakeLists.txt")
        if not os.path.exists(os.path.join(root, path)):
            continue
        call = CALL.search(COMMENT.sub("", read(root, path)))
        if call is None:
            continue
        lists: dict[str, list[str]] = {keyword: [] for keyword in KEYWORDS}
        keyword = ""
        for word in call.group(2).split():
            if word in KEYWORDS:
                keyword = word
            elif keyword:
                lists[keyword].append(word)
        found[call.group(1)] = lists
    return found


def report(check: str, problems: list[str], looked_at: str) -> int:
    """Prints the problems, one a line as "file:line: what is wrong; what is wanted", and gives the exit status."""
    for problem in problems:
        print(problem)
    print(f"{check}: {len(problems)} problem{'' if len(problems) == 1 else 's'} in {looked_at}")
    return 1 if problems else 0


def root_argument() -> str:
    """The tree to check: the first argument, or the one this file lies in."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else own
