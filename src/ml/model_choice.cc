// SPDX-License-Identifier: Apache-2.0
#include "ml/model_choice.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "ml/internal/artifact_errors.h"
#include "ml/internal/models/fitted_models.h"
#include "ml/internal/state_bytes.h"

namespace helios::ml {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// The value of `said` that half of the weight lies at or below.
double WeightedMedian(std::vector<std::pair<double, double>> said) {
  std::ranges::sort(said);
  double total = 0.0;
  for (const auto& [value, weight] : said) total += weight;
  double below = 0.0;
  for (const auto& [value, weight] : said) {
    below += weight;
    if (below >= 0.5 * total) return value;
  }
  return said.back().first;
}

/// Several models, and for each step and probability the weighted median of what they say. Since each one's quantiles
/// ascend, so do these.
class MedianModel final : public FittedModel {
 public:
  MedianModel(std::vector<std::unique_ptr<FittedModel>> models, std::vector<double> weights)
      : models_(std::move(models)), weights_(std::move(weights)) {}

  void Append(double value) override {
    for (auto& model : models_) model->Append(value);
  }

  [[nodiscard]] Result<QuantileForecast> Forecast(std::size_t steps,
                                                  std::span<const double> probabilities) const override {
    std::vector<QuantileForecast> said;
    for (const auto& model : models_) {
      HELIOS_TRY(auto one, model->Forecast(steps, probabilities));
      said.push_back(std::move(one));
    }
    const auto median = [&](const auto& column) {
      std::vector<double> medians;
      for (std::size_t h = 0; h < steps; ++h) {
        std::vector<std::pair<double, double>> at;
        for (std::size_t m = 0; m < said.size(); ++m) at.emplace_back(column(said[m])[h], weights_[m]);
        medians.push_back(WeightedMedian(std::move(at)));
      }
      return medians;
    };
    QuantileForecast forecast;
    forecast.value = median([](const QuantileForecast& one) -> const auto& { return one.value; });
    for (std::size_t q = 0; q < probabilities.size(); ++q) {
      forecast.quantiles.push_back(
          median([q](const QuantileForecast& one) -> const auto& { return one.quantiles[q]; }));
    }
    return forecast;
  }

  [[nodiscard]] std::unique_ptr<FittedModel> Clone() const override {
    std::vector<std::unique_ptr<FittedModel>> copies;
    for (const auto& model : models_) copies.push_back(model->Clone());
    return std::make_unique<MedianModel>(std::move(copies), weights_);
  }
  [[nodiscard]] Result<std::string> Save() const override {
    std::vector<std::string> saved;
    for (const auto& model : models_) {
      HELIOS_TRY(auto one, model->Save());
      saved.push_back(std::move(one));
    }
    StateWriter writer;
    writer(kModelVersion, StoredModel::kMedian, weights_, saved);
    return writer.Take();
  }
  [[nodiscard]] TimestampMs origin() const override { return models_.front()->origin(); }
  [[nodiscard]] std::chrono::milliseconds step() const override { return models_.front()->step(); }

 private:
  std::vector<std::unique_ptr<FittedModel>> models_;
  std::vector<double> weights_;
};

/// What the candidates said at one past origin.
struct PastOrigin {
  std::vector<double> actual;             // NaN where unknown
  std::vector<std::vector<double>> said;  // by candidate; empty where it was not tried
  double weight = 1.0;
};

/// Mean absolute error of one forecast; NaN where nothing is known.
double MeanError(std::span<const double> forecast, std::span<const double> actual) {
  double sum = 0.0;
  double count = 0.0;
  for (std::size_t h = 0; h < actual.size(); ++h) {
    if (std::isnan(actual[h])) continue;
    // Halves, so that the difference of extremes is finite.
    sum += std::abs(0.5 * forecast[h] - 0.5 * actual[h]) / static_cast<double>(actual.size());
    count += 1.0 / static_cast<double>(actual.size());
  }
  return count > 0.0 ? std::min(2.0 * (sum / count), std::numeric_limits<double>::max()) : std::nan("");
}

/// Rolls the candidates over past origins and keeps the score.
class Contest {
 public:
  Contest(const RegularHistory& history, std::span<const ModelCandidate> candidates, const ModelChoiceOptions& options)
      : history_(history), candidates_(candidates), options_(options), scores_(candidates.size()) {
    for (std::size_t c = 0; c < candidates.size(); ++c) scores_[c].name = candidates[c].name;
  }

  void Run() {
    const std::size_t size = history_.values.size();
    const auto span = static_cast<std::size_t>(options_.held_back * static_cast<double>(size));
    const std::size_t stride = std::max<std::size_t>(1, span / options_.origins);
    for (std::size_t b = 0; b < options_.origins; ++b) {
      const std::size_t back = options_.steps + b * stride;  // values after the origin
      if (back >= size || (b > 0 && back > std::max(span, options_.steps))) break;
      Try(size - back, std::exp2(-static_cast<double>(b) / options_.half_life));
      if (origins_.size() == options_.trial_origins) StopTheHopeless();
    }
    for (std::size_t c = 0; c < scores_.size(); ++c) {
      if (scores_[c].origins > 0) scores_[c].error = ErrorOf(c, origins_);
    }
  }

