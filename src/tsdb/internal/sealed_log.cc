// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sealed_log.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace helios::tsdb {
namespace {

constexpr std::uint32_t kGap = 0xffffffffU;  ///< in SealedPage::slot: nothing more in this block

}  // namespace

LogPlace SealedLog::Append(SealedPage header, std::string_view bytes) {
  const std::size_t extent = Extent(bytes.size());
  std::size_t offset = static_cast<std::size_t>(end_ % kBlockBytes);
  // Every block ends with a gap, at least of a header: what reads the log needs no other mark to go on.
  if (blocks_.empty() || offset == 0 || offset + extent + sizeof(SealedPage) > kBlockBytes) {
    if (!blocks_.empty() && offset != 0) {
      const SealedPage gap{
          .previous = 0, .first_ms = 0, .last_ms = 0, .tenant = 0, .slot = kGap, .generation = 0, .size = 0};
      std::memcpy(blocks_.back().get() + offset, &gap, sizeof gap);
      end_ += kBlockBytes - offset;
    }
    blocks_.push_back(std::make_shared_for_overwrite<std::byte[]>(kBlockBytes));
    offset = 0;
  }
  header.size = static_cast<std::uint32_t>(bytes.size());
  std::byte* at = blocks_.back().get() + offset;
  std::memcpy(at, &header, sizeof header);
  std::memcpy(at + sizeof header, bytes.data(), bytes.size());
  const LogPlace place = end_;
  end_ += extent;
  return place;
}

const SealedPage& SealedLog::At(LogPlace place, std::string_view& bytes) const {
  const std::byte* at = blocks_[place / kBlockBytes - first_block_].get() + place % kBlockBytes;
  const auto& page = *std::launder(reinterpret_cast<const SealedPage*>(at));
  bytes = {reinterpret_cast<const char*>(at + sizeof page), page.size};
  return page;
}

SealedLog::Range SealedLog::All() const {
  Range range;
  range.begin = begin_;
  range.end = end_;
  if (begin_ < end_) range.begin = SkipGap(begin_, blocks_[begin_ / kBlockBytes - first_block_].get());
  range.first_block_ = first_block_;
  range.blocks_ = blocks_;
  return range;
}

const SealedPage& SealedLog::Range::At(LogPlace place, std::string_view& bytes) const {
  const std::byte* at = blocks_[place / kBlockBytes - first_block_].get() + place % kBlockBytes;
  const auto& page = *std::launder(reinterpret_cast<const SealedPage*>(at));
  bytes = {reinterpret_cast<const char*>(at + sizeof page), page.size};
  return page;
}

const SealedPage& SealedLog::Range::Next(LogPlace& place, std::string_view& bytes) const {
  const SealedPage& page = At(place, bytes);
  place += Extent(page.size);
  // The next page may lie behind a gap; at the end of the range nothing is looked at.
  if (place < end) place = SkipGap(place, blocks_[place / kBlockBytes - first_block_].get());
  return page;
}

LogPlace SealedLog::SkipGap(LogPlace place, const std::byte* block) {
  std::uint32_t slot = 0;
  std::memcpy(&slot, block + place % kBlockBytes + offsetof(SealedPage, slot), sizeof slot);
  return slot == kGap ? (place / kBlockBytes + 1) * kBlockBytes : place;
}

void SealedLog::Release(LogPlace end) {
  begin_ = std::max(begin_, end);
  // A block goes once nothing of it is left, the one being written never.
  while (blocks_.size() > 1 && (first_block_ + 1) * kBlockBytes <= begin_) {
    blocks_.pop_front();
    ++first_block_;
  }
}

}  // namespace helios::tsdb
