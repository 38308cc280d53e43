// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/ingest_service.h"

#include <algorithm>
#include <iterator>

#include "ingest/import_intake.h"
#include "ingest/json_intake.h"
#include "ingest/line_protocol_intake.h"
#include "ingest/otlp_intake.h"
#include "ingest/rejection_routes.h"
#include "ingest/remote_write_intake.h"

namespace helios::ingest {

IngestService::IngestService(tsdb::SampleStore& store, const Clock& clock, obs::Metrics& metrics,
                             const IntakePipeline::Config& config)
    : pipeline_(store, clock, metrics, config) {}

auto IngestService::MakeRoutes() -> tenancy::Routes {
  tenancy::Routes routes;
  for (tenancy::Routes& more :
       std::vector<tenancy::Routes>{JsonIntakeRoutes(pipeline_), RemoteWriteIntakeRoutes(pipeline_),
                                    OtlpIntakeRoutes(pipeline_, delta_sums_), LineProtocolIntakeRoutes(pipeline_),
                                    ImportIntakeRoutes(pipeline_), RejectionRoutes(pipeline_.rejections())}) {
    std::ranges::move(more, std::back_inserter(routes));
  }
  return routes;
}

}  // namespace helios::ingest
