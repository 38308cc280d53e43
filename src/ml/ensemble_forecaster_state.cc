// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "ml/ensemble_forecaster.h"
#include "ml/internal/artifact_errors.h"
#include "ml/internal/state_bytes.h"

namespace helios::ml {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::string_view kWhat = "an ensemble forecaster";
/// Steps of a second.
constexpr std::size_t kMostStepsADay = 86'400;

/// The last `most` values, or all.
std::span<const double> Newest(std::span<const double> values, std::size_t most) {
  return values.last(std::min(values.size(), most));
}

}  // namespace

std::string EnsembleForecaster::Save() const {
  StateWriter writer;
  writer(kVersion, steps_a_day(), backtest_origins_, fitted_values_, history_.scaling(), panel_.searches(),
         panel_.days(), panel_.ridge(), weights_, widths_);
  return writer.Take();
}

Result<EnsembleForecaster> EnsembleForecaster::Restore(std::string_view saved, std::span<const double> values,
                                                       std::size_t newer) {
  StateReader reader(saved);
  std::uint8_t version = 0;
  reader(version);
  if (!reader.ok() || version == 0) return BadArtifact(kWhat, "it has no version");
  if (version > kVersion) return NewerFormat(kWhat, version, kVersion);
  std::size_t day = 0;
  std::size_t origins = 0;
  std::size_t fitted = 0;
  PreparedHistory::Scaling scaling;
  std::array<NeighbourParameters, kSearches> searches;
  DayMemberParameters days;
  reader(day, origins, fitted, scaling, searches, days);
  if (!reader.ok() || day < DayShape::kLeastDay || day > kMostStepsADay || fitted < kLeastDays * day ||
      fitted > kMostDays * day || !scaling.Valid() || !days.Valid() ||
      !std::ranges::all_of(searches, [&](const auto& search) { return search.Valid(kLeastDays * day); })) {
    return BadArtifact(kWhat, "its numbers are not those of one");
  }
  const DayShape shape(day);
  DirectRidge ridge(shape);
  MemberWeights weights(shape);
  IntervalWidths widths(shape);
  reader(ridge, weights, widths);
  if (!reader.done() || !ridge.Valid() || !weights.Valid() || !widths.Valid()) {
    return BadArtifact(kWhat, "its coefficients, weights or widths are not those of one");
  }

  const std::size_t least = kLeastDays * day;
  const auto known = [](double y) { return std::isfinite(y); };
  const auto after_known = std::ranges::find_if(values.rbegin(), values.rend(), known).base() - values.begin();
  // What the fit saw, or as much as there is of it; later, where nothing of that is known.
  std::size_t before = std::max(values.size() - newer, least);
  if (values.size() >= least && std::ranges::none_of(Newest(values.first(before), fitted), known)) {
    before = std::max(before, static_cast<std::size_t>(after_known));
  }
  if (values.size() < least || std::ranges::none_of(Newest(values.first(before), fitted), known)) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot restore {}: too little history; got {} values, the newest known one {} before the end; want {} "
                "days of {} steps, and a known value among the last {}",
                kWhat, values.size(), values.size() - static_cast<std::size_t>(after_known), kLeastDays, day, fitted);
  }
  EnsembleForecaster restored(PreparedHistory(Newest(values.first(before), fitted), shape, scaling),
                              MemberPanel(searches, days, std::move(ridge), shape, (kMostDays + 1) * day),
                              std::move(weights), std::move(widths), origins, fitted);
  for (const double value : values.subspan(before)) restored.Append(value);
  return restored;
}

}  // namespace helios::ml
