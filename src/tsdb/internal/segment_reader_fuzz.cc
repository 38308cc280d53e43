// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Any bytes as a segment file. Checksums would stop nearly all of them at the door, so the first byte chooses which
// of them are made right: bit 0 the header's, bit 1 those of the groups (mark and number too), bit 2 a sealed segment.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

#include "base/crc32c.h"
#include "tsdb/internal/journal_bytes.h"
#include "tsdb/internal/segment_reader.h"
#include "tsdb/testing/counting_random.h"
#include "tsdb/testing/memory_journal.h"

namespace {

using namespace helios;        // NOLINT(google-build-using-namespace): one file, no header
using namespace helios::tsdb;  // NOLINT(google-build-using-namespace)

constexpr std::uint64_t kNumber = 3;
constexpr std::size_t kBlock = kSegmentBlockBytes;
constexpr std::size_t kMaxBlocks = 32;

/// The input in blocks of 64 bytes, each stretched to one of the file, so that a small input makes many.
std::string Stretched(std::string_view input) {
  std::string file(kBlock, '\0');
  for (std::size_t at = 0; at < input.size() && file.size() < kMaxBlocks * kBlock; at += 64) {
    const std::string_view piece = input.substr(at, 64);
    std::string block(piece);
    block.resize(kBlock, static_cast<char>(piece.size()));
    file += block;
  }
  return file;
}

void RepairGroups(std::string& file, const SegmentHeader& header) {
  for (std::size_t at = kBlock; at + kBlock <= file.size(); at += kBlock) {
    char* const group = &file[at];
    StoreLittle(group, header.mark);
    StoreLittle(group + 8, header.number);
    // Small numbers are where the cases lie.
    StoreLittle(group + 16, LoadLittle<std::uint32_t>(group + 16) % 8);
    const std::uint32_t length = LoadLittle<std::uint32_t>(group + 20) % static_cast<std::uint32_t>(3 * kBlock);
    StoreLittle(group + 20, length);
    if (kGroupHeaderBytes + length > file.size() - at) continue;
    StoreLittle(group + 28, Crc32c({group + kGroupHeaderBytes, length}, Crc32c({group, kGroupHeaderCoveredBytes})));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t choice = data[0];
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  CountingRandom random;
  const Aes256GcmAead aead(AeadKey{1}, random);
  MemoryJournalFileSystem fs;
  const std::filesystem::path path = "/journal/segment";
  std::string& file = fs.bytes(path);
  if ((choice & 1U) == 0) {
    file = input;
  } else {
    file = Stretched(input);
    auto header = MakeSegmentHeader(kNumber, file.size(), Uuid{}, (choice & 4U) != 0 ? &aead : nullptr, random).value();
    EncodeSegmentHeader(header, {file.data(), kBlock});
    if ((choice & 2U) != 0) RepairGroups(file, header);
  }

  auto reader = SegmentReader::Open(fs, path, kNumber, Uuid{}, &aead);
  if (!reader) return 0;
  std::uint64_t behind = kBlock;
  std::int64_t sequence = -1;
  while (const auto payload = reader->Next()) {
    // In order, within the file, and never twice.
    if (payload->empty() || reader->group_offset() < behind || reader->group_sequence() <= sequence) std::abort();
    behind = reader->group_offset() + GroupBytes(payload->size());
    sequence = reader->group_sequence();
    if (behind > file.size() || reader->groups() > kMaxBlocks) std::abort();
  }
  if (reader->end() == SegmentEnd::kUnknown || reader->Next()) std::abort();
  return 0;
}
