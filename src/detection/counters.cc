// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/counters.h"

#include <string_view>

#include "ml/counter_rate.h"

namespace helios::detection {

bool IsCounter(const tsdb::SampleStore& store, TenantId tenant, const std::string& metric) {
  if (ml::NamesCounter(metric)) return true;
  for (const std::string_view suffix : {"_count", "_sum"}) {
    if (!metric.ends_with(suffix)) continue;
    const std::string bucket = metric.substr(0, metric.size() - suffix.size()) + "_bucket";
    const auto found = store.FindSeries(tenant, {.metric = bucket, .matchers = {}}, 1);
    return found && !found->empty();
  }
  return false;
}

}  // namespace helios::detection
