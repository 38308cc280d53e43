// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z
const TenantId kAcme = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const TenantId kGlobex = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad92").value();

class EmbeddedStoreUsage : public testing::Test {
 protected:
  std::unique_ptr<EmbeddedStore> Open(const std::filesystem::path& directory) {
    return OpenEmbeddedStore({.directory = directory, .segment_bytes = 1U << 20U}, clock_, metrics_).value();
  }
  std::unique_ptr<EmbeddedStore> Open() { return Open(directory_.path() / "store"); }

  /// Durable when it returns, and everything before it with it.
  void Append(EmbeddedStore& store, TimestampMs time) {
    KeyedBatch batch(SeriesKey{"cpu", {}});
    batch.AddSample(0, time, 1);
    ASSERT_TRUE(AppendAndWait(store, kAcme, {}, batch));
  }

  /// "tenant kind hour count", the counts of all segments together.
  static std::vector<std::string> Pending(const EmbeddedStore& store) {
    std::map<std::string, std::uint64_t> sums;
    for (const UsageRow& row : store.PendingUsage().value()) {
      sums[fmt::format("{} {} {}", row.tenant == kAcme ? "acme" : "globex",
                       row.kind == UsageKind::kSamples ? "samples" : "predictions", FormatRfc3339(row.hour))] +=
          row.count;
    }
    std::vector<std::string> lines;
    for (const auto& [name, sum] : sums) lines.push_back(fmt::format("{} {}", name, sum));
    return lines;
  }

  ManualClock clock_{kNoon};
  obs::Metrics metrics_;
  ScratchDirectory directory_;
};

TEST_F(EmbeddedStoreUsage, CountsOfEachKindTenantAndHourAddUp) {
  const auto store = Open();
  store->CountUsage(kAcme, UsageKind::kPredictions, 3);
  store->CountUsage(kAcme, UsageKind::kPredictions, 4);
  store->CountUsage(kGlobex, UsageKind::kPredictions, 5);  // which never sent a sample
  Append(*store, kNoon);
  clock_.Advance(std::chrono::minutes{61});
  store->CountUsage(kAcme, UsageKind::kPredictions, 6);
  ASSERT_TRUE(store->Flush());
  EXPECT_THAT(
      Pending(*store),
      UnorderedElementsAre("acme predictions 2026-01-03T12:00:00Z 7", "acme samples 2026-01-03T12:00:00Z 1",
                           "globex predictions 2026-01-03T12:00:00Z 5", "acme predictions 2026-01-03T13:00:00Z 6"));
}

TEST_F(EmbeddedStoreUsage, OfATenantIsToldBeforeAndAfterAFlushAndNotTwice) {
  auto store = Open();
  const auto total = [&store](TenantId tenant) {
    std::uint64_t sum = 0;
    for (const UsageRow& row : store->UsageOf(tenant).value()) sum += row.count;
    return sum;
  };
  EXPECT_EQ(total(kAcme), 0U);
  store->CountUsage(kAcme, UsageKind::kPredictions, 3);
  store->CountUsage(kGlobex, UsageKind::kPredictions, 100);
  EXPECT_EQ(total(kAcme), 3U);  // of the open segment
  ASSERT_TRUE(store->Flush());
  EXPECT_EQ(total(kAcme), 3U);  // of a flushed one
  store->CountUsage(kAcme, UsageKind::kPredictions, 4);
  EXPECT_EQ(total(kAcme), 7U);  // of both
  Append(*store, kNoon);
  store.reset();
  store = Open();
  EXPECT_EQ(total(kAcme), 8U);
  EXPECT_EQ(total(kGlobex), 100U);
  ASSERT_TRUE(store->Flush());
  for (const UsageRow& row : store->PendingUsage().value()) ASSERT_TRUE(store->ForgetUsage(row.segment));
  EXPECT_EQ(total(kAcme), 0U);
}

