// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "tsdb/embedded_store.h"
#include "tsdb/internal/aead.h"
#include "tsdb/internal/chunk_db.h"
#include "tsdb/internal/held_chunks.h"
#include "tsdb/internal/rollup.h"
#include "tsdb/internal/rollup_block.h"
#include "tsdb/internal/sample_page.h"
#include "tsdb/internal/tenants.h"

namespace helios::tsdb {

/// A consistent view of the chunks of one tenant: of the shared database, and of its own where it has one.
struct ChunkView {
  struct Part {
    const ChunkDb* db = nullptr;
    ChunkDb::Snapshot snapshot;
  };
  std::vector<Part> parts;
};

/// Where chunks are: the shared database for everyone, and a directory of its own for each tenant whose policy says so;
/// what such a tenant had in the shared one stays readable, and compaction moves it. Seals chunks with the store's key,
/// or with the tenant's own. Thread-safe.
///
/// A tenant's own database may not open: its disk is away, or it is damaged. Nothing of the tenant is read then, and
/// new chunks of it are held in files of its own (HeldFile) until it opens; nobody else is concerned. It is tried
/// again every ten seconds in which someone asks for it.
class ChunkStore {
 public:
  /// Errors: ChunkDb::Open().
  [[nodiscard]] static Result<std::unique_ptr<ChunkStore>> Open(const EmbeddedStoreConfig& config, rocksdb::Env& env,
                                                                Random& random);

  [[nodiscard]] ChunkDb& shared() const { return *shared_; }
  /// The database that takes the tenant's new chunks; opened now if it was not, with what was held meanwhile.
  /// Errors: kUnavailable tsdb.tenant_unavailable.
  [[nodiscard]] Result<ChunkDb*> HomeOf(const Tenant& tenant);
  /// Every database that may have chunks of the tenant. Errors: HomeOf().
  [[nodiscard]] Result<std::vector<ChunkDb*>> AllOf(const Tenant& tenant);
  [[nodiscard]] Result<ChunkView> View(const Tenant& tenant);
  /// A file for a flush of the tenant, whose own database does not open, and is not tried as long as the file is
  /// written. Null where it is open by now, which `opened` then is.
  [[nodiscard]] std::unique_ptr<HeldFile> Hold(const Tenant& tenant, std::uint32_t flush, ChunkDb*& opened);
  /// Databases that did not open are tried again at once.
  void ForgetFailures();
  /// Tenants whose own database did not open when it was last tried.
  [[nodiscard]] std::size_t CountUnavailable();

  /// Held by whoever writes or deletes chunks, so that none are set aside meanwhile.
  [[nodiscard]] std::shared_lock<std::shared_mutex> Writing() { return std::shared_lock(writing_); }
  /// Sets the chunks aside of every open database in which damage was found; of how many. Waits for Writing().
  /// Errors: WriteError(), the first there was; what could be done is done.
  [[nodiscard]] Result<std::size_t> SetDamagedAside();
  /// Gives back what was set aside and has been rescued. Waits for Writing().
  void DropRescued();
  /// Chunks that damage has cost, at most, as far as databases are open.
  [[nodiscard]] std::uint64_t LostChunks();

  /// The store's key.
  [[nodiscard]] const Aead& key() const { return *key_; }
  /// The tenant's own key; null where its policy asks for none. Made at the first call that needs it, which waits for
  /// the disk. It stays for what was sealed with it when the policy changes.
  /// Errors: WriteError(), ReadError(); kDataCorruption tsdb.bad_checksum.
  [[nodiscard]] Result<const Aead*> OwnKey(const Tenant& tenant);

  /// The tenant's own key where it ever had one, else null.
  [[nodiscard]] Result<const Aead*> StoredOwnKey(const Tenant& tenant) { return LoadOwnKey(tenant, /*make=*/false); }

  /// Seals `plain` as the chunk of `key`, into `out` (overwritten).
  [[nodiscard]] Result<void> Seal(const Tenant& tenant, std::string_view key, std::string_view plain, std::string& out);
  /// Opens it again. Errors: kDataCorruption tsdb.bad_checksum.
  [[nodiscard]] Result<void> Unseal(const Tenant& tenant, std::string_view key, std::string_view sealed,
                                    std::string& out);

  /// Appends the samples that the view has of `series` on `day`, in the order found: what compaction wrote, then each
  /// flush. Errors: ReadError(), tsdb.bad_checksum.
  [[nodiscard]] Result<void> ReadDay(const Tenant& tenant, const ChunkView& view, SeriesId series, std::int32_t day,
                                     SampleBuffer& out);
  /// Appends the rollups of `kind` that the view has of `series` on `day`.
  [[nodiscard]] Result<void> ReadRollups(const Tenant& tenant, const ChunkView& view, SeriesId series, ChunkKind kind,
                                         std::int32_t day, RollupBuffer& out);

  /// Days of the tenant between both ends for which some database has a chunk of `kind`, rising.
  [[nodiscard]] static std::vector<std::int32_t> DaysOf(const ChunkView& view, TenantNumber tenant, ChunkKind kind,
                                                        std::int32_t first, std::int32_t last);

 private:
  ChunkStore(const EmbeddedStoreConfig& config, Random& random) : config_(config), random_(random) {}
  /// A tenant's own database.
  struct Own {
    std::mutex opening;  ///< one at a time tries; taken before the store's `mutex_`, under which the rest is
    std::unique_ptr<ChunkDb> db;
    std::optional<std::chrono::steady_clock::time_point> failed;  ///< when it last did not open
  };

  [[nodiscard]] std::filesystem::path DirectoryOf(const Tenant& tenant) const;
  [[nodiscard]] std::filesystem::path HeldDirectoryOf(const Tenant& tenant) const;
  [[nodiscard]] Result<ChunkDb*> OpenOwn(const Tenant& tenant);
  [[nodiscard]] Own& OwnOf(const Tenant& tenant);
  [[nodiscard]] std::vector<ChunkDb*> AllOpen();
  /// The own key that there is, or null; with `make`, a new one where there is none.
  [[nodiscard]] Result<const Aead*> LoadOwnKey(const Tenant& tenant, bool make);

  const EmbeddedStoreConfig& config_;
  Random& random_;
  ChunkDbShared parts_;
  std::unique_ptr<Aead> key_;
  std::unique_ptr<ChunkDb> shared_;
  std::shared_mutex writing_;                               ///< before `mutex_`
  std::mutex mutex_;                                        // of what follows
  std::unordered_map<TenantId, std::unique_ptr<Own>> own_;  ///< of every directory there is
  std::unordered_map<TenantNumber, std::unique_ptr<Aead>> own_keys_;
};

}  // namespace helios::tsdb
