// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A tenant's own database that does not open: nothing accepted is lost, nothing gets where it may not be, and nobody
// else notices.
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <map>

#include "base/file.h"
#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/internal/chunk_db.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr TimeRange kAlways{TimestampMs::min(), TimestampMs::max()};
const TenantId kAcme = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const TenantId kGlobex = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad92").value();

class UnavailableTenant : public testing::TestWithParam<Isolation> {
 protected:
  UnavailableTenant() {
    config_.directory = directory_.path() / "store";
    config_.segment_bytes = 1U << 20U;
    config_.min_free_bytes = 0;
    config_.sweep_interval = 1h;
    policy_.isolation = GetParam();
  }

  void Open() {
    store_.reset();
    auto opened = OpenEmbeddedStore(config_, clock_, metrics_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = *std::move(opened);
  }
  void Append(TenantId tenant, TimestampMs first, int count = 100) {
    KeyedBatch batch(SeriesKey{"cpu", {}});
    auto& stored = stored_[tenant];
    for (int i = 0; i < count; ++i) {
      const TimestampMs time = first + std::chrono::seconds(i);
      const auto value = static_cast<double>(stored.size());
      batch.AddSample(0, time, value);
      stored.push_back({ToUnixMs(time), std::bit_cast<std::uint64_t>(value)});
    }
    const auto outcome = AppendAndWait(*store_, tenant, policy_, batch);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    ASSERT_EQ(outcome->stored, static_cast<std::size_t>(count));
  }
  void AppendBoth(TimestampMs first) {
    for (const TenantId tenant : {kAcme, kGlobex}) ASSERT_NO_FATAL_FAILURE(Append(tenant, first));
  }
  Result<std::vector<ReadSample>> Read(TenantId tenant) {
    const auto found = store_->FindSeries(tenant, {"cpu", {}}, 1).value();
    if (found.empty()) return {};
    return Drain(store_->Read(tenant, found.front().id, kAlways));
  }
  void ExpectAll(TenantId tenant) {
    const auto read = Read(tenant);
    ASSERT_TRUE(read.has_value()) << read.error().message;
    EXPECT_EQ(*read, stored_[tenant]);
  }
  void Flush() {
    const auto flushed = store_->Flush();
    ASSERT_TRUE(flushed.has_value()) << flushed.error().message;
  }

  [[nodiscard]] fs::path OwnDirectory() const { return config_.directory / "tenants" / kAcme.ToString(); }
  [[nodiscard]] fs::path HeldDirectory() const { return config_.directory / "held" / kAcme.ToString(); }
  fs::path Manifest() const {
    for (const auto& entry : fs::directory_iterator(OwnDirectory())) {
      if (entry.path().filename().string().starts_with("MANIFEST")) return entry.path();
    }
    return {};
  }
  /// With the store closed.
  void Break() {
    broken_ = Manifest();
    whole_ = ReadFile(broken_).value();
    std::string bytes = whole_;
    bytes[bytes.size() / 3] ^= 0x10;
    std::ofstream(broken_, std::ios::binary | std::ios::trunc) << bytes;
  }
  void Repair() const { std::ofstream(broken_, std::ios::binary | std::ios::trunc) << whole_; }
  double Metric(std::string_view name) const {
    const std::string text = metrics_.Render();
    const auto at = text.find("\n" + std::string(name) + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  }
  /// How many chunks the shared database has. Closes the store.
  int CountSharedChunks() {
    store_.reset();
    const auto db = ChunkDb::Open(config_.directory / "chunks",
                                  {.env = rocksdb::Env::Default(), .cache = nullptr, .write_buffers = nullptr});
    int count = 0;
    EXPECT_TRUE((*db)
                    ->ForEach(Family::kChunks, "",
                              [&](std::string_view, std::string_view) -> Result<bool> {
                                ++count;
                                return true;
                              })
                    .has_value());
    return count;
  }

  ScratchDirectory directory_;
  ManualClock clock_{kNow};
  obs::Metrics metrics_;
  EmbeddedStoreConfig config_;
  TenantPolicy policy_;
  std::map<TenantId, std::vector<ReadSample>> stored_;
  std::unique_ptr<EmbeddedStore> store_;
  fs::path broken_;
  std::string whole_;
};

TEST_P(UnavailableTenant, LosesNothingThatWasAcceptedAndReadsItAllOnceItsDatabaseOpens) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 100h));
  ASSERT_NO_FATAL_FAILURE(Flush());
  store_.reset();
  Break();

  for (int start = 0; start < 3; ++start) {
    ASSERT_NO_FATAL_FAILURE(Open());
    for (int flush = 0; flush < 2; ++flush) {
      ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 90h + start * 5h + flush * 1h));
      ASSERT_NO_FATAL_FAILURE(Flush());
    }
    ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 90h + start * 5h + 3h));  // which closing flushes
    const auto refused = Read(kAcme);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(refused.error().reason, "tsdb.tenant_unavailable");
    EXPECT_EQ(refused.error().message.find('/'), std::string::npos) << refused.error().message;
    ASSERT_NO_FATAL_FAILURE(ExpectAll(kGlobex));
    EXPECT_EQ(store_->KeepDays().error().reason, "tsdb.tenant_unavailable");
    EXPECT_EQ(Metric("helios_tsdb_unavailable_tenants"), 1);
  }
  EXPECT_EQ(CountSharedChunks(), 0);  // the promise of isolation holds
  EXPECT_TRUE(fs::exists(HeldDirectory()));

  Repair();
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kAcme));
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kGlobex));
  EXPECT_FALSE(fs::exists(HeldDirectory()));
  ASSERT_TRUE(store_->KeepDays().has_value());
  EXPECT_EQ(Metric("helios_tsdb_unavailable_tenants"), 0);
  EXPECT_EQ(Metric("helios_tsdb_lost_chunks"), 0);
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kAcme));
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kAcme));
}

