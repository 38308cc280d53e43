// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/trained_metrics.h"

#include <fmt/format.h>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace helios::training {

void TrainedMetrics::Mean::Take(const std::optional<double>& value) {
  if (!value) return;
  sum += *value;
  ++count;
}

void TrainedMetrics::Add(const ml::ModelDescription& description) {
  mase_.Take(description.metrics.mase);
  smape_.Take(description.metrics.smape);
  mae_.Take(description.metrics.mae);
  coverage_.Take(description.metrics.coverage);
  origins_ = std::max(origins_, description.metrics.origins);
  first_ = series_ == 0 ? description.trained_from : std::min(first_, description.trained_from);
  last_ = series_ == 0 ? description.trained_to : std::max(last_, description.trained_to);
  Served& served = served_[description.model_type];
  if (served.series++ == 0) served.reason = description.reason;
  ++series_;
}

std::string TrainedMetrics::Json(std::int64_t promoted) const {
  boost::json::object json;
  const auto set = [&](std::string_view name, const Mean& mean) {
    if (mean.count > 0) json[name] = mean.sum / static_cast<double>(mean.count);
  };
  set("mase", mase_);
  set("smape", smape_);
  set("mae", mae_);
  set("coverage", coverage_);
  json["origins"] = origins_;
  json["series"] = series_;
  json["promoted"] = promoted;
  boost::json::object served;
  for (const auto& [model, one] : served_) served[model] = one.series;
  json["served_by"] = std::move(served);
  const auto most = std::ranges::max_element(served_, {}, [](const auto& one) { return one.second.series; });
  if (most != served_.end()) {
    json["reason"] = series_ == 1 ? most->second.reason
                                  : fmt::format("{} serves {} of {} series, the first of them for this reason: {}",
                                                most->first, most->second.series, series_, most->second.reason);
  }
  return boost::json::serialize(json);
}

}  // namespace helios::training
