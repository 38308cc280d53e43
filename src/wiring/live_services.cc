// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/live_services.h"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <iterator>

#include "detection/detection_json.h"
#include "gateway/credential_header.h"
#include "http/json.h"
#include "jobs/job_json.h"
#include "query/selector.h"

namespace helios::wiring {
namespace {

/// Of each list, what is watched: more than a page of the portal shows.
constexpr std::size_t kWatched = 100;

using Deadline = std::chrono::steady_clock::time_point;

class Anomalies final : public live::ChangeSource {
 public:
  explicit Anomalies(pg::Database& database) : database_(database) {}

  [[nodiscard]] std::string name() const override { return "anomalies"; }
  [[nodiscard]] Result<std::vector<live::Changing>> Newest(TenantId tenant, Deadline deadline) const override {
    tenancy::RequestContext context;
    context.tenant = tenant;
    context.deadline = deadline;
    HELIOS_TRY(const auto found,
               detection::ListAnomalies(database_, context, {}, {.limit = kWatched - 1, .offset = 0}));
    std::vector<live::Changing> newest;
    for (const auto& anomaly : found) newest.push_back({anomaly.id, http::JsonBytes(detection::ToJson(anomaly))});
    return newest;
  }

 private:
  pg::Database& database_;
};

class Jobs final : public live::ChangeSource {
 public:
  Jobs(pg::Database& database, const jobs::JobQueue& queue) : database_(database), queue_(queue) {}

  [[nodiscard]] std::string name() const override { return "jobs"; }
  [[nodiscard]] Result<std::vector<live::Changing>> Newest(TenantId tenant, Deadline deadline) const override {
    HELIOS_TRY(auto tx, database_.Begin(tenant, deadline));
    HELIOS_TRY(const auto found, queue_.List(tx, {}, kWatched, 0));
    std::vector<live::Changing> newest;
    for (const auto& job : found) newest.push_back({job.id, http::JsonBytes(jobs::ToJson(job))});
    return newest;
  }

 private:
  pg::Database& database_;
  const jobs::JobQueue& queue_;
};

class Credentials final : public live::CredentialWatch {
 public:
  explicit Credentials(identity::Credentials& credentials) : credentials_(credentials) {}

  [[nodiscard]] Result<std::string> KeyOf(const http::Request& request) const override {
    HELIOS_TRY(const identity::CredentialHash hash, gateway::CredentialOf(request, credentials_));
    return (hash.kind == tenancy::Principal::Kind::kSession ? "s" : "k") + hash.hex;
  }

  [[nodiscard]] Result<void> Check(const std::string& key, TenantId tenant, Deadline deadline) override {
    const bool session = key.starts_with('s');
    const identity::CredentialHash hash{
        .kind = session ? tenancy::Principal::Kind::kSession : tenancy::Principal::Kind::kApiKey, .hex = key.substr(1)};
    tenancy::RequestContext context;
    context.principal = credentials_.Remembered(hash);
    if (!context.principal) {
      HELIOS_TRY(context.principal, credentials_.Load(hash, deadline));
    }
    context.tenant = context.principal->tenant;
    if (context.tenant != tenant) {
      return Fail(ErrorCode::kPermissionDenied, "identity.signed_out", "cannot go on: sign in again");
    }
    return context.Require(tenancy::Permission::kDataRead);
  }

 private:
  identity::Credentials& credentials_;
};

}  // namespace

struct LiveServices::Sources {
  Anomalies anomalies;
  Jobs jobs;
  Credentials credentials;
};

LiveServices::LiveServices(const Platform& platform, identity::Credentials& credentials, const jobs::JobQueue& queue,
                           const live::LiveConfig& config)
    : sources_(new Sources{Anomalies(platform.database), Jobs(platform.database, queue), Credentials(credentials)}),
      hub_({.store = platform.store,
            .credentials = sources_->credentials,
            .changes = {&sources_->anomalies, &sources_->jobs},
            .clock = platform.clock,
            .random = platform.random,
            .metrics = platform.metrics},
           config),
      service_(hub_, sources_->credentials, query::ParseMatchers) {}

LiveServices::~LiveServices() = default;

void LiveServices::AddRoutesTo(tenancy::Routes& routes) {
  std::ranges::move(service_.MakeRoutes(), std::back_inserter(routes));
}

void LiveServices::Stop() {
  hub_.Stop();
}

}  // namespace helios::wiring
