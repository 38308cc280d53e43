// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>

namespace helios::tsdb {

/// A place in the sealed log; 0 is no place. Places only rise, so one below SealedLog::begin() was released.
using LogPlace = std::uint64_t;

/// What stands before each page in the log.
struct SealedPage {
  LogPlace previous;      ///< the series' page before this one, released or not; 0 where there is none
  std::int64_t first_ms;  ///< of its samples
  std::int64_t last_ms;
  std::uint32_t tenant;      ///< its number
  std::uint32_t slot;        ///< of the series
  std::uint32_t generation;  ///< of the slot when it was sealed
  std::uint32_t size;        ///< bytes that follow
};

/// Sealed pages in memory, waiting for the next flush: an append-only log, released from its front.
///
/// Not thread-safe; but what stands before end() does not change, so that a flush may read the range that it saw under
/// the store's lock while pages are appended behind it.
class SealedLog {
 public:
  /// Appends a page; returns its place.
  LogPlace Append(SealedPage header, std::string_view bytes);

  [[nodiscard]] LogPlace begin() const { return begin_; }
  [[nodiscard]] LogPlace end() const { return end_; }
  [[nodiscard]] bool Holds(LogPlace place) const { return place != 0 && place >= begin_; }
  [[nodiscard]] std::size_t bytes() const { return static_cast<std::size_t>(end_ - begin_); }

  /// A view of the blocks of [begin(), end()), to read them without the lock as long as they are not released.
  class Range {
   public:
    /// The page at `place`, moving `place` to the one behind it; place < end.
    const SealedPage& Next(LogPlace& place, std::string_view& bytes) const;
    /// The page at `place`; place < end.
    const SealedPage& At(LogPlace place, std::string_view& bytes) const;
    LogPlace begin = 0;
    LogPlace end = 0;

   private:
    friend class SealedLog;
    LogPlace first_block_ = 0;
    std::deque<std::shared_ptr<std::byte[]>> blocks_;
  };
  [[nodiscard]] Range All() const;

  /// Requires Holds(place).
  [[nodiscard]] const SealedPage& At(LogPlace place, std::string_view& bytes) const;

  /// Frees the pages before `end`.
  void Release(LogPlace end);

 private:
  static constexpr std::size_t kBlockBytes = 1U << 20U;
  /// Pages are small against a block; the rest of one that does not hold the next page stays empty.
  [[nodiscard]] static std::size_t Extent(std::size_t size) {
    return (sizeof(SealedPage) + size + alignof(SealedPage) - 1) / alignof(SealedPage) * alignof(SealedPage);
  }
  [[nodiscard]] static LogPlace SkipGap(LogPlace place, const std::byte* block);

  LogPlace begin_ = kBlockBytes;  // so that no place is 0
  LogPlace end_ = kBlockBytes;
  LogPlace first_block_ = 1;  ///< number of the first block in blocks_
  std::deque<std::shared_ptr<std::byte[]>> blocks_;
};

}  // namespace helios::tsdb
