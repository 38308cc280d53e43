// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tsdb/series.h"

namespace helios::tsdb {

inline constexpr std::int64_t kDayMs = 24LL * 60 * 60 * 1000;

/// A UTC day: its number since 1970, also below 0.
[[nodiscard]] constexpr std::int32_t DayOf(std::int64_t time_ms) {
  return static_cast<std::int32_t>(time_ms >= 0 ? time_ms / kDayMs : (time_ms + 1) / kDayMs - 1);
}
[[nodiscard]] constexpr std::int64_t DayStartMs(std::int32_t day) {
  return day * kDayMs;
}

enum class ChunkKind : std::uint8_t {
  kSamples = 1,
  kFiveMinutes = 2,  ///< rollups
  kHours = 3,
};

/// Where a chunk is: what one flush, or the compaction of a day, keeps of one series and one day.
struct ChunkKey {
  std::uint32_t tenant = 0;  ///< the tenant's number in this store
  ChunkKind kind = ChunkKind::kSamples;
  std::int32_t day = 0;
  std::uint32_t flush = 0;  ///< number of the flush; kCompacted for what compaction wrote
  SeriesId series;
  auto operator<=>(const ChunkKey&) const = default;

  static constexpr std::uint32_t kCompacted = 0;
};

/// 21 bytes, big endian, in the order of the members, so that time stands before the series: files of one day hold
/// keys of no other. Keys sort as bytes as ChunkKey does.
inline constexpr std::size_t kChunkKeyBytes = 21;
void EncodeChunkKey(const ChunkKey& key, std::string& out);
[[nodiscard]] std::string EncodeChunkKey(const ChunkKey& key);
/// None where the bytes are no chunk's key.
[[nodiscard]] std::optional<ChunkKey> DecodeChunkKey(std::string_view bytes);

/// The key of the entry that says there are chunks of this tenant, kind, day and flush, of whatever series. It stands
/// in the meta family of the database that has them, and is written together with them.
inline constexpr std::string_view kChunkPlacePrefix = "chunks:";
[[nodiscard]] std::string EncodeChunkPlace(const ChunkKey& key);
/// None where the bytes are no such key.
[[nodiscard]] std::optional<ChunkKey> DecodeChunkPlace(std::string_view bytes);

/// Tenant and id of a series, 12 bytes, big endian.
inline constexpr std::size_t kSeriesDiskKeyBytes = 12;
[[nodiscard]] std::string EncodeSeriesDiskKey(std::uint32_t tenant, SeriesId series);
struct SeriesDiskKey {
  std::uint32_t tenant = 0;
  SeriesId series;
};
[[nodiscard]] std::optional<SeriesDiskKey> DecodeSeriesDiskKey(std::string_view bytes);

}  // namespace helios::tsdb
