// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/fit_part.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace helios::training {
namespace {

constexpr std::chrono::hours kJudged{24};
constexpr std::chrono::hours kBetweenOrigins{2};

std::span<const ml::Sample> UpTo(std::span<const ml::Sample> history, TimestampMs time) {
  const auto end = std::ranges::upper_bound(history, time, {}, &ml::Sample::time);
  return history.first(static_cast<std::size_t>(end - history.begin()));
}

/// The value that a forecast for `time` is held against: the sample nearest to it, within half a step.
std::optional<double> ActualAt(std::span<const ml::Sample> history, TimestampMs time, std::chrono::milliseconds step) {
  const auto next = std::ranges::lower_bound(history, time - step / 2, {}, &ml::Sample::time);
  if (next == history.end() || next->time > time + step / 2) return std::nullopt;
  auto best = next;
  for (auto at = next; at != history.end() && at->time <= time + step / 2; ++at) {
    if (std::chrono::abs(at->time - time) < std::chrono::abs(best->time - time)) best = at;
  }
  return best->value;
}

Result<FittedPart> PartOf(const ml::SeriesForecaster& fitted) {
  FittedPart made;
  HELIOS_TRY(made.part, fitted.Save());
  HELIOS_TRY(made.description, ml::ReadDescription(made.part));
  return made;
}

Result<FittedPart> FitWhole(std::span<const ml::Sample> history, const Fitter& fit) {
  HELIOS_TRY(const auto fitted, fit(history));
  return PartOf(fitted);
}

}  // namespace

std::optional<double> ReplayError(ml::SeriesForecaster model, std::span<const ml::Sample> history, TimestampMs from,
                                  const ml::ForecastOptions& options) {
  std::vector<double> sums(options.horizons.size(), 0.0);
  std::vector<std::size_t> counts(options.horizons.size(), 0);
  for (TimestampMs origin = from; origin < history.back().time; origin += kBetweenOrigins) {
    const auto seen = UpTo(history, origin);
    const auto known = UpTo(seen, model.origin()).size();
    if (!model.Append(seen.subspan(known))) return std::nullopt;
    const auto forecast = model.Forecast(options.horizons, options.level);
    if (!forecast) return std::nullopt;
    for (std::size_t i = 0; i < forecast->points.size(); ++i) {
      const auto actual = ActualAt(history, forecast->points[i].time, forecast->step);
      if (!actual) continue;
      sums[i] += std::abs(*actual - forecast->points[i].value);
      ++counts[i];
    }
  }
  double sum = 0;
  std::size_t horizons = 0;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    if (counts[i] == 0) continue;
    sum += sums[i] / static_cast<double>(counts[i]);
    ++horizons;
  }
  if (horizons == 0) return std::nullopt;
  return sum / static_cast<double>(horizons);
}

Result<FittedPart> FitPart(const SeriesTask& task, const ml::ForecastOptions& options, const Fitter& chosen) {
  const Fitter fit = chosen ? chosen : [&options](std::span<const ml::Sample> history) -> Result<ml::SeriesForecaster> {
    HELIOS_TRY(auto fitted, ml::FitForecaster(history, options));
    return ml::SeriesForecaster(std::move(fitted));
  };
  if (!task.active || task.refit || task.history.empty()) return FitWhole(task.history, fit);
  auto description = ml::ReadDescription(*task.active);
  if (!description) return FitWhole(task.history, fit);
  const auto stay = [&] {
    return FittedPart{.part = std::string(*task.active), .promoted = false, .description = *description};
  };
  const TimestampMs newest = task.history.back().time;
  const TimestampMs from = std::max(newest - kJudged, description->trained_to);
  if (newest - from < *std::ranges::max_element(options.horizons) + kBetweenOrigins) return stay();

  const auto past = UpTo(task.history, from);
  auto active = ml::SeriesForecaster::Restore(*task.active, past);
  if (!active) return FitWhole(task.history, fit);
  auto candidate = fit(past);
  if (!candidate) return stay();
  const auto active_error = ReplayError(*std::move(active), task.history, from, options);
  // What serves is saved before it is moved through the past.
  HELIOS_TRY(auto made, PartOf(*candidate));
  const auto candidate_error = ReplayError(*std::move(candidate), task.history, from, options);
  if (active_error && candidate_error && *candidate_error > *active_error) return stay();
  return made;
}

}  // namespace helios::training
