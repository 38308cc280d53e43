// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/prophet/features.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace helios::ml {
namespace {

/// sin and cos of 1, 2, … `order` turns a period; `columns` holds 2 * order columns of days.size() values.
void FillFourier(const ProphetSeasonality& seasonality, std::span<const double> days, double* columns) {
  const std::size_t rows = days.size();
  for (std::size_t i = 0; i < rows; ++i) {
    const double turns = days[i] / seasonality.period_days;
    const double angle = 2.0 * std::numbers::pi * (turns - std::floor(turns));
    const double s1 = std::sin(angle);
    const double c1 = std::cos(angle);
    double s = s1;
    double c = c1;
    for (std::size_t j = 0; j < seasonality.order; ++j) {
      columns[2 * j * rows + i] = s;
      columns[(2 * j + 1) * rows + i] = c;
      const double next = s * c1 + c * s1;
      c = c * c1 - s * s1;
      s = next;
    }
  }
}

/// 1 on the days that lie `offset` days after one of `holidays`, which ascend.
void FillHoliday(std::span<const double> holidays, int offset, std::span<const double> days, double* column) {
  for (std::size_t i = 0; i < days.size(); ++i) {
    column[i] = std::ranges::binary_search(holidays, std::floor(days[i]) - offset) ? 1.0 : 0.0;
  }
}

}  // namespace

double ProphetDays(TimestampMs time) {
  return static_cast<double>(ToUnixMs(time)) / 86'400'000.0;
}

ProphetFeatures::ProphetFeatures(const ProphetModel& model) : model_(model) {
  const auto& options = model.options_;
  for (const auto& seasonality : model.seasonalities_) {
    Add(2 * seasonality.order, seasonality.prior_scale.value_or(options.seasonality_prior_scale),
        seasonality.mode.value_or(options.seasonality_mode));
  }
  for (const auto& holiday : options.holidays) {
    Add(static_cast<std::size_t>(holiday.upper_window - holiday.lower_window + 1),
        holiday.prior_scale.value_or(options.holidays_prior_scale),
        options.holidays_mode.value_or(options.seasonality_mode));
  }
  for (const auto& regressor : options.regressors) {
    Add(1, regressor.prior_scale.value_or(options.holidays_prior_scale),
        regressor.mode.value_or(options.seasonality_mode));
  }
}

void ProphetFeatures::Add(std::size_t columns, double prior_scale, ProphetMode mode) {
  prior_scales_.insert(prior_scales_.end(), columns, prior_scale);
  multiplicative_.insert(multiplicative_.end(), columns, mode == ProphetMode::kMultiplicative ? 1 : 0);
}

std::vector<double> ProphetFeatures::Columns(const ProphetFrame& frame) const {
  const std::size_t rows = frame.times.size();
  std::vector<double> days(rows);
  std::ranges::transform(frame.times, days.begin(), ProphetDays);
  std::vector<double> columns(count() * rows);
  double* next = columns.data();
  for (const auto& seasonality : model_.seasonalities_) {
    FillFourier(seasonality, days, next);
    next += 2 * seasonality.order * rows;
  }
  for (const auto& holiday : model_.options_.holidays) {
    std::vector<double> dates(holiday.days.size());
    std::ranges::transform(holiday.days, dates.begin(), [](TimestampMs day) { return std::floor(ProphetDays(day)); });
    std::ranges::sort(dates);
    for (int offset = holiday.lower_window; offset <= holiday.upper_window; ++offset) {
      FillHoliday(dates, offset, days, next);
      next += rows;
    }
  }
  for (std::size_t r = 0; r < frame.regressors.size(); ++r) {
    const auto& scaling = model_.standardizations_[r];
    std::ranges::transform(frame.regressors[r], next,
                           [&](double value) { return (value - scaling.mean) / scaling.deviation; });
    next += rows;
  }
  return columns;
}

}  // namespace helios::ml
