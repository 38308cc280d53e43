// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/uuid.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

// Keys and values on disk; docs/formats/samples-rocksdb.md is their description. Integers are big endian, so that
// RocksDB's byte order is tenant, series, time.

inline constexpr std::size_t kSeriesKeyBytes = 16 + 8;
inline constexpr std::size_t kSampleKeyBytes = kSeriesKeyBytes + 8;

/// Key of one sample. `time_ms` may be negative: its sign bit is flipped to keep the order.
class SampleDiskKey {
 public:
  SampleDiskKey(TenantId tenant, SeriesId series, std::int64_t time_ms);
  [[nodiscard]] std::string_view bytes() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::array<char, kSampleKeyBytes> bytes_;
};

/// The key of a series' entry, and the prefix of all its samples' keys.
[[nodiscard]] std::string SeriesDiskKey(TenantId tenant, SeriesId series);

/// The parts of a key of kSampleKeyBytes or kSeriesKeyBytes.
[[nodiscard]] TenantId TenantOfKey(std::string_view key);
[[nodiscard]] SeriesId SeriesOfKey(std::string_view key);
[[nodiscard]] std::int64_t TimeOfSampleKey(std::string_view key);

void AppendU64(std::string& out, std::uint64_t value);
/// Requires at least eight bytes.
[[nodiscard]] std::uint64_t LoadU64(const char* bytes);

struct SeriesEntry {
  SeriesKey key;
  TimestampMs first_seen;
};

[[nodiscard]] std::string EncodeSeriesEntry(const SeriesKey& key, std::int64_t first_seen_ms);

/// Errors: kDataCorruption tsdb.corrupt.
[[nodiscard]] Result<SeriesEntry> DecodeSeriesEntry(std::string_view bytes);

}  // namespace helios::tsdb
