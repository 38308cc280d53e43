// SPDX-License-Identifier: Apache-2.0
#include "ml/exponential_smoothing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace helios::ml {

static_assert(Model<ExponentialSmoothing>);

ExponentialSmoothing::ExponentialSmoothing(const SmoothingParameters& parameters, std::size_t season)
    : parameters_(parameters), phases_(season >= 2 ? season : 0, std::numeric_limits<double>::quiet_NaN()) {}

ExponentialSmoothing ExponentialSmoothing::With(const SmoothingParameters& parameters) const {
  auto copy = *this;
  copy.parameters_ = parameters;
  copy.phase_weight_ = std::max(parameters.season, 1.0 / static_cast<double>(round_ + 1));
  return copy;
}

void ExponentialSmoothing::UpdateFirstSeason(double value) {
  if (std::isfinite(value)) {
    seen_ += 1.0;
    level_ += (value - level_) / seen_;
  }
  phases_[next_phase_] = value;
  if (++next_phase_ < phases_.size()) return;
  next_phase_ = 0;
  round_ = 1;
  phase_weight_ = std::max(parameters_.season, 0.5);
  for (auto& phase : phases_) phase = std::isfinite(phase) ? phase - level_ : 0.0;
}

void ExponentialSmoothing::Update(double value) {
  if (!phases_.empty() && round_ == 0) {
    UpdateFirstSeason(value);
    return;
  }
  const auto& p = parameters_;
  const double phase = phases_.empty() ? 0.0 : phases_[next_phase_];
  slope_ *= p.damping;
  transient_ *= p.memory;
  level_ += slope_;
  if (std::isfinite(value)) {
    const double error = value - level_ - phase - transient_;
    seen_ += 1.0;
    const double alpha = phases_.empty() ? std::max(p.level, 1.0 / seen_) : p.level;
    level_ += alpha * error;
    slope_ += alpha * p.trend * error;
    transient_ += (1.0 - alpha) * p.transient * error;
    if (!phases_.empty()) phases_[next_phase_] += (1.0 - alpha) * phase_weight_ * error;
    if (seen_ == 1.0) slope_ = 0.0;  // the first value is all level
  }
  if (!phases_.empty() && ++next_phase_ == phases_.size()) {
    next_phase_ = 0;
    ++round_;
    phase_weight_ = std::max(p.season, 1.0 / static_cast<double>(round_ + 1));
  }
}

ExponentialSmoothing::Reach ExponentialSmoothing::ReachFor(std::size_t steps) const {
  const auto h = static_cast<double>(steps);
  const double phi = parameters_.damping;
  return {.offset = phases_.empty() ? 0 : (steps - 1) % phases_.size(),
          .slope = phi * (1.0 - std::pow(phi, h)) / (1.0 - phi),
          .fade = std::pow(parameters_.memory, h)};
}

double ExponentialSmoothing::Predict(const Reach& reach) const {
  const double base = level_ + slope_ * reach.slope + transient_ * reach.fade;
  if (phases_.empty() || round_ == 0) return base;
  std::size_t phase = next_phase_ + reach.offset;
  if (phase >= phases_.size()) phase -= phases_.size();
  return base + phases_[phase];
}

namespace {

struct Transient {
  double share;
  double memory;
};
struct Trend {
  double share;
  double damping;
};

constexpr std::array<double, 7> kLevels = {0.003, 0.02, 0.07, 0.2, 0.4, 0.7, 1.0};
constexpr std::array<double, 5> kSeasons = {0.0, 0.15, 0.35, 0.65, 1.0};
constexpr std::array<Trend, 4> kTrends = {{{0.0, 0.9}, {0.05, 0.98}, {0.1, 0.9}, {0.3, 0.8}}};
// Memories are exp(-1/tau) for tau of 2, 6, 12, 24, 60 and 150 steps.
constexpr std::array<Transient, 9> kTransients = {{{0.0, 0.0},
                                                   {1.0, 0.6065},
                                                   {1.0, 0.8465},
                                                   {0.6, 0.92},
                                                   {1.0, 0.92},
                                                   {0.3, 0.959},
                                                   {0.8, 0.959},
                                                   {0.5, 0.9835},
                                                   {0.4, 0.9934}}};

/// Origins at which one set of weights is scored; more would only cost time.
constexpr std::size_t kScoredOrigins = 600;

/// Mean absolute error of one set of weights over the values after the model's first season.
class Scorer {
 public:
  Scorer(std::span<const double> values, std::size_t season, std::span<const std::size_t> steps)
      : values_(values), steps_(steps.begin(), steps.end()), start_(SmoothingParameters{}, season) {
    begin_ = start_.season();
    for (std::size_t i = 0; i < begin_; ++i) start_.Update(values[i]);
    first_ = begin_ + (season >= 2 ? 0 : std::min<std::size_t>(8, values.size() / 4));
    stride_ = ((values.size() - first_) / kScoredOrigins) | 1;  // odd: an alternating series is seen at both phases
  }

