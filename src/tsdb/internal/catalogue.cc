// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/catalogue.h"

#include <cstring>

#include "base/random.h"

namespace helios::tsdb {
namespace {

constexpr std::uint64_t kFormatVersion = 2;
constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kStoreKey = "store";
constexpr std::string_view kFlushedKey = "flushed";
constexpr std::string_view kGenerationKey = "generation";
constexpr std::string_view kTenantPrefix = "tenant:";  // then the number
constexpr std::string_view kUsagePrefix = "usage:";    // then segment, tenant, kind, hour

template <class T>
void Put(std::string& out, T value) {
  for (std::size_t i = sizeof(T); i > 0; --i) {
    out += static_cast<char>(static_cast<std::uint64_t>(value) >> ((i - 1) * 8) & 0xffU);
  }
}

/// Takes a big endian number off the front; 0 where too little is left, which `fits` then says.
template <class T>
T Take(std::string_view& bytes, bool& fits) {
  if (bytes.size() < sizeof(T)) {
    fits = false;
    bytes = {};
    return 0;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value = value << 8U | static_cast<std::uint8_t>(bytes[i]);
  bytes.remove_prefix(sizeof(T));
  return static_cast<T>(value);
}

template <class T>
std::string Number(T value) {
  std::string out;
  Put(out, value);
  return out;
}

std::unexpected<Error> Corrupt(std::string_view what) {
  return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt", "cannot open the sample store: its entry '{}' is damaged",
              what);
}

/// The number of the entry, if there is one.
template <class T>
Result<std::optional<T>> LoadNumber(ChunkDb& db, std::string_view key) {
  rocksdb::PinnableSlice value;
  HELIOS_TRY(const bool found, db.Get(Family::kMeta, key, nullptr, value));
  if (!found) return std::nullopt;
  bool fits = true;
  std::string_view rest = AsView(value);
  const T number = Take<T>(rest, fits);
  if (!fits || !rest.empty()) return Corrupt(key);
  return number;
}

}  // namespace

std::string EncodeState(const SeriesState& state) {
  std::string out;
  Put(out, state.first_ms);
  Put(out, state.newest_ms);
  Put(out, state.newest_bits);
  return out;
}

std::optional<SeriesState> DecodeState(std::string_view bytes) {
  bool fits = true;
  SeriesState state;
  state.first_ms = Take<std::int64_t>(bytes, fits);
  state.newest_ms = Take<std::int64_t>(bytes, fits);
  state.newest_bits = Take<std::uint64_t>(bytes, fits);
  if (!fits || !bytes.empty()) return std::nullopt;
  return state;
}

Result<StoreMarks> LoadMarks(ChunkDb& db, Random& random, TimestampMs now) {
  HELIOS_TRY(const auto version, LoadNumber<std::uint64_t>(db, kFormatKey));
  StoreMarks marks;
  if (!version) {
    marks.store = Uuid::V7(now, random);
    ChunkEdit edit;
    auto* const meta = db.family(Family::kMeta);
    edit.Put(meta, kFormatKey, Number(kFormatVersion));
    edit.Put(meta, kStoreKey, {reinterpret_cast<const char*>(marks.store.bytes.data()), marks.store.bytes.size()});
    HELIOS_CHECK(db.Write(edit));
    return marks;
  }
  if (*version != kFormatVersion) {
    return Fail(ErrorCode::kUnavailable, "tsdb.cannot_open",
                "cannot open the sample store: its format is unknown; got version {}; want {}", *version,
                kFormatVersion);
  }
  rocksdb::PinnableSlice store;
  HELIOS_TRY(const bool found, db.Get(Family::kMeta, kStoreKey, nullptr, store));
  if (!found || store.size() != marks.store.bytes.size()) return Corrupt(kStoreKey);
  std::memcpy(marks.store.bytes.data(), store.data(), store.size());
  HELIOS_TRY(const auto flushed, LoadNumber<std::uint64_t>(db, kFlushedKey));
  HELIOS_TRY(const auto generation, LoadNumber<std::uint32_t>(db, kGenerationKey));
  marks.flushed_segment = flushed.value_or(0);
  marks.next_generation = generation.value_or(1);
  return marks;
}

Result<void> LoadTenants(ChunkDb& db, Tenants& tenants) {
  return db.ForEach(Family::kMeta, kTenantPrefix, [&](std::string_view key, std::string_view value) -> Result<bool> {
    if (!key.starts_with(kTenantPrefix)) return false;
    bool fits = true;
    key.remove_prefix(kTenantPrefix.size());
    const auto number = Take<std::uint32_t>(key, fits);
    TenantId id;
    if (!key.empty() || value.size() != id.value.bytes.size() + 17) return Corrupt(kTenantPrefix);
    std::memcpy(id.value.bytes.data(), value.data(), id.value.bytes.size());
    value.remove_prefix(id.value.bytes.size());
    TenantPolicy policy;
    policy.raw_retention = std::chrono::hours{Take<std::int64_t>(value, fits)};
    policy.rollup_retention = std::chrono::hours{Take<std::int64_t>(value, fits)};
    const auto isolation = Take<std::uint8_t>(value, fits);
    if (!fits || isolation > static_cast<std::uint8_t>(Isolation::kOwnKey)) return Corrupt(kTenantPrefix);
    policy.isolation = static_cast<Isolation>(isolation);
    tenants.Restore(id, number).Take(policy);
    return true;
  });
}

Result<std::map<std::uint32_t, UsageCounts>> LoadUsage(ChunkDb& db) {
  std::map<std::uint32_t, UsageCounts> usage;
  HELIOS_CHECK(
      db.ForEach(Family::kMeta, kUsagePrefix, [&](std::string_view key, std::string_view value) -> Result<bool> {
        if (!key.starts_with(kUsagePrefix)) return false;
        bool fits = true;
        key.remove_prefix(kUsagePrefix.size());
        const auto segment = Take<std::uint32_t>(key, fits);
        UsageKey of;
        of.tenant = Take<std::uint32_t>(key, fits);
        of.kind = Take<std::uint8_t>(key, fits);
        of.hour = Take<std::uint32_t>(key, fits);
        usage[segment][of] = Take<std::uint64_t>(value, fits);
        if (!fits || !key.empty() || !value.empty()) return Corrupt(kUsagePrefix);
        return true;
      }));
  return usage;
}

Result<void> ForgetUsage(ChunkDb& db, std::uint32_t last_segment) {
  ChunkEdit edit;
  std::string end(kUsagePrefix);
  Put(end, last_segment);
  // Behind every entry of the last segment.
  end.append(10, '\xff');
  edit.DeleteRange(db.family(Family::kMeta), kUsagePrefix, end);
  return db.Write(edit);
}

void MetaEntries::PutMarks(const StoreMarks& marks) {
  entries_[std::string(kFlushedKey)] = Number(marks.flushed_segment);
  entries_[std::string(kGenerationKey)] = Number(marks.next_generation);
}

void MetaEntries::PutTenant(const Tenant& tenant) {
  std::string key(kTenantPrefix);
  Put(key, tenant.number);
  std::string value(reinterpret_cast<const char*>(tenant.id.value.bytes.data()), tenant.id.value.bytes.size());
  Put(value, tenant.raw_hours.load());
  Put(value, tenant.rollup_hours.load());
  Put(value, static_cast<std::uint8_t>(tenant.isolation.load()));
  entries_[key] = value;
}

void MetaEntries::PutChunkPlace(const ChunkDb& db, const ChunkKey& key) {
  entries_[EncodeChunkPlace(key)] = db.PlaceValue();
}

void MetaEntries::PutUsage(std::uint32_t segment, const UsageCounts& usage) {
  for (const auto& [of, count] : usage) {
    std::string key(kUsagePrefix);
    Put(key, segment);
    Put(key, of.tenant);
    Put(key, of.kind);
    Put(key, of.hour);
    entries_[key] = Number(count);
  }
}

Result<void> MetaEntries::WriteTo(ChunkIngestion& ingestion) const {
  for (const auto& [key, value] : entries_) HELIOS_CHECK(ingestion.Put(Family::kMeta, key, value));
  return {};
}

}  // namespace helios::tsdb
