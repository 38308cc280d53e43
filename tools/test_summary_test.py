#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import contextlib
import io
import unittest

import test_summary

REPORT = """<?xml version="1.0"?><testsuite>
<testcase name="unit.a" status="run"><system-out>[==========] 12 tests ran.
[  PASSED  ] 11 tests.
[  SKIPPED ] 1 test, listed below:
</system-out></testcase>
<testcase name="unit.b" status="fail"><system-out>[  PASSED  ] 4 tests.
[  FAILED  ] 2 tests, listed below:
</system-out></testcase>
<testcase name="unit.crash" status="fail"><system-out>[ RUN      ] A.B</system-out></testcase>
<testcase name="check.tree" status="run"><system-out>no count here</system-out></testcase>
</testsuite>"""


class TestSummary(unittest.TestCase):
    def test_counts_cases_and_each_crash_as_one_failure(self):
        printed = io.StringIO()  # kept: this test's own output is counted by the rules it tests
        with contextlib.redirect_stdout(printed):
            self.assertEqual(test_summary.summarize(REPORT), (11 + 4 + 1, 2 + 1, 1))
        self.assertEqual(printed.getvalue().splitlines()[-2:], ["failed: unit.b", "failed: unit.crash"])

    def test_reads_unittests_count(self):
        self.assertEqual(test_summary.count("run", "....\nRan 4 tests in 0.1s\n\nOK\n"), (4, 0, 0))
        self.assertEqual(test_summary.count("fail", "Ran 5 tests in 0.1s\n\nFAILED (failures=1, errors=1, skipped=1)\n"), (2, 2, 1))

    def test_a_test_that_never_ran_is_a_failure(self):
        self.assertEqual(test_summary.count("notrun", ""), (0, 1, 0))

    def test_tells_what_each_failed_case_said(self):
        output = """[ RUN      ] A.Good
[       OK ] A.Good (0 ms)
[ RUN      ] A.Bad
a.cc:3: Failure
want 1
[  FAILED  ] A.Bad (2 ms)
[  FAILED  ] A.Bad
"""
        self.assertEqual(test_summary.failures("unit.a", output), {"unit.a: A.Bad": ["a.cc:3: Failure", "want 1"]})
        self.assertEqual(test_summary.failures("x", "killed"), {"x": ["killed"]})
        self.assertEqual(test_summary.failures("y", "=\nFAIL: test_z (m.T)\n----\nno\n"), {"y: test_z (m.T)": ["----", "no"]})

    def test_leaves_out_the_log_unless_nothing_else_was_said(self):
        log = '{"time":"2026-01-01T00:00:00Z","level":"info"}\n'
        begin, end = "[ RUN      ] A.Bad\n" + log, "[  FAILED  ] A.Bad (2 ms)\n"
        self.assertEqual(test_summary.failures("a", begin + "a.cc:3: Failure\n" + end), {"a: A.Bad": ["a.cc:3: Failure"]})
        self.assertEqual(test_summary.failures("a", begin + end), {"a: A.Bad": [log.strip()]})

    def test_a_passed_test_has_no_failures_whatever_it_prints(self):
        self.assertEqual(test_summary.count("run", "[  PASSED  ] 4 tests.\n[  FAILED  ] 2 tests, listed below:\n"), (4, 0, 0))


if __name__ == "__main__":
    unittest.main()
