#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one fuzz target for a while; the tests fuzz.* are this.

  fuzz.py TARGET [SECONDS]     such as ingest_json_decoder; 5 seconds, or 60 where HELIOS_LONG is set

Findings of earlier runs come first, and are forgotten once they pass; then the target runs from the seeds of
tests/fuzz/TARGET/ and what earlier runs made of them. Exits 1 with the path of the reproducer, which stays in
build/fuzz/findings/TARGET/. An input that takes over 10 s, over 1 GiB, or 64 MiB in one allocation is a finding too.
"""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "fuzz"
LIMITS = ["-timeout=10", "-rss_limit_mb=1024", "-malloc_limit_mb=64"]


def run(binary: pathlib.Path, *arguments) -> bool:
    """True where nothing was found. What the target says goes to our own output."""
    symbolizer = os.environ.get("ASAN_SYMBOLIZER_PATH", "/usr/bin/llvm-symbolizer-19")
    environment = {**os.environ, "ASAN_SYMBOLIZER_PATH": symbolizer, "UBSAN_OPTIONS": "print_stacktrace=1"}
    command = [binary, *LIMITS, *arguments]
    return subprocess.run([str(word) for word in command], env=environment, stderr=subprocess.STDOUT, check=False).returncode == 0


def main() -> int:
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    target = sys.argv[1]
    seconds = int(sys.argv[2]) if len(sys.argv) == 3 else 60 if os.environ.get("HELIOS_LONG") else 5
    binary, seeds = BUILD / "bin" / f"fuzz_{target}", ROOT / "tests" / "fuzz" / target
    corpus, findings = BUILD / "corpus" / target, BUILD / "findings" / target
    if not binary.exists():
        sys.exit(f"cannot fuzz {target}: no {binary}; scripts/build fuzz makes it")
    if not seeds.is_dir() or not any(seeds.iterdir()):
        sys.exit(f"cannot fuzz {target}: no seed in {seeds}; see tests/fuzz/README.md")
    corpus.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)

    earlier = sorted(findings.iterdir())
    for reproducer in earlier:
        if not run(binary, reproducer):
            sys.exit(f"fuzz {target}: still fails on {reproducer}")
        reproducer.unlink()
    if not run(binary, f"-max_total_time={seconds}", f"-artifact_prefix={findings}/", "-reload=0", corpus, seeds):
        found = sorted(findings.iterdir())
        sys.exit(f"fuzz {target}: failed; {'reproduce with ' + str(binary) + ' ' + str(found[0]) if found else 'no reproducer'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
