// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/name_table.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace helios::tsdb {
namespace {

constexpr std::size_t kFewestLines = 4;

// As shares of all entries: where a part grows, where it shrinks, and how full it is after shrinking.
constexpr std::size_t kFullPercent = 80;
constexpr std::size_t kSparsePercent = 30;
constexpr std::size_t kShrunkPercent = 60;

}  // namespace

void NameTable::Part::Place(const NamePrint& print, std::uint32_t slot) {
  for (std::size_t at = Home(print);; at = Next(at)) {
    Line& line = lines[at];
    for (std::size_t i = 0; i < kEntries; ++i) {
      if (line.slots[i] != kNone) continue;
      line.prints[i] = print;
      line.slots[i] = slot;
      return;
    }
    ++line.passed;
  }
}

void NameTable::Part::Remove(std::size_t line, std::size_t entry) {
  for (std::size_t at = Home(lines[line].prints[entry]); at != line; at = Next(at)) --lines[at].passed;
  lines[line].prints[entry] = {};
  lines[line].slots[entry] = kNone;
  --size;
}

void NameTable::Part::ShrinkIfSparse() {
  if (size == 0) {
    lines = std::vector<Line>();
  } else if (lines.size() > kFewestLines && size * 100 < lines.size() * kEntries * kSparsePercent) {
    Resize(std::max(kFewestLines, size * 100 / (kEntries * kShrunkPercent) + 1));
  }
}

void NameTable::Part::Resize(std::size_t line_count) {
  const std::vector<Line> old = std::exchange(lines, std::vector<Line>(line_count));
  for (const Line& line : old) {
    for (std::size_t i = 0; i < kEntries; ++i) {
      if (line.slots[i] != kNone) Place(line.prints[i], line.slots[i]);
    }
  }
}

void NameTable::Insert(const NamePrint& print, std::uint32_t slot) {
  assert(slot != kNone && Find(print) == kNone);
  Part& part = parts_[print.a >> 56U];
  if ((part.size + 1) * 100 > part.lines.size() * kEntries * kFullPercent) {
    part.Resize(std::max(kFewestLines, part.lines.size() * 3 / 2));
  }
  part.Place(print, slot);
  ++part.size;
  ++size_;
}

std::size_t NameTable::bytes() const {
  std::size_t bytes = parts_.capacity() * sizeof(Part);
  for (const Part& part : parts_) bytes += part.lines.capacity() * sizeof(Line);
  return bytes;
}

}  // namespace helios::tsdb
