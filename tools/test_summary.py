#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Counts the cases of a ctest run and prints "N passed, N failed" as the last line.

  test_summary.py REPORT.xml     the JUnit file that `ctest --output-junit` writes

One ctest test is often one executable with many cases: where its output ends in GoogleTest's or unittest's own count,
that is what is counted. A test that failed without such a count (a crash, a time-out) counts as one failure.
Before the counts come the failed cases with what each said, without its log, since the whole output may be long or lost;
their names alone come last.
Exits 1 when something failed or nothing ran.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree

GTEST_PASSED = re.compile(r"^\[  PASSED  \] (\d+) tests?\.", re.MULTILINE)
GTEST_FAILED = re.compile(r"^\[  FAILED  \] (\d+) tests?, listed below", re.MULTILINE)
GTEST_SKIPPED = re.compile(r"^\[  SKIPPED \] (\d+) tests?, listed below", re.MULTILINE)
FAILED_CASE = re.compile(r"^\[ RUN      \] (\S+)\n((?:(?!\[ RUN      \]).*\n)*?)\[  FAILED  \] \1\b", re.MULTILINE)
FAILED_UNITTEST = re.compile(r"^(?:FAIL|ERROR): (.*)\n((?:(?!^={70}).*\n)*)", re.MULTILINE)
LOG_LINE = '{"time":'
MOST_LINES = 20  # of what one case said
UNITTEST = re.compile(r"^Ran (\d+) tests? in .*\n+(?:OK|FAILED)(?: \((.*)\))?$", re.MULTILINE)


def last(pattern: re.Pattern, text: str) -> int:
    found = pattern.findall(text)
    return int(found[-1]) if found else 0


def count(status: str, output: str) -> tuple[int, int, int]:
    """(passed, failed, skipped) cases of one ctest test; `status` is "run", "fail", "notrun" or "disabled"."""
    if status == "disabled":
        return 0, 0, 1
    passed, failed, skipped = (last(p, output) for p in (GTEST_PASSED, GTEST_FAILED, GTEST_SKIPPED))
    unittest = UNITTEST.findall(output)
    if unittest:
        ran, outcome = unittest[-1]
        counts = {key: int(number) for key, number in re.findall(r"(\w+)=(\d+)", outcome)}
        failed += counts.get("failures", 0) + counts.get("errors", 0)
        skipped += counts.get("skipped", 0)
        passed += int(ran) - failed - skipped
    if status == "run":
        return (passed, 0, skipped) if passed + skipped else (1, 0, 0)
    return passed, max(failed, 1), skipped


def without_log(said: str) -> list[str]:
    """The lines that are not of the programs' logs; the logs' last ones where nothing else was said."""
    lines = said.splitlines()
    return [line for line in lines if not line.startswith(LOG_LINE)] or lines[-MOST_LINES:]


def failures(name: str, output: str) -> dict[str, list[str]]:
    """What a failed ctest test says of each failed case; of the whole test, when it has no cases or crashed."""
    cases = FAILED_CASE.findall(output) or FAILED_UNITTEST.findall(output)
    if not cases:
        return {name: output.splitlines()[-MOST_LINES:]}
    return {f"{name}: {case}": without_log(said)[:MOST_LINES] for case, said in cases}


def summarize(report: str) -> tuple[int, int, int]:
    totals = [0, 0, 0]
    failed: dict[str, list[str]] = {}
    for case in ElementTree.fromstring(report).iter("testcase"):
        if case.get("status", "fail") not in ("run", "disabled"):
            failed |= failures(case.get("name", "?"), case.findtext("system-out") or "")
        result = count(case.get("status", "fail"), case.findtext("system-out") or "")
        totals = [total + part for total, part in zip(totals, result)]
    for case, said in failed.items():
        print("\n  ".join([case, *said]))
    for case in failed:
        print(f"failed: {case}")
    return tuple(totals)


def main() -> int:
    with open(sys.argv[1], encoding="utf-8", errors="replace") as report:
        passed, failed, skipped = summarize(report.read())
    if skipped:
        print(f"{skipped} skipped")
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
