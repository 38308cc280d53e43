// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "ml/forecast.h"
#include "ml/model_description.h"
#include "ml/series_forecaster.h"

namespace helios::training {

/// One series to be trained.
struct SeriesTask {
  std::span<const ml::Sample> history;          ///< oldest first
  std::optional<std::string_view> active = {};  ///< the part that serves it now
  bool refit = false;                           ///< the active part was trained with other settings or other data
};

struct FittedPart {
  std::string part;      ///< for the artifact
  bool promoted = true;  ///< false: the active part, as it is
  ml::ModelDescription description;
};

/// Fits a model to a history, oldest sample first.
using Fitter = std::function<Result<ml::SeriesForecaster>(std::span<const ml::Sample>)>;

/// Fits a series and decides which part serves it.
///
/// Where a part is active, both are replayed from the same origins, every two hours of the last day (or of the time
/// since the active part was fitted, if that is less), and neither has seen what it is judged on: the new part is
/// fitted to the history before the first of these origins, and takes in the rest when it is restored. The new one
/// serves unless its mean absolute error over origins and horizons is greater. Where the active part is too young to be
/// judged so (its longest horizon and two hours), it stays, and nothing is fitted. An active part that cannot be read
/// or restored is replaced. Pure; some 10 ms for fourteen days of five minutes.
///
/// `fit` makes the new part; without it, ml::FitForecaster() with the options. Errors: those of the fit.
[[nodiscard]] Result<FittedPart> FitPart(const SeriesTask& task, const ml::ForecastOptions& options,
                                         const Fitter& fit = {});

/// Mean over the horizons of the mean absolute error of forecasts from origins every two hours after `from`; `model`
/// has taken in what lies before. nullopt: nothing could be compared.
[[nodiscard]] std::optional<double> ReplayError(ml::SeriesForecaster model, std::span<const ml::Sample> history,
                                                TimestampMs from, const ml::ForecastOptions& options);

}  // namespace helios::training