  [[nodiscard]] bool Remains(std::size_t c) const { return scores_[c].stopped.empty() && scores_[c].error.has_value(); }
  void Fail(std::size_t c, const Error& error) { scores_[c].stopped = fmt::format("it failed: {}", error.message); }
  [[nodiscard]] std::vector<CandidateScore>& scores() { return scores_; }
  [[nodiscard]] std::size_t origins() const { return origins_.size(); }

  /// Weighted mean error of the weighted median of `members`.
  [[nodiscard]] double ErrorOfMedian(std::span<const std::size_t> members, std::span<const double> weights) const {
    double sum = 0.0;
    double total = 0.0;
    for (const auto& origin : origins_) {
      std::vector<double> medians;
      for (std::size_t h = 0; h < origin.actual.size(); ++h) {
        std::vector<std::pair<double, double>> at;
        for (std::size_t m = 0; m < members.size(); ++m) at.emplace_back(origin.said[members[m]][h], weights[m]);
        medians.push_back(WeightedMedian(std::move(at)));
      }
      sum += origin.weight * MeanError(medians, origin.actual);
      total += origin.weight;
    }
    return sum / total;
  }

 private:
  void Try(std::size_t length, double weight) {
    PastOrigin origin{.actual = {}, .said = std::vector<std::vector<double>>(candidates_.size()), .weight = weight};
    const auto actual = history_.values.subspan(length, std::min(options_.steps, history_.values.size() - length));
    origin.actual.assign(actual.begin(), actual.end());
    if (std::ranges::all_of(actual, [](double value) { return std::isnan(value); })) return;
    const RegularHistory past{.first = history_.first, .step = history_.step, .values = history_.values.first(length)};
    for (std::size_t c = 0; c < candidates_.size(); ++c) {
      if (!scores_[c].stopped.empty()) continue;
      auto fitted = candidates_[c].fit(past);
      if (!fitted) {
        Fail(c, fitted.error());
        continue;
      }
      auto forecast = (*fitted)->Forecast(actual.size(), {});
      if (!forecast) {
        Fail(c, forecast.error());
        continue;
      }
      origin.said[c] = std::move(forecast->value);
      ++scores_[c].origins;
    }
    origins_.push_back(std::move(origin));
  }

  [[nodiscard]] double ErrorOf(std::size_t c, std::span<const PastOrigin> origins) const {
    double sum = 0.0;
    double total = 0.0;
    for (const auto& origin : origins) {
      if (origin.said[c].empty()) continue;
      sum += origin.weight * MeanError(origin.said[c], origin.actual);
      total += origin.weight;
    }
    return total > 0.0 ? sum / total : kInfinity;
  }

  void StopTheHopeless() {
    std::vector<double> errors;
    for (std::size_t c = 0; c < scores_.size(); ++c) {
      errors.push_back(scores_[c].stopped.empty() ? ErrorOf(c, origins_) : kInfinity);
    }
    const double best = std::ranges::min(errors);
    for (std::size_t c = 1; c < scores_.size(); ++c) {  // the yardstick stays
      if (!scores_[c].stopped.empty() || !(errors[c] > options_.hopeless * best)) continue;
      scores_[c].stopped =
          fmt::format("after {} origins it erred {:.1f} times as much as the best", origins_.size(), errors[c] / best);
    }
  }

  const RegularHistory& history_;
  std::span<const ModelCandidate> candidates_;
  const ModelChoiceOptions& options_;
  std::vector<CandidateScore> scores_;
  std::vector<PastOrigin> origins_;
};

Result<void> CheckOptions(const ModelChoiceOptions& options) {
  const bool fine = options.steps >= 1 && options.origins >= 1 && options.held_back > 0.0 && options.held_back < 1.0 &&
                    options.hopeless >= 1.0 && options.half_life > 0.0 && options.power >= 0.0 &&
                    options.least_gain >= 0.0;
  if (fine) return {};
  return Fail(ErrorCode::kInvalidArgument, "inference.bad_model_options",
              "cannot choose a model: an option is out of its range; got {} steps, {} origins, {} held back",
              options.steps, options.origins, options.held_back);
}

/// Of those that remain, the one with the least error; the yardstick at a tie.
std::size_t BestOf(Contest& contest) {
  const auto& scores = contest.scores();
  std::size_t best = 0;
  for (std::size_t c = 1; c < scores.size(); ++c) {
    if (!contest.Remains(c)) continue;
    if (!contest.Remains(best) || *scores[c].error < *scores[best].error) best = c;
  }
  return best;
}

/// The first of `order` that can be fitted to the whole history.
Result<ModelChoice> FirstThatFits(const RegularHistory& history, std::span<const ModelCandidate> all, Contest& contest,
                                  std::span<const std::size_t> order, const std::string& reason) {
  std::optional<Error> why;
  for (const std::size_t c : order) {
    auto model = all[c].fit(history);
    if (!model) {
      contest.Fail(c, model.error());
      why = why ? why : std::move(model).error();
      continue;
    }
    contest.scores()[c].weight = 1.0;
    return ModelChoice{.model = *std::move(model),
                       .name = all[c].name,
                       .reason = why ? fmt::format("{}; before it, another failed: {}", reason, why->message) : reason,
                       .error = contest.scores()[c].error,
                       .scores = std::move(contest.scores())};
  }
  return std::unexpected(*std::move(why));
}

}  // namespace

