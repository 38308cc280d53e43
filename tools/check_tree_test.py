#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
import os
import unittest

import check_tree
from fixture import TreeTest

OPEN = "SPDX-License-Identifier: Apache-2.0\n"
CLOSED = "SPDX-License-Identifier: LicenseRef-Helios-Commercial\n"
README = {"src/ml/README.md": "# ml\n", "src/pg/README.md": "# pg\n"}


class CheckTree(TreeTest):
    def problems(self, files: dict[str, str]) -> list[str]:
        return check_tree.check(self.make_tree(README | files))[0]

    def test_each_folder_has_its_licence(self):
        self.assert_problems(self.problems({
            "src/ml/a.h": "// " + OPEN, "src/pg/a.h": "// " + CLOSED, "scripts/go": "#!/bin/sh\n# " + OPEN,
            "cmake/a.cmake": "# " + OPEN, "tests/CMakeLists.txt": "# " + CLOSED, "docs/plain.yaml": "a: 1\n",
        }))
        self.assert_problems(self.problems({"src/ml/a.h": "// " + CLOSED}), "want Apache-2.0")
        self.assert_problems(self.problems({"src/pg/a.h": "// " + OPEN}), "want LicenseRef-Helios-Commercial")
        self.assert_problems(self.problems({"src/pg/a.h": "#pragma once\n"}), "name no licence")

    def test_a_module_has_a_readme(self):
        self.assert_problems(self.problems({"src/http/a.h": "// " + OPEN}), "src/http: has no README.md")

    def test_the_map_lists_each_module(self):
        self.assert_problems(self.problems({"HACKING.md": "| `src/ml/` | here |\n"}), "src/pg: the map in HACKING.md leaves it out")

    def test_what_a_readme_lists_and_a_page_links_to_exists(self):
        listing = "# ml\n- `a.h`: here\n- `theta`: a word, no path\n| `sub/` | gone |\n\n```\n- `fenced.h`\n```\n"
        self.assert_problems(self.problems({"src/ml/README.md": listing, "src/ml/a.h": "// " + OPEN}), "names sub/")
        self.assert_problems(self.problems({"docs/a.md": "[b](b.md), [c](https://example.org/x), [d](#d)\n"}), "names b.md")
        self.assert_problems(self.problems({"docs/a.md": "[b](b.md#part)\n", "docs/b.md": "# b\n"}))

    def test_notes_of_unfinished_work_are_refused(self):
        self.assert_problems(self.problems({"docs/a.md": "one\nFIX" "ME later\n"}), "docs/a.md:2: has a note of unfinished work")

    def test_paths_and_hosts_of_one_machine_are_refused(self):
        self.assert_problems(self.problems({"docs/a.md": "see /ro" "ot/clone\n"}), "a path of one machine")
        self.assert_problems(self.problems({"docs/a.md": "see /ho" "me/ann/clone\n"}), "a path of one machine")
        self.assert_problems(self.problems({"docs/a.md": "tests/root/x, $HOME/root/x, https://example.org/home/a\n"}))
        self.assert_problems(self.problems({"docs/a.md": "http://deb." "debian.org/debian\n"}), "host")

    def test_a_lock_file_records_no_address(self):
        lock = '{"resolved": "https://example.org/a.tgz"}\n'
        self.assert_problems(self.problems({"tools/node/package-lock.json": lock}), "omit-lockfile-registry-resolved")

    def test_scripts_can_be_run(self):
        root = self.make_tree({"scripts/go": "#!/bin/sh\n# " + OPEN})
        os.chmod(os.path.join(root, "scripts/go"), 0o644)
        self.assert_problems(check_tree.check(root)[0], "cannot be run", "cannot be run")


if __name__ == "__main__":
    unittest.main()
