// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_format.h"

#include <charconv>
#include <cstring>

#include "base/crc32c.h"
#include "tsdb/internal/journal_bytes.h"

namespace helios::tsdb {
namespace {

constexpr std::string_view kMagic = "heliosjn";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kSealedFlag = 1;

// Offsets within a copy of the header.
constexpr std::size_t kVersionAt = 8;
constexpr std::size_t kFlagsAt = 12;
constexpr std::size_t kNumberAt = 16;
constexpr std::size_t kBytesAt = 24;
constexpr std::size_t kStoreAt = 32;
constexpr std::size_t kMarkAt = 48;
constexpr std::size_t kKeyCheckAt = 56;
constexpr std::size_t kCrcAt = 84;
constexpr std::size_t kHeaderBytes = 88;

constexpr std::string_view kPrefix = "journal-";
constexpr std::string_view kSuffix = ".seg";

/// All that stands before the key check.
std::string EncodeFields(const SegmentHeader& header) {
  std::string bytes(kKeyCheckAt, '\0');
  std::memcpy(bytes.data(), kMagic.data(), kMagic.size());
  StoreLittle(&bytes[kVersionAt], kVersion);
  StoreLittle(&bytes[kFlagsAt], header.sealed ? kSealedFlag : 0U);
  StoreLittle(&bytes[kNumberAt], header.number);
  StoreLittle(&bytes[kBytesAt], header.bytes);
  StoreLittle(&bytes[kStoreAt], header.store.bytes);
  StoreLittle(&bytes[kMarkAt], header.mark);
  return bytes;
}

bool IsWhole(std::string_view copy) {
  return copy.starts_with(kMagic) && LoadLittle<std::uint32_t>(&copy[kCrcAt]) == Crc32c(copy.substr(0, kCrcAt));
}

}  // namespace

Result<SegmentHeader> MakeSegmentHeader(std::uint64_t number, std::uint64_t bytes, const Uuid& store, const Aead* aead,
                                        Random& random) {
  SegmentHeader header{.number = number, .bytes = bytes, .store = store, .sealed = aead != nullptr};
  std::array<std::uint8_t, 8> mark{};
  random.Fill(mark);
  std::memcpy(&header.mark, mark.data(), mark.size());
  if (aead != nullptr) HELIOS_CHECK(aead->SealInto(EncodeFields(header), {}, header.key_check));
  return header;
}

void EncodeSegmentHeader(SegmentHeader& header, std::span<char> block) {
  std::string copy = EncodeFields(header);
  copy.append(header.key_check.data(), header.key_check.size());
  header.crc = Crc32c(copy);
  copy.resize(kHeaderBytes);
  StoreLittle(&copy[kCrcAt], header.crc);
  std::memcpy(block.data(), copy.data(), copy.size());
  std::memcpy(block.data() + kSegmentHeaderCopyOffset, copy.data(), copy.size());
}

Result<DecodedSegmentHeader> DecodeSegmentHeader(std::string_view block) {
  if (block.size() < kSegmentBlockBytes) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt_journal",
                "cannot read a journal segment: got {} bytes; want {} at least", block.size(), kSegmentBlockBytes);
  }
  const std::string_view first = block.substr(0, kHeaderBytes);
  const std::string_view second = block.substr(kSegmentHeaderCopyOffset, kHeaderBytes);
  const bool whole[] = {IsWhole(first), IsWhole(second)};
  if (!whole[0] && !whole[1]) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt_journal",
                "cannot read a journal segment: both copies of its header are damaged");
  }
  const std::string_view copy = whole[0] ? first : second;
  if (const auto version = LoadLittle<std::uint32_t>(&copy[kVersionAt]); version != kVersion) {
    return Fail(ErrorCode::kFailedPrecondition, "tsdb.newer_format",
                "cannot read a journal segment: it has format {}; want {}; start the release that wrote it", version,
                kVersion);
  }
  DecodedSegmentHeader decoded;
  SegmentHeader& header = decoded.header;
  header.sealed = (LoadLittle<std::uint32_t>(&copy[kFlagsAt]) & kSealedFlag) != 0;
  header.number = LoadLittle<std::uint64_t>(&copy[kNumberAt]);
  header.bytes = LoadLittle<std::uint64_t>(&copy[kBytesAt]);
  header.store.bytes = LoadLittle<decltype(header.store.bytes)>(&copy[kStoreAt]);
  header.mark = LoadLittle<std::uint64_t>(&copy[kMarkAt]);
  header.key_check = LoadLittle<decltype(header.key_check)>(&copy[kKeyCheckAt]);
  header.crc = LoadLittle<std::uint32_t>(&copy[kCrcAt]);
  decoded.one_copy_damaged = !whole[0] || !whole[1];
  return decoded;
}

Result<void> CheckSegmentKey(const SegmentHeader& header, const Aead* aead) {
  if (!header.sealed) return {};
  if (aead == nullptr) {
    return Fail(ErrorCode::kFailedPrecondition, "tsdb.wrong_key",
                "cannot read journal segment {}: it is encrypted; want the key it was written with", header.number);
  }
  std::string nothing;
  if (!aead->Open(EncodeFields(header), {header.key_check.data(), header.key_check.size()}, nothing)) {
    return Fail(ErrorCode::kFailedPrecondition, "tsdb.wrong_key",
                "cannot read journal segment {}: it is encrypted with another key", header.number);
  }
  return {};
}

void EncodeGroupHeader(const GroupHeader& header, char* at) {
  StoreLittle(at, header.mark);
  StoreLittle(at + 8, header.segment);
  StoreLittle(at + 16, header.sequence);
  StoreLittle(at + 20, header.length);
  StoreLittle(at + 24, header.previous);
}

GroupHeader DecodeGroupHeader(std::string_view bytes) {
  return {.mark = LoadLittle<std::uint64_t>(bytes),
          .segment = LoadLittle<std::uint64_t>(bytes.substr(8)),
          .sequence = LoadLittle<std::uint32_t>(bytes.substr(16)),
          .length = LoadLittle<std::uint32_t>(bytes.substr(20)),
          .previous = LoadLittle<std::uint32_t>(bytes.substr(24)),
          .crc = LoadLittle<std::uint32_t>(bytes.substr(28))};
}

std::string SegmentFileName(std::uint64_t number) {
  return fmt::format("{}{:012}{}", kPrefix, number, kSuffix);
}

std::optional<std::uint64_t> ParseSegmentFileName(std::string_view name) {
  if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) return std::nullopt;
  const std::string_view digits = name.substr(kPrefix.size(), name.size() - kPrefix.size() - kSuffix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  // Only the one spelling that SegmentFileName() gives, so that no two files have one number.
  if (error != std::errc{} || SegmentFileName(number) != name) return std::nullopt;
  return number;
}

}  // namespace helios::tsdb