  [[nodiscard]] double Score(const SmoothingParameters& parameters) const {
    auto model = start_.With(parameters);
    std::vector<ExponentialSmoothing::Reach> reaches;
    reaches.reserve(steps_.size());
    for (const auto steps : steps_) reaches.push_back(model.ReachFor(steps));
    double sum = 0.0;
    std::size_t count = 0;
    std::size_t next_scored = first_;
    for (std::size_t t = begin_; t + 1 < values_.size(); ++t) {
      model.Update(values_[t]);
      if (t < next_scored) continue;
      next_scored += stride_;
      for (std::size_t k = 0; k < reaches.size() && t + steps_[k] < values_.size(); ++k) {
        const double error = std::abs(values_[t + steps_[k]] - model.Predict(reaches[k]));
        if (std::isnan(error)) continue;
        sum += error;
        ++count;
      }
    }
    return count == 0 ? std::numeric_limits<double>::infinity() : sum / static_cast<double>(count);
  }

 private:
  std::span<const double> values_;
  std::vector<std::size_t> steps_;  // ascending
  ExponentialSmoothing start_;
  std::size_t begin_ = 0;
  std::size_t first_ = 0;
  std::size_t stride_ = 1;
};

class Search {
 public:
  Search(const Scorer& scorer, const SmoothingParameters& start)
      : scorer_(scorer), best_(start), score_(scorer.Score(start)) {}

  /// Tries every choice in turn, all else equal, and keeps the best; the first of equals.
  template <class Choices, class Apply>
  void Over(const Choices& choices, Apply apply) {
    const auto base = best_;
    for (const auto& choice : choices) {
      auto candidate = base;
      apply(candidate, choice);
      if (candidate == base) continue;
      if (const double score = scorer_.Score(candidate); score < score_) {
        score_ = score;
        best_ = candidate;
      }
    }
  }

  [[nodiscard]] const SmoothingParameters& best() const { return best_; }

 private:
  const Scorer& scorer_;
  SmoothingParameters best_;
  double score_;
};

}  // namespace

SmoothingParameters FindSmoothingParameters(std::span<const double> values, std::size_t season,
                                            std::span<const std::size_t> steps) {
  const bool seasonal = season >= 2;
  SmoothingParameters start;
  if (seasonal) start = {.level = 0.02, .season = 0.15, .transient = 0.6, .memory = 0.92};
  if (values.size() < (seasonal ? season + 8 : 8)) return start;

  std::vector<std::size_t> ascending(steps.begin(), steps.end());
  std::ranges::sort(ascending);
  const Scorer scorer(values, season, ascending);
  Search search(scorer, start);
  const auto level = [](SmoothingParameters& p, double choice) { p.level = choice; };
  const auto transient = [](SmoothingParameters& p, const Transient& choice) {
    p.transient = choice.share;
    p.memory = choice.memory;
  };
  if (seasonal) {
    search.Over(kTransients, transient);
    search.Over(kSeasons, [](SmoothingParameters& p, double choice) { p.season = choice; });
    search.Over(kLevels, level);
    search.Over(kTransients, transient);
  } else {
    search.Over(kLevels, level);
    search.Over(kTransients, transient);
    search.Over(kTrends, [](SmoothingParameters& p, const Trend& choice) {
      p.trend = choice.share;
      p.damping = choice.damping;
    });
    search.Over(kLevels, level);
  }
  return search.best();
}

}  // namespace helios::ml
