// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/chunk_store.h"

#include <openssl/crypto.h>
#include <rocksdb/cache.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>

#include "obs/log.h"
#include "tsdb/internal/sample_block.h"

namespace helios::tsdb {
namespace {

constexpr std::string_view kOwnKeyPrefix = "key:";  // in the meta family, then the tenant's id
// What a sealed chunk begins with: which key it was sealed with.
constexpr char kStoreKeyMark = 's';
constexpr char kOwnKeyMark = 'o';
constexpr std::string_view kTenantsFolder = "tenants";
constexpr std::string_view kHeldFolder = "held";
// A database that does not open is slow to say so, and it must not be asked by each request.
constexpr std::chrono::seconds kReopenAfter{10};
constexpr std::size_t kWriteBufferBytes = 16U << 20U;

std::unexpected<Error> Unavailable() {
  // What is the matter names files, which is for the operator's log and not for who asked.
  return Fail(ErrorCode::kUnavailable, "tsdb.tenant_unavailable",
              "cannot read the tenant's samples: their database does not open; new samples are kept until it does, and "
              "helios' log says what is the matter");
}

}  // namespace

Result<std::unique_ptr<ChunkStore>> ChunkStore::Open(const EmbeddedStoreConfig& config, rocksdb::Env& env,
                                                     Random& random) {
  auto store = std::unique_ptr<ChunkStore>(new ChunkStore(config, random));
  store->parts_ = {.env = &env,
                   .cache = rocksdb::NewLRUCache(config.block_cache_bytes),
                   .write_buffers = std::make_shared<rocksdb::WriteBufferManager>(kWriteBufferBytes)};
  store->key_ = std::make_unique<Aes256GcmAead>(config.key, random);
  HELIOS_TRY(store->shared_, ChunkDb::Open(config.directory / "chunks", store->parts_));
  for (const std::string_view folder : {kTenantsFolder, kHeldFolder}) {
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(config.directory / folder, none)) {
      const auto id = TenantId::Parse(entry.path().filename().string());
      if (id) store->own_.try_emplace(*id, std::make_unique<Own>());
    }
  }
  return store;
}

std::filesystem::path ChunkStore::DirectoryOf(const Tenant& tenant) const {
  return config_.directory / kTenantsFolder / tenant.id.ToString();
}

std::filesystem::path ChunkStore::HeldDirectoryOf(const Tenant& tenant) const {
  return config_.directory / kHeldFolder / tenant.id.ToString();
}

ChunkStore::Own& ChunkStore::OwnOf(const Tenant& tenant) {
  const std::unique_lock lock(mutex_);
  auto& entry = own_[tenant.id];
  if (!entry) entry = std::make_unique<Own>();
  return *entry;
}

Result<ChunkDb*> ChunkStore::OpenOwn(const Tenant& tenant) {
  Own& own = OwnOf(tenant);
  const auto known = [&]() -> std::optional<Result<ChunkDb*>> {
    const std::unique_lock lock(mutex_);
    if (own.db) return own.db.get();
    if (own.failed && std::chrono::steady_clock::now() - *own.failed < kReopenAfter) return Unavailable();
    return std::nullopt;
  };
  if (auto answer = known()) return *std::move(answer);
  // Others go on meanwhile, but for who asks for the same one.
  const std::unique_lock opening(own.opening);
  if (auto answer = known()) return *std::move(answer);
  auto opened = ChunkDb::Open(DirectoryOf(tenant), parts_);
  // Without what was held there would be gaps that nobody speaks of.
  Result<void> home;
  if (opened) home = BringHome(**opened, HeldDirectoryOf(tenant));
  if (!opened || !home) {
    obs::LogFailure("tsdb.tenant_not_opened", opened ? home.error() : opened.error(),
                    {{"tenant", tenant.id.ToString()}, {"directory", DirectoryOf(tenant).string()}});
    const std::unique_lock lock(mutex_);
    own.failed = std::chrono::steady_clock::now();
    return Unavailable();
  }
  const std::unique_lock lock(mutex_);
  if (std::exchange(own.failed, std::nullopt)) {
    obs::LogInfo("tsdb.tenant_opened", {{"tenant", tenant.id.ToString()}});
  }
  own.db = *std::move(opened);
  return own.db.get();
}

