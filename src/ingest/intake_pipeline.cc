// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/intake_pipeline.h"

#include <algorithm>
#include <map>
#include <utility>

#include "obs/log.h"

namespace helios::ingest {
namespace {

/// What an organization's plan and settings mean to the store.
tsdb::TenantPolicy PolicyOf(const tenancy::Principal& principal) {
  const tenancy::Retention retention = tenancy::RetentionOf(principal.plan, principal.retention);
  tsdb::TenantPolicy policy{.max_active_series = tenancy::LimitsOf(principal.plan).max_active_series,
                            .raw_retention = retention.raw,
                            .rollup_retention = retention.rollups};
  if (principal.plan == tenancy::Plan::kProfessional) policy.isolation = tsdb::Isolation::kOwnDirectory;
  if (principal.plan == tenancy::Plan::kEnterprise) policy.isolation = tsdb::Isolation::kOwnKey;
  return policy;
}

/// Adds what the store refused, and counts.
void Complete(IntakeOutcome& outcome, const std::vector<std::uint32_t>& positions,
              const std::vector<std::uint32_t>& histograms, std::vector<tsdb::Rejection>& refused) {
  if (refused.empty() && outcome.rejected.empty()) return;
  for (tsdb::Rejection& rejection : refused) {
    const std::size_t index = positions.empty() ? rejection.index : positions[rejection.index];
    outcome.rejected.push_back({.index = index,
                                .code = rejection.code,
                                .detail = std::move(rejection.detail),
                                .series = std::move(rejection.series)});
  }
  std::ranges::sort(outcome.rejected, {}, &RejectedSample::index);
  std::size_t previous = SIZE_MAX;
  for (const RejectedSample& sample : outcome.rejected) {
    if (std::exchange(previous, sample.index) == sample.index) continue;
    --outcome.accepted;
    if (std::ranges::binary_search(histograms, sample.index)) --outcome.histograms_accepted;
  }
}

}  // namespace

IntakePipeline::IntakePipeline(tsdb::SampleStore& store, const Clock& clock, obs::Metrics& metrics,
                               const Config& config)
    : store_(store),
      limits_(config.limits),
      rate_(clock),
      import_rate_(clock),
      in_flight_(config.max_in_flight_bytes, config.tenant_share_percent),
      memory_(config.memory_limit_bytes, config.resident_bytes),
      rejections_(metrics) {}

void IntakePipeline::Refuse(const tenancy::RequestContext& context, const IntakeCall& call, std::size_t items,
                            const Refusal& refusal, const tenancy::Reply& reply) {
  rejections_.Record(context.tenant, {.time = context.now,
                                      .route = call.operation,
                                      .reason = refusal.error.reason,
                                      .count = std::max<std::size_t>(items, 1),
                                      .detail = refusal.error.message,
                                      .series = {}});
  http::Response response = call.refuse(refusal);
  if (response.status == 503) response.headers.Set("Retry-After", std::to_string(refusal.retry_after));
  reply(std::move(response));
}

IntakeOutcome IntakePipeline::Tally(const DecodedRequest& decoded) {
  return {.total = decoded.total(),
          .accepted = decoded.total(),
          .histograms = decoded.histograms().size(),
          .histograms_accepted = decoded.histograms().size(),
          .rejected = {},
          .left_out = decoded.left_out()};
}

void IntakePipeline::Record(const tenancy::RequestContext& context, std::string_view operation,
                            const IntakeOutcome& outcome) {
  for (const LeftOut& left : outcome.left_out) {
    rejections_.Record(context.tenant, {.time = context.now,
                                        .route = operation,
                                        .reason = left.code,
                                        .count = left.count,
                                        .detail = left.detail,
                                        .series = left.series});
  }
  std::map<std::string_view, std::pair<std::uint64_t, const RejectedSample*>> by_code;
  for (const RejectedSample& sample : outcome.rejected) {
    auto& [count, first] = by_code[sample.code];
    ++count;
    if (first == nullptr) first = &sample;
  }
  for (const auto& [code, tally] : by_code) {
    rejections_.Record(context.tenant, {.time = context.now,
                                        .route = operation,
                                        .reason = code,
                                        .count = tally.first,
                                        .detail = tally.second->detail,
                                        .series = tally.second->series});
  }
}

void IntakePipeline::Take(const std::shared_ptr<const tenancy::RequestContext>& context, IntakeCall call,
                          tenancy::Reply reply) {
  const auto overloaded = [](std::string_view why) {
    return Error{ErrorCode::kUnavailable, "ingest.overloaded",
                 fmt::format("cannot take the samples now: {}; send again", why)};
  };
  if (!memory_.HasRoom()) {
    Refuse(*context, call, 0, {.error = overloaded("the server is short of memory")}, reply);
    return;
  }
  auto share = in_flight_.Take(context->tenant, call.bytes);
  if (!share) {
    Refuse(*context, call, 0, {.error = overloaded("too much is being stored already")}, reply);
    return;
  }
  // The store is done with a batch when Append() returns, so that one object a thread serves all its requests.
  thread_local DecodedRequest decoded;
  decoded.Clear(limits_);
  Replica replica;
  if (auto done = call.decode(decoded, replica); !done) {
    Refuse(*context, call, 0, {.error = std::move(done).error()}, reply);
    return;
  }
  if (replica.of_pair()) {
    switch (replicas_.Judge(context->tenant, replica, context->now)) {
      case ReplicaElection::Verdict::kElected: break;
      case ReplicaElection::Verdict::kNotElected: {
        IntakeOutcome outcome = Tally(decoded);
        outcome.deduplicated = true;
        rejections_.Record(context->tenant,
                           {.time = context->now,
                            .route = call.operation,
                            .reason = "ingest.replica_not_elected",
                            .count = outcome.total,
                            .detail = fmt::format("cluster '{}' is served by another replica than '{}'",
                                                  replica.cluster, replica.name),
                            .series = {}});
        reply(call.answer(outcome));
        return;
      }
      case ReplicaElection::Verdict::kTooManyClusters:
        Refuse(*context, call, decoded.total(),
               {.error = Error{ErrorCode::kInvalidArgument, "ingest.too_many_clusters",
                               fmt::format("cannot take samples of cluster '{}': pairs of {} clusters send already",
                                           replica.cluster, ReplicaElection::kMaxClusters)}},
               reply);
        return;
    }
  }
  if (call.import) decoded.AllowAnyOrder();
  const std::uint64_t rate =
      tenancy::LimitsOf(context->principal->plan).samples_per_second * (call.import ? kImportRate : 1);
  SampleRate& limiter = call.import ? import_rate_ : rate_;
  if (const std::int64_t wait = limiter.Take(context->tenant, rate, decoded.batch().rows.size()); wait > 0) {
    Refuse(*context, call, decoded.total(),
           {.error = Error{ErrorCode::kUnavailable, "ingest.rate_limited",
                           fmt::format("cannot take the samples: the plan allows {} {} a second; send again in {} s",
                                       rate, call.import ? "imported samples" : "samples", wait)},
            .retry_after = wait},
           reply);
    return;
  }

  const tsdb::TenantPolicy policy = PolicyOf(*context->principal);
  IntakeOutcome outcome = Tally(decoded);
  outcome.rejected = decoded.TakeRejected();
  struct Pending {
    std::shared_ptr<const tenancy::RequestContext> context;
    IntakeCall call;
    tenancy::Reply reply;
    InFlight::Share share;
    IntakeOutcome outcome;
    std::vector<std::uint32_t> positions;
    std::vector<std::uint32_t> histograms;
  };
  auto pending = std::make_shared<Pending>(context, std::move(call), std::move(reply), *std::move(share),
                                           std::move(outcome), decoded.TakePositions(), decoded.histograms());
  pending->call.decode = nullptr;  // what it holds is the request's
  store_.Append(context->tenant, policy, decoded.batch(), [this, pending](Result<tsdb::AppendOutcome> stored) {
    if (!stored) {
      obs::LogFailure("intake.not_stored", stored.error(), {{"request_id", pending->context->request_id}});
      Refuse(*pending->context, pending->call, pending->outcome.total, {.error = std::move(stored).error()},
             pending->reply);
      return;
    }
    pending->outcome.duplicates = stored->duplicates;
    Complete(pending->outcome, pending->positions, pending->histograms, stored->rejected);
    if (!pending->outcome.rejected.empty() || !pending->outcome.left_out.empty()) {
      Record(*pending->context, pending->call.operation, pending->outcome);
    }
    pending->reply(pending->call.answer(pending->outcome));
  });
}

}  // namespace helios::ingest
