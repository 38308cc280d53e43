#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import unittest

import check_core_alone
from fixture import TreeTest

PRESETS = """{"version": 6, "configurePresets": [
  {"name": "core", "generator": "Ninja", "binaryDir": "${sourceDir}/build/core"}]}
"""
PROJECT = "cmake_minimum_required(VERSION 3.25)\nproject(small LANGUAGES NONE)\n"
TARGET = "add_custom_target(helios-core DEPENDS ${CMAKE_SOURCE_DIR}/src/base/a.cc)\n"


class CheckCoreAlone(TreeTest):
    def problems(self, files: dict[str, str]) -> list[str]:
        return check_core_alone.check(self.make_tree({"CMakePresets.json": PRESETS} | files))[0]

    def test_a_tree_that_needs_its_open_folders_alone_passes(self):
        self.assert_problems(self.problems({
            "CMakeLists.txt": PROJECT + TARGET,
            "src/base/a.cc": '#include "base/a.h"\n',
            "src/base/a.h": "",
            "src/gateway/g.cc": '#include "base/a.h"\n',
        }))

    def test_a_build_that_reads_another_folder_is_refused(self):
        self.assert_problems(self.problems({
            "CMakeLists.txt": PROJECT + "add_subdirectory(src/gateway)\n" + TARGET,
            "src/base/a.cc": "",
            "src/gateway/CMakeLists.txt": "",
        }), "does not configure")

    def test_a_program_of_a_file_from_another_folder_is_refused(self):
        self.assert_problems(self.problems({
            "CMakeLists.txt": PROJECT + TARGET.replace("base/a.cc", "gateway/g.cc"),
            "src/base/a.cc": "",
            "src/gateway/g.cc": "",
        }), "misses a file of helios-core")

    def test_an_include_from_another_folder_is_refused(self):
        self.assert_problems(self.problems({
            "CMakeLists.txt": PROJECT + TARGET,
            "src/base/a.cc": '#include "gateway/g.h"\n',
            "src/gateway/g.h": "",
        }), 'src/base/a.cc:1: includes "gateway/g.h"')


if __name__ == "__main__":
    unittest.main()
