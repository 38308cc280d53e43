// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "ingest/decoded_request.h"
#include "ingest/delta_sums.h"
#include "ingest/otlp_model.h"

namespace helios::ingest {

/// Turns OpenTelemetry's data points into samples of series, as docs/adr/0007-opentelemetry-as-series.md says. An item
/// is a data point, or the sample of target_info that a resource's first point brings along.
///
/// Refused, point by point: ingest.bad_data_point (no value, too many attributes), ingest.bad_histogram,
/// ingest.bad_temporality (none), ingest.out_of_order and ingest.too_many_delta_series (delta temporality).
class OtlpTranslator final : public OtlpSink {
 public:
  OtlpTranslator(TenantId tenant, TimestampMs now, DeltaSums& sums, DecodedRequest& out)
      : tenant_(tenant), now_(now), sums_(sums), out_(out) {
    out_.CountDistinctSeries();
  }

  void BeginResource(const std::vector<OtlpAttribute>& attributes) override;
  void BeginMetric(const OtlpMetric& metric) override;
  /// Errors: those of DecodedRequest::CheckLimits().
  [[nodiscard]] Result<void> AddPoint(const OtlpPoint& point) override;

  /// What was added to the sums, to be undone where the samples were not stored.
  [[nodiscard]] std::vector<DeltaSums::Step> TakeSteps() { return std::move(steps_); }

 private:
  using Labels = std::vector<std::pair<std::string, std::string>>;

  void AddNumber(const OtlpPoint& point);
  void AddHistogram(const OtlpPoint& point);
  void AddSummary(const OtlpPoint& point);
  /// False where the point was refused or is there already, which then is done with.
  [[nodiscard]] bool Accumulate(ClassicHistogram& point);
  /// Refuses the point in hand.
  void Refuse(std::string_view code, std::string detail);
  void AddRow(std::string_view suffix, std::string_view label, std::string_view text, double value);
  void AppendName(std::string_view suffix, std::string_view label, std::string_view text);
  void SetLabels(const OtlpPoint& point);
  /// target_info of the resource in hand, once, at the time of the point in hand.
  void AddTargetInfo();

  const TenantId tenant_;
  const TimestampMs now_;
  DeltaSums& sums_;
  DecodedRequest& out_;
  std::vector<DeltaSums::Step> steps_;

  Labels resource_labels_;
  Labels target_labels_;  ///< of target_info, empty once it was added, or where there is nothing to say
  OtlpMetric metric_;
  std::string metric_name_;
  // Of the point in hand:
  Labels labels_;
  TimestampMs time_;
};

}  // namespace helios::ingest
