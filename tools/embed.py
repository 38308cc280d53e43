#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turns files into C++ headers at build time.

  embed.py sql MODULE OUT.h FILE.sql…              MODULE::sql::kFileName, a pg::Statement named "module.file_name"
  embed.py files NAMESPACE FUNCTION OUT.h FILE…    NAMESPACE::FUNCTION(), the files' names and bytes
"""
import os
import sys


def literal(text: str) -> str:
    """A raw string literal; split, since compilers limit the length of one."""
    parts = [text[i : i + 8000] for i in range(0, len(text), 8000)] or [""]
    return "\n".join(f'R"__raw__({part})__raw__"' for part in parts)


def write(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def embed_sql(module: str, out: str, files: list[str]) -> None:
    lines = ["#pragma once", '#include "pg/statement.h"', f"namespace helios::{module}::sql {{"]
    for path in files:
        stem = os.path.splitext(os.path.basename(path))[0]
        constant = "k" + "".join(word.capitalize() for word in stem.split("_"))
        with open(path, encoding="utf-8") as source:
            lines.append(f'inline constexpr pg::Statement {constant}{{"{module}.{stem}", {literal(source.read())}}};')
    write(out, "\n".join(lines) + "\n}\n")


def embed_files(namespace: str, function: str, out: str, files: list[str]) -> None:
    lines = [
        "#pragma once",
        "#include <vector>",
        '#include "base/embedded_file.h"',
        f"namespace helios::{namespace} {{",
        f"inline const std::vector<EmbeddedFile>& {function}() {{",
        "  static const std::vector<EmbeddedFile> files = {",
    ]
    for path in files:
        with open(path, encoding="utf-8") as source:
            lines.append(f'    {{"{os.path.basename(path)}", {literal(source.read())}}},')
    write(out, "\n".join(lines) + "\n  };\n  return files;\n}\n}\n")


def main() -> int:
    mode, *rest = sys.argv[1:]
    if mode == "sql":
        embed_sql(rest[0], rest[1], rest[2:])
    elif mode == "files":
        embed_files(rest[0], rest[1], rest[2], rest[3:])
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


sys.exit(main())
