// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/member_weights.h"

#include <algorithm>
#include <cmath>

#include "ml/internal/forecasting/weight_tuning.h"
#include "ml/internal/forecasting/weighted_quantile.h"

namespace helios::ml {

MemberWeights::MemberWeights(const EnsembleParameters& parameters, const DayShape& shape,
                             std::span<const InnerOrigin> origins, std::span<const std::size_t> horizons)
    : bands_(shape.WeightEdges()) {
  std::vector<std::array<double, kMembers>> errors(bands_.size());
  std::vector<double> counts(bands_.size(), 0.0);
  for (std::size_t b = 0; b < origins.size(); ++b) {
    const double weight = std::exp2(-static_cast<double>(b) / static_cast<double>(parameters.weight_half_life));
    const auto& inner = origins[b];
    for (std::size_t i = 0; i < inner.actual.size(); ++i) {
      if (std::isnan(inner.actual[i])) continue;
      const std::size_t band = bands_.BandOf(horizons[i]);
      counts[band] += weight;
      for (std::size_t m = 0; m < kMembers; ++m) {
        errors[band][m] += weight * static_cast<double>(std::abs(inner.view.members[i][m] - inner.actual[i]));
      }
    }
  }
  for (std::size_t band = 0; band < bands_.size(); ++band) {
    if (counts[band] == 0.0) {
      Weights even;
      even.fill(1.0F / static_cast<float>(kMembers));
      weights_.push_back(band > 0 ? weights_.back() : even);
      continue;
    }
    Weights weights = FromErrors(parameters, errors[band]);
    WeightTuning tuning;
    for (std::size_t b = 0; b < origins.size(); ++b) {
      const float weight = std::exp2(-static_cast<float>(b) / parameters.tuning_half_life);
      const auto& inner = origins[b];
      for (std::size_t i = 0; i < inner.actual.size(); ++i) {
        if (std::isnan(inner.actual[i]) || bands_.BandOf(horizons[i]) != band) continue;
        tuning.Add(inner.view.members[i], inner.actual[i], weight);
      }
    }
    const Weights tuned = tuning.Tune(weights, parameters.tuning_rounds, parameters.tuning_step);
    for (std::size_t m = 0; m < kMembers; ++m) weights[m] += parameters.tuning_share * (tuned[m] - weights[m]);
    weights_.push_back(weights);
  }
}

MemberWeights::MemberWeights(const DayShape& shape) : bands_(shape.WeightEdges()) {}

bool MemberWeights::Valid() const {
  return weights_.size() == bands_.size() && std::ranges::all_of(weights_, [](const Weights& weights) {
           float sum = 0.0F;
           for (const float weight : weights) sum += weight;
           return std::ranges::min(weights) >= 0.0F && sum > 0.5F && sum < 2.0F;
         });
}

MemberWeights::Weights MemberWeights::FromErrors(const EnsembleParameters& parameters, std::span<const double> errors) {
  const double best = std::ranges::min(errors);
  std::array<double, kMembers> raw{};
  double sum = 0.0;
  for (std::size_t m = 0; m < kMembers; ++m) {
    const double error = errors[m] + static_cast<double>(parameters.least_error) * best;
    // Where the best have no error at all, they alone share the weight.
    raw[m] =
        best > 0.0 ? std::pow(best / error, static_cast<double>(parameters.weight_power)) : (error > 0.0 ? 0.0 : 1.0);
    sum += raw[m];
  }
  Weights weights;
  for (std::size_t m = 0; m < kMembers; ++m) {
    weights[m] = (1.0F - parameters.even_share) * static_cast<float>(raw[m] / sum) +
                 parameters.even_share / static_cast<float>(kMembers);
  }
  return weights;
}

MemberWeights::Weights MemberWeights::At(std::size_t horizon) const {
  const auto place = bands_.PlaceOf(horizon);
  Weights weights = weights_[place.band];
  if (place.share > 0.0F) {
    const auto& next = weights_[place.band + 1];
    for (std::size_t m = 0; m < kMembers; ++m) weights[m] += place.share * (next[m] - weights[m]);
  }
  return weights;
}

void MemberWeights::Combine(const OriginView& view, std::span<const std::size_t> horizons,
                            std::vector<CombinedStep>& out) const {
  out.resize(view.members.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto weights = At(horizons[i]);
    std::array<Weighted, kMembers> said;
    for (std::size_t m = 0; m < kMembers; ++m) said[m] = {view.members[i][m], weights[m]};
    SortByValue(said);
    auto& step = out[i];
    step.value = WeightedQuantile(said, 0.5F);
    step.spread = 0.0F;
    for (const auto& one : said) step.spread += one.weight * std::abs(one.value - step.value);
    step.below = std::max(0.0F, step.value - view.low[i]);
    step.above = std::max(0.0F, view.high[i] - step.value);
  }
}

}  // namespace helios::ml
