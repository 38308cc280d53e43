// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>

#include "ingest/otlp_model.h"

namespace helios::ingest {

/// The metric's name as Prometheus' OTLP receiver forms it by default, so that queries and dashboards made for that
/// fit: words joined by '_', then the unit spelt out ("ms" gives "milliseconds", "By/s" "bytes_per_second"), then
/// "total" for a monotonic sum, "ratio" for a gauge of unit "1". Letters beyond ASCII stay, unlike there. Source:
/// OpenTelemetry, "Prometheus and OpenMetrics compatibility"; ADR 7.
[[nodiscard]] std::string OtlpMetricName(const OtlpMetric& metric);

/// An attribute's key as a label's name: anything but letters, digits and '_' becomes '_', and "key_" stands before a
/// digit at its front. Letters beyond ASCII stay.
[[nodiscard]] std::string OtlpLabelName(std::string_view key);

/// Whether an attribute of a resource becomes a label of each of its series: those that say which thing is measured,
/// and change neither with a release nor with a process.
[[nodiscard]] bool IsPromoted(std::string_view key);

/// Whether an attribute of a resource is in `job` or `instance`, and so in no other label.
[[nodiscard]] bool IsIdentifying(std::string_view key);

}  // namespace helios::ingest
