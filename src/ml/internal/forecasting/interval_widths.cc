// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/interval_widths.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/internal/forecasting/variance_shift.h"

namespace helios::ml {
namespace {

constexpr float kLeastScale = 1e-12F;
/// Share of the values that a ratio of 1 stands for in experience.
constexpr double kExperienceLevel = 0.95;

/// The upper median; NaN for none.
float Middle(std::vector<float>& values) {
  if (values.empty()) return std::numeric_limits<float>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

}  // namespace

IntervalWidths::IntervalWidths(const EnsembleParameters& parameters, const DayShape& shape,
                               std::span<const InnerOrigin> origins,
                               std::span<const std::vector<CombinedStep>> combined,
                               std::span<const std::size_t> horizons)
    : shape_(shape),
      bands_(shape.WidthEdges()),
      spread_share_(parameters.spread_share),
      opinion_share_(parameters.opinion_share),
      widen_first_(parameters.widen_first),
      widen_last_(parameters.widen_last) {
  std::vector<double> sums(bands_.size(), 0.0);
  std::vector<double> counts(bands_.size(), 0.0);
  std::vector<float> hour_errors;
  for (std::size_t b = 0; b < origins.size(); ++b) {
    double hour = 0.0;
    double hour_count = 0.0;
    for (std::size_t i = 0; i < origins[b].actual.size(); ++i) {
      const float residual = std::abs(origins[b].actual[i] - combined[b][i].value);
      if (std::isnan(residual)) continue;
      sums[bands_.BandOf(horizons[i])] += static_cast<double>(residual);
      counts[bands_.BandOf(horizons[i])] += 1.0;
      if (horizons[i] > shape.hour) continue;
      hour += static_cast<double>(residual);
      hour_count += 1.0;
    }
    hour_errors.push_back(hour_count > 0.0 ? static_cast<float>(hour / hour_count)
                                           : std::numeric_limits<float>::quiet_NaN());
  }
  for (std::size_t band = 0; band < bands_.size(); ++band) {
    const float before = band > 0 ? usual_.back() : 0.0F;
    usual_.push_back(counts[band] > 0.0 ? static_cast<float>(sums[band] / counts[band]) : before);
  }
  turbulence_ = Turbulence(parameters, hour_errors, 0);

  std::vector<std::vector<float>> ratios(origins.size());  // NaN where nothing was measured
  std::vector<float> sizes;                                // median ratio of each origin
  for (std::size_t b = 0; b < origins.size(); ++b) {
    const float turbulence = Turbulence(parameters, hour_errors, b + 1);
    std::vector<float> known;
    for (std::size_t i = 0; i < origins[b].actual.size(); ++i) {
      const float residual = origins[b].actual[i] - combined[b][i].value;
      const auto scales = Scales(combined[b][i], horizons[i], turbulence);
      const float scale = residual < 0.0F ? scales.below : scales.above;
      // No error at all needs no width, whatever the scale.
      ratios[b].push_back(residual == 0.0F ? 0.0F : std::abs(residual) / std::max(scale, kLeastScale));
      if (!std::isnan(residual)) known.push_back(ratios[b].back());
    }
    sizes.push_back(Middle(known));
  }
  const auto shift = FindVarianceShift(sizes, parameters.shift);
  const float trust = static_cast<float>(shift.origins) / (static_cast<float>(shift.origins) + parameters.shift_doubt);
  const float growth = std::min(parameters.most_growth, std::pow(shift.factor, trust));

  std::vector<std::vector<Ratio>> by_band(bands_.size());
  for (std::size_t b = 0; b < origins.size(); ++b) {
    const float weight = std::exp2(-static_cast<float>(b) / parameters.width_half_life);
    // Residuals from before a shift tell the shape; their size is what it would be now.
    const float factor = b < shift.origins ? 1.0F : growth;
    for (std::size_t i = 0; i < ratios[b].size(); ++i) {
      if (std::isnan(ratios[b][i])) continue;
      // Whole in its own band and, one step over, in the next; a share in both neighbours.
      const std::size_t own = bands_.BandOf(horizons[i]);
      for (std::size_t band = own > 0 ? own - 1 : 0; band <= std::min(own + 1, bands_.size() - 1); ++band) {
        const bool close = horizons[i] + 1 >= bands_.First(band) && horizons[i] <= bands_.Last(band) + 1;
        by_band[band].push_back({factor * ratios[b][i], close ? weight : weight * parameters.near_band_share});
      }
    }
  }
  for (auto& band : by_band) {
    AddExperience(parameters, growth, band);
    std::ranges::sort(band, {}, &Ratio::ratio);
  }
  for (std::size_t band = 0; band < bands_.size(); ++band) factors_.push_back(FactorsOf(parameters, by_band, band));
}

IntervalWidths::IntervalWidths(const DayShape& shape) : shape_(shape), bands_(shape.WidthEdges()) {}

bool IntervalWidths::Valid() const {
  const auto share = [](float value) { return value >= 0.0F && value <= 100.0F; };
  const auto width = [](float value) { return value >= 0.0F; };
  return usual_.size() == bands_.size() && factors_.size() == bands_.size() && share(spread_share_) &&
         share(opinion_share_) && share(widen_first_) && share(widen_last_) && share(turbulence_) &&
         std::ranges::all_of(usual_, width) && std::ranges::all_of(factors_, [&](const Factors& factors) {
           return std::ranges::is_sorted(factors.at) && width(factors.at.front()) && factors.at.back() <= factors.most;
         });
}

void IntervalWidths::AddExperience(const EnsembleParameters& parameters, float factor, std::vector<Ratio>& ratios) {
  if (ratios.size() < parameters.fewest_ratios) return;
  std::ranges::sort(ratios, {}, &Ratio::ratio);
  float total = 0.0F;
  for (const auto& ratio : ratios) total += ratio.weight;
  std::size_t at = 0;
  float sum = ratios.front().weight;
  const auto measured = [&](double level) {
    while (sum < static_cast<float>(level) * total && at + 1 < ratios.size()) sum += ratios[++at].weight;
    return ratios[at].ratio;
  };
  const std::size_t points = parameters.prior_points;
  std::vector<Ratio> experience;
  experience.reserve(points);
  for (std::size_t k = 0; k < points; ++k) {
    const double quantile = (static_cast<double>(k) + 0.5) / static_cast<double>(points);
    const auto exponential = static_cast<float>(std::log(1.0 - quantile) / std::log(1.0 - kExperienceLevel));
    const float power = quantile < kExperienceLevel ? 1.0F : parameters.tail_power;
    const bool own = quantile < static_cast<double>(parameters.own_shape_level);
    experience.push_back({.ratio = own ? measured(quantile) : std::pow(exponential, power),
                          .weight = total * parameters.prior_share / static_cast<float>(points)});
  }
  // Where even the larger residuals are none, there is nothing to measure the others by.
  const float usual = measured(kExperienceLevel);
  for (std::size_t k = 0; k < points; ++k) {
    const double quantile = (static_cast<double>(k) + 0.5) / static_cast<double>(points);
    auto& ratio = experience[k].ratio;
    if (quantile < static_cast<double>(parameters.own_shape_level) && usual > 0.0F) ratio /= usual;
    ratio *= factor;
  }
  ratios.insert(ratios.end(), experience.begin(), experience.end());
}

float IntervalWidths::Turbulence(const EnsembleParameters& parameters, std::span<const float> hour_errors,
                                 std::size_t newest) {
  double mean = 0.0;
  double count = 0.0;
  for (const float error : hour_errors) {
    if (std::isnan(error)) continue;
    mean += static_cast<double>(error);
    count += 1.0;
  }
  if (!(mean > 0.0)) return 1.0F;
  mean /= count;
  double recent = static_cast<double>(parameters.turbulence_shrinkage) * mean;
  double weight = static_cast<double>(parameters.turbulence_shrinkage);
  for (std::size_t b = newest; b < std::min(newest + parameters.turbulent_origins, hour_errors.size()); ++b) {
    if (std::isnan(hour_errors[b])) continue;
    recent += static_cast<double>(hour_errors[b]);
    weight += 1.0;
  }
  const double relative = std::clamp(recent / weight / mean, 0.25, 8.0);
  return static_cast<float>(std::pow(relative, static_cast<double>(parameters.turbulence_power)));
}

float IntervalWidths::Usual(std::size_t horizon) const {
  const auto place = bands_.PlaceOf(horizon);
  const float usual = usual_[place.band];
  return place.share > 0.0F ? usual + place.share * (usual_[place.band + 1] - usual) : usual;
}

IntervalSides IntervalWidths::Scales(const CombinedStep& step, std::size_t horizon, float turbulence) const {
  const float both = turbulence * Usual(horizon) + spread_share_ * step.spread;
  return {both + opinion_share_ * step.below, both + opinion_share_ * step.above};
}

IntervalWidths::Factors IntervalWidths::FactorsOf(const EnsembleParameters& parameters,
                                                  std::span<const std::vector<Ratio>> by_band, std::size_t band) {
  while (band > 0 && by_band[band].size() < parameters.fewest_ratios) --band;
  const auto& ratios = by_band[band];
  Factors factors;
  if (ratios.size() < parameters.fewest_ratios) {
    factors.at.fill(parameters.unknown_factor);
    factors.most = parameters.unknown_factor;
    return factors;
  }
  float total = 0.0F;
  for (const auto& ratio : ratios) total += ratio.weight;
  std::size_t next = 0;
  float sum = ratios.front().weight;
  for (std::size_t i = 0; i < kTableLevels.size(); ++i) {
    const float wanted = static_cast<float>(kTableLevels[i]) * total;
    while (sum < wanted && next + 1 < ratios.size()) sum += ratios[++next].weight;
    factors.at[i] = ratios[next].ratio;
  }
  factors.most = ratios.back().ratio;
  // Downwards, so that what holds for 95 % and more stays, and no lower level gets wider than a higher one.
  for (std::size_t i = kTableLevels.size() - 1; i-- > 0;) {
    const auto share = static_cast<float>(std::max(0.0, 1.0 - kTableLevels[i] / kExperienceLevel));
    factors.at[i] = std::min(factors.at[i] * (1.0F + parameters.optimism * share), factors.at[i + 1]);
  }
  return factors;
}

void IntervalWidths::Sides(std::span<const CombinedStep> steps, std::span<const std::size_t> horizons, double level,
                           std::vector<IntervalSides>& out) const {
  std::vector<float> factors;
  for (std::size_t band = 0; band < bands_.size(); ++band) {
    factors.push_back(
        static_cast<float>(WidthAt(factors_[band].at, level, 1.0, static_cast<double>(factors_[band].most))));
  }
  out.resize(steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::size_t h = horizons[i];
    const float along = static_cast<float>(h - 1) / static_cast<float>(std::max<std::size_t>(1, shape_.day - 1));
    const float widen = widen_first_ + along * (widen_last_ - widen_first_);
    const auto scales = Scales(steps[i], h, turbulence_);
    const float factor = widen * factors[bands_.BandOf(h)];
    out[i] = {factor * scales.below, factor * scales.above};
  }
}

}  // namespace helios::ml
