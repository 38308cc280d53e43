// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/sample_store.h"

#include <bit>

namespace helios::tsdb {

bool IsStaleMarker(double value) {
  return std::bit_cast<std::uint64_t>(value) == kStaleMarkerBits;
}

std::string_view RejectCode(RejectReason reason) {
  switch (reason) {
    case RejectReason::kOutOfOrder: return "ingest.out_of_order";
    case RejectReason::kConflict: return "ingest.conflicting_value";
    case RejectReason::kTooFarInFuture: return "ingest.future_timestamp";
    case RejectReason::kTooOld: return "ingest.too_old";
    case RejectReason::kSeriesLimit: return "ingest.series_limit";
    case RejectReason::kBadSeries: return "ingest.bad_series";
  }
  return "ingest.rejected";
}

}  // namespace helios::tsdb