TEST_F(EmbeddedStoreUsage, IsKeptUntilItIsForgotten) {
  auto store = Open();
  store->CountUsage(kAcme, UsageKind::kPredictions, 3);
  ASSERT_TRUE(store->Flush());
  const auto before = store->PendingUsage().value();
  ASSERT_EQ(before.size(), 1U);
  store->CountUsage(kAcme, UsageKind::kPredictions, 4);
  store.reset();
  store = Open();
  EXPECT_THAT(Pending(*store), UnorderedElementsAre("acme predictions 2026-01-03T12:00:00Z 7"));
  ASSERT_TRUE(store->ForgetUsage(before.front().segment));
  EXPECT_THAT(Pending(*store), UnorderedElementsAre("acme predictions 2026-01-03T12:00:00Z 4"));
  ASSERT_TRUE(store->ForgetUsage(std::numeric_limits<std::uint32_t>::max()));
  EXPECT_THAT(Pending(*store), IsEmpty());
}

TEST_F(EmbeddedStoreUsage, OutlivesACrashOnceTheJournalHasIt) {
  const auto store = Open();
  store->CountUsage(kGlobex, UsageKind::kPredictions, 3);
  Append(*store, kNoon);
  // The directory as a crash would leave it now.
  const std::filesystem::path crashed = directory_.path() / "crashed";
  std::filesystem::copy(directory_.path() / "store", crashed, std::filesystem::copy_options::recursive);
  const auto recovered = Open(crashed);
  ASSERT_TRUE(recovered->Flush());
  EXPECT_THAT(Pending(*recovered),
              UnorderedElementsAre("acme samples 2026-01-03T12:00:00Z 1", "globex predictions 2026-01-03T12:00:00Z 3"));
}

TEST_F(EmbeddedStoreUsage, ACopyAndItsOriginalNameNoTwoCountsAlike) {
  const auto store = Open();
  store->CountUsage(kAcme, UsageKind::kPredictions, 3);
  Append(*store, kNoon);
  const std::filesystem::path copied = directory_.path() / "copy";
  ASSERT_TRUE(store->BackUp(copied));
  const auto shared = store->PendingUsage().value();
  const auto segments_beyond = [&](const EmbeddedStore& of) {
    std::set<std::uint64_t> segments;
    for (const UsageRow& row : of.PendingUsage().value()) {
      if (row.segment > shared.back().segment) segments.insert(row.segment);
    }
    return segments;
  };
  {
    const auto copy =
        OpenEmbeddedStore({.directory = copied, .segment_bytes = 1U << 20U, .skip_segments = 1'000}, clock_, metrics_)
            .value();
    EXPECT_EQ(copy->id(), store->id());
    EXPECT_EQ(copy->PendingUsage()->size(), shared.size());  // under the names they have in the original
    EXPECT_EQ(copy->Verify()->samples, 1U);
    ASSERT_TRUE(copy->Flush());
  }
  const auto copy = Open(copied);  // as every later start, without the jump
  for (EmbeddedStore* of : {store.get(), copy.get()}) {
    of->CountUsage(kAcme, UsageKind::kPredictions, 1);
    ASSERT_TRUE(of->Flush());
  }
  const auto original_segments = segments_beyond(*store);
  const auto copy_segments = segments_beyond(*copy);
  ASSERT_EQ(original_segments.size(), 1U);
  ASSERT_EQ(copy_segments.size(), 1U);
  EXPECT_LT(*original_segments.begin() + 500, *copy_segments.begin());
}

TEST_F(EmbeddedStoreUsage, NeedsNoAppendToReachTheJournal) {
  const auto store = Open();
  store->CountUsage(kAcme, UsageKind::kPredictions, 3);
  const std::filesystem::path crashed = directory_.path() / "crashed";
  for (int attempt = 0;; ++attempt) {
    std::filesystem::remove_all(crashed);
    std::filesystem::copy(directory_.path() / "store", crashed, std::filesystem::copy_options::recursive);
    const auto recovered = Open(crashed);
    ASSERT_TRUE(recovered->Flush());
    if (!Pending(*recovered).empty()) break;
    ASSERT_LT(attempt, 100);
  }
}

}  // namespace
}  // namespace helios::tsdb
