// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/ledger_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <bit>
#include <cstring>
#include <fstream>
#include <string>

#include "base/crc32c.h"
#include "base/file.h"

namespace helios::accuracy {
namespace {

constexpr std::string_view kMagic = "HLACCLG1";
constexpr std::size_t kBlockBytes = 1U << 20U;
constexpr std::uint32_t kMostBlockBytes = 4U << 20U;

template <class T>
void Put(std::string& out, T value) {
  static_assert(std::endian::native == std::endian::little);
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// Takes numbers off the front; once something is missing everything is 0.
class Taker {
 public:
  explicit Taker(std::string_view bytes) : bytes_(bytes) {}

  template <class T>
  T Take() {
    T value{};
    if (bytes_.size() < sizeof value) {
      good_ = false;
      bytes_ = {};
      return value;
    }
    std::memcpy(&value, bytes_.data(), sizeof value);
    bytes_.remove_prefix(sizeof value);
    return value;
  }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool good_ = true;
};

void PutUuid(std::string& out, const Uuid& id) {
  out.append(reinterpret_cast<const char*>(id.bytes.data()), id.bytes.size());
}

Uuid TakeUuid(Taker& taker) {
  Uuid id;
  for (auto& byte : id.bytes) byte = taker.Take<std::uint8_t>();
  return id;
}

void PutHorizon(std::string& out, const HorizonLedger& ledger) {
  Put<std::int64_t>(out, ledger.withdrawn_since ? ToUnixMs(*ledger.withdrawn_since) : 0);
  Put(out, static_cast<std::uint8_t>(ledger.waiting.size()));
  for (const KeptForecast& kept : ledger.waiting) {
    Put(out, kept.value);
    Put(out, kept.time_s);
    Put(out, kept.below);
    Put(out, kept.above);
    Put(out, kept.naive);
  }
  const auto& buckets = ledger.scores.buckets();
  Put(out, static_cast<std::uint8_t>(buckets.size()));
  for (const ScoreWindow::Bucket& bucket : buckets) {
    Put(out, bucket.number);
    Put(out, bucket.met);
    Put(out, bucket.covered);
    Put(out, bucket.error);
    Put(out, bucket.naive_error);
  }
}

bool TakeHorizon(Taker& taker, HorizonLedger& ledger) {
  if (const auto since = taker.Take<std::int64_t>(); since != 0) ledger.withdrawn_since = FromUnixMs(since);
  const auto waiting = taker.Take<std::uint8_t>();
  if (waiting > SeriesLedger::kMostWaiting) return false;
  for (std::uint8_t i = 0; i < waiting; ++i) {
    KeptForecast kept;
    kept.value = taker.Take<double>();
    kept.time_s = taker.Take<std::uint32_t>();
    kept.below = taker.Take<float>();
    kept.above = taker.Take<float>();
    kept.naive = taker.Take<float>();
    ledger.waiting.push_back(kept);
  }
  const auto count = taker.Take<std::uint8_t>();
  if (count > ScoreWindow::kBuckets) return false;
  std::vector<ScoreWindow::Bucket> buckets;
  for (std::uint8_t i = 0; i < count; ++i) {
    ScoreWindow::Bucket bucket;
    bucket.number = taker.Take<std::uint32_t>();
    bucket.met = taker.Take<std::uint16_t>();
    bucket.covered = taker.Take<std::uint16_t>();
    bucket.error = taker.Take<float>();
    bucket.naive_error = taker.Take<float>();
    if (!buckets.empty() && bucket.number <= buckets.back().number) return false;
    buckets.push_back(bucket);
  }
  ledger.scores.Restore(std::move(buckets));
  return taker.good();
}

void PutSeries(std::string& out, TenantId tenant, std::uint64_t id, const SeriesLedger& series) {
  PutUuid(out, tenant.value);
  Put(out, id);
  Put(out, ToUnixMs(series.origin));
  Put<std::int64_t>(out, series.step.count());
  Put(out, series.unseen_rounds);
  for (const HorizonLedger& horizon : series.horizons()) PutHorizon(out, horizon);
}

bool TakeSeries(Taker& taker, Ledger& ledger) {
  const TenantId tenant{TakeUuid(taker)};
  const tsdb::SeriesId id{taker.Take<std::uint64_t>()};
  SeriesLedger series;
  series.origin = FromUnixMs(taker.Take<std::int64_t>());
  series.step = std::chrono::milliseconds{taker.Take<std::int64_t>()};
  series.unseen_rounds = taker.Take<std::uint32_t>();
  for (HorizonLedger& horizon : series.horizons()) {
    if (!TakeHorizon(taker, horizon)) return false;
  }
  if (SeriesLedger* const found = ledger.Find(tenant, id)) ledger.Change([&] { *found = std::move(series); });
  return true;
}

/// A file that takes its name once it is whole and synced.
class NewFile {
 public:
  explicit NewFile(const std::filesystem::path& path) : path_(path), scratch_(path.string() + ".new") {
    fd_ = ::open(scratch_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  }
  ~NewFile() {
    if (fd_ >= 0) ::close(fd_);
  }
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;

  Result<void> Write(std::string_view bytes) {
    while (!bytes.empty() && fd_ >= 0) {
      const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) return Failed();
      if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return fd_ < 0 ? Failed() : Result<void>{};
  }
  Result<void> Finish() {
    if (::fsync(fd_) != 0 || ::rename(scratch_.c_str(), path_.c_str()) != 0) return Failed();
    const int folder = ::open(path_.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = folder >= 0 && ::fsync(folder) == 0;
    const int error = errno;
    if (folder >= 0) ::close(folder);
    errno = error;
    return synced ? Result<void>{} : Failed();
  }

 private:
  [[nodiscard]] Result<void> Failed() const {
    return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot write {}: {}", path_.string(), ErrnoMessage(errno));
  }

  const std::filesystem::path path_;
  const std::filesystem::path scratch_;
  int fd_ = -1;
};

Result<void> WriteBlock(NewFile& file, std::string_view bytes) {
  std::string head;
  Put(head, static_cast<std::uint32_t>(bytes.size()));
  Put(head, Crc32c(bytes, Crc32c(head)));
  HELIOS_CHECK(file.Write(head));
  return file.Write(bytes);
}

std::unexpected<Error> Bad(const std::filesystem::path& path, std::string_view cause) {
  return Fail(ErrorCode::kDataCorruption, "accuracy.bad_ledger", "cannot restore the accuracy ledger from {}: {}",
              path.string(), cause);
}

/// The next block; none where it is not whole.
std::optional<std::string> ReadBlock(std::ifstream& file) {
  std::string head(8, '\0');
  if (!file.read(head.data(), 8)) return std::nullopt;
  Taker taker(head);
  const auto size = taker.Take<std::uint32_t>();
  const auto crc = taker.Take<std::uint32_t>();
  if (size > kMostBlockBytes) return std::nullopt;
  std::string bytes(size, '\0');
  if (!file.read(bytes.data(), size)) return std::nullopt;
  if (Crc32c(bytes, Crc32c(std::string_view(head).substr(0, 4))) != crc) return std::nullopt;
  return bytes;
}

}  // namespace

Result<void> SaveLedger(const std::filesystem::path& path, const Uuid& store, const Ledger& ledger) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);  // where it fails, the file does not open
  NewFile file(path);
  std::string block(kMagic);
  PutUuid(block, store);
  HELIOS_CHECK(WriteBlock(file, block));
  block.clear();
  for (const auto& [tenant, part] : ledger.tenants()) {
    for (const auto& [id, series] : part) {
      PutSeries(block, tenant, id, series);
      if (block.size() < kBlockBytes) continue;
      HELIOS_CHECK(WriteBlock(file, block));
      block.clear();
    }
  }
  if (!block.empty()) HELIOS_CHECK(WriteBlock(file, block));
  HELIOS_CHECK(WriteBlock(file, {}));
  return file.Finish();
}

Result<void> LoadLedger(const std::filesystem::path& path, const Uuid& store, Ledger& ledger) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Fail(ErrorCode::kUnavailable, "file.unreadable", "cannot read {}: {}", path.string(), ErrnoMessage(errno));
  }
  const auto head = ReadBlock(file);
  if (!head || !head->starts_with(kMagic) || head->size() != kMagic.size() + store.bytes.size()) {
    return Bad(path, "its first block is damaged, or its version is another");
  }
  Taker of(std::string_view(*head).substr(kMagic.size()));
  if (const Uuid id = TakeUuid(of); id != store) {
    return Fail(ErrorCode::kFailedPrecondition, "accuracy.foreign_ledger",
                "cannot restore the accuracy ledger: it belongs to store {}; want {}", id, store);
  }
  for (;;) {
    const auto block = ReadBlock(file);
    if (!block) return Bad(path, "a block is damaged or missing");
    if (block->empty()) return {};
    Taker taker(*block);
    while (!taker.empty()) {
      if (!TakeSeries(taker, ledger)) return Bad(path, "a series is not as it was written");
    }
  }
}

}  // namespace helios::accuracy
