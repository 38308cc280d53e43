#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import unittest

import check_format
from fixture import TreeTest


class CheckFormat(TreeTest):
    def test_a_well_laid_out_file_passes_and_another_is_named_with_its_line(self):
        style = {".clang-format": "BasedOnStyle: Google\n"}
        self.assert_problems(check_format.check(self.make_tree(style | {"a.cc": "int a = 1;\n"}))[0])
        self.assert_problems(check_format.check(self.make_tree(style | {"a.cc": "\nint  a = 1;\n"}))[0], "a.cc:2:")


if __name__ == "__main__":
    unittest.main()
