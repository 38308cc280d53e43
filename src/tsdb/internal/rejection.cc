// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/rejection.h"

#include <fmt/format.h>

#include <bit>

#include "tsdb/internal/limits.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {
namespace {

// RFC 3339 has four digits for the year, and a sender's time may be anything.
std::string Shown(std::int64_t time_ms) {
  constexpr std::int64_t kYear10000 = 253'402'300'800'000;
  if (time_ms < 0 || time_ms >= kYear10000) return fmt::format("unix time {} ms", time_ms);
  return FormatRfc3339(FromUnixMs(time_ms));
}

std::string ShownValue(std::uint64_t bits) {
  const double value = std::bit_cast<double>(bits);
  if (IsStaleMarker(value)) return "a stale marker";
  if (value != value) return fmt::format("NaN (bits {:#018x})", bits);
  return fmt::format("{}", value);
}

}  // namespace

std::string DescribeTooFarInFuture(std::string_view series, std::int64_t time_ms, TimestampMs now) {
  return fmt::format("cannot store a sample of {}: it lies in the future; got {}; want at most {}", series,
                     Shown(time_ms), Shown(ToUnixMs(now + kFutureTolerance)));
}

std::string DescribeTooOld(std::string_view series, std::int64_t time_ms, std::int64_t oldest_ms) {
  return fmt::format("cannot store a sample of {}: it is beyond retention; got {}; want {} or later", series,
                     Shown(time_ms), Shown(oldest_ms));
}

std::string DescribeOutOfOrder(std::string_view series, std::int64_t time_ms, std::int64_t newest_ms) {
  return fmt::format(
      "cannot store a sample of {}: it is over 1 h older than the series' newest, of {}; got {}; want {} or later, "
      "or an import",
      series, Shown(newest_ms), Shown(time_ms), Shown(newest_ms - kOutOfOrderWindow.count()));
}

std::string DescribeConflict(std::string_view series, std::int64_t time_ms, std::uint64_t bits,
                             std::uint64_t stored_bits) {
  return fmt::format("cannot store a sample of {}: it has another value at {}; got {}; want {}", series, Shown(time_ms),
                     ShownValue(bits), ShownValue(stored_bits));
}

std::string DescribeSeriesLimit(std::string_view series, std::size_t limit) {
  return fmt::format(
      "cannot store samples of {}: the series is new and the plan's active series are used up; want at most {} with "
      "a sample within the last hour",
      series, limit);
}

}  // namespace helios::tsdb
