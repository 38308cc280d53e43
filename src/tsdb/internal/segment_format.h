// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "base/uuid.h"
#include "tsdb/internal/aead.h"
#include "tsdb/internal/journal_file_system.h"

namespace helios::tsdb {

// The journal's segment files, byte by byte: docs/formats/journal.md.

inline constexpr std::size_t kSegmentBlockBytes = JournalFile::kBlockBytes;
/// The second copy of the header, in the same block.
inline constexpr std::size_t kSegmentHeaderCopyOffset = kSegmentBlockBytes / 2;
inline constexpr std::size_t kGroupHeaderBytes = 32;
inline constexpr std::uint64_t kMinSegmentBytes = 4 * kSegmentBlockBytes;
/// Group lengths are 32 bits wide.
inline constexpr std::uint64_t kMaxSegmentBytes = 1ULL << 30U;

/// What a segment's first block says about the rest.
struct SegmentHeader {
  std::uint64_t number = 0;  ///< counts up by one, from 1, over the store's whole life
  std::uint64_t bytes = 0;   ///< of the file
  Uuid store;                ///< whose journal it is
  /// Random, drawn for each use of the file; every group begins with it. Without it nobody can write bytes (in a
  /// label, say) that pass for a group when the reader looks for the next one behind a damaged one.
  std::uint64_t mark = 0;
  bool sealed = false;               ///< payloads are sealed by an Aead
  std::array<char, 28> key_check{};  ///< nothing, sealed; zeros where `sealed` is false
  std::uint32_t crc = 0;             ///< of the header's bytes: what the first group chains to
};

/// A header with a fresh mark, and with a key check where `aead` is not null. Requires that the Aead's overhead is 28.
/// Errors: kInternal tsdb.seal_failed.
[[nodiscard]] Result<SegmentHeader> MakeSegmentHeader(std::uint64_t number, std::uint64_t bytes, const Uuid& store,
                                                      const Aead* aead, Random& random);

/// Writes both copies into a zeroed block, and sets `header.crc`.
void EncodeSegmentHeader(SegmentHeader& header, std::span<char> block);

struct DecodedSegmentHeader {
  SegmentHeader header;
  bool one_copy_damaged = false;
};
/// From a file's first block, from whichever copy is whole.
/// Errors: kDataCorruption tsdb.corrupt_journal; kFailedPrecondition tsdb.newer_format.
[[nodiscard]] Result<DecodedSegmentHeader> DecodeSegmentHeader(std::string_view block);

/// That `aead` is the one the segment was made with. Errors: kFailedPrecondition tsdb.wrong_key.
[[nodiscard]] Result<void> CheckSegmentKey(const SegmentHeader& header, const Aead* aead);

struct GroupHeader {
  std::uint64_t mark = 0;
  std::uint64_t segment = 0;
  std::uint32_t sequence = 0;  ///< from 0, within the segment
  std::uint32_t length = 0;    ///< of the payload as it is stored, sealed where the segment is
  std::uint32_t previous = 0;  ///< crc of the group before, or of the segment's header
  std::uint32_t crc = 0;       ///< of the five fields above and the payload
};

/// Bytes of a group header that its crc covers, and that a sealed payload is bound to.
inline constexpr std::size_t kGroupHeaderCoveredBytes = 28;

/// Writes all but the crc.
void EncodeGroupHeader(const GroupHeader& header, char* at);
/// Of kGroupHeaderBytes or more, whatever they hold.
[[nodiscard]] GroupHeader DecodeGroupHeader(std::string_view bytes);

/// Bytes that a group with a stored payload of `length` takes, padding included.
[[nodiscard]] constexpr std::uint64_t GroupBytes(std::uint64_t length) {
  return (kGroupHeaderBytes + length + kSegmentBlockBytes - 1) / kSegmentBlockBytes * kSegmentBlockBytes;
}

/// "journal-000000000042.seg".
[[nodiscard]] std::string SegmentFileName(std::uint64_t number);
[[nodiscard]] std::optional<std::uint64_t> ParseSegmentFileName(std::string_view name);

}  // namespace helios::tsdb
