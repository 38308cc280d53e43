// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/prediction_rows.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "predictions/sql.h"

namespace helios::predictions {
namespace {

constexpr std::size_t kForgottenAtOnce = 5'000;
constexpr std::chrono::seconds kPatience{10};

std::string LabelsJson(const tsdb::SeriesKey& series) {
  boost::json::object labels;
  for (const tsdb::Label& label : series.labels) labels[label.name] = label.value;
  return boost::json::serialize(labels);
}

KeptPrediction PredictionOf(const pg::Rows::Row& row) {
  return {.id = row.Get<Uuid>("id"),
          .time = row.Get<TimestampMs>("time"),
          .origin = row.Get<std::optional<TimestampMs>>("origin"),
          .model = row.Get<std::optional<Uuid>>("model_id"),
          .metric = row.Get<std::string>("metric_name"),
          .labels = row.Get<std::string>("labels"),
          .value = row.Get<double>("predicted_value"),
          .lower = row.Get<std::optional<double>>("confidence_lower"),
          .upper = row.Get<std::optional<double>>("confidence_upper"),
          .level = row.Get<std::optional<double>>("level"),
          .horizon_minutes = row.Get<std::int64_t>("horizon_minutes"),
          .actual = row.Get<std::optional<double>>("actual_value"),
          .state = row.Get<std::string>("state"),
          .created_at = row.Get<TimestampMs>("created_at")};
}

}  // namespace

Result<void> InsertPredictions(pg::TenantTransaction& tx, const std::vector<AskedPrediction>& asked, Random& random,
                               TimestampMs now) {
  std::vector<std::string> ids, times, origins, models, metrics, labels, values, lowers, uppers, levels, horizons,
      steps;
  for (const AskedPrediction& prediction : asked) {
    const std::string labels_of_it = LabelsJson(prediction.series);
    for (const ml::ForecastPoint& point : prediction.points) {
      ids.push_back(Uuid::V7(now, random).ToString());
      times.push_back(FormatRfc3339(point.time));
      origins.push_back(FormatRfc3339(prediction.origin));
      models.push_back(prediction.model ? prediction.model->ToString() : "");
      metrics.push_back(prediction.series.metric);
      labels.push_back(labels_of_it);
      values.push_back(fmt::format("{}", point.value));
      lowers.push_back(fmt::format("{}", point.lower));
      uppers.push_back(fmt::format("{}", point.upper));
      levels.push_back(fmt::format("{}", prediction.level));
      horizons.push_back(fmt::format("{}", point.horizon.count()));
      steps.push_back(fmt::format("{}", prediction.step.count()));
    }
  }
  HELIOS_CHECK(tx.Execute(sql::kInsertPredictions, {tx.tenant(), now, ids, times, origins, models, metrics, labels,
                                                    values, lowers, uppers, levels, horizons, steps}));
  return {};
}

Result<std::vector<KeptPrediction>> ListPredictions(pg::Database& database, const tenancy::RequestContext& context,
                                                    const PredictionFilter& filter, const tenancy::Page& page) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListPredictions, {tx.tenant(), filter.metric, filter.state, filter.first,
                                                                 filter.last, page.limit + 1, page.offset}));
  std::vector<KeptPrediction> predictions;
  predictions.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) predictions.push_back(PredictionOf(rows[i]));
  return predictions;
}

Result<std::size_t> ForgetPredictions(pg::Database& database, TenantId tenant, TimestampMs before) {
  for (std::size_t forgotten = 0;;) {
    HELIOS_TRY(auto tx, database.Begin(tenant, std::chrono::steady_clock::now() + kPatience));
    HELIOS_TRY(const auto rows, tx.Execute(sql::kForgetPredictions, {tx.tenant(), before, kForgottenAtOnce}));
    HELIOS_CHECK(tx.Commit());
    forgotten += rows.size();
    if (rows.size() < kForgottenAtOnce) return forgotten;
  }
}

}  // namespace helios::predictions
