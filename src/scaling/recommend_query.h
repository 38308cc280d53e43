// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "ml/scaling_recommendation.h"
#include "tsdb/series.h"

namespace helios::scaling {

/// What POST /recommend asks for: the sum of stored series, or a history that came with the request.
struct RecommendQuery {
  std::variant<tsdb::SeriesSelector, std::vector<ml::Sample>> subject;
  ml::RecommendOptions options;
};

/// Errors: kInvalidArgument scaling.bad_subject; those of wire::ReadRecommendOptions() and wire::ReadHistory().
[[nodiscard]] Result<RecommendQuery> ParseRecommendQuery(const boost::json::object& body);

/// The series of a metric that have these labels.
[[nodiscard]] tsdb::SeriesSelector SelectorOf(std::string metric,
                                              const std::vector<std::pair<std::string, std::string>>& labels);

}  // namespace helios::scaling
