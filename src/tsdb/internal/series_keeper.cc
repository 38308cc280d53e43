// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/series_keeper.h"

#include <future>

#include "obs/log.h"
#include "tsdb/internal/journal_record.h"

namespace helios::tsdb {
namespace {

constexpr std::uint32_t kSlotsPerHold = 4096;
constexpr std::size_t kSeriesPerRound = 10'000;
constexpr std::size_t kRecordBytes = 32;

}  // namespace

SeriesKeeper::~SeriesKeeper() {
  {
    const std::unique_lock lock(mutex_);
    stop_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void SeriesKeeper::Start() {
  thread_ = std::thread([this] { Run(); });
}

void SeriesKeeper::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, core_.config.sweep_interval, [this] { return stop_; })) {
    lock.unlock();
    Sweep();
    lock.lock();
  }
}

Result<std::size_t> SeriesKeeper::Delete(Tenant& tenant, const SeriesSelector& selector) {
  // No flush runs meanwhile, which might write what is being deleted.
  const auto pause = flusher_.Pause();
  HELIOS_TRY(const std::vector<std::uint32_t> slots, tenant.index.Find(selector));
  std::size_t deleted = 0;
  std::vector<SeriesId> series;
  for (std::size_t at = 0; at < slots.size();) {
    series.clear();
    {
      const std::unique_lock lock(core_.mutex);
      for (; at < slots.size() && series.size() < kSeriesPerRound; ++at) series.push_back(core_.head.IdOf(slots[at]));
    }
    HELIOS_CHECK(Delete(tenant, series));
    deleted += series.size();
  }
  return deleted;
}

Result<void> SeriesKeeper::Delete(Tenant& tenant, const std::vector<SeriesId>& series) {
  std::promise<Result<AppendOutcome>> durable;
  {
    const std::unique_lock lock(core_.mutex);
    if (auto refusal = core_.commit->MakeRoom(series.size() * kRecordBytes)) return std::unexpected(*refusal);
    core_.JournalTenant(tenant);
    for (const SeriesId id : series) {
      AppendRecord(core_.commit->payload(), DeleteSeriesRecord{.tenant = tenant.number, .series = id.value});
    }
    core_.RemoveSeries(series);
    core_.commit->Join({}, [&durable](Result<AppendOutcome> outcome) { durable.set_value(std::move(outcome)); });
  }
  HELIOS_CHECK(durable.get_future().get());
  return eraser_.Erase(tenant, series);
}

void SeriesKeeper::FinishDeletions(const Replayed& replayed) {
  const auto pause = flusher_.Pause();
  std::map<TenantNumber, std::vector<SeriesId>> by_tenant;
  for (const SeriesId id : replayed.deleted) by_tenant[replayed.deleted_tenants.at(id.value)].push_back(id);
  for (const auto& [number, series] : by_tenant) {
    const Tenant* const tenant = core_.tenants.Find(number);
    if (tenant == nullptr) continue;
    if (auto erased = eraser_.Erase(*tenant, series); !erased) {
      obs::LogFailure("tsdb.deletion_postponed", erased.error(), {{"tenant", tenant->id.ToString()}});
    }
  }
}

void SeriesKeeper::Sweep() {
  {
    const auto pause = flusher_.Pause();
    if (auto made_up = eraser_.MakeUp(); !made_up) obs::LogFailure("tsdb.deletion_postponed", made_up.error());
  }
  if (!core_.commit->Writable()) return;
  const TimestampMs now = core_.clock.Now();
  for (Tenant* tenant : core_.tenants.All()) {
    const std::int64_t oldest = tenant->OldestRollupMs(now);
    const auto pause = flusher_.Pause();
    std::vector<SeriesId> gone;
    std::uint32_t slot = 0;
    for (bool more = true; more && gone.size() < kSeriesPerRound;) {
      const std::unique_lock lock(core_.mutex);
      for (std::uint32_t held = 0; slot < core_.head.slots() && held < kSlotsPerHold; ++slot, ++held) {
        const SeriesHead& series = core_.head.At(slot);
        if (series.generation == 0 || series.tenant != tenant->number || series.newest_ms >= oldest) continue;
        gone.push_back(core_.head.IdOf(slot));
      }
      more = slot < core_.head.slots();
    }
    if (gone.empty()) continue;
    if (auto deleted = Delete(*tenant, gone); !deleted) obs::LogFailure("tsdb.sweep_failed", deleted.error());
  }
}

}  // namespace helios::tsdb
