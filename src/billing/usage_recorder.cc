// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "billing/usage_recorder.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "billing/sql.h"
#include "obs/log.h"

namespace helios::billing {
namespace {

// Of all tenants together, so that a stop does not wait for a database that answers no one.
constexpr std::chrono::seconds kLongestPass{30};

}  // namespace

UsageRecorder::UsageRecorder(UsageSource& source, pg::Database& database, obs::Metrics& metrics)
    : UsageRecorder(source, database, metrics, Config{}) {}

UsageRecorder::UsageRecorder(UsageSource& source, pg::Database& database, obs::Metrics& metrics, const Config& config)
    : source_(source),
      database_(database),
      config_(config),
      recorded_(metrics.Counter("helios_usage_rows_recorded_total", "Rows written to usage_records.")),
      dropped_(metrics.Counter("helios_usage_rows_dropped_total", "Rows of usage of organizations that are gone.")),
      waiting_(metrics.Gauge("helios_usage_rows_waiting", "Rows of usage that could not be recorded yet.")),
      thread_([this] { Run(); }) {}

UsageRecorder::~UsageRecorder() {
  Stop();
}

void UsageRecorder::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  thread_.join();
  if (auto closed = source_.Close(); !closed) obs::LogFailure("billing.usage_not_closed", closed.error());
  RecordAndLog();
}

void UsageRecorder::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, config_.period, [this] { return stopping_; })) {
    lock.unlock();
    RecordAndLog();
    lock.lock();
  }
}

void UsageRecorder::RecordAndLog() {
  const auto pass = RecordNow();
  if (!pass) {
    obs::LogFailure("billing.usage_waits", pass.error());
  } else if (pass->recorded + pass->known + pass->dropped > 0) {
    obs::LogInfo("billing.usage_recorded",
                 {{"rows", pass->recorded}, {"known", pass->known}, {"dropped", pass->dropped}});
  }
}

Result<UsageRecorder::Pass> UsageRecorder::RecordNow() {
  const std::scoped_lock one(passing_);
  HELIOS_TRY(const std::vector<UsageCount> pending, source_.Pending());
  if (pending.empty()) {
    waiting_.Set(0);
    return Pass{};
  }
  TenantRows by_tenant;
  for (const UsageCount& count : pending) {
    by_tenant[count.tenant].push_back(count);
  }

  Pass pass;
  const pg::Deadline deadline = std::chrono::steady_clock::now() + kLongestPass;
  std::uint64_t first_held_back = std::numeric_limits<std::uint64_t>::max();
  std::optional<Error> away;
  for (const auto& [tenant, rows] : by_tenant) {
    Result<std::size_t> inserted = away ? std::unexpected(*away) : InsertRows(tenant, rows, deadline);
    if (inserted) {
      pass.recorded += *inserted;
      pass.known += rows.size() - *inserted;
      continue;
    }
    const Error& error = inserted.error();
    if (error.reason == "pg.foreign_key_violation") {
      obs::LogFailure("billing.usage_of_unknown_organization", error,
                      {{"org_id", tenant.ToString()}, {"rows", rows.size()}});
      dropped_.Increment(static_cast<double>(rows.size()));
      pass.dropped += rows.size();
      continue;
    }
    if (error.code == ErrorCode::kUnavailable) {
      away = error;  // the others' rows would wait for it in vain, each for seconds
    } else {
      obs::LogFailure("billing.usage_refused", error, {{"org_id", tenant.ToString()}, {"rows", rows.size()}});
    }
    pass.waiting += rows.size();
    for (const UsageCount& row : rows) first_held_back = std::min(first_held_back, row.segment);
  }
  recorded_.Increment(static_cast<double>(pass.recorded));
  waiting_.Set(static_cast<double>(pass.waiting));

  std::optional<std::uint64_t> done;
  for (const UsageCount& count : pending) {
    if (count.segment < first_held_back) done = std::max(done.value_or(0), count.segment);
  }
  if (done) HELIOS_CHECK(source_.Forget(*done));
  if (away) return std::unexpected(*std::move(away));
  return pass;
}

Result<std::size_t> UsageRecorder::InsertRows(TenantId tenant, const std::vector<UsageCount>& rows,
                                              pg::Deadline deadline) {
  std::vector<std::string> segments;
  std::vector<std::string> metric_types;
  std::vector<std::string> hours;
  std::vector<std::string> quantities;
  for (const UsageCount& row : rows) {
    segments.push_back(std::to_string(row.segment));
    metric_types.emplace_back(row.metric_type);
    hours.push_back(FormatRfc3339(row.hour));
    quantities.push_back(std::to_string(row.quantity));
  }
  HELIOS_TRY(auto tx, database_.Begin(tenant, deadline));
  HELIOS_TRY(const pg::Rows inserted,
             tx.Execute(sql::kInsertUsage, {tx.tenant(), source_.id(), segments, metric_types, hours, quantities}));
  HELIOS_CHECK(tx.Commit());
  return inserted.affected();
}

}  // namespace helios::billing