std::unique_ptr<HeldFile> ChunkStore::Hold(const Tenant& tenant, std::uint32_t flush, ChunkDb*& opened) {
  Own& own = OwnOf(tenant);
  std::unique_lock opening(own.opening);
  const std::unique_lock lock(mutex_);
  opened = own.db.get();
  if (opened != nullptr) return nullptr;
  return std::make_unique<HeldFile>(*parts_.env, HeldDirectoryOf(tenant), flush, std::move(opening));
}

void ChunkStore::ForgetFailures() {
  const std::unique_lock lock(mutex_);
  for (const auto& [tenant, own] : own_) {
    // It stays failed, so that the log says when it opens.
    if (own->failed) *own->failed -= kReopenAfter;
  }
}

std::size_t ChunkStore::CountUnavailable() {
  const std::unique_lock lock(mutex_);
  return static_cast<std::size_t>(
      std::ranges::count_if(own_, [](const auto& own) { return own.second->failed.has_value(); }));
}

Result<ChunkDb*> ChunkStore::HomeOf(const Tenant& tenant) {
  if (tenant.isolation == Isolation::kShared) return shared_.get();
  return OpenOwn(tenant);
}

Result<std::vector<ChunkDb*>> ChunkStore::AllOf(const Tenant& tenant) {
  std::vector<ChunkDb*> all = {shared_.get()};
  bool has_own = tenant.isolation != Isolation::kShared;
  if (!has_own) {
    const std::unique_lock lock(mutex_);
    has_own = own_.contains(tenant.id);
  }
  if (has_own) {
    HELIOS_TRY(ChunkDb* const own, OpenOwn(tenant));
    all.push_back(own);
  }
  return all;
}

std::vector<ChunkDb*> ChunkStore::AllOpen() {
  std::vector<ChunkDb*> all = {shared_.get()};
  const std::unique_lock lock(mutex_);
  for (const auto& [tenant, own] : own_) {
    if (own->db) all.push_back(own->db.get());
  }
  return all;
}

Result<std::size_t> ChunkStore::SetDamagedAside() {
  std::vector<ChunkDb*> damaged = AllOpen();
  std::erase_if(damaged, [](const ChunkDb* db) { return !db->damage_found(); });
  if (damaged.empty()) return 0;
  const std::unique_lock lock(writing_);
  Result<void> outcome;
  std::size_t count = 0;
  for (ChunkDb* db : damaged) {
    if (!db->damage_found()) continue;  // somebody else did it meanwhile
    auto aside = db->SetAside();
    count += aside ? 1 : 0;
    if (!aside && outcome) outcome = std::move(aside);
  }
  HELIOS_CHECK(std::move(outcome));
  return count;
}

void ChunkStore::DropRescued() {
  const std::unique_lock lock(writing_);
  for (ChunkDb* db : AllOpen()) db->DropRescued();
}

std::uint64_t ChunkStore::LostChunks() {
  std::uint64_t lost = 0;
  for (const ChunkDb* db : AllOpen()) lost += db->lost_chunks();
  return lost;
}

Result<ChunkView> ChunkStore::View(const Tenant& tenant) {
  HELIOS_TRY(const std::vector<ChunkDb*> all, AllOf(tenant));
  ChunkView view;
  for (const ChunkDb* db : all) view.parts.push_back({.db = db, .snapshot = db->TakeSnapshot()});
  return view;
}

Result<const Aead*> ChunkStore::OwnKey(const Tenant& tenant) {
  if (tenant.isolation != Isolation::kOwnKey) return nullptr;
  return LoadOwnKey(tenant, /*make=*/true);
}

Result<const Aead*> ChunkStore::LoadOwnKey(const Tenant& tenant, bool make) {
  const std::unique_lock lock(mutex_);
  auto& own = own_keys_[tenant.number];
  if (own) return own.get();
  std::string name(kOwnKeyPrefix);
  name += tenant.id.ToString();
  AeadKey bytes{};
  const auto as_chars = [&bytes] { return std::span(reinterpret_cast<char*>(bytes.data()), bytes.size()); };
  rocksdb::PinnableSlice sealed;
  HELIOS_TRY(const bool found, shared_->Get(Family::kMeta, name, nullptr, sealed));
  if (found) {
    if (sealed.size() != bytes.size() + key_->overhead() || !key_->OpenInto(name, AsView(sealed), as_chars())) {
      return Fail(ErrorCode::kDataCorruption, "tsdb.bad_checksum", "cannot read the key of a tenant: it is damaged");
    }
  } else if (make) {
    random_.Fill(bytes);
    std::string out;
    HELIOS_CHECK(key_->Seal(name, {as_chars().data(), bytes.size()}, out));
    ChunkEdit edit;
    edit.Put(shared_->family(Family::kMeta), name, out);
    HELIOS_CHECK(shared_->Write(edit));
  } else {
    return nullptr;
  }
  own = std::make_unique<Aes256GcmAead>(bytes, random_);
  OPENSSL_cleanse(bytes.data(), bytes.size());
  return own.get();
}

