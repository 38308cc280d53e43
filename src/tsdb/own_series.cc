// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/own_series.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace helios::tsdb {

std::optional<SeriesKey> OwnSeriesKey(std::string_view metric, const SeriesKey& of, std::vector<Label> own) {
  own.push_back({.name = "metric", .value = of.metric});
  if (of.labels.size() + own.size() > kMaxLabels) return std::nullopt;
  SeriesKey key{.metric = std::string(metric), .labels = of.labels};
  for (Label& label : key.labels) {
    if (std::ranges::find(own, label.name, &Label::name) != own.end()) label.name.insert(0, "exported_");
  }
  std::ranges::move(own, std::back_inserter(key.labels));
  std::ranges::sort(key.labels, {}, &Label::name);
  std::size_t bytes = 0;
  for (const Label& label : key.labels) bytes += label.name.size() + label.value.size();
  if (bytes > kMaxLabelSetBytes) return std::nullopt;
  if (std::ranges::adjacent_find(key.labels, {}, &Label::name) != key.labels.end()) return std::nullopt;
  return key;
}

}  // namespace helios::tsdb
