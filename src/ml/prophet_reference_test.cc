// SPDX-License-Identifier: Apache-2.0
// The fit against the original's; testdata/prophet/README.md says how the expected values were made.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ml/prophet.h"
#include "ml/prophet_reference.h"

namespace helios::ml {
namespace {

/// Share of the largest absolute value that the original may be away.
constexpr double kTolerance = 0.01;
constexpr double kIntervalTolerance = 0.03;

/// One case: what the model is given, and what the original says.
class Reference {
 public:
  explicit Reference(std::string_view name) {
    for (const auto& file : ProphetReferenceFiles()) {
      if (file.name == std::string(name) + ".csv") Parse(file.bytes);
    }
  }

  [[nodiscard]] const std::vector<double>& operator[](const std::string& column) const { return columns_.at(column); }
  [[nodiscard]] bool Has(const std::string& column) const { return columns_.contains(column); }
  [[nodiscard]] std::size_t rows() const { return columns_.at("time").size(); }
  [[nodiscard]] std::size_t history() const {
    std::size_t newest = 0;
    for (std::size_t i = 0; i < rows(); ++i) {
      if (!std::isnan(columns_.at("y")[i])) newest = i;
    }
    return newest + 1;
  }
  [[nodiscard]] double scale() const {
    double scale = 0.0;
    for (const double y : columns_.at("y")) scale = std::isnan(y) ? scale : std::max(scale, std::abs(y));
    return scale;
  }

  [[nodiscard]] ProphetFrame Frame(std::size_t begin, std::size_t end) const {
    const auto slice = [&](const std::string& name) {
      const auto& all = columns_.at(name);
      return std::vector<double>(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                 all.begin() + static_cast<std::ptrdiff_t>(end));
    };
    ProphetFrame frame;
    for (const double seconds : slice("time")) frame.times.push_back(FromUnixMs(std::llround(seconds) * 1'000));
    for (const char* regressor : {"x", "promoted"}) {
      if (Has(regressor)) frame.regressors.push_back(slice(regressor));
    }
    if (Has("cap")) frame.capacity = slice("cap");
    if (Has("floor")) frame.floor = slice("floor");
    return frame;
  }

 private:
  void Parse(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
      const auto end = text.find('\n');
      std::string_view line = text.substr(0, end);
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
      std::vector<std::string> cells(1);
      for (const char c : line) {
        if (c == ',') {
          cells.emplace_back();
        } else {
          cells.back() += c;
        }
      }
      if (names.empty()) {
        names = cells;
        continue;
      }
      for (std::size_t i = 0; i < names.size(); ++i) {
        columns_[names[i]].push_back(cells[i].empty() ? std::numeric_limits<double>::quiet_NaN() : std::stod(cells[i]));
      }
    }
  }

  std::map<std::string, std::vector<double>> columns_;
};

TimestampMs Day(int year, unsigned month, unsigned day) {
  return std::chrono::sys_days{std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)};
}

struct Case {
  std::string name;
  ProphetOptions options;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

std::vector<Case> Cases() {
  ProphetOptions holidays;
  holidays.holidays = {{.days = {Day(2021, 3, 15), Day(2021, 9, 20), Day(2022, 3, 14), Day(2022, 9, 19),
                                 Day(2023, 3, 20), Day(2023, 9, 18)},
                        .lower_window = -1,
                        .upper_window = 2,
                        .prior_scale = {}},
                       {.days = {Day(2021, 12, 25), Day(2022, 12, 25), Day(2023, 12, 25)}, .prior_scale = {}}};
  holidays.regressors = {{}, {.standardize = {}, .prior_scale = 5.0, .mode = {}}};

  ProphetOptions logistic;
  logistic.growth = ProphetGrowth::kLogistic;

  ProphetOptions multiplicative;
  multiplicative.seasonality_mode = ProphetMode::kMultiplicative;
  multiplicative.changepoint_prior_scale = 0.1;
  multiplicative.regressors = {{.standardize = false, .prior_scale = {}, .mode = {}}};

  ProphetOptions flat;
  flat.growth = ProphetGrowth::kFlat;
  flat.holidays = {
      {.days = {Day(2023, 11, 20), Day(2023, 11, 24), Day(2023, 12, 1), Day(2023, 12, 8)}, .prior_scale = 0.5}};
  flat.weekly = 0;
  flat.seasonalities = {{.period_days = 65.0 / 1440.0, .order = 2, .prior_scale = 5.0, .mode = {}}};

  ProphetOptions growing;
  growing.growth = ProphetGrowth::kLogistic;
  growing.changepoints = 12;
  growing.changepoint_range = 0.9;
  growing.daily = 0;
  return {{"changepoints", {}},   {"holidays", holidays},
          {"logistic", logistic}, {"multiplicative", multiplicative},
          {"flat", flat},         {"growing_capacity", growing}};
}

class ProphetReference : public ::testing::TestWithParam<Case> {};

double LargestDifference(std::span<const double> a, std::span<const double> b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

TEST_P(ProphetReference, AgreesWithinOnePercentOfTheScale) {
  const Reference reference(GetParam().name);
  const std::size_t history = reference.history();
  const std::span<const double> values(reference["y"].data(), history);
  const auto model = ProphetModel::Fit(reference.Frame(0, history), values, GetParam().options);
  ASSERT_TRUE(model) << model.error().message;
  const auto forecast = model->Forecast(reference.Frame(0, reference.rows()), std::vector{0.05, 0.95});
  ASSERT_TRUE(forecast) << forecast.error().message;
  EXPECT_LT(LargestDifference(forecast->value, reference["yhat"]), kTolerance * reference.scale());
  EXPECT_LT(LargestDifference(forecast->trend, reference["trend"]), kTolerance * reference.scale());
  // The original's bounds are quantiles of draws, and of fewer where the mean size of changes differs.
  EXPECT_LT(LargestDifference(forecast->quantiles[0], reference["yhat_lower"]), kIntervalTolerance * reference.scale());
  EXPECT_LT(LargestDifference(forecast->quantiles[1], reference["yhat_upper"]), kIntervalTolerance * reference.scale());
}

TEST_P(ProphetReference, TellsAPlainLineWithSeasonsFromTheModel) {
  const Reference reference(GetParam().name);
  const std::size_t history = reference.history();
  const std::span<const double> values(reference["y"].data(), history);
  ProphetOptions plain;
  plain.changepoints = 0;
  plain.weekly = GetParam().options.weekly;
  plain.daily = GetParam().options.daily;
  plain.seasonalities = GetParam().options.seasonalities;
  const auto times = [&](std::size_t end) {
    return ProphetFrame{.times = reference.Frame(0, end).times, .regressors = {}, .capacity = {}, .floor = {}};
  };
  const auto model = ProphetModel::Fit(times(history), values, plain);
  ASSERT_TRUE(model) << model.error().message;
  const auto forecast = model->Forecast(times(reference.rows()), {});
  ASSERT_TRUE(forecast) << forecast.error().message;
  EXPECT_GT(LargestDifference(forecast->value, reference["yhat"]), 4.0 * kTolerance * reference.scale());
}

INSTANTIATE_TEST_SUITE_P(Cases, ProphetReference, ::testing::ValuesIn(Cases()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace helios::ml
