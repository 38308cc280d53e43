// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ml/fitted_model.h"
#include "ml/internal/calibration.h"
#include "ml/internal/check_options.h"
#include "ml/internal/state_bytes.h"
#include "ml/mstl.h"
#include "ml/multi_season_smoothing.h"
#include "ml/prophet.h"
#include "ml/seasonal_naive.h"
#include "ml/theta.h"
#include "ml/transformation.h"

namespace helios::ml {

/// How a FittedModel is stored; never renumbered.
enum class StoredModel : std::uint8_t {
  kSeasonalNaive = 1,
  kMultiSeasonSmoothing = 2,
  kTheta = 3,
  kMstl = 4,
  kProphet = 5,
  kXgboost = 6,
  kEnsemble = 7,
  kMedian = 8,
};

/// Of the bytes of a FittedModel, whichever it is.
inline constexpr std::uint8_t kModelVersion = 1;

template <class M>
inline constexpr StoredModel kStoredAs{};
template <>
inline constexpr StoredModel kStoredAs<SeasonalNaive> = StoredModel::kSeasonalNaive;
template <>
inline constexpr StoredModel kStoredAs<MultiSeasonSmoothing> = StoredModel::kMultiSeasonSmoothing;
template <>
inline constexpr StoredModel kStoredAs<Theta> = StoredModel::kTheta;
template <>
inline constexpr StoredModel kStoredAs<Mstl> = StoredModel::kMstl;
template <>
inline constexpr StoredModel kStoredAs<ProphetModel> = StoredModel::kProphet;

template <class M>
inline constexpr StoredModel kStoredAs<TransformedModel<M>> = kStoredAs<M>;

/// Restores the only series of an XgboostModel: trees from `bytes`, values from `history`.
[[nodiscard]] Result<std::unique_ptr<FittedModel>> RestoreXgboost(std::string_view bytes,
                                                                  const RegularHistory& history);

/// Restore what FitEnsemble() and ChooseModel() of several models made, moved on by the history's newer values.
[[nodiscard]] Result<std::unique_ptr<FittedModel>> RestoreEnsemble(std::string_view bytes,
                                                                   const RegularHistory& history);
[[nodiscard]] Result<std::unique_ptr<FittedModel>> RestoreMedian(std::string_view bytes, const RegularHistory& history);

inline double Finite(double value) {
  constexpr double kLargest = std::numeric_limits<double>::max();
  return std::clamp(value, -kLargest, kLargest);
}

/// What is common to all models: where the series stands, and what its values may be.
struct Place {
  TimestampMs origin{};
  std::chrono::milliseconds step{0};
  bool never_negative = true;

  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.origin, self.step, self.never_negative);
  }
  [[nodiscard]] bool Valid() const {
    constexpr auto kYears = std::chrono::milliseconds{253'402'300'800'000};  // to the end of the year 9999
    return step.count() > 0 && step <= kYears && std::chrono::abs(origin.time_since_epoch()) <= kYears;
  }
  [[nodiscard]] double Allowed(double value) const {
    return never_negative ? std::max(0.0, Finite(value)) : Finite(value);
  }
};

/// A model that rolls on in O(1), with conformal intervals.
template <Model M>
class RollingModel final : public FittedModel {
 public:
  RollingModel(M model, Calibration calibration, double unit, const Place& place)
      : model_(std::move(model)), calibration_(std::move(calibration)), unit_(unit), place_(place) {}

  void Append(double value) override {
    model_.Update(std::isfinite(value) ? value / unit_ : std::numeric_limits<double>::quiet_NaN());
    place_.origin += place_.step;
    if (value < 0.0) place_.never_negative = false;
  }

  [[nodiscard]] Result<QuantileForecast> Forecast(std::size_t steps,
                                                  std::span<const double> probabilities) const override {
    HELIOS_CHECK(CheckProbabilities(probabilities));
    QuantileForecast forecast;
    std::vector<double> values(steps);
    std::vector<double> distances(steps);
    for (std::size_t h = 0; h < steps; ++h) {
      values[h] = model_.Predict(model_.ReachFor(h + 1));
      distances[h] = static_cast<double>(h + 1);
      forecast.value.push_back(place_.Allowed(values[h] * unit_));
    }
    for (const double probability : probabilities) {
      auto& quantiles = forecast.quantiles.emplace_back(forecast.value);
      // A symmetric interval of this level ends at this quantile; the value itself is the median.
      const double level = std::abs(2.0 * probability - 1.0);
      if (!(level > 0.0)) continue;
      const auto widths = calibration_.HalfWidths(distances, level);
      for (std::size_t h = 0; h < steps; ++h) {
        quantiles[h] = place_.Allowed((values[h] + std::copysign(widths[h], probability - 0.5)) * unit_);
      }
    }
    return forecast;
  }

  [[nodiscard]] std::unique_ptr<FittedModel> Clone() const override { return std::make_unique<RollingModel>(*this); }
  [[nodiscard]] Result<std::string> Save() const override {
    StateWriter writer;
    writer(kModelVersion, kStoredAs<M>, place_, unit_, model_, calibration_);
    return writer.Take();
  }
  [[nodiscard]] TimestampMs origin() const override { return place_.origin; }
  [[nodiscard]] std::chrono::milliseconds step() const override { return place_.step; }

 private:
  M model_;  // of the values divided by unit_
  Calibration calibration_;
  double unit_;  // a power of two
  Place place_;
};

/// Prophet's model, which forecasts by the calendar and is not moved by what came after its fit.
class CalendarModel final : public FittedModel {
 public:
  CalendarModel(ProphetModel model, const Place& place) : model_(std::move(model)), place_(place) {}

  void Append(double value) override {
    place_.origin += place_.step;
    if (value < 0.0) place_.never_negative = false;
  }

  [[nodiscard]] Result<QuantileForecast> Forecast(std::size_t steps,
                                                  std::span<const double> probabilities) const override {
    HELIOS_CHECK(CheckProbabilities(probabilities));
    ProphetFrame frame;
    for (std::size_t h = 1; h <= steps; ++h) frame.times.push_back(place_.origin + place_.step * static_cast<long>(h));
    HELIOS_TRY(auto said, model_.Forecast(frame, probabilities));
    QuantileForecast forecast{.value = std::move(said.value), .quantiles = std::move(said.quantiles)};
    for (auto& value : forecast.value) value = place_.Allowed(value);
    for (auto& quantiles : forecast.quantiles) {
      for (auto& value : quantiles) value = place_.Allowed(value);
    }
    return forecast;
  }

  [[nodiscard]] std::unique_ptr<FittedModel> Clone() const override { return std::make_unique<CalendarModel>(*this); }
  [[nodiscard]] Result<std::string> Save() const override {
    StateWriter writer;
    writer(kModelVersion, kStoredAs<ProphetModel>, place_, model_);
    return writer.Take();
  }
  [[nodiscard]] TimestampMs origin() const override { return place_.origin; }
  [[nodiscard]] std::chrono::milliseconds step() const override { return place_.step; }

 private:
  ProphetModel model_;
  Place place_;
};

}  // namespace helios::ml
