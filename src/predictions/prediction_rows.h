// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "ml/forecast.h"
#include "pg/database.h"
#include "tenancy/page.h"
#include "tenancy/request_context.h"
#include "tsdb/series.h"

namespace helios::predictions {

/// A series' forecast as somebody was told it, before it is rows: one for each of its points.
struct AskedPrediction {
  tsdb::SeriesKey series;
  std::optional<Uuid> model;
  TimestampMs origin;
  std::chrono::milliseconds step{0};  ///< what a value is the mean over
  double level = 0.95;
  std::vector<ml::ForecastPoint> points;
};

/// A row.
struct KeptPrediction {
  Uuid id;
  TimestampMs time;  ///< that it is of
  std::optional<TimestampMs> origin;
  std::optional<Uuid> model;
  std::string metric;
  std::string labels;  ///< a JSON object
  double value = 0;
  std::optional<double> lower;
  std::optional<double> upper;
  std::optional<double> level;
  std::int64_t horizon_minutes = 0;
  std::optional<double> actual;  ///< the mean over the forecast's step, once it is known
  std::string state;             ///< "waiting", "met", "missed"
  TimestampMs created_at;
};

struct PredictionFilter {
  std::optional<std::string> metric;
  std::optional<std::string> state;
  std::optional<TimestampMs> first;  ///< of the times that predictions are of
  std::optional<TimestampMs> last;
};

/// One statement for all points. Errors: those of pg::Transaction.
[[nodiscard]] Result<void> InsertPredictions(pg::TenantTransaction& tx, const std::vector<AskedPrediction>& asked,
                                             Random& random, TimestampMs now);

/// A page and one more, newest first. Errors: those of pg::Database.
[[nodiscard]] Result<std::vector<KeptPrediction>> ListPredictions(pg::Database& database,
                                                                  const tenancy::RequestContext& context,
                                                                  const PredictionFilter& filter,
                                                                  const tenancy::Page& page);

/// Deletes predictions of before `before`, some thousands a transaction; how many there were.
[[nodiscard]] Result<std::size_t> ForgetPredictions(pg::Database& database, TenantId tenant, TimestampMs before);

}  // namespace helios::predictions
