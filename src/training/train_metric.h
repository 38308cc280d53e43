// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "jobs/job_handler.h"
#include "training/excluded_spans.h"
#include "training/model_artifacts.h"
#include "training/model_registry.h"
#include "tsdb/sample_store.h"

namespace helios::training {

/// Trains one metric: every series of it, from 5-minute rollups, into one artifact and one new version. The part of a
/// series that has been silent for an hour stays as it is.
///
/// A metric that has a custom model (custom_models.h) is trained by that, where the organization's plan has them.
///
/// Payload: that of training_job.h; with labels, the series that have them, and the parts of all
/// others are carried over. Result: {"metric", "version", "series", "promoted", "carried_over", "skipped"}, where
/// "version" is the one that serves afterwards: where no part was promoted, no version is made.
///
/// A series with less than two days of history is skipped: at its finer step it is forecast better when asked for.
/// Idempotent: the version's row, its activation and the job's success are one transaction; an artifact that an attempt
/// left behind is written over by the next. Memory: the old artifact and the new one, some 4 KB a series each, and 64
/// histories. A history is not read in two processes: it needs the sample store.
class TrainMetric final : public jobs::JobHandler {
 public:
  struct Needs {
    pg::Database& database;
    const tsdb::SampleStore& samples;
    ModelArtifacts& artifacts;
    ModelRegistry& registry;
    const ExcludedSpans& excluded;
    const Clock& clock;
  };

  /// All of it must outlive the handler. `threads`: fit at a time.
  TrainMetric(const Needs& needs, unsigned threads) : needs_(needs), threads_(threads) {}

  [[nodiscard]] Result<std::string> Run(jobs::JobContext& context) override;

 private:
  Needs needs_;
  unsigned threads_;
};

}  // namespace helios::training
