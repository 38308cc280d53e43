// SPDX-License-Identifier: Apache-2.0
#include "wire/forecast_json.h"

#include <gtest/gtest.h>

#include <boost/json/array.hpp>

#include "http/json.h"
#include "wire/anomalies_json.h"

namespace helios::wire {
namespace {

using std::chrono::minutes;

TEST(PredictionJson, IsTheShapeOfTheContract) {
  const ml::SeriesForecast forecast{
      .origin = FromUnixMs(1'767'441'600'000),
      .model_type = ml::ModelType::kSeasonalNaive,
      .reason = "no model beat it",
      .season_length = 288,
      .step = minutes{5},
      .metrics = {.mase = 0.5, .smape = std::nullopt, .mae = 2.0, .coverage = 0.95, .origins = 7},
      .history_samples = 600,
      .history_span = std::chrono::hours{50},
      .points = {
          {.time = FromUnixMs(1'767'442'500'000), .horizon = minutes{15}, .value = 0.75, .lower = 0.5, .upper = 1}}};
  EXPECT_EQ(
      http::JsonBytes(PredictionJson(forecast)),
      R"({"metric":null,"labels":{},"origin":"2026-01-03T12:00:00Z","history":{"samples":600,"seconds":180000},)"
      R"("model":{"id":null,"name":null,"version":null,"model_type":"seasonal_naive","reason":"no model beat it",)"
      R"("season_seconds":86400,"metrics":{"mase":0.5,"smape":null,"mae":2,"coverage":0.95,"origins":7}},)"
      R"("points":[{"time":"2026-01-03T12:15:00Z","horizon_minutes":15,"predicted_value":0.75,)"
      R"("confidence_lower":0.5,"confidence_upper":1}]})");
}

TEST(PredictionJson, NamesAModelAsItIsToldAndNoSeasonWhereThereIsNone) {
  const ml::SeriesForecast forecast{};
  const auto json = PredictionJson(forecast, "theta");
  EXPECT_EQ(json.at("model").at("model_type"), "theta");
  EXPECT_TRUE(json.at("model").at("season_seconds").is_null());
  EXPECT_TRUE(json.at("points").as_array().empty());
}

TEST(AnomaliesJson, TellsAnAnomalyAndItsKinds) {
  const ml::AnomalySpan anomaly{.start = FromUnixMs(0),
                                .end = FromUnixMs(120'000),
                                .worst = FromUnixMs(60'000),
                                .value = 9,
                                .expected = 2.5,
                                .lower = 2,
                                .upper = 3,
                                .score = 0.8,
                                .severity = ml::Severity::kHigh,
                                .kinds = 3,
                                .samples = 2};
  EXPECT_EQ(http::JsonBytes(AnomaliesJson({&anomaly, 1})),
            R"([{"time":"1970-01-01T00:01:00Z","started_at":"1970-01-01T00:00:00Z","ended_at":"1970-01-01T00:02:00Z",)"
            R"("value":9,"expected_value":2.5,"lower":2,"upper":3,"anomaly_score":0.8,"severity":"high",)"
            R"("kinds":["event","point"]}])");
}

TEST(SignalsJson, TellsWhatWasNoticedByName) {
  const ml::Sample sample{FromUnixMs(60'000), 1.0};
  ml::Detection detection;
  detection.kinds = static_cast<std::uint8_t>(ml::AnomalyKind::kMissingData);
  detection.missing = 4;
  EXPECT_EQ(http::JsonBytes(SignalsJson({&sample, 1}, {&detection, 1})),
            R"([{"time":"1970-01-01T00:01:00Z","kind":"missing_data","missing_samples":4}])");
}

}  // namespace
}  // namespace helios::wire
