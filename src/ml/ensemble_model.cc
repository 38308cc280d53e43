// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <utility>

#include "ml/ensemble_forecaster.h"
#include "ml/internal/artifact_errors.h"
#include "ml/internal/check_options.h"
#include "ml/internal/models/fitted_models.h"
#include "ml/internal/state_bytes.h"
#include "ml/model_choice.h"

namespace helios::ml {
namespace {

class EnsembleModel final : public FittedModel {
 public:
  EnsembleModel(EnsembleForecaster forecaster, TimestampMs fitted_to, std::chrono::milliseconds step)
      : forecaster_(std::move(forecaster)), fitted_to_(fitted_to), origin_(fitted_to), step_(step) {}

  /// Says that `steps` values were appended already.
  void MoveOrigin(std::int64_t steps) { origin_ += step_ * steps; }

  void Append(double value) override {
    forecaster_.Append(value);
    origin_ += step_;
  }

  [[nodiscard]] Result<QuantileForecast> Forecast(std::size_t steps,
                                                  std::span<const double> probabilities) const override {
    HELIOS_CHECK(CheckProbabilities(probabilities));
    if (steps > forecaster_.steps_a_day()) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                  "cannot forecast: the ensemble looks a day ahead; got {} steps; want at most {}", steps,
                  forecaster_.steps_a_day());
    }
    QuantileForecast forecast;
    forecast.value = forecaster_.Forecast(steps, 0.5).value;
    for (const double probability : probabilities) {
      // An interval of this level ends at this quantile on either side; the value itself is the median.
      const double level = std::abs(2.0 * probability - 1.0);
      if (!(level > 0.0)) {
        forecast.quantiles.push_back(forecast.value);
        continue;
      }
      auto interval = forecaster_.Forecast(steps, level);
      forecast.quantiles.push_back(std::move(probability < 0.5 ? interval.lower : interval.upper));
    }
    return forecast;
  }

  [[nodiscard]] std::unique_ptr<FittedModel> Clone() const override { return std::make_unique<EnsembleModel>(*this); }
  [[nodiscard]] Result<std::string> Save() const override {
    StateWriter writer;
    writer(kModelVersion, StoredModel::kEnsemble, fitted_to_, step_);
    return writer.Take() + forecaster_.Save();
  }
  [[nodiscard]] TimestampMs origin() const override { return origin_; }
  [[nodiscard]] std::chrono::milliseconds step() const override { return step_; }

 private:
  EnsembleForecaster forecaster_;
  TimestampMs fitted_to_;
  TimestampMs origin_;
  std::chrono::milliseconds step_;
};

}  // namespace

Result<std::unique_ptr<FittedModel>> RestoreEnsemble(std::string_view bytes, const RegularHistory& history) {
  StateReader reader(bytes);
  TimestampMs fitted_to{};
  std::chrono::milliseconds step{0};
  reader(fitted_to, step);
  if (!reader.ok() || !(Place{.origin = fitted_to, .step = step}.Valid())) {
    return BadArtifact("an ensemble", "it has no place in time");
  }
  if (history.step != step || (fitted_to - history.first) % step != std::chrono::milliseconds{0}) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_step",
                "cannot restore an ensemble: the history is not on its grid; got a step of {} ms; want {}",
                history.step.count(), step.count());
  }
  const auto newer = static_cast<std::int64_t>(history.values.size()) - 1 - (fitted_to - history.first) / step;
  const auto taken = std::clamp<std::int64_t>(newer, 0, static_cast<std::int64_t>(history.values.size()));
  HELIOS_TRY(auto forecaster,
             EnsembleForecaster::Restore(reader.rest(), history.values, static_cast<std::size_t>(taken)));
  auto model = std::make_unique<EnsembleModel>(std::move(forecaster), fitted_to, step);
  model->MoveOrigin(taken);
  return model;
}

Result<std::unique_ptr<FittedModel>> FitEnsemble(const RegularHistory& history) {
  if (history.step.count() <= 0) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_step",
                "cannot fit a model: the step is out of range; got {} ms; want more than 0", history.step.count());
  }
  if (std::ranges::any_of(history.values, [](double value) { return std::isinf(value); })) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_value",
                "cannot fit a model: a value is infinite; want finite ones, NaN for unknown");
  }
  const auto day = static_cast<std::size_t>(std::chrono::days{1} / history.step);
  HELIOS_TRY(auto forecaster, EnsembleForecaster::Fit(history.values, day));
  const auto origin = history.first + history.step * static_cast<long>(history.values.size() - 1);
  return std::make_unique<EnsembleModel>(std::move(forecaster), origin, history.step);
}

}  // namespace helios::ml
