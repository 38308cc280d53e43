# SPDX-License-Identifier: Apache-2.0
"""A small tree in a temporary folder, for the tests of the checks."""
import os
import tempfile
import unittest


class TreeTest(unittest.TestCase):
    def make_tree(self, files: dict[str, str]) -> str:
        """Writes `files`, path -> text, and gives the folder, which goes away with the test."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for path, text in files.items():
            full = os.path.join(folder.name, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8") as out:
                out.write(text)
            if text.startswith("#!"):
                os.chmod(full, 0o755)
        return folder.name

    def assert_problems(self, problems: list[str], *expected: str) -> None:
        """As many problems as `expected`, each containing its text."""
        self.assertEqual(len(problems), len(expected), problems)
        for problem, text in zip(problems, expected):
            self.assertIn(text, problem)
