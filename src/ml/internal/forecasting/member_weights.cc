// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/member_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/internal/forecasting/weight_tuning.h"
#include "ml/internal/forecasting/weighted_quantile.h"

namespace helios::ml {

MemberWeights::Errors::Errors(const HorizonBands& bands, std::span<const InnerOrigin> origins,
                              std::span<const std::size_t> horizons, double half_life)
    : sums(bands.size()), counts(bands.size(), 0.0) {
  for (std::size_t b = 0; b < origins.size(); ++b) {
    const double weight = std::exp2(-static_cast<double>(b) / half_life);
    const auto& inner = origins[b];
    for (std::size_t i = 0; i < inner.actual.size(); ++i) {
      if (std::isnan(inner.actual[i])) continue;
      const std::size_t band = bands.BandOf(horizons[i]);
      counts[band] += weight;
      for (std::size_t m = 0; m < kMembers; ++m) {
        sums[band][m] += weight * static_cast<double>(std::abs(inner.view.members[i][m] - inner.actual[i]));
      }
    }
  }
}

MemberSet MemberWeights::Hopeless(const EnsembleParameters& parameters, const DayShape& shape,
                                  std::span<const InnerOrigin> origins, std::span<const std::size_t> horizons) {
  const HorizonBands bands(shape.WeightEdges());
  const Errors errors(bands, origins, horizons, static_cast<double>(parameters.weight_half_life));
  MemberSet hopeless;
  bool judged = false;
  for (std::size_t band = 0; band < bands.size(); ++band) {
    if (errors.counts[band] == 0.0) continue;
    const double most = static_cast<double>(parameters.hopeless) * std::ranges::min(errors.sums[band]);
    for (std::size_t m = 0; m < kMembers; ++m) {
      const bool bad = errors.sums[band][m] > most;
      hopeless.set(m, bad && (!judged || hopeless.test(m)));
    }
    judged = true;
  }
  return hopeless;
}

MemberWeights::MemberWeights(const EnsembleParameters& parameters, const DayShape& shape,
                             std::span<const InnerOrigin> origins, std::span<const std::size_t> horizons,
                             const MemberSet& silent)
    : bands_(shape.WeightEdges()) {
  const Errors errors(bands_, origins, horizons, static_cast<double>(parameters.weight_half_life));
  for (std::size_t band = 0; band < bands_.size(); ++band) {
    if (errors.counts[band] == 0.0) {
      Weights even;
      for (std::size_t m = 0; m < kMembers; ++m) {
        even[m] = silent.test(m) ? 0.0F : 1.0F / static_cast<float>(kMembers - silent.count());
      }
      weights_.push_back(band > 0 ? weights_.back() : even);
      continue;
    }
    Weights weights = FromErrors(parameters, errors.sums[band], silent);
    WeightTuning tuning(silent);
    for (std::size_t b = 0; b < origins.size(); ++b) {
      const float weight = std::exp2(-static_cast<float>(b) / parameters.tuning_half_life);
      const auto& inner = origins[b];
      for (std::size_t i = 0; i < inner.actual.size(); ++i) {
        if (std::isnan(inner.actual[i]) || bands_.BandOf(horizons[i]) != band) continue;
        // Beyond the first hour neighbouring horizons say much the same: a part of them, another at each origin.
        if (horizons[i] > shape.hour && (b + i) % parameters.tuning_thinning != 0) continue;
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

MemberSet MemberWeights::Silent() const {
  MemberSet silent;
  for (std::size_t m = 0; m < kMembers; ++m) {
    silent.set(m, std::ranges::all_of(weights_, [m](const Weights& weights) { return weights[m] == 0.0F; }));
  }
  return silent;
}

MemberWeights::Weights MemberWeights::FromErrors(const EnsembleParameters& parameters, std::span<const double> errors,
                                                 const MemberSet& silent) {
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t m = 0; m < kMembers; ++m) best = silent.test(m) ? best : std::min(best, errors[m]);
  std::array<double, kMembers> raw{};
  double sum = 0.0;
  for (std::size_t m = 0; m < kMembers; ++m) {
    if (silent.test(m)) continue;
    const double error = errors[m] + static_cast<double>(parameters.least_error) * best;
    // Where the best have no error at all, they alone share the weight.
    raw[m] =
        best > 0.0 ? std::pow(best / error, static_cast<double>(parameters.weight_power)) : (error > 0.0 ? 0.0 : 1.0);
    sum += raw[m];
  }
  const auto speaking = static_cast<float>(kMembers - silent.count());
  Weights weights{};
  for (std::size_t m = 0; m < kMembers; ++m) {
    if (silent.test(m)) continue;
    weights[m] = (1.0F - parameters.even_share) * static_cast<float>(raw[m] / sum) + parameters.even_share / speaking;
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
    std::array<Weighted, kMembers> all;
    std::size_t speaking = 0;
    for (std::size_t m = 0; m < kMembers; ++m) {
      if (weights[m] > 0.0F) all[speaking++] = {view.members[i][m], weights[m]};
    }
    const auto said = std::span(all).first(speaking);
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