Result<std::unique_ptr<FittedModel>> RestoreMedian(std::string_view bytes, const RegularHistory& history) {
  StateReader reader(bytes);
  std::vector<double> weights;
  std::vector<std::string> saved;
  reader(weights, saved);
  if (!reader.done() || saved.empty() || weights.size() != saved.size() ||
      !std::ranges::all_of(weights, [](double weight) { return weight > 0.0; })) {
    return BadArtifact("a median of models", "its weights are not those of one");
  }
  std::vector<std::unique_ptr<FittedModel>> models;
  for (const std::string& one : saved) {
    // One within one would be none of ours, and could be nested without end.
    if (one.size() >= 2 && static_cast<StoredModel>(one[1]) == StoredModel::kMedian) {
      return BadArtifact("a median of models", "it holds another");
    }
    HELIOS_TRY(auto model, RestoreModel(one, history));
    models.push_back(std::move(model));
  }
  return std::make_unique<MedianModel>(std::move(models), std::move(weights));
}

ModelCandidate CandidateOf(NamedModel model, const ModelOptions& options) {
  return {.name = std::string(NamedModelName(model)),
          .fit = [model, options](const RegularHistory& history) { return FitModel(model, history, options); }};
}

Result<ModelChoice> ChooseModel(const RegularHistory& history, std::span<const ModelCandidate> candidates,
                                const ModelChoiceOptions& options) {
  HELIOS_CHECK(CheckOptions(options));
  std::vector<ModelCandidate> all = {CandidateOf(NamedModel::kSeasonalNaive)};
  all.insert(all.end(), candidates.begin(), candidates.end());
  Contest contest(history, all, options);
  contest.Run();

  const auto& scores = contest.scores();
  const std::size_t best = BestOf(contest);
  if (!contest.Remains(best)) {
    std::vector<std::size_t> order;
    for (std::size_t c = 1; c < all.size(); ++c) order.push_back(c);
    order.push_back(0);
    return FirstThatFits(history, all, contest, order,
                         "no model could be tried on held-back values, so the first that fits serves");
  }
  const double least = *scores[best].error;

  // Several together, where there are three voices at least: a median of two is no better than either.
  std::vector<std::size_t> members;
  std::vector<double> weights;
  double total = 0.0;
  for (std::size_t c = 0; c < all.size(); ++c) {
    if (!contest.Remains(c) || !(least > 0.0)) continue;
    members.push_back(c);
    weights.push_back(std::pow(least / *scores[c].error, options.power));
    total += weights.back();
  }
  if (members.size() >= 3) {
    const double together = contest.ErrorOfMedian(members, weights);
    if (together < (1.0 - options.least_gain) * least) {
      std::vector<std::unique_ptr<FittedModel>> models;
      for (const std::size_t c : members) {
        auto model = all[c].fit(history);
        if (model) models.push_back(*std::move(model));
      }
      if (models.size() == members.size()) {
        for (std::size_t m = 0; m < members.size(); ++m) contest.scores()[members[m]].weight = weights[m] / total;
        return ModelChoice{
            .model = std::make_unique<MedianModel>(std::move(models), std::move(weights)),
            .name = "weighted median",
            .reason = fmt::format("the weighted median of {} models had {:.0f} % less absolute error than the best "
                                  "of them, {}, over {} origins",
                                  members.size(), 100.0 * (1.0 - together / least), all[best].name, contest.origins()),
            .error = together,
            .scores = std::move(contest.scores())};
      }
    }
  }
  const std::string reason =
      best == 0
          ? fmt::format("no model beat the seasonal naive over {} origins, so that serves", contest.origins())
          : fmt::format("{} had {:.0f} % less absolute error than the seasonal naive over {} origins", all[best].name,
                        100.0 * (1.0 - least / scores[0].error.value_or(least)), contest.origins());
  return FirstThatFits(history, all, contest, std::vector<std::size_t>{best, 0}, reason);
}

}  // namespace helios::ml
