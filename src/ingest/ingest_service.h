// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/time.h"
#include "ingest/decoded_batch.h"
#include "ingest/sample_rate.h"
#include "tenancy/route.h"
#include "tsdb/sample_store.h"

namespace helios::ingest {

/// The intake: protocols in, samples to the store, the answer after the fsync that covers them.
/// Everything runs on the connection's thread and the journal's; none of them waits. Thread-safe.
class IngestService {
 public:
  /// All of them must outlive the service.
  IngestService(tsdb::SampleStore& store, const Clock& clock);

  /// POST /api/v1/ingest and POST /api/v1/prometheus/write.
  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  using Context = std::shared_ptr<const tenancy::RequestContext>;
  enum class Protocol : std::uint8_t { kJson, kRemoteWrite };

  void Handle(Protocol protocol, const http::Request& request, const Context& context, const tenancy::Reply& reply);
  [[nodiscard]] static Result<DecodedBatch> Decode(Protocol protocol, const http::Request& request, TimestampMs now);

  tsdb::SampleStore& store_;
  SampleRate rate_;
};

}  // namespace helios::ingest
