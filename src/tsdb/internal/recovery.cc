// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/recovery.h"

#include <algorithm>

#include "obs/log.h"
#include "tsdb/internal/journal_record.h"
#include "tsdb/internal/segment_format.h"
#include "tsdb/internal/segment_reader.h"

namespace helios::tsdb {
namespace {

std::unexpected<Error> Corrupt(std::string_view what) {
  return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt", "cannot open the sample store: {}; restore a backup", what);
}

/// Brings a series back that is not there yet. False where its slot has another one.
bool RestoreSeries(StoreCore& core, Tenant& tenant, SeriesId id, const SeriesKey& key, std::string_view name) {
  const std::uint32_t slot = Head::SlotOf(id);
  if (slot < core.head.slots() && core.head.At(slot).generation != 0) return false;
  const NamePrint print = core.printer.Print(tenant.number, static_cast<std::uint8_t>(NameFormat::kCanonical), name);
  if (core.names.Find(print) != NameTable::kNone) return false;
  const bool internal = IsInternal(key);
  core.head.Restore(id, tenant.number, internal);
  core.head.At(slot).names = 1;
  core.names.Insert(print, slot);
  tenant.index.Insert(slot, key);
  if (!internal) ++tenant.series;
  return true;
}

/// Applies one segment's records to the head.
class Replay {
 public:
  Replay(StoreCore& core, Replayed& done, std::uint32_t segment) : core_(core), done_(done), segment_(segment) {}

  Result<void> Apply(std::string_view payload, bool after_damage) {
    after_damage_ = after_damage;
    return DecodeRecords(payload, after_damage, *this);
  }

  Result<void> OnTenant(const TenantRecord& record) {
    Tenant& tenant = core_.tenants.Restore(record.tenant, record.number);
    TenantPolicy policy;
    policy.raw_retention = std::chrono::hours{record.raw_hours};
    policy.rollup_retention = std::chrono::hours{record.rollup_hours};
    policy.isolation = tenant.isolation;
    tenant.Take(policy);
    return {};
  }

  Result<void> OnSeries(const SeriesRecord& record) {
    Tenant* const tenant = core_.tenants.Find(record.tenant);
    const auto key = DecodeCanonicalName(record.name);
    if (!key) return Corrupt("a series in the journal has no name");
    if (tenant == nullptr) return {};  // its record was in a damaged group
    const SeriesId id{record.series};
    if (RestoreSeries(core_, *tenant, id, *key, record.name)) core_.unsaved.push_back(id);
    return {};
  }

  Result<void> OnUsage(const UsageRecord& record) {
    done_.usage[segment_][{record.tenant, record.kind, record.hour}] += record.count;
    return {};
  }

  Result<void> OnDeleteSeries(const DeleteSeriesRecord& record) {
    const SeriesId id{record.series};
    done_.deleted.push_back(id);
    done_.deleted_tenants[record.series] = record.tenant;
    if (core_.head.Lives(id)) core_.RemoveSeries(std::span(&id, 1));
    return {};
  }

  /// Their references went with a damaged group.
  void OnLostSamples(std::uint32_t /*tenant*/, std::size_t count) { done_.lost_samples += count; }

  Result<void> OnSealed(const SealedRecord& record) {
    Tenant* const tenant = core_.tenants.Find(record.tenant);
    if (tenant == nullptr) return {};  // its record was in a damaged group
    HELIOS_TRY(const Aead* const key, core_.chunks->StoredOwnKey(*tenant));
    std::string records;
    if (key == nullptr ||
        !key->Open(SealedRecordAssociated(core_.store_id, segment_, record.tenant), record.sealed, records)) {
      return Corrupt("records of a tenant in its journal do not open with the tenant's key");
    }
    return DecodeRecords(records, after_damage_, *this);
  }

  /// Mirrors what the append path did: relative to the newest sample journaled in this segment.
  std::uint64_t Reference(std::uint32_t /*tenant*/, std::uint64_t series) {
    Last& last = LastOf(series);
    return last.series == series ? last.bits : 0;
  }

  void OnSample(std::uint32_t /*tenant*/, std::uint64_t series, std::int64_t time_ms, std::uint64_t bits) {
    LastOf(series) = {series, bits};
    Place(SeriesId{series}, time_ms, bits);
  }