Result<void> ChunkStore::Seal(const Tenant& tenant, std::string_view key, std::string_view plain, std::string& out) {
  HELIOS_TRY(const Aead* const own, OwnKey(tenant));
  out.assign(1, own == nullptr ? kStoreKeyMark : kOwnKeyMark);
  return (own == nullptr ? key_.get() : own)->Seal(key, plain, out);
}

Result<void> ChunkStore::Unseal(const Tenant& tenant, std::string_view key, std::string_view sealed, std::string& out) {
  out.clear();
  const char mark = sealed.empty() ? '\0' : sealed.front();
  const Aead* aead = mark == kStoreKeyMark ? key_.get() : nullptr;
  if (mark == kOwnKeyMark) {
    HELIOS_TRY(aead, LoadOwnKey(tenant, /*make=*/false));
  }
  if (aead != nullptr && aead->Open(key, sealed.substr(1), out)) return {};
  obs::LogError("tsdb.bad_chunk", {{"tenant", tenant.id.ToString()}, {"bytes", sealed.size()}});
  return Fail(ErrorCode::kDataCorruption, "tsdb.bad_checksum",
              "cannot read samples: what is stored is damaged; restore a backup");
}

Result<void> ChunkStore::ReadDay(const Tenant& tenant, const ChunkView& view, SeriesId series, std::int32_t day,
                                 SampleBuffer& out) {
  thread_local std::string plain;
  thread_local std::string key;
  rocksdb::PinnableSlice sealed;
  const auto load = [&](const ChunkView::Part& part, std::uint32_t flush) -> Result<bool> {
    key.clear();
    EncodeChunkKey({tenant.number, ChunkKind::kSamples, day, flush, series}, key);
    HELIOS_TRY(const bool found, part.db->Get(Family::kChunks, key, part.snapshot, sealed));
    if (found) HELIOS_CHECK(Unseal(tenant, key, AsView(sealed), plain));
    return found;
  };
  for (const ChunkView::Part& part : view.parts) {
    for (const ChunkMap::Day& entry : part.db->map().Days(tenant.number, ChunkKind::kSamples, day, day)) {
      // A compaction may just have replaced the flushes named here, so its chunk is always asked for.
      HELIOS_TRY(const bool compacted, load(part, ChunkKey::kCompacted));
      if (compacted) HELIOS_CHECK(DecodeBlock(plain, out));
      for (const std::uint32_t flush : entry.flushes) {
        HELIOS_TRY(const bool found, load(part, flush));
        if (!found) continue;
        for (std::string_view pages = plain; !pages.empty();) HELIOS_CHECK(DecodePage(pages, out));
      }
    }
  }
  return {};
}

Result<void> ChunkStore::ReadRollups(const Tenant& tenant, const ChunkView& view, SeriesId series, ChunkKind kind,
                                     std::int32_t day, RollupBuffer& out) {
  std::string plain;
  rocksdb::PinnableSlice sealed;
  const std::string key = EncodeChunkKey({tenant.number, kind, day, ChunkKey::kCompacted, series});
  for (const ChunkView::Part& part : view.parts) {
    HELIOS_TRY(const bool found, part.db->Get(Family::kChunks, key, part.snapshot, sealed));
    if (!found) continue;
    HELIOS_CHECK(Unseal(tenant, key, AsView(sealed), plain));
    HELIOS_CHECK(DecodeRollups(plain, out));
  }
  return {};
}

std::vector<std::int32_t> ChunkStore::DaysOf(const ChunkView& view, TenantNumber tenant, ChunkKind kind,
                                             std::int32_t first, std::int32_t last) {
  std::vector<std::int32_t> days;
  for (const ChunkView::Part& part : view.parts) {
    for (const ChunkMap::Day& entry : part.db->map().Days(tenant, kind, first, last)) days.push_back(entry.day);
  }
  std::ranges::sort(days);
  const auto repeated = std::ranges::unique(days);
  days.erase(repeated.begin(), repeated.end());
  return days;
}

}  // namespace helios::tsdb
