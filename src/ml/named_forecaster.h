// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/fitted_model.h"
#include "ml/forecast.h"
#include "ml/local_clock.h"
#include "ml/model_description.h"

namespace helios::ml {

/// What a tenant may say of a metric's model.
struct NamedForecasterOptions {
  struct Season {
    std::chrono::minutes period{0};
    std::optional<std::size_t> order;  ///< of Prophet's Fourier series; empty: 4, or 3 from a week on
  };

  /// Of NamedForecaster::ModelNames(), at least one. The seasonal naive and the ensemble compete too.
  std::vector<std::string> models;
  std::vector<Season> seasons;           ///< ascending; empty: each model finds its own
  std::vector<ProphetHoliday> holidays;  ///< days on `clock`; Prophet's alone
  /// Judged up to the longest of them; at most a day, for the ensemble and XGBoost look no further.
  std::vector<std::chrono::minutes> horizons = {std::chrono::minutes{60}};
  LocalClock clock = {};
};

/// What serves a series whose models somebody named: the one that ChooseModel() chose, on the series' working step and
/// on a local clock. The counterpart of FittedForecaster. A value that moves; const members are thread-safe but where
/// XGBoost serves.
class NamedForecaster {
 public:
  static constexpr std::chrono::minutes kLongestHorizon{1'440};

  /// The names that may be asked for: "exponential_smoothing", "theta", "mstl", "prophet", "xgboost".
  [[nodiscard]] static std::span<const std::string_view> ModelNames();

  /// Fits each candidate at eight past origins of the history's last third, and then the one that errs least to all of
  /// it. At most the newest kMaxGridPoints steps count. Cost: named_models_bench.cc, times nine.
  ///
  /// Errors: kInvalidArgument inference.bad_model_options  a name that is none, no name, an option out of its range
  ///         kInvalidArgument inference.bad_horizon        none, or one out of [1, 1440] minutes
  ///         those of ChooseModel()
  [[nodiscard]] static Result<NamedForecaster> Fit(std::span<const Sample> history,
                                                   const NamedForecasterOptions& options);

  /// As FittedForecaster::Forecast(), at the horizons that the model that serves can look: kInvalidArgument
  /// inference.bad_horizon beyond a day where that is the ensemble or XGBoost.
  [[nodiscard]] Result<SeriesForecast> Forecast(std::span<const std::chrono::minutes> horizons, double level) const;

  /// As FittedForecaster::Append().
  [[nodiscard]] Result<void> Append(std::span<const Sample> newer);

  /// A part of an artifact (model_parts.h, PartKind::kNamedForecaster). Errors: FittedModel::Save()'s.
  [[nodiscard]] Result<std::string> Save() const;

  /// As FittedForecaster::Restore(). Errors: those of RestoreModel() too.
  [[nodiscard]] static Result<NamedForecaster> Restore(std::string_view part, std::span<const Sample> history);

  /// UTC time of the newest whole step.
  [[nodiscard]] TimestampMs origin() const { return clock_.ToUtc(newest_); }
  [[nodiscard]] const ModelDescription& description() const { return description_; }

 private:
  NamedForecaster() = default;

  std::unique_ptr<FittedModel> model_;
  ModelDescription description_;
  LocalClock clock_;
  TimestampMs newest_{};                  ///< of the grid, on that clock
  std::chrono::milliseconds spacing_{0};  ///< of the samples
};

}  // namespace helios::ml
