// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sample_slab.h"

#include <bit>

namespace helios::tsdb {

std::uint32_t SampleSlab::OpenUnit(std::uint8_t size) {
  std::vector<std::uint32_t>& open = open_units_[size];
  const auto bit = static_cast<std::uint8_t>(1U << size);
  while (!open.empty()) {
    const Unit& unit = units_[open.back()];
    if (unit.used != 0 && unit.size == size && unit.used != AllUsed(size)) return open.back();
    units_[open.back()].listed &= static_cast<std::uint8_t>(~bit);
    open.pop_back();
  }
  if (free_units_.empty()) {
    const auto first = static_cast<std::uint32_t>(units_.size());
    blocks_.emplace_back();
    units_.resize(units_.size() + kBlockUnits);
    for (std::uint32_t i = kBlockUnits; i > 0; --i) free_units_.push_back(first + i - 1);
  }
  const std::uint32_t unit = free_units_.back();
  free_units_.pop_back();
  units_[unit].size = size;
  // One of the largest size is full at once.
  if (size + 1 < kSizes && (units_[unit].listed & bit) == 0) {
    units_[unit].listed |= bit;
    open.push_back(unit);
  }
  return unit;
}

std::uint32_t SampleSlab::Allocate(std::uint8_t size) {
  const std::uint32_t at = OpenUnit(size);
  Unit& unit = units_[at];
  const auto cell = static_cast<std::uint32_t>(std::countr_one(unit.used));
  unit.used |= static_cast<std::uint8_t>(1U << cell);
  return at * kCells + cell;
}

void SampleSlab::Free(std::uint8_t size, std::uint32_t buffer) {
  const std::uint32_t at = buffer / kCells;
  Unit& unit = units_[at];
  unit.used &= static_cast<std::uint8_t>(~(1U << buffer % kCells));
  if (unit.used == 0) {
    free_units_.push_back(at);
    return;
  }
  const auto bit = static_cast<std::uint8_t>(1U << size);
  if ((unit.listed & bit) != 0) return;
  unit.listed |= bit;
  open_units_[size].push_back(at);
}

std::size_t SampleSlab::bytes() const {
  std::size_t sum = blocks_.size() * kBlockUnits * kUnitSamples * sizeof(BufferedSample);
  sum += units_.capacity() * sizeof(Unit) + free_units_.capacity() * sizeof(std::uint32_t);
  for (const auto& open : open_units_) sum += open.capacity() * sizeof(std::uint32_t);
  return sum;
}

}  // namespace helios::tsdb
