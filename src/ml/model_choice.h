// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ml/fitted_model.h"

namespace helios::ml {

/// A model that may be chosen: its name, for people, and how it is fitted.
struct ModelCandidate {
  std::string name;
  std::function<Result<std::unique_ptr<FittedModel>>(const RegularHistory&)> fit;
};

/// FitModel() of `model` with `options`, by its name.
[[nodiscard]] ModelCandidate CandidateOf(NamedModel model, const ModelOptions& options = {});

struct ModelChoiceOptions {
  std::size_t steps = 12;         ///< ahead that count, at least 1
  std::size_t origins = 8;        ///< that are forecast from, at least 1
  double held_back = 0.3;         ///< share of the history, at its end, that the origins lie in; in (0, 1)
  std::size_t trial_origins = 2;  ///< after which hopeless candidates are stopped
  double hopeless = 1.5;          ///< times the error of the best candidate
  double half_life = 4.0;         ///< origins after which an error counts half
  double power = 3.0;             ///< of a candidate's weight in its error: 0 for even weights
  double least_gain = 0.02;       ///< share of the best one's error that several together must save to serve
};

/// How a candidate did.
struct CandidateScore {
  std::string name;
  std::optional<double> error;  ///< weighted mean absolute error at the origins it was tried at; empty: it never fitted
  std::size_t origins = 0;      ///< it was tried at
  double weight = 0.0;          ///< in the forecast that serves; they sum to 1
  std::string stopped;          ///< why it was not tried at all of them; empty: it was
};

struct ModelChoice {
  std::unique_ptr<FittedModel> model;  ///< fitted to the whole history
  std::string name;                    ///< of the candidate that serves; "weighted median" for several
  std::string reason;                  ///< why: one sentence for a person
  std::optional<double> error;         ///< of what serves, as CandidateScore's; empty: it could not be tried
  std::vector<CandidateScore> scores;  ///< the yardstick, then the candidates in their order
};

/// Chooses between models that somebody asked for, such as a tenant's custom ones, by fitting each of them anew at past
/// origins, newest first, and forecasting what is known since.
///
/// The seasonal naive is always a candidate, and the yardstick: it serves where nothing errs less. A candidate whose
/// error exceeds `hopeless` times the best one's after `trial_origins` is stopped, and so is one that fails to fit.
/// Where the weighted median of the remaining ones (weights from their errors, recent ones counting more) errs less
/// than the best of them by `least_gain`, that serves. Where nothing could be held back, or every candidate failed, the
/// first one that fits to all of the history serves, and the reason says so. The same input gives the same choice.
///
/// Errors: kInvalidArgument inference.bad_model_options  an option out of its range;
///         those of FitModel() where not even the seasonal naive can be fitted.
[[nodiscard]] Result<ModelChoice> ChooseModel(const RegularHistory& history, std::span<const ModelCandidate> candidates,
                                              const ModelChoiceOptions& options);

/// EnsembleForecaster behind the interface of the other models: at most a day of steps, at least three days of history.
/// A quantile costs a forecast (ensemble_forecaster_bench.cc).
/// Errors: those of EnsembleForecaster::Fit(); kInvalidArgument inference.bad_value, an infinite value.
[[nodiscard]] Result<std::unique_ptr<FittedModel>> FitEnsemble(const RegularHistory& history);

}  // namespace helios::ml
