// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z
const TenantId kAcme = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const TenantId kGlobex = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad92").value();

FedGroup GroupOf(std::initializer_list<double> values) {
  FedGroup group;
  for (const double value : values) group.Add(kAcme, kNoon, {.series = {1}, .time = kNoon, .value = value});
  return group;
}

TEST(SampleFeed, DropsTheOldestWhereItsReaderIsSlowAndCountsThem) {
  SampleFeed feed(3);
  feed.Offer(GroupOf({1, 2}));
  feed.Offer(GroupOf({3, 4}));
  EXPECT_EQ(feed.dropped(), 2U);
  EXPECT_FALSE(feed.empty());
  const auto left = feed.Take(0ms);
  ASSERT_TRUE(left);
  EXPECT_EQ(left->samples.front().value, 3.0);
  EXPECT_FALSE(feed.Take(0ms));
  EXPECT_TRUE(feed.empty());
}

class EmbeddedStoreFeed : public testing::Test {
 protected:
  void Append(TenantId tenant, const SeriesKey& key, std::initializer_list<std::pair<TimestampMs, double>> samples,
              Isolation isolation = Isolation::kShared) {
    KeyedBatch batch(key);
    for (const auto& [time, value] : samples) batch.AddSample(0, time, value);
    ASSERT_TRUE(AppendAndWait(*store_, tenant, {.isolation = isolation}, batch));
  }
  /// "tenant metric value" of everything fed so far.
  std::vector<std::string> Fed() {
    std::vector<std::string> lines;
    while (const auto group = feed_->Take(0ms)) {
      auto sample = group->samples.begin();
      for (const FedGroup::Run& run : group->runs) {
        for (std::size_t i = 0; i < run.samples; ++i, ++sample) {
          const auto key = store_->KeyOf(run.tenant, sample->series);
          lines.push_back(fmt::format("{} {} {}", run.tenant == kAcme ? "acme" : "globex", key ? key->metric : "none",
                                      sample->value));
        }
      }
    }
    return lines;
  }

  ManualClock clock_{kNoon};
  obs::Metrics metrics_;
  ScratchDirectory directory_;
  std::unique_ptr<EmbeddedStore> store_ =
      OpenEmbeddedStore({.directory = directory_.path() / "store", .segment_bytes = 1U << 20U}, clock_, metrics_)
          .value();
  std::shared_ptr<SampleFeed> feed_ = std::make_shared<SampleFeed>(1'000);
};

TEST_F(EmbeddedStoreFeed, HasWhatBecameANewestSampleOfWhateverTenant) {
  Append(kAcme, {"cpu", {}}, {{kNoon - 3min, 1}});  // before anyone follows
  store_->Follow(feed_);
  Append(kAcme, {"cpu", {}}, {{kNoon - 2min, 2}, {kNoon - 1min, 3}});
  Append(kGlobex, {"cpu", {}}, {{kNoon, 4}}, Isolation::kOwnKey);
  EXPECT_THAT(Fed(), ElementsAre("acme cpu 2", "acme cpu 3", "globex cpu 4"));
}

TEST_F(EmbeddedStoreFeed, LeavesOutLateOnesDuplicatesAndHeliosOwn) {
  store_->Follow(feed_);
  Append(kAcme, {"cpu", {}}, {{kNoon, 1}, {kNoon - 1min, 2}, {kNoon, 1}});
  Append(kAcme, {"helios:forecast", {}}, {{kNoon, 5}});
  EXPECT_THAT(Fed(), ElementsAre("acme cpu 1"));
}

TEST_F(EmbeddedStoreFeed, EndsWhenAsked) {
  store_->Follow(feed_);
  store_->Follow(nullptr);
  Append(kAcme, {"cpu", {}}, {{kNoon, 1}});
  EXPECT_THAT(Fed(), IsEmpty());
}

TEST_F(EmbeddedStoreFeed, ASeriesThatWasDeletedOrIsAnothersHasNoKey) {
  store_->Follow(feed_);
  Append(kAcme, {"cpu", {}}, {{kNoon, 1}});
  const SeriesId series = feed_->Take(0ms)->samples.front().series;
  EXPECT_EQ(store_->KeyOf(kAcme, series), (SeriesKey{"cpu", {}}));
  EXPECT_EQ(store_->KeyOf(kGlobex, series), std::nullopt);
  ASSERT_EQ(store_->DeleteSeries(kAcme, {"cpu", {}}), 1U);
  EXPECT_EQ(store_->KeyOf(kAcme, series), std::nullopt);
}

}  // namespace
}  // namespace helios::tsdb
