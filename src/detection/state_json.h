// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include "detection/report_outbox.h"
#include "detection/stream_detector.h"

namespace helios::detection {

/// The part of the state file that is JSON: docs/formats/detection-state.md.
[[nodiscard]] boost::json::object OpenToJson(TenantId tenant, tsdb::SeriesId series, const OpenAnomaly& open);
[[nodiscard]] boost::json::object ReportToJson(const AnomalyReport& report);
[[nodiscard]] boost::json::object ClockToJson(TenantId tenant, const WatchClock& clock);

/// Errors: kDataCorruption detection.bad_state.
[[nodiscard]] Result<void> RestoreFromJson(std::string_view text, StreamDetector& detector, ReportOutbox& outbox);

}  // namespace helios::detection
