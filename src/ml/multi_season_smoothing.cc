// SPDX-License-Identifier: Apache-2.0
#include "ml/multi_season_smoothing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace helios::ml {

static_assert(Model<MultiSeasonSmoothing>);

namespace {

struct Transient {
  double share;
  double memory;
};
struct Trend {
  double share;
  double damping;
};

constexpr std::array<double, 8> kLevels = {0.0, 0.003, 0.02, 0.07, 0.2, 0.4, 0.7, 1.0};
constexpr std::array<double, 6> kSeasons = {0.0, 0.05, 0.15, 0.35, 0.65, 1.0};
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
/// Shortest history in which weights are searched.
constexpr std::size_t kEnoughToSearch = 24;

double MeanOfKnown(std::span<const double> values) {
  double sum = 0.0;
  double count = 0.0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    count += 1.0;
  }
  return count == 0.0 ? 0.0 : sum / count;
}

/// Means of the known values by phase, 0 for a phase that is never known; taken away from `rest`.
std::vector<double> TakePhases(std::vector<double>& rest, std::size_t season) {
  std::vector<double> sums(season, 0.0);
  std::vector<double> counts(season, 0.0);
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (std::isnan(rest[i])) continue;
    sums[i % season] += rest[i];
    counts[i % season] += 1.0;
  }
  for (std::size_t p = 0; p < season; ++p) sums[p] = counts[p] == 0.0 ? 0.0 : sums[p] / counts[p];
  for (std::size_t i = 0; i < rest.size(); ++i) rest[i] -= sums[i % season];
  return sums;
}

/// Mean absolute error at `steps` from evenly spaced origins, past the first tenth.
double Score(MultiSeasonSmoothing model, std::span<const double> values, std::span<const std::size_t> steps) {
  std::vector<MultiSeasonSmoothing::Reach> reaches;
  reaches.reserve(steps.size());
  for (const auto h : steps) reaches.push_back(model.ReachFor(h));
  const std::size_t first = values.size() / 10;
  const std::size_t stride = ((values.size() - first) / kScoredOrigins) | 1U;  // odd: an alternation shows both phases
  std::size_t next = first;
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t t = 0; t + 1 < values.size(); ++t) {
    model.Update(values[t]);
    if (t < next) continue;
    next += stride;
    for (std::size_t k = 0; k < steps.size() && t + steps[k] < values.size(); ++k) {
      const double error = std::abs(values[t + steps[k]] - model.Predict(reaches[k]));
      if (std::isnan(error)) continue;
      sum += error;
      ++count;
    }
  }
  return count == 0 ? std::numeric_limits<double>::infinity() : sum / static_cast<double>(count);
}

class Search {
 public:
  Search(const MultiSeasonSmoothing& start, std::span<const double> values, std::span<const std::size_t> steps)
      : start_(start), values_(values), steps_(steps), best_(start.parameters()), score_(Score(start, values, steps)) {}

  /// Tries every choice in turn, all else equal, and keeps the best; the first of equals.
  template <class Choices, class Apply>
  void Over(const Choices& choices, Apply apply) {
    const auto base = best_;
    for (const auto& choice : choices) {
      auto candidate = base;
      apply(candidate, choice);
      if (candidate == base) continue;
      if (const double score = Score(start_.With(candidate), values_, steps_); score < score_) {
        score_ = score;
        best_ = candidate;
      }
    }
  }

  [[nodiscard]] const MultiSeasonParameters& best() const { return best_; }

 private:
  const MultiSeasonSmoothing& start_;
  std::span<const double> values_;
  std::span<const std::size_t> steps_;
  MultiSeasonParameters best_;
  double score_;
};

}  // namespace

MultiSeasonSmoothing MultiSeasonSmoothing::Fit(std::span<const double> values, std::span<const std::size_t> seasons) {
  MultiSeasonSmoothing model;
  std::vector<double> rest(values.begin(), values.end());
  const double mean = MeanOfKnown(values);
  for (auto& value : rest) value -= mean;
  for (const auto season : seasons) model.cycles_.push_back(TakePhases(rest, season));
  // The level starts from the first cycle of what the seasons leave, or from the first values.
  const std::size_t start = seasons.empty() ? std::min<std::size_t>(4, rest.size()) : seasons.front();
  model.level_ = mean + MeanOfKnown(std::span(rest).first(start));
  if (values.size() >= kEnoughToSearch) {
    const std::size_t season = seasons.empty() ? std::min<std::size_t>(24, values.size() / 4) : seasons.front();
    const std::array<std::size_t, 3> steps = {1, std::max<std::size_t>(2, season / 24),
                                              std::max<std::size_t>(3, season)};
    Search search(model, values, steps);
    const auto level = [](MultiSeasonParameters& p, double choice) { p.level = choice; };
    const auto transient = [](MultiSeasonParameters& p, const Transient& choice) {
      p.transient = choice.share;
      p.memory = choice.memory;
    };
    search.Over(kTransients, transient);
    search.Over(kLevels, level);
    if (!seasons.empty()) search.Over(kSeasons, [](MultiSeasonParameters& p, double choice) { p.season = choice; });
    search.Over(kTrends, [](MultiSeasonParameters& p, const Trend& choice) {
      p.trend = choice.share;
      p.damping = choice.damping;
    });
    search.Over(kTransients, transient);
    search.Over(kLevels, level);
    model.parameters_ = search.best();
  }
  for (const double value : values) model.Update(value);
  return model;
}

MultiSeasonSmoothing MultiSeasonSmoothing::With(const MultiSeasonParameters& parameters) const {
  auto copy = *this;
  copy.parameters_ = parameters;
  return copy;
}

double MultiSeasonSmoothing::Seasonal(std::size_t ahead) const {
  double sum = 0.0;
  for (const auto& cycle : cycles_) sum += cycle[(next_step_ + ahead) % cycle.size()];
  return sum;
}

void MultiSeasonSmoothing::Update(double value) {
  const auto& p = parameters_;
  slope_ *= p.damping;
  transient_ *= p.memory;
  level_ += slope_;
  if (std::isfinite(value)) {
    const double error = value - level_ - transient_ - Seasonal(0);
    level_ += p.level * error;
    slope_ += p.level * p.trend * error;
    transient_ += (1.0 - p.level) * p.transient * error;
    for (auto& cycle : cycles_) {
      cycle[next_step_ % cycle.size()] += (1.0 - p.level) * p.season / static_cast<double>(cycles_.size()) * error;
    }
  }
  ++next_step_;
}

MultiSeasonSmoothing::Reach MultiSeasonSmoothing::ReachFor(std::size_t steps) const {
  const auto h = static_cast<double>(steps);
  const double phi = parameters_.damping;
  return {
      .steps = steps, .slope = phi * (1.0 - std::pow(phi, h)) / (1.0 - phi), .fade = std::pow(parameters_.memory, h)};
}

double MultiSeasonSmoothing::Predict(const Reach& reach) const {
  return level_ + slope_ * reach.slope + transient_ * reach.fade + Seasonal(reach.steps - 1);
}

}  // namespace helios::ml