TEST_P(UnavailableTenant, IsBackWithoutARestart) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 100h));
  ASSERT_NO_FATAL_FAILURE(Flush());
  store_.reset();
  Break();
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 50h));
  ASSERT_NO_FATAL_FAILURE(Flush());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 40h));
  Repair();
  ASSERT_TRUE(store_->KeepDays().has_value());  // which does not wait until it is time to try again
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kAcme));
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 30h));
  ASSERT_NO_FATAL_FAILURE(Flush());
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kAcme));
  EXPECT_FALSE(fs::exists(HeldDirectory()));
}

TEST_P(UnavailableTenant, WhoseSamplesHaveToBeComparedWithWhatIsStoredHearsToComeAgain) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 100h));
  store_.reset();
  Break();
  ASSERT_NO_FATAL_FAILURE(Open());
  for (const TenantId tenant : {kAcme, kGlobex}) {
    KeyedBatch late(SeriesKey{"cpu", {}});
    late.AddSample(0, kNow - 100h + 1500ms, 1);
    const auto outcome = AppendAndWait(*store_, tenant, policy_, late);
    EXPECT_EQ(outcome.has_value(), tenant == kGlobex);
    if (!outcome) EXPECT_EQ(outcome.error().reason, "tsdb.tenant_unavailable");
  }
}

TEST_P(UnavailableTenant, FindsItsSamplesAfterACrashAtAnyPointOfTheWayHome) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 100h));
  ASSERT_NO_FATAL_FAILURE(Flush());
  store_.reset();
  Break();
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 50h));
  ASSERT_NO_FATAL_FAILURE(Flush());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 40h));
  // As a crash leaves it, with what a crash while holding and one while bringing home would leave beside.
  const fs::path copy = directory_.path() / "copy";
  fs::copy(config_.directory, copy, fs::copy_options::recursive);
  store_.reset();
  const fs::path held = HeldDirectory();
  fs::path file;
  for (const auto& entry : fs::directory_iterator(held)) file = std::max(file, entry.path());
  Repair();
  for (const auto& entry : fs::directory_iterator(OwnDirectory())) {
    if (entry.path() == broken_)
      fs::copy_file(entry.path(), copy / "tenants" / kAcme.ToString() / broken_.filename(),
                    fs::copy_options::overwrite_existing);
  }
  fs::copy_file(file, copy / "held" / kAcme.ToString() / file.filename(), fs::copy_options::overwrite_existing);
  std::ofstream(copy / "held" / kAcme.ToString() / "0000000099.tmp") << "half a file";
  config_.directory = copy;
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kAcme));
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kGlobex));
  ASSERT_NO_FATAL_FAILURE(Flush());
  ASSERT_TRUE(store_->KeepDays().has_value());
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kAcme));
  EXPECT_FALSE(fs::exists(HeldDirectory()));
}

TEST_P(UnavailableTenant, HearsOfTheLossWhereAHeldFileIsDamaged) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 100h));
  ASSERT_NO_FATAL_FAILURE(Flush());
  store_.reset();
  Break();
  ASSERT_NO_FATAL_FAILURE(Open());
  const auto kept = stored_[kAcme];
  ASSERT_NO_FATAL_FAILURE(AppendBoth(kNow - 50h));
  store_.reset();
  Repair();
  for (const auto& entry : fs::directory_iterator(HeldDirectory())) {
    std::fstream stream(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(30);
    stream.put('!');
  }
  ASSERT_NO_FATAL_FAILURE(Open());
  stored_[kAcme] = kept;
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kAcme));
  ASSERT_NO_FATAL_FAILURE(ExpectAll(kGlobex));
  ASSERT_TRUE(store_->KeepDays().has_value());
  EXPECT_EQ(Metric("helios_tsdb_lost_chunks"), 1);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(store_->Verify().value().lost_chunks, 1U);
}

INSTANTIATE_TEST_SUITE_P(Each, UnavailableTenant, testing::Values(Isolation::kOwnDirectory, Isolation::kOwnKey),
                         [](const testing::TestParamInfo<Isolation>& info) {
                           return std::string(info.param == Isolation::kOwnKey ? "OwnKey" : "OwnDirectory");
                         });

}  // namespace
}  // namespace helios::tsdb
