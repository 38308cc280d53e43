#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that docs/api/openapi.yaml and the program speak of the same API.

  check_openapi.py [ROOT]

- Each route that src/ makes (pattern and operation, with the method named before them) is an operation of the
  document, and each operation is such a route.
- Each error code that a description lists stands in src/, and each code of the modules that make errors for clients
  is listed.
"""
import os
import re
import sys

import yaml

import tree

DOCUMENT = "docs/api/openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")
ROUTE = re.compile(r'"(/[^"\s]*)"\s*,\s*(?:\.operation\s*=\s*)?"(\w+)"')
METHOD = re.compile(r"\bMethod::k(\w+)")
MAKES_ROUTES = re.compile(r"\bRoutes\s+(?:\w+::)*\w*Routes\([^)]*\)[^;{]*\{")
LISTED = re.compile(r"`([a-z]+\.[a-z_]+)`")
CODE = re.compile(r'"((?:alerting(?!\.write")|gateway|identity|inference|ingest|notify|query|tenancy|training)\.[a-z_]+)"')
COMMENT = re.compile(r"//[^\n]*")


def routes_of_program(root: str) -> tuple[dict[tuple[str, str], tuple[str, str]], list[str]]:
    """(METHOD, path) -> (operation, where), and what could not be read."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    problems = []
    for path in sources(root):
        text = COMMENT.sub("", tree.read(root, path))
        here = 0
        for match in ROUTE.finditer(text):
            where = f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
            methods = METHOD.findall(text, 0, match.start())
            if not methods:
                continue
            here += 1
            key = (methods[-1].upper(), match.group(1))
            if key in found:
                # The operator's listener answers some of the same requests.
                continue
            found[key] = (match.group(2), where)
        if MAKES_ROUTES.search(text) and not here:
            problems.append(f'{path}: makes routes that cannot be read; want "/path", "operation" side by side')
    return found, problems


def sources(root: str) -> list[str]:
    return [path for path in tree.files(root) if re.match(r"src/.*\.cc$", path) and not re.search(r"_(test|bench)\.cc$", path)]


def operations_of_document(document: dict) -> dict[tuple[str, str], str]:
    return {
        (method.upper(), path): item[method].get("operationId", "")
        for path, item in (document.get("paths") or {}).items()
        for method in METHODS
        if method in item
    }


def descriptions(node) -> list[str]:
    if isinstance(node, list):
        return [text for item in node for text in descriptions(item)]
    if not isinstance(node, dict):
        return []
    own = [node["description"]] if isinstance(node.get("description"), str) else []
    return own + [text for value in node.values() for text in descriptions(value)]


def check(root: str) -> tuple[list[str], str]:
    document = yaml.safe_load(tree.read(root, DOCUMENT)) or {}
    served, problems = routes_of_program(root)
    described = operations_of_document(document)
    for key, (operation, where) in served.items():
        name = " ".join(key)
        if key not in described:
            problems.append(f"{where}: {name} ({operation}) is not in {DOCUMENT}")
        elif described[key] != operation:
            problems.append(f"{where}: {name} is {operation} here and {described[key]} in {DOCUMENT}; want one name")
    for key in sorted(set(described) - set(served)):
        problems.append(f"{DOCUMENT}: describes {' '.join(key)} ({described[key]}), which nothing serves")

    listed = {code for text in descriptions(document) for code in LISTED.findall(text)}
    every_source = "\n".join(COMMENT.sub("", tree.read(root, path)) for path in sources(root))
    for code in sorted(listed):
        if f'"{code}"' not in every_source:
            problems.append(f"{DOCUMENT}: lists the code {code}, which nothing answers")
    for code in sorted(set(CODE.findall(every_source)) - listed):
        problems.append(f"{DOCUMENT}: lists nowhere the code {code}, which src/ has")
    return problems, f"{len(served)} routes, {len(listed)} codes"


if __name__ == "__main__":
    found, summary = check(tree.root_argument())
    sys.exit(tree.report("check_openapi", found, summary))
