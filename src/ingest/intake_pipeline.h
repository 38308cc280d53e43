// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/response.h"
#include "ingest/decoded_request.h"
#include "ingest/in_flight.h"
#include "ingest/memory_guard.h"
#include "ingest/rejection_log.h"
#include "ingest/replica.h"
#include "ingest/replica_election.h"
#include "ingest/sample_rate.h"
#include "tenancy/route.h"
#include "tsdb/sample_store.h"

namespace helios::ingest {

/// What became of a request that was decoded. Items are what its sender counts: see DecodedRequest.
struct IntakeOutcome {
  std::size_t total = 0;
  std::size_t accepted = 0;    ///< stored, or there already; `accepted + distinct positions in rejected = total`
  std::size_t duplicates = 0;  ///< rows that were stored already; of an import they are samples of `accepted`
  std::size_t histograms = 0;  ///< of `total`
  std::size_t histograms_accepted = 0;   ///< of `accepted`
  std::vector<RejectedSample> rejected;  ///< rising by index; a histogram's may stand there several times
  std::vector<LeftOut> left_out;
  /// It came from the replica of a pair that is not elected: nothing was stored, and its twin's samples are.
  bool deduplicated = false;
};

/// A request that was not taken at all.
struct Refusal {
  Error error;
  std::int64_t retry_after = 1;  ///< seconds, for 503
};

/// How one protocol meets the pipeline.
struct IntakeCall {
  std::string_view operation;  ///< the route's, a literal
  std::size_t bytes = 0;       ///< of the request
  bool import = false;         ///< history: in any order, of any age within retention, and at the rate of imports
  /// Runs at once, on the caller's thread. Fills `replica` where the protocol knows of pairs.
  std::function<Result<void>(DecodedRequest& out, Replica& replica)> decode;
  /// Either of them runs once, on any thread.
  std::function<http::Response(const IntakeOutcome&)> answer;
  std::function<http::Response(const Refusal&)> refuse;
};

/// What every protocol shares: admission, the store, the tally of what was refused, the answer.
///
/// Take() runs on the connection's thread and waits for nothing; the answer leaves from the store's thread, after the
/// fsync that covers the samples. Thread-safe.
class IntakePipeline {
 public:
  /// Imports count against samples a second of their own, this many times the plan's: history and what comes live do
  /// not take each other's.
  static constexpr std::uint64_t kImportRate = 20;

  struct Config {
    RequestLimits limits = {};
    std::size_t max_in_flight_bytes = 256U << 20U;  ///< of bodies as sent, all tenants together
    unsigned tenant_share_percent = 25;             ///< of them: what one tenant may hold while others have some
    std::uint64_t memory_limit_bytes = 0;           ///< of the process: above it requests are shed; 0 for no limit
    MemoryGuard::Probe resident_bytes = &ResidentBytes;
  };

  /// All of them must outlive the pipeline, and the store must be gone before it.
  IntakePipeline(tsdb::SampleStore& store, const Clock& clock, obs::Metrics& metrics, const Config& config);

  /// Refusals, all counted: those of `decode`; kUnavailable ingest.overloaded (memory, or the share of what is in
  /// flight), ingest.rate_limited (samples a second; 503, not 429: Prometheus drops what is answered 429);
  /// kInvalidArgument ingest.too_many_clusters; those of SampleStore::Append().
  void Take(const std::shared_ptr<const tenancy::RequestContext>& context, IntakeCall call, tenancy::Reply reply);

  [[nodiscard]] const RejectionLog& rejections() const { return rejections_; }
  [[nodiscard]] const RequestLimits& limits() const { return limits_; }

 private:
  void Refuse(const tenancy::RequestContext& context, const IntakeCall& call, std::size_t items, const Refusal& refusal,
              const tenancy::Reply& reply);
  [[nodiscard]] static IntakeOutcome Tally(const DecodedRequest& decoded);
  void Record(const tenancy::RequestContext& context, std::string_view operation, const IntakeOutcome& outcome);

  tsdb::SampleStore& store_;
  const RequestLimits limits_;
  SampleRate rate_;
  SampleRate import_rate_;
  InFlight in_flight_;
  MemoryGuard memory_;
  ReplicaElection replicas_;
  RejectionLog rejections_;
};

}  // namespace helios::ingest
