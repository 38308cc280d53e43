#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import json
import os
import unittest

import check_headers
from fixture import TreeTest


class CheckHeaders(TreeTest):
    def make_build(self, headers: dict[str, str]) -> tuple[str, str]:
        root = self.make_tree({"src/base/a.cc": ""} | headers)
        build = os.path.join(root, "build")
        os.makedirs(build)
        command = f"/usr/bin/ccache clang++-19 -I{root}/src -std=c++23 -o a.o -c {root}/src/base/a.cc"
        entry = {"directory": build, "file": f"{root}/src/base/a.cc", "command": command}
        with open(os.path.join(build, "compile_commands.json"), "w", encoding="utf-8") as out:
            json.dump([entry], out)
        return build, root

    def test_a_complete_header_passes(self):
        build, root = self.make_build({"src/base/a.h": "#pragma once\n#include <string>\nstruct A { std::string name; };\n"})
        problems, summary = check_headers.check(build, root)
        self.assert_problems(problems)
        self.assertEqual(summary, "1 headers, 1 compiled")

    def test_a_header_that_leans_on_its_includer_is_refused(self):
        build, root = self.make_build({"src/base/a.h": "#pragma once\nstruct A { std::string name; };\n"})
        self.assert_problems(check_headers.check(build, root)[0], "src/base/a.h: does not compile alone")

    def test_a_header_that_cannot_be_included_twice_is_refused(self):
        build, root = self.make_build({"src/base/a.h": "struct A {};\n"})
        self.assert_problems(check_headers.check(build, root)[0], "redefinition")

    def test_what_passed_is_compiled_again_only_when_something_it_includes_changed(self):
        build, root = self.make_build({
            "src/base/a.h": '#pragma once\n#include "base/b.h"\ninline B b;\n',
            "src/base/b.h": "#pragma once\nstruct B {};\n",
            "src/base/c.h": "#pragma once\nstruct C {};\n",
        })
        self.assertEqual(check_headers.check(build, root)[1], "3 headers, 3 compiled")
        self.assertEqual(check_headers.check(build, root)[1], "3 headers, 0 compiled")
        with open(os.path.join(root, "src/base/b.h"), "w", encoding="utf-8") as out:
            out.write("#pragma once\nstruct Renamed {};\n")
        problems, summary = check_headers.check(build, root)
        self.assert_problems(problems, "src/base/a.h")
        self.assertEqual(summary, "3 headers, 2 compiled")

    def test_a_module_outside_the_build_is_skipped_and_counted(self):
        build, root = self.make_build({"src/other/a.h": "no C++ at all"})
        problems, summary = check_headers.check(build, root)
        self.assert_problems(problems)
        self.assertEqual(summary, "0 headers, 0 compiled, 1 not in this build")


if __name__ == "__main__":
    unittest.main()
