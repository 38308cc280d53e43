// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "ingest/delta_sums.h"
#include "ingest/intake_pipeline.h"
#include "tenancy/route.h"

namespace helios::ingest {

/// The intake: protocols in, samples to the store, the answer after the fsync that covers them; and what was refused.
/// Thread-safe.
class IngestService {
 public:
  /// All of them must outlive the service, but for the store, which must have stopped before the service goes.
  IngestService(tsdb::SampleStore& store, const Clock& clock, obs::Metrics& metrics,
                const IntakePipeline::Config& config);

  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  DeltaSums delta_sums_;
  IntakePipeline pipeline_;
};

}  // namespace helios::ingest
