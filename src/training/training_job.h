// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "jobs/job.h"
#include "tsdb/sample_store.h"

namespace helios::training {

inline constexpr std::string_view kTrainMetric = "training.train_metric";

/// Why a training was queued, other than by the schedule or by a request for it.
struct TrainingCause {
  std::string kind;    ///< "custom_model", "artifact_lost", "withdrawn", "poor_accuracy", "drift"
  std::string detail;  ///< one sentence for a person
};

/// A training of one metric, as it is asked for.
struct TrainingRequest {
  std::string metric;
  std::string labels = "{}";  ///< a JSON object; the series that have them, or all
  std::optional<TrainingCause> cause = std::nullopt;
  std::optional<Uuid> created_by = std::nullopt;
  /// Of a training that comes at most once however often it is asked for (NewJob::idempotency_key).
  std::optional<std::string> once = std::nullopt;
};

/// The job of it. The same training twice is one job while it waits or runs, whatever the causes.
[[nodiscard]] jobs::NewJob TrainingJob(const TrainingRequest& request);

/// What a job's payload asks for.
struct TrainingSubject {
  std::string metric;
  tsdb::SeriesSelector chosen;  ///< with the labels asked for
};

/// Errors: kInvalidArgument training.bad_payload, http.bad_json, http.bad_field, http.unknown_field.
[[nodiscard]] Result<TrainingSubject> ParseTrainingPayload(const std::string& payload);

}  // namespace helios::training
