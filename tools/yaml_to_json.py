#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""yaml_to_json.py IN.yaml OUT.json: the same document as compact JSON, in the same order."""
import json
import sys

import yaml

with open(sys.argv[1], encoding="utf-8") as source:
    document = yaml.safe_load(source)
with open(sys.argv[2], "w", encoding="utf-8") as out:
    json.dump(document, out, separators=(",", ":"), ensure_ascii=False)
