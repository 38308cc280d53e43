// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "tsdb/series.h"

namespace helios::live {

/// Where a stream stands: what an event's `id:` says, and `Last-Event-ID` brings back.
///
/// It names series by number and nothing else of them, and is no credential: whoever makes one up is sent samples again
/// that they may read anyway.
struct EventId {
  std::uint64_t subscription = 0;  ///< SubscriptionHash() of what was asked for; another one cannot go on from here
  TimestampMs began;               ///< series that are not in `sent` appeared later: theirs is wanted since then
  std::map<tsdb::SeriesId, TimestampMs> sent;  ///< time of the newest sample that was sent of each series
};

/// Series at most of one id.
inline constexpr std::size_t kMaxIdSeries = 1'500;
/// Bytes at most of its text: a request's header has 16 KiB in all.
inline constexpr std::size_t kMaxIdBytes = 12U << 10U;

/// Base64 of: version (1), subscription (u64), began (varint, unix ms), number of series (varint), of each series its
/// number less the one before and its time less `began` (varint, zigzag varint), CRC-32C of all that (u32); integers
/// little endian. Three to six bytes a series.
[[nodiscard]] std::string EncodeId(const EventId& id);

/// nullopt for what EncodeId() did not make, or made in another version.
[[nodiscard]] std::optional<EventId> DecodeId(std::string_view text);

}  // namespace helios::live
