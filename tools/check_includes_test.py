#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import unittest

import check_includes
from fixture import TreeTest

MODULES = {
    "src/base/CMakeLists.txt": "helios_module(base\n  LAYER base\n  SOURCES a.cc)",
    "src/obs/CMakeLists.txt": "helios_module(obs LAYER obs SOURCES log.cc DEPS base)",
    "src/pg/CMakeLists.txt": "helios_module(pg\n  LAYER platform  # DEPS obs, in a comment\n  DEPS base\n  TESTS pg_test.cc\n  TEST_LIBS helios_obs)",
}


class CheckIncludes(TreeTest):
    def problems_of(self, path: str, text: str) -> list[str]:
        return check_includes.check(self.make_tree(MODULES | {path: text}))[0]

    def test_own_named_and_foreign_headers_pass(self):
        text = '#pragma once\n#include <vector>\n#include "base/result.h"\n#include "pg/internal/wire.h"\n#include "fmt/core.h"\n'
        self.assert_problems(self.problems_of("src/pg/pool.h", text))

    def test_a_module_that_deps_do_not_name_is_refused_with_its_line(self):
        self.assert_problems(self.problems_of("src/pg/pool.cc", '\n#include "obs/log.h"\n'), "src/pg/pool.cc:2: cannot include")

    def test_a_test_may_include_what_its_test_libs_name(self):
        self.assert_problems(self.problems_of("src/pg/pool_test.cc", '#include "obs/log.h"\n'))

    def test_the_inside_of_another_module_is_refused_everywhere(self):
        text = '#include "pg/internal/wire.h"\n'
        self.assert_problems(self.problems_of("src/obs/log.cc", text), "pg/internal/")
        self.assert_problems(self.problems_of("apps/helios/main.cc", text), "pg/internal/")
        self.assert_problems(self.problems_of("tests/integration/a_test.cc", text), "pg/internal/")

    def test_sockets_are_https_alone(self):
        text = "#include <boost/asio/ip/tcp.hpp>\n"
        self.assert_problems(self.problems_of("src/http/server.cc", text))
        self.assert_problems(self.problems_of("src/pg/pool.cc", text), "sockets")
        self.assert_problems(self.problems_of("apps/helios/main.cc", text), "sockets")

    def test_an_include_is_written_from_src(self):
        self.assert_problems(
            self.problems_of("src/pg/pool.cc", '#include "pool.h"\n#include "../base/result.h"\n'), "module/header.h", "module/header.h"
        )


if __name__ == "__main__":
    unittest.main()
