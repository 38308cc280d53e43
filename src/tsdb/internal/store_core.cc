// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/store_core.h"

#include <algorithm>
#include <map>

#include "tsdb/internal/journal_record.h"
#include "tsdb/internal/limits.h"

namespace helios::tsdb {
namespace {

// A count walks every series while appends wait, so a large store counts less often.
std::int64_t RecountMs(std::uint32_t slots) {
  return 1000 + slots / 50;
}

std::uint32_t JournalHours(std::int64_t hours) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(hours, 0, std::numeric_limits<std::uint32_t>::max()));
}

}  // namespace

std::uint32_t StoreCore::CreateSeries(Tenant& tenant, const SeriesKey& key, std::string_view name,
                                      const NamePrint& print) {
  const bool internal = IsInternal(key);
  const std::uint32_t slot = head.Add(tenant.number, internal);
  head.PastOf(slot).created_ms = ToUnixMs(clock.Now());
  head.At(slot).names = 1;
  names.Insert(print, slot);
  tenant.index.Insert(slot, key);
  if (!internal) {
    ++tenant.series;
    ++tenant.active;
  }
  const SeriesId id = head.IdOf(slot);
  unsaved.push_back(id);
  AppendRecord(RecordsOf(tenant), SeriesRecord{.tenant = tenant.number, .series = id.value, .name = name});
  return slot;
}

void StoreCore::RemoveSeries(std::span<const SeriesId> series) {
  std::vector<bool> going(head.slots(), false);
  std::map<TenantNumber, std::vector<std::uint32_t>> by_tenant;
  for (const SeriesId id : series) {
    if (!head.Lives(id)) continue;
    const std::uint32_t slot = Head::SlotOf(id);
    going[slot] = true;
    by_tenant[head.At(slot).tenant].push_back(slot);
  }
  if (by_tenant.empty()) return;
  names.EraseSlots([&](std::uint32_t slot) { return going[slot]; });
  for (const auto& [number, slots] : by_tenant) {
    Tenant& tenant = *tenants.Find(number);
    tenant.index.Erase(slots);
    for (const std::uint32_t slot : slots) {
      if (!head.At(slot).internal) --tenant.series;
      head.Remove(slot);
    }
  }
  ++removals;
}

void StoreCore::SealRecords(const Tenant& tenant) {
  if (own_records.empty()) return;
  std::string sealed;
  const auto done =
      tenant.own_key->Seal(SealedRecordAssociated(store_id, commit->epoch(), tenant.number), own_records, sealed);
  if (!done) std::abort();  // the library refuses to encrypt at all
  AppendRecord(commit->payload(), SealedRecord{.tenant = tenant.number, .sealed = sealed});
  own_records.clear();
}

void StoreCore::JournalTenant(Tenant& tenant) {
  if (tenant.journaled_in == commit->epoch()) return;
  tenant.journaled_in = commit->epoch();
  AppendRecord(commit->payload(), TenantRecord{.number = tenant.number,
                                               .tenant = tenant.id,
                                               .raw_hours = JournalHours(tenant.raw_hours),
                                               .rollup_hours = JournalHours(tenant.rollup_hours)});
}

UsageKey StoreCore::UsageOf(const Tenant& tenant, std::uint8_t kind) const {
  const auto hour = std::chrono::floor<std::chrono::hours>(clock.Now()).time_since_epoch().count();
  return {.tenant = tenant.number, .kind = kind, .hour = static_cast<std::uint32_t>(std::max<std::int64_t>(hour, 0))};
}

std::size_t StoreCore::CountActive(const Tenant& tenant, bool count_created) const {
  const std::int64_t since = ToUnixMs(clock.Now() - kActiveWindow);
  std::size_t count = 0;
  for (std::uint32_t slot = 0; slot < head.slots(); ++slot) {
    const SeriesHead& series = head.At(slot);
    if (series.generation == 0 || series.tenant != tenant.number || series.internal) continue;
    count += series.newest_ms >= since || (count_created && head.PastOf(slot).created_ms >= since) ? 1 : 0;
  }
  return count;
}

bool StoreCore::MayCreate(Tenant& tenant, std::size_t limit) {
  // Counting walks all series, so it waits until there are enough of them to matter.
  if (tenant.series < limit) return true;
  const std::int64_t now_ms = ToUnixMs(clock.Now());
  if (tenant.counted_at_ms > now_ms || now_ms - RecountMs(head.slots()) >= tenant.counted_at_ms) {
    tenant.active = CountActive(tenant, /*count_created=*/true);
    tenant.counted_at_ms = now_ms;
  }
  return tenant.active < limit;
}

}  // namespace helios::tsdb
