// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// One flipped bit anywhere below the data directory: noticed or harmless, and never a wrong value.
//
// A store is filled with everything it can hold, and its directory is copied while it runs, as a crash would leave it.
// Then, again and again, one bit of a copy is flipped, the copy opened, and all of it read.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>

#include "base/file.h"
#include "base/manual_clock.h"
#include "tsdb/internal/chunk_db.h"
#include "tsdb/internal/embedded_store_on.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr TimestampMs kStart = FromUnixMs(1'767'441'600'000);  // 2026-01-03, noon
constexpr TimestampMs kNow = kStart + 9 * 24h;
constexpr TimestampMs kToday = kNow - 12h;
constexpr TimestampMs kYesterday = kToday - 24h;
constexpr int kSeries = 4;

const std::vector<TenantId> kTenants = {TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value(),
                                        TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad92").value(),
                                        TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad93").value()};
constexpr std::size_t kOwn = 2;  ///< the tenant with a directory of its own

TenantPolicy PolicyOf(std::size_t tenant) {
  return {.isolation = tenant == kOwn ? Isolation::kOwnDirectory : Isolation::kShared};
}

/// Where a sample is when the store is copied, as far as damage of one file tells it apart.
enum class Place : std::uint8_t { kCompacted, kFlushed, kJournal, kLastGroup };

struct Stored {
  std::uint64_t bits = 0;
  Place place = Place::kCompacted;
};

/// A series by its tenant's position and its metric.
using Name = std::pair<std::size_t, std::string>;

/// What is read of one series: by part of its history, so that damage of one leaves the others.
struct Reading {
  std::map<std::int64_t, std::uint64_t> samples;  ///< bits by time
  std::vector<ReadRollup> rollups;                ///< of the day whose samples are gone
  std::vector<Error> errors;
};

/// Sends standard error to a file, as long as it lives: each damage is logged.
class LogCatcher {
 public:
  explicit LogCatcher(fs::path path) : path_(std::move(path)), before_(::dup(STDERR_FILENO)) {
    const int file = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    ::dup2(file, STDERR_FILENO);
    ::close(file);
  }
  ~LogCatcher() {
    ::dup2(before_, STDERR_FILENO);
    ::close(before_);
  }
  LogCatcher(const LogCatcher&) = delete;
  LogCatcher& operator=(const LogCatcher&) = delete;

  [[nodiscard]] std::string Words() const { return ReadFile(path_, 1U << 26U).value_or(""); }

 private:
  const fs::path path_;
  const int before_;
};

class EmbeddedStoreFlips : public testing::Test {
 protected:
  EmbeddedStoreFlips() {
    // Nothing happens by itself, so that a copy of the running store is one of a moment.
    config_.segment_bytes = 1U << 20U;
    config_.min_free_bytes = 0;
    config_.sweep_interval = 1h;
  }

  std::unique_ptr<EmbeddedStore> Open(const fs::path& directory) {
    config_.directory = directory;
    auto opened = OpenEmbeddedStore(config_, clock_, metrics_);
    if (!opened) open_error_ = std::move(opened).error();
    return opened ? *std::move(opened) : nullptr;
  }

  void Append(EmbeddedStore& store, std::size_t tenant, const std::string& metric,
              const std::vector<TimestampMs>& times, Place place) {
    KeyedBatch batch(SeriesKey{metric, {}});
    batch.AllowAnyOrder();
    for (const TimestampMs time : times) {
      const auto value = static_cast<double>(random_());
      batch.AddSample(0, time, value);
      model_[{tenant, metric}][ToUnixMs(time)] = {std::bit_cast<std::uint64_t>(value), place};
    }
    const auto outcome = AppendAndWait(store, kTenants[tenant], PolicyOf(tenant), batch);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    ASSERT_EQ(outcome->stored, times.size());
  }

  /// One batch of each series: `count` samples, `step` apart.
  void AppendAll(EmbeddedStore& store, TimestampMs first, int count, std::chrono::milliseconds step, Place place) {
    std::vector<TimestampMs> times;
    for (int i = 0; i < count; ++i) times.push_back(first + i * step);
    for (std::size_t tenant = 0; tenant < kTenants.size(); ++tenant) {
      for (int series = 0; series < kSeries; ++series) {
        ASSERT_NO_FATAL_FAILURE(Append(store, tenant, fmt::format("s{}", series), times, place));
      }
    }
  }

  /// Fills a store with rollups, a compacted day, chunks of two flushes and a journal, and copies it to pristine().
  void Fill() {
    clock_.Set(kStart);
    const auto store = Open(scratch_.path() / "filled");
    ASSERT_NE(store, nullptr) << open_error_.message;
    ASSERT_NO_FATAL_FAILURE(AppendAll(*store, kStart - 5h, 50, 5min, Place::kCompacted));
    ASSERT_TRUE(store->Flush().has_value());
    clock_.Set(kNow);
    ASSERT_TRUE(store->KeepDays().has_value());
    model_.clear();  // of those days there are only rollups now
    for (std::size_t tenant = 0; tenant < kTenants.size(); ++tenant) {
      ASSERT_NO_FATAL_FAILURE(Append(*store, tenant, "gone", {kYesterday, kYesterday + 1h}, Place::kCompacted));
    }
    for (const auto begin : {0h, 8h}) {
      ASSERT_NO_FATAL_FAILURE(AppendAll(*store, kYesterday + begin, 40, 7min, Place::kCompacted));
      ASSERT_TRUE(store->Flush().has_value());
    }
    ASSERT_TRUE(store->KeepDays().has_value());
    for (const auto begin : {1h, 5h}) {
      ASSERT_NO_FATAL_FAILURE(AppendAll(*store, kToday + begin, 40, 5min, Place::kFlushed));
      ASSERT_TRUE(store->Flush().has_value());
    }
    ASSERT_NO_FATAL_FAILURE(AppendAll(*store, kToday + 10h, 5, 10s, Place::kJournal));
    ASSERT_NO_FATAL_FAILURE(AppendAll(*store, kToday + 9h, 3, 10s, Place::kJournal));  // late
    for (std::size_t tenant = 0; tenant < kTenants.size(); ++tenant) {
      ASSERT_NO_FATAL_FAILURE(Append(*store, tenant, "created", {kNow - 1min, kNow}, Place::kJournal));
    }
    ASSERT_NO_FATAL_FAILURE(AppendAll(*store, kToday + 11h, 5, 10s, Place::kJournal));
    for (std::size_t tenant = 0; tenant < kTenants.size(); ++tenant) {
      ASSERT_EQ(store->DeleteSeries(kTenants[tenant], {"gone", {}}).value(), 1U);
      model_.erase({tenant, "gone"});
    }
    ASSERT_NO_FATAL_FAILURE(Append(*store, 0, "s0", {kNow}, Place::kLastGroup));
    fs::copy(scratch_.path() / "filled", pristine(), fs::copy_options::recursive);
  }

  [[nodiscard]] fs::path pristine() const { return scratch_.path() / "pristine"; }

  std::map<Name, Reading> ReadEverything(const EmbeddedStore& store) {
    std::map<Name, Reading> all;
    for (std::size_t tenant = 0; tenant < kTenants.size(); ++tenant) {
      for (const std::string& metric : store.MetricNames(kTenants[tenant])) {
        const auto found = store.FindSeries(kTenants[tenant], {metric, {}}, 10).value();
        if (found.empty()) continue;
        Reading& reading = all[{tenant, metric}];
        const SeriesId id = found.front().id;
        for (const TimeRange range : {TimeRange{kYesterday, kToday - 1ms}, TimeRange{kToday, kNow}}) {
          const auto samples = Drain(store.Read(kTenants[tenant], id, range));
          if (!samples) reading.errors.push_back(samples.error());
          if (!samples) continue;
          for (const ReadSample& sample : *samples) reading.samples[sample.time_ms] = sample.bits;
        }
        const auto rollups = ReadRollups(store, kTenants[tenant], id);
        if (!rollups) reading.errors.push_back(rollups.error());
        if (rollups) reading.rollups = *rollups;
      }
    }
    return all;
  }

  static Result<std::vector<ReadRollup>> ReadRollups(const EmbeddedStore& store, TenantId tenant, SeriesId id) {
    std::vector<ReadRollup> rollups;
    for (const RollupStep step : {RollupStep::kFiveMinutes, RollupStep::kHour}) {
      HELIOS_TRY(const auto cursor, store.ReadRollups(tenant, id, {kStart - 24h, kStart + 24h}, step));
      for (;;) {
        HELIOS_TRY(const RollupColumns some, cursor->Next());
        if (some.times.empty()) break;
        for (std::size_t i = 0; i < some.times.size(); ++i) {
          rollups.push_back({.time_ms = ToUnixMs(some.times[i]),
                             .min = some.min[i],
                             .max = some.max[i],
                             .sum = some.sum[i],
                             .last = some.last[i],
                             .count = some.count[i]});
        }
      }
    }
    return rollups;
  }

  /// What every file of the pristine store is.
  struct File {
    std::string path;  ///< below the data directory
    std::string kind;
    std::string bytes;
  };
  std::vector<File> ListFiles() {
    std::map<std::string, std::string> families;
    for (const std::string& directory : {std::string("chunks"), "tenants/" + kTenants[kOwn].ToString()}) {
      const fs::path copy = scratch_.path() / "looked-at";
      fs::copy(pristine() / directory, copy, fs::copy_options::recursive);
      {
        const auto db =
            ChunkDb::Open(copy, {.env = rocksdb::Env::Default(), .cache = nullptr, .write_buffers = nullptr});
        EXPECT_TRUE(db.has_value()) << db.error().message;
        std::vector<rocksdb::LiveFileMetaData> live;
        if (db) (*db)->db().GetLiveFilesMetaData(&live);
        for (const auto& file : live) families[directory + file.name] = file.column_family_name;
      }
      fs::remove_all(copy);
    }
    std::vector<File> files;
    for (const auto& entry : fs::recursive_directory_iterator(pristine())) {
      if (!entry.is_regular_file() || entry.file_size() == 0) continue;
      File file{.path = fs::relative(entry.path(), pristine()).string(),
                .kind = {},
                .bytes = ReadFile(entry.path(), 1U << 26U).value()};
      const std::string name = entry.path().filename().string();
      const std::string where = file.path.starts_with("tenants/") ? "own " : "";
      if (name.ends_with(".sst")) {
        const auto family = families.find(file.path);
        file.kind = where + "table of " + (family == families.end() ? "nothing" : family->second);
      } else {
        file.kind = where + name.substr(0, name.find_first_of("-0123456789"));
        if (name.ends_with(".log")) file.kind = where + "write-ahead log";
      }
      files.push_back(std::move(file));
    }
    std::ranges::sort(files, {}, &File::path);
    return files;
  }

  /// Compares what was read with what was stored. A sample may be missing without an error where damage was logged.
  void Check(const std::map<Name, Reading>& found, const File& file, bool journal_damage_logged, bool& noticed) {
    const bool in_journal = file.kind == "journal";
    const bool in_own = file.path.starts_with("tenants/");
    for (const auto& [name, reading] : found) ASSERT_TRUE(model_.contains(name)) << name.second;
    for (const auto& [name, stored] : model_) {
      const auto at = found.find(name);
      if (at == found.end()) {
        ASSERT_TRUE(in_journal && journal_damage_logged && name.second == "created") << name.second << " is gone";
        noticed = true;
        continue;
      }
      const Reading& reading = at->second;
      for (const Error& error : reading.errors) {
        noticed = true;
        EXPECT_TRUE(error.reason == "tsdb.bad_checksum" || error.reason == "tsdb.tenant_unavailable") << error.message;
        EXPECT_EQ(error.message.find('/'), std::string::npos) << error.message;
      }
      EXPECT_TRUE(reading.errors.empty() || !in_journal) << "the journal's damage must not keep from reading chunks";
      EXPECT_TRUE(reading.errors.empty() || in_own == (name.first == kOwn)) << "of a tenant who is not concerned";
      for (const auto& [time, bits] : reading.samples) {
        const auto sample = stored.find(time);
        ASSERT_TRUE(sample != stored.end()) << "a sample that was never stored";
        ASSERT_EQ(sample->second.bits, bits) << "a wrong value";
      }
      if (!reading.errors.empty()) continue;
      ASSERT_EQ(reading.rollups, rollups_[name]);
      for (const auto& [time, sample] : stored) {
        if (reading.samples.contains(time)) continue;
        noticed = true;
        // Damage to the last group cannot be told from a group that was being written.
        ASSERT_TRUE(in_journal &&
                    (sample.place == Place::kLastGroup || (sample.place == Place::kJournal && journal_damage_logged)))
            << "a sample is missing, and nothing was said";
      }
    }
  }

  /// Damage to a table of chunks costs what is in it and no more: no operation, and no error that stays.
  void CheckAfterLoss(EmbeddedStore& store) {
    EXPECT_TRUE(store.Flush().has_value());
    const auto kept = store.KeepDays();
    EXPECT_TRUE(kept.has_value()) << kept.error().message;
    const auto contents = store.Verify();
    ASSERT_TRUE(contents.has_value()) << contents.error().message;
    bool missing = false;
    const auto found = ReadEverything(store);
    for (const auto& [name, stored] : model_) {
      ASSERT_TRUE(found.contains(name));
      const Reading& reading = found.at(name);
      ASSERT_TRUE(reading.errors.empty()) << reading.errors.front().message;
      for (const auto& [time, bits] : reading.samples) {
        ASSERT_TRUE(stored.contains(time)) << "a sample that was never stored";
        ASSERT_EQ(stored.at(time).bits, bits) << "a wrong value";
      }
      missing |= reading.samples.size() < stored.size() || reading.rollups.size() < rollups_[name].size();
      for (const ReadRollup& rollup : reading.rollups) ASSERT_THAT(rollups_[name], testing::Contains(rollup));
    }
    EXPECT_TRUE(!missing || contents->lost_chunks > 0) << "something is missing, and nothing was said";
  }

  ScratchDirectory scratch_{"/dev/shm"};  // it is not the disk that is tested
  ManualClock clock_{kStart};
  obs::Metrics metrics_;
  EmbeddedStoreConfig config_;
  Error open_error_{};
  std::mt19937_64 random_{1};
  std::map<Name, std::map<std::int64_t, Stored>> model_;
  std::map<Name, std::vector<ReadRollup>> rollups_;
};

TEST_F(EmbeddedStoreFlips, AreNoticedOrHarmlessWhereverTheyAre) {
  const char* takes_long = std::getenv("HELIOS_LONG");
  const int flips = takes_long != nullptr && *takes_long != '\0' ? 10'000 : 200;
  ASSERT_NO_FATAL_FAILURE(Fill());
  const std::vector<File> files = ListFiles();
  const fs::path copy = scratch_.path() / "copy";
  const auto restore = [&] {
    fs::remove_all(copy);
    fs::copy(pristine(), copy, fs::copy_options::recursive);
  };
  {
    restore();
    const auto store = Open(copy);
    ASSERT_NE(store, nullptr) << open_error_.message;
    const auto found = ReadEverything(*store);
    for (const auto& [name, reading] : found) rollups_[name] = reading.rollups;
    std::uint64_t counted = 0;
    for (const ReadRollup& rollup : rollups_[{0, "s0"}]) counted += rollup.count;
    ASSERT_EQ(counted, 2 * 50U);  // of both steps
    bool noticed = false;
    ASSERT_NO_FATAL_FAILURE(Check(found, files.front(), false, noticed));
    ASSERT_FALSE(noticed);
  }

  struct Tally {
    int flips = 0;
    int noticed = 0;
    int closed = 0;        ///< the store did not open
    int cannot_flush = 0;  ///< it opened, and what it replayed could not leave the journal
    std::string why;
  };
  std::vector<std::vector<const File*>> by_kind;
  {
    std::map<std::string, std::vector<const File*>> kinds;
    for (const File& file : files) kinds[file.kind].push_back(&file);
    for (auto& [kind, alike] : kinds) by_kind.push_back(std::move(alike));
  }
  std::map<std::string, Tally> tallies;
  std::mt19937_64 random(takes_long != nullptr ? std::random_device{}() : 7);
  for (int i = 0; i < flips && !HasFatalFailure(); ++i) {
    const std::vector<const File*>& alike = by_kind[static_cast<std::size_t>(i) % by_kind.size()];
    const File& file = *alike[random() % alike.size()];
    // Damage to a manifest's very last record cannot be told from one that was being written.
    const std::size_t end = file.bytes.size() * (file.kind.ends_with("MANIFEST") ? 3 : 4) / 4;
    std::uint64_t offset = random() % end;
    // A journal is mostly room.
    const bool anywhere = random() % 8 == 0;
    while (!anywhere && file.bytes[offset] == '\0') offset = random() % end;
    const auto bit = static_cast<unsigned>(random() % 8);
    SCOPED_TRACE(fmt::format("flip {} of bit {} at {} of {} ({}, {} bytes)", i, bit, offset, file.path, file.kind,
                             file.bytes.size()));
    restore();
    {
      std::fstream stream(copy / file.path, std::ios::in | std::ios::out | std::ios::binary);
      stream.seekg(static_cast<std::streamoff>(offset));
      const int byte = stream.get();
      stream.seekp(static_cast<std::streamoff>(offset));
      stream.put(static_cast<char>(byte ^ (1 << bit)));
    }
    Tally& tally = tallies[file.kind];
    ++tally.flips;
    const LogCatcher log(scratch_.path() / "log");
    auto store = Open(copy);
    if (store == nullptr) {
      ++tally.closed;
      tally.why = open_error_.message;
      EXPECT_NE(file.kind, "journal") << open_error_.message;
      EXPECT_FALSE(file.kind.ends_with("table of chunks")) << open_error_.message;
      EXPECT_FALSE(file.kind.starts_with("own ")) << open_error_.message;
      continue;
    }
    const bool journal_damage_logged = log.Words().find("tsdb.journal_damaged") != std::string::npos;
    bool noticed = journal_damage_logged;
    Check(ReadEverything(*store), file, journal_damage_logged, noticed);
    tally.noticed += noticed ? 1 : 0;
    if (const auto flushed = store->Flush(); !flushed) {
      ++tally.cannot_flush;
      if (tally.why.empty()) tally.why = flushed.error().message;
    }
    if (file.kind.ends_with("table of chunks")) CheckAfterLoss(*store);
    store.reset();
  }
  for (const auto& [kind, tally] : tallies) {
    std::string why = tally.why.substr(0, 150);
    fmt::print("{:5} flips in {:22}: {:5} noticed, {:5} harmless, {:5} not opened, {:5} not flushed {}\n", tally.flips,
               kind, tally.noticed, tally.flips - tally.noticed - tally.closed, tally.closed, tally.cannot_flush, why);
  }
}

}  // namespace
}  // namespace helios::tsdb
