// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"

namespace helios::dashboards {

inline constexpr std::size_t kMaxCharts = 40;
inline constexpr std::int64_t kColumns = 12;
inline constexpr std::int64_t kMaxRow = 999;
inline constexpr std::int64_t kMaxHeight = 12;
inline constexpr std::int64_t kMaxHours = 90 * 24;

/// One chart of one metric. Its place is in cells of a grid of kColumns columns; charts do not overlap.
struct Chart {
  std::string title;
  std::string metric;
  std::string match;              ///< as POST /query's; "" for every series
  std::string aggregate = "avg";  ///< as POST /query's
  std::int64_t hours = 6;         ///< how far back it looks
  bool forecast = false;          ///< whether it shows what comes next
  std::int64_t x = 0, y = 0;      ///< of its upper left cell, from 0
  std::int64_t width = 6, height = 4;
  bool operator==(const Chart&) const = default;
};

struct Dashboard {
  Uuid id;
  std::string name;
  std::vector<Chart> charts;
  bool shared = true;        ///< in the organization; else its maker's alone, and of those who manage people
  std::int64_t version = 1;  ///< rises with each change
  std::optional<Uuid> created_by;
  TimestampMs created_at;
  TimestampMs updated_at;
};

}  // namespace helios::dashboards
