// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/recommend_query.h"

#include "http/json.h"
#include "wire/history_json.h"
#include "wire/scaling_json.h"

namespace helios::scaling {

tsdb::SeriesSelector SelectorOf(std::string metric, const std::vector<std::pair<std::string, std::string>>& labels) {
  tsdb::SeriesSelector selector{.metric = std::move(metric), .matchers = {}};
  for (const auto& [name, value] : labels) {
    selector.matchers.push_back({.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = value});
  }
  return selector;
}

Result<RecommendQuery> ParseRecommendQuery(const boost::json::object& body) {
  RecommendQuery query;
  http::ObjectReader reader(body);
  const auto metric = reader.OptionalString("metric", tsdb::kMaxMetricNameBytes);
  const auto labels = reader.OptionalStringMap("labels");
  const auto* history = reader.OptionalArray("history");
  auto options = wire::ReadRecommendOptions(reader);
  HELIOS_CHECK(reader.Finish());
  if (metric.has_value() == (history != nullptr) || (metric && metric->empty())) {
    return Fail(ErrorCode::kInvalidArgument, "scaling.bad_subject",
                "cannot recommend: want either 'metric', for stored series, or 'history'; got {}",
                metric && history != nullptr ? "both" : "neither");
  }
  if (history != nullptr && !labels.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "scaling.bad_subject",
                "cannot recommend: 'labels' belong to stored series; leave them out beside 'history'");
  }
  if (!options) return std::unexpected(std::move(options).error());
  query.options = *std::move(options);
  if (history != nullptr) {
    HELIOS_TRY(query.subject, wire::ReadHistory(*history));
  } else {
    query.subject = SelectorOf(*metric, labels);
  }
  return query;
}

}  // namespace helios::scaling