  void OnLateSample(std::uint32_t /*tenant*/, std::uint64_t series, std::int64_t time_ms, std::uint64_t bits) {
    Place(SeriesId{series}, time_ms, bits);
  }

 private:
  struct Last {
    std::uint64_t series = 0;
    std::uint64_t bits = 0;
  };

  Last& LastOf(std::uint64_t series) {
    const std::uint32_t slot = Head::SlotOf(SeriesId{series});
    if (slot >= last_.size()) last_.resize(std::max<std::size_t>(slot + 1, last_.size() * 2));
    return last_[slot];
  }

  void Place(SeriesId id, std::int64_t time_ms, std::uint64_t bits) {
    if (!core_.head.Lives(id)) return;  // deleted since
    ++done_.samples;
    const std::uint32_t slot = Head::SlotOf(id);
    // A sample that was accepted is kept, whatever the databases know already: equal ones become one when read.
    if (time_ms <= core_.head.At(slot).newest_ms ||
        core_.head.Append(slot, time_ms, bits, segment_) == Head::Placed::kCold) {
      static_cast<void>(core_.head.AppendLate(slot, time_ms, bits));
    }
  }

  StoreCore& core_;
  Replayed& done_;
  const std::uint32_t segment_;
  bool after_damage_ = false;
  std::vector<Last> last_;
};

}  // namespace

Result<void> LoadSeries(StoreCore& core) {
  ChunkDb& db = core.chunks->shared();
  std::string name;
  HELIOS_CHECK(db.ForEach(Family::kSeries, "", [&](std::string_view key, std::string_view value) -> Result<bool> {
    const auto id = DecodeSeriesDiskKey(key);
    Tenant* const tenant = id ? core.tenants.Find(id->tenant) : nullptr;
    if (tenant == nullptr) return Corrupt("the key of a series is damaged");
    HELIOS_CHECK(core.chunks->Unseal(*tenant, key, value, name));
    HELIOS_TRY(const SeriesKey series, DecodeCanonicalName(name));
    if (!RestoreSeries(core, *tenant, id->series, series, name)) return Corrupt("two series are the same");
    return true;
  }));
  return db.ForEach(Family::kState, "", [&](std::string_view key, std::string_view value) -> Result<bool> {
    const auto id = DecodeSeriesDiskKey(key);
    const auto state = DecodeState(value);
    if (!id || !state) return Corrupt("the state of a series is damaged");
    if (!core.head.Lives(id->series)) return true;
    const std::uint32_t slot = Head::SlotOf(id->series);
    core.head.At(slot).newest_ms = state->newest_ms;
    core.head.At(slot).newest_bits = state->newest_bits;
    core.head.PastOf(slot).first_ms = state->first_ms;
    core.head.PastOf(slot).saved_ms = state->newest_ms;
    return true;
  });
}

Result<Replayed> ReplayJournal(StoreCore& core, JournalFileSystem& fs, const std::filesystem::path& directory,
                               const StoreMarks& marks) {
  Replayed done;
  HELIOS_TRY(std::vector<std::uint64_t> numbers, ListSegments(fs, directory));
  if (!numbers.empty()) done.last_segment = numbers.back();
  HELIOS_CHECK(CheckSegmentsComplete(numbers, marks.flushed_segment + 1));
  std::erase_if(numbers, [&](std::uint64_t number) { return number <= marks.flushed_segment; });
  for (const std::uint64_t number : numbers) {
    HELIOS_TRY(SegmentReader reader,
               SegmentReader::Open(fs, directory / SegmentFileName(number), number, marks.store, &core.chunks->key()));
    Replay replay(core, done, static_cast<std::uint32_t>(number));
    while (const auto payload = reader.Next()) HELIOS_CHECK(replay.Apply(*payload, !reader.damage().empty()));
    ++done.segments;
    for (const SegmentDamage& damage : reader.damage()) {
      done.damaged_bytes += damage.bytes;
      obs::LogError(
          "tsdb.journal_damaged",
          {{"segment", damage.segment}, {"offset", damage.offset}, {"bytes", damage.bytes}, {"cause", damage.cause}});
    }
  }
  return done;
}

}  // namespace helios::tsdb
