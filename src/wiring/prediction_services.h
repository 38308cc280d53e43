// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "predictions/prediction_book.h"
#include "predictions/prediction_runner.h"
#include "predictions/predictions_service.h"
#include "wiring/platform.h"
#include "wiring/prediction_log_adapter.h"

namespace helios::wiring {

/// Predictions that were asked for: taken in, written, read. Members are declared in the order they are built in.
class PredictionServices {
 public:
  /// What `platform` refers to must outlive it.
  explicit PredictionServices(const Platform& platform)
      : metrics_(platform.metrics),
        book_(metrics_, {}),
        service_(platform.database, platform.cursors),
        runner_({.book = book_,
                 .metrics = metrics_,
                 .database = platform.database,
                 .store = platform.store,
                 .clock = platform.clock,
                 .random = platform.random,
                 .tenants = [&store = platform.store] { return store.Tenants(); }},
                {}) {}

  [[nodiscard]] inference::PredictionLog& log() { return log_; }
  [[nodiscard]] tenancy::Routes MakeRoutes() const { return service_.MakeRoutes(); }
  void Stop() { runner_.Stop(); }  ///< idempotent

 private:
  predictions::PredictionMetrics metrics_;
  predictions::PredictionBook book_;
  PredictionLogAdapter log_{book_};
  predictions::PredictionsService service_;
  predictions::PredictionRunner runner_;
};

}  // namespace helios::wiring
