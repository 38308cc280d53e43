// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <vector>

#include "training/custom_model.h"
#include "training/excluded_spans.h"
#include "training/fit_part.h"
#include "training/model_artifacts.h"
#include "training/training_settings.h"
#include "tsdb/sample_store.h"

namespace helios::training {

/// One run: what does not change from series to series. Const members are thread-safe.
struct SeriesTraining {
  TenantId tenant;
  const tsdb::SampleStore& samples;
  const ExcludedSpans& names;
  TrainingSettings settings = {};
  std::optional<CustomModelDefinition> custom = std::nullopt;
  SpansBySeries excluded = {};
  std::shared_ptr<const LoadedArtifact> base = nullptr;  ///< none: no usable active artifact
  bool same_settings = false;                            ///< as the base's
  TimestampMs now{};

  /// What a part was trained with, for comparison.
  [[nodiscard]] std::string Config() const;
  /// The series' part; none where it is skipped.
  [[nodiscard]] Result<std::optional<FittedPart>> Train(const tsdb::SeriesInfo& info) const;
  /// The active part as it is, where there is one.
  [[nodiscard]] std::optional<FittedPart> CarryOver(const tsdb::SeriesInfo& info) const;

 private:
  [[nodiscard]] std::optional<std::string_view> ActivePart(const tsdb::SeriesInfo& info) const;
  [[nodiscard]] Result<FittedPart> Fit(const SeriesTask& task) const;
};

/// Trains `series` on `threads` threads, the caller's among them; in their order. Once it is asked to stop, each thread
/// ends after its present series. Errors: kUnavailable training.stopped; those of the store.
[[nodiscard]] Result<std::vector<std::optional<FittedPart>>> TrainSeries(const SeriesTraining& training,
                                                                         std::span<const tsdb::SeriesInfo> series,
                                                                         unsigned threads, const std::stop_token& stop);

}  // namespace helios::training
