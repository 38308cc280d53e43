// SPDX-License-Identifier: Apache-2.0
#include "ml/seasonal_naive.h"

#include <cmath>
#include <limits>

namespace helios::ml {

static_assert(Model<SeasonalNaive>);

SeasonalNaive::SeasonalNaive(std::size_t season) {
  if (season >= 2) last_season_.assign(season, std::numeric_limits<double>::quiet_NaN());
}

void SeasonalNaive::Update(double value) {
  const bool known = std::isfinite(value);
  if (known) last_ = value;
  if (last_season_.empty()) return;
  if (known) last_season_[next_phase_] = value;
  if (++next_phase_ == last_season_.size()) next_phase_ = 0;
}

SeasonalNaive::Reach SeasonalNaive::ReachFor(std::size_t steps) const {
  return {.offset = last_season_.empty() ? 0 : (steps - 1) % last_season_.size()};
}

double SeasonalNaive::Predict(Reach reach) const {
  if (last_season_.empty()) return last_;
  std::size_t phase = next_phase_ + reach.offset;
  if (phase >= last_season_.size()) phase -= last_season_.size();
  const double value = last_season_[phase];
  return std::isnan(value) ? last_ : value;
}

double SeasonalNaiveSigma(double residual_sigma, std::size_t step, std::size_t season) {
  const std::size_t whole_seasons = (step - 1) / season;
  return residual_sigma * std::sqrt(static_cast<double>(whole_seasons + 1));
}

}  // namespace helios::ml
