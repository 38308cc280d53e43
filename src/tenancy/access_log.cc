// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/access_log.h"

#include <prometheus/counter.h>

#include <utility>

#include "obs/log.h"
#include "tenancy/sql.h"

namespace helios::tenancy {
namespace {

constexpr std::chrono::seconds kPeriod{1};
constexpr std::size_t kMaxWaiting = 100'000;

std::int64_t MinuteOf(TimestampMs time) {
  return ToUnixMs(time) / 60'000;
}

}  // namespace

AccessLog::AccessLog(pg::Database& database, Random& random, obs::Metrics& metrics)
    : database_(database),
      random_(random),
      dropped_(metrics.Counter("helios_access_rows_dropped_total", "Access rows lost while the database was away.")),
      thread_([this] { Run(); }) {}

AccessLog::~AccessLog() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void AccessLog::Record(Access access) {
  const std::scoped_lock lock(mutex_);
  if (waiting_count_ >= kMaxWaiting) {
    dropped_.Increment(static_cast<double>(waiting_count_));
    waiting_.clear();
    waiting_count_ = 0;
  }
  const TenantId tenant = access.tenant;
  waiting_[tenant].push_back({.access = std::move(access), .count = 1});
  ++waiting_count_;
}

void AccessLog::Count(const Access& access) {
  std::string key =
      fmt::format("{}{}{}{}{}", access.tenant, access.actor.id, access.operation, access.status, MinuteOf(access.time));
  const std::scoped_lock lock(mutex_);
  const auto [found, added] = counted_.try_emplace(std::move(key), Row{.access = access, .count = 0});
  ++found->second.count;
}

void AccessLog::TakeFinishedMinutes(bool all) {
  const std::int64_t minute = MinuteOf(SystemClock().Now());
  for (auto entry = counted_.begin(); entry != counted_.end();) {
    Row& row = entry->second;
    if (!all && MinuteOf(row.access.time) == minute) {
      ++entry;
      continue;
    }
    const TenantId tenant = row.access.tenant;
    waiting_[tenant].push_back(std::move(row));
    ++waiting_count_;
    entry = counted_.erase(entry);
  }
}

void AccessLog::Run() {
  for (bool last = false; !last;) {
    Rows rows;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, kPeriod, [this] { return stopping_; });
      last = stopping_;
      TakeFinishedMinutes(last);
      rows = std::exchange(waiting_, {});
      waiting_count_ = 0;
    }
    Rows unwritten = Write(std::move(rows));
    const std::scoped_lock lock(mutex_);
    for (auto& [tenant, left] : unwritten) {
      waiting_count_ += left.size();
      auto& waiting = waiting_[tenant];
      waiting.insert(waiting.begin(), std::make_move_iterator(left.begin()), std::make_move_iterator(left.end()));
    }
  }
}

AccessLog::Rows AccessLog::Write(Rows rows) {
  for (auto entry = rows.begin(); entry != rows.end();) {
    const auto written = WriteTenant(entry->first, entry->second);
    if (!written && written.error().code == ErrorCode::kUnavailable) return rows;
    if (!written) {
      obs::LogFailure("audit.access_rows_lost", written.error(), {{"rows", entry->second.size()}});
      dropped_.Increment(static_cast<double>(entry->second.size()));
    }
    entry = rows.erase(entry);
  }
  return rows;
}

Result<void> AccessLog::WriteTenant(TenantId tenant, const std::vector<Row>& rows) {
  std::vector<std::string> ids;
  std::vector<std::string> times;
  std::vector<std::string> actor_types;
  std::vector<std::string> actor_ids;
  std::vector<std::string> operations;
  std::vector<std::string> statuses;
  std::vector<std::string> counts;
  std::vector<std::string> request_ids;
  for (const Row& row : rows) {
    ids.push_back(Uuid::V7(row.access.time, random_).ToString());
    times.push_back(FormatRfc3339(row.access.time));
    actor_types.emplace_back(row.access.actor.type);
    actor_ids.push_back(row.access.actor.id.ToString());
    operations.emplace_back(row.access.operation);
    statuses.push_back(std::to_string(row.access.status));
    counts.push_back(std::to_string(row.count));
    request_ids.push_back(row.access.request_id);
  }
  HELIOS_TRY(auto tx, database_.Begin(tenant));
  HELIOS_CHECK(tx.Execute(sql::kInsertAccessRows, {tx.tenant(), ids, times, actor_types, actor_ids, operations,
                                                   statuses, counts, request_ids}));
  return tx.Commit();
}

}  // namespace helios::tenancy
