#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every header of src/ compiles alone, and twice over.

  check_headers.py BUILD_DIR [ROOT]

Flags and compiler are those of compile_commands.json for a source of the same module, so the tree must be configured,
and built where headers are generated. A module that the build leaves out is skipped. What passed is remembered in
BUILD_DIR by the content of the header and of all it includes from the tree; a second run compiles what changed.
"""
import concurrent.futures
import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile

import tree

DROPPED = {"-c", "-MD", "-MMD"}
DROPPED_WITH_VALUE = {"-o", "-MF", "-MT", "-MQ"}


def flags_by_module(build: str, root: str) -> dict[str, list[str]]:
    """module -> compiler and flags, of its first source that is no test."""
    found: dict[str, list[str]] = {}
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as commands:
        for entry in json.load(commands):
            path = os.path.relpath(os.path.join(entry["directory"], entry["file"]), root)
            parts = path.split("/")
            if parts[0] != "src" or len(parts) < 3 or path.endswith(("_test.cc", "_bench.cc")) or parts[1] in found:
                continue
            words = shlex.split(entry["command"])
            if os.path.basename(words[0]) == "ccache":
                words = words[1:]
            kept, skip = [], False
            for word in words[:-1]:
                if skip:
                    skip = False
                elif word in DROPPED_WITH_VALUE:
                    skip = True
                elif word not in DROPPED:
                    kept.append(word)
            found[parts[1]] = kept
    return found


def digest(paths: list[str], flags: list[str]) -> str:
    state = hashlib.sha256("\0".join(flags).encode())
    for path in paths:
        try:
            with open(path, "rb") as source:
                state.update(hashlib.sha256(source.read()).digest())
        except OSError:
            return ""  # an include that is gone: compile again
    return state.hexdigest()


def compile_alone(root: str, header: str, flags: list[str]) -> tuple[str, list[str]]:
    """The compiler's complaint, empty when there is none, and the files of the tree that the header draws in."""
    include = f'#include "{header.removeprefix("src/")}"\n'
    with tempfile.TemporaryDirectory() as folder:
        rule = os.path.join(folder, "rule.d")
        support = ["-I", root] if "/testing/" in header else []  # what serves tests may use tests/support
        command = [*flags, *support, "-fsyntax-only", "-MMD", "-MF", rule, "-MT", "x", "-x", "c++", "-"]
        run = subprocess.run(command, input=include * 2, capture_output=True, text=True, cwd=root, check=False)
        if run.returncode != 0:  # the compiler removed its rule
            return run.stderr.strip() or f"the compiler exited with {run.returncode}", []
        with open(rule, encoding="utf-8") as written:
            drawn = written.read().replace("\\\n", " ").split()[1:]
    return "", sorted(os.path.join(root, path) for path in drawn if path != "-" and os.path.exists(os.path.join(root, path)))


def check(build: str, root: str) -> tuple[list[str], str]:
    flags = flags_by_module(build, root)
    memory = os.path.join(build, "check_headers.json")
    try:
        with open(memory, encoding="utf-8") as stored:
            passed = json.load(stored)
    except (OSError, ValueError):
        passed = {}

    headers = [path for path in tree.files(root) if path.startswith("src/") and path.endswith(".h")]
    known = [path for path in headers if path.split("/")[1] in flags]
    stale = []
    for header in known:
        entry = passed.get(header, {})
        if not entry or entry["digest"] != digest(entry["files"], flags[header.split("/")[1]]):
            stale.append(header)

    problems = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = pool.map(lambda header: compile_alone(root, header, flags[header.split("/")[1]]), stale)
        for header, (complaint, drawn) in zip(stale, results):
            if complaint:
                passed.pop(header, None)
                problems.append(f"{header}: does not compile alone:\n{complaint}")
            else:
                passed[header] = {"files": drawn, "digest": digest(drawn, flags[header.split("/")[1]])}
    with open(memory + ".new", "w", encoding="utf-8") as stored:
        json.dump({header: entry for header, entry in passed.items() if header in headers}, stored)
    os.replace(memory + ".new", memory)
    skipped = len(headers) - len(known)
    return problems, f"{len(known)} headers, {len(stale)} compiled" + (f", {skipped} not in this build" if skipped else "")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    found, summary = check(os.path.abspath(sys.argv.pop(1)), tree.root_argument())
    sys.exit(tree.report("check_headers", found, summary))
