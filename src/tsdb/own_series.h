// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "tsdb/series.h"

namespace helios::tsdb {

/// Prefix of the metrics that are Helios' own: no sender may write them.
inline constexpr std::string_view kOwnPrefix = "helios:";

/// Name of what Helios itself says of the series `of`: `metric`, the labels of `of`, the label metric with its name,
/// and `own`. A label of `of` that is called like one of these becomes exported_<name>. None where that would be more
/// than a series may have, or one name twice. `metric` begins with kOwnPrefix.
[[nodiscard]] std::optional<SeriesKey> OwnSeriesKey(std::string_view metric, const SeriesKey& of,
                                                    std::vector<Label> own = {});

}  // namespace helios::tsdb
