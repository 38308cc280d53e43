// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/manifest_check.h"

#include <algorithm>
#include <string>

#include "base/crc32c.h"
#include "base/file.h"
#include "tsdb/internal/journal_bytes.h"

namespace helios::tsdb {
namespace {

// A log is blocks of 32 KiB, a record is whole in one: masked crc32c of all behind the length (u32), length of the
// payload (u16), type (u8), payload. Less than a header at a block's end is zeros.
constexpr std::size_t kBlockBytes = 32768;
constexpr std::size_t kHeaderBytes = 7;
constexpr std::uint8_t kLastType = 4;
constexpr std::size_t kMostManifestBytes = 1U << 30U;

/// Of the record at `offset`, its header included; 0 where none is whole there.
std::size_t RecordBytes(std::string_view log, std::size_t offset) {
  const std::size_t room = std::min(log.size() - offset, kBlockBytes - offset % kBlockBytes);
  if (room < kHeaderBytes) return 0;
  const std::string_view record = log.substr(offset, room);
  const std::size_t length = static_cast<std::uint8_t>(record[4]) + 256U * static_cast<std::uint8_t>(record[5]);
  const auto type = static_cast<std::uint8_t>(record[6]);
  if (type == 0 || type > kLastType || kHeaderBytes + length > room) return 0;
  const std::uint32_t crc = Crc32c(record.substr(6, 1 + length));
  const std::uint32_t masked = ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U;
  return LoadLittle<std::uint32_t>(record) == masked ? kHeaderBytes + length : 0;
}

}  // namespace

bool HasRecordBehindDamage(std::string_view log) {
  std::size_t offset = 0;
  while (offset < log.size()) {
    if (kBlockBytes - offset % kBlockBytes < kHeaderBytes) {
      offset += kBlockBytes - offset % kBlockBytes;
      continue;
    }
    const std::size_t bytes = RecordBytes(log, offset);
    if (bytes == 0) break;
    offset += bytes;
  }
  // Lengths are not to be trusted from here on.
  for (++offset; offset < log.size(); ++offset) {
    if (RecordBytes(log, offset) != 0) return true;
  }
  return false;
}

Result<void> CheckManifest(const std::filesystem::path& directory) {
  auto name = ReadFile(directory / "CURRENT", kBlockBytes);
  if (!name) return {};
  if (name->ends_with('\n')) name->pop_back();
  const auto manifest = ReadFile(directory / *name, kMostManifestBytes);
  if (!manifest || !HasRecordBehindDamage(*manifest)) return {};
  return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
              "cannot open the sample store in {}: {} is damaged; restore a backup", directory.string(), *name);
}

}  // namespace helios::tsdb
