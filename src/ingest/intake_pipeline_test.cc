// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/intake_pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/manual_clock.h"

namespace helios::ingest {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr std::uint8_t kOfOwnRetention = 77;  ///< a tenant that says how long it keeps samples
constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);

/// A store that answers when it is told to.
class HeldStore final : public tsdb::SampleStore {
 public:
  void Append(TenantId, const tsdb::TenantPolicy& of, const tsdb::SampleBatch& batch,
              tsdb::AppendCallback done) override {
    policy = of;
    rows = batch.rows.size();
    any_order = batch.any_order;
    waiting.push_back(std::move(done));
  }
  void Answer(Result<tsdb::AppendOutcome> outcome) {
    waiting.front()(std::move(outcome));
    waiting.erase(waiting.begin());
  }
  [[nodiscard]] Result<std::unique_ptr<tsdb::SampleCursor>> Read(TenantId, tsdb::SeriesId,
                                                                 tsdb::TimeRange) const override {
    return Fail(ErrorCode::kNotFound, "tsdb.no_such_series", "this store holds nothing");
  }
  [[nodiscard]] Result<std::vector<tsdb::SeriesInfo>> FindSeries(TenantId, const tsdb::SeriesSelector&,
                                                                 std::size_t) const override {
    return std::vector<tsdb::SeriesInfo>{};
  }
  [[nodiscard]] Result<std::unique_ptr<tsdb::RollupCursor>> ReadRollups(TenantId, tsdb::SeriesId, tsdb::TimeRange,
                                                                        tsdb::RollupStep) const override {
    return Fail(ErrorCode::kNotFound, "tsdb.no_such_series", "this store holds nothing");
  }
  [[nodiscard]] Result<std::size_t> DeleteSeries(TenantId, const tsdb::SeriesSelector&) override { return 0; }
  [[nodiscard]] std::vector<std::string> MetricNames(TenantId) const override { return {}; }
  [[nodiscard]] std::size_t ActiveSeries(TenantId) const override { return 0; }
  [[nodiscard]] bool Writable() const override { return true; }

  tsdb::TenantPolicy policy;
  std::size_t rows = 0;
  bool any_order = false;
  std::vector<tsdb::AppendCallback> waiting;
};

class IntakePipelineTest : public testing::Test {
 protected:
  IntakePipelineTest() { Build({}); }
  ~IntakePipelineTest() override { store_.waiting.clear(); }  // a store is gone before what it answers to
  void Build(const IntakePipeline::Config& config) { pipeline_.emplace(store_, clock_, metrics_, config); }

  static std::shared_ptr<const tenancy::RequestContext> ContextOf(std::uint8_t tenant,
                                                                  tenancy::Plan plan = tenancy::Plan::kEnterprise) {
    auto principal = std::make_shared<tenancy::Principal>();
    principal->tenant.value.bytes[15] = tenant;
    principal->plan = plan;
    if (tenant == kOfOwnRetention) principal->retention = {.raw = std::chrono::days{365}, .rollups = {}};
    auto context = std::make_shared<tenancy::RequestContext>();
    context->tenant = principal->tenant;
    context->principal = std::move(principal);
    context->now = kNow;
    return context;
  }

  /// Sends what `decode` makes; the answer is in outcome_ or refusal_ once it came.
  void Send(std::uint8_t tenant, const std::function<void(DecodedRequest&, Replica&)>& decode, std::size_t bytes = 10,
            tenancy::Plan plan = tenancy::Plan::kEnterprise, bool import = false) {
    outcome_.reset();
    refusal_.reset();
    pipeline_->Take(ContextOf(tenant, plan),
                    {.operation = "ingest",
                     .bytes = bytes,
                     .import = import,
                     .decode = [decode](DecodedRequest& out, Replica& replica) -> Result<void> {
                       decode(out, replica);
                       return out.Seal(tsdb::NameFormat::kParts, &tsdb::DecodePartsName);
                     },
                     .answer =
                         [this](const IntakeOutcome& outcome) {
                           outcome_ = outcome;
                           return http::NoContent();
                         },
                     .refuse =
                         [this](const Refusal& refusal) {
                           refusal_ = refusal.error.reason;
                           return http::Text(503, "");
                         }},
                    [this](Result<http::Response> response) { response_ = *std::move(response); });
  }

  static void Samples(DecodedRequest& out, int count) {
    out.AppendPart("m");
    const std::uint32_t series = out.FinishSeries();
    for (int i = 0; i < count; ++i) out.AddSample(series, kNow, i);
  }

  [[nodiscard]] std::vector<std::pair<std::string_view, std::uint64_t>> Totals(std::uint8_t tenant) const {
    return pipeline_->rejections().Of(ContextOf(tenant)->tenant).totals;
  }

  ManualClock clock_{kNow};
  obs::Metrics metrics_;
  HeldStore store_;
  std::optional<IntakePipeline> pipeline_;
  std::optional<IntakeOutcome> outcome_;
  std::optional<std::string_view> refusal_;
  http::Response response_;
};

TEST_F(IntakePipelineTest, AnswersOnceTheStoreDid) {
  Send(1, [](DecodedRequest& out, Replica&) { Samples(out, 3); });
  EXPECT_FALSE(outcome_);
  store_.Answer(tsdb::AppendOutcome{.stored = 2, .duplicates = 1, .rejected = {}});
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->accepted, 3U);
  EXPECT_TRUE(Totals(1).empty());
}

TEST_F(IntakePipelineTest, TellsTheStoreHowLongToKeepTheSamples) {
  Send(1, [](DecodedRequest& out, Replica&) { Samples(out, 1); });
  EXPECT_EQ(store_.policy.raw_retention, std::chrono::days{90});
  EXPECT_EQ(store_.policy.rollup_retention, std::chrono::days{800});
  Send(kOfOwnRetention, [](DecodedRequest& out, Replica&) { Samples(out, 1); });
  EXPECT_EQ(store_.policy.raw_retention, std::chrono::days{365});
  EXPECT_EQ(store_.policy.rollup_retention, std::chrono::days{800});
}

TEST_F(IntakePipelineTest, CountsAHistogramOnceHoweverManyOfItsRowsWereRefused) {
  Send(1, [](DecodedRequest& out, Replica&) {
    Samples(out, 1);
    out.Reject("ingest.bad_value", "no number");
    out.MarkHistogram();
    out.BeginItem();
    for (int i = 0; i < 3; ++i) out.AddRow(0, kNow, i);
    Samples(out, 1);
  });
  EXPECT_EQ(store_.rows, 5U);
  using tsdb::RejectReason;
  store_.Answer(tsdb::AppendOutcome{.stored = 3,
                                    .rejected = {{1, RejectReason::kSeriesLimit, "ingest.series_limit", "full"},
                                                 {3, RejectReason::kSeriesLimit, "ingest.series_limit", "full"}}});
  ASSERT_TRUE(outcome_);
  EXPECT_EQ(outcome_->total, 4U);
  EXPECT_EQ(outcome_->accepted, 2U);
  EXPECT_EQ(outcome_->histograms, 1U);
  EXPECT_EQ(outcome_->histograms_accepted, 0U);
  ASSERT_EQ(outcome_->rejected.size(), 3U);
  EXPECT_EQ(outcome_->rejected[0].index, 1U);
  EXPECT_EQ(outcome_->rejected[2].index, 2U);
  EXPECT_THAT(Totals(1), ElementsAre(Pair("ingest.bad_value", 1), Pair("ingest.series_limit", 2)));
}

TEST_F(IntakePipelineTest, ListsTheSeriesAndTheCauseOfTheFirstRefusalOfEachReason) {
  Send(1, [](DecodedRequest& out, Replica&) { Samples(out, 3); });
  using tsdb::RejectReason;
  store_.Answer(
      tsdb::AppendOutcome{.stored = 1,
                          .rejected = {{1, RejectReason::kTooOld, "ingest.too_old", "of 1970", R"(m{host="a"})"},
                                       {2, RejectReason::kTooOld, "ingest.too_old", "of 1971", R"(m{host="b"})"}}});
  const RejectionLog::View view = pipeline_->rejections().Of(ContextOf(1)->tenant);
  ASSERT_EQ(view.entries.size(), 1U);
  EXPECT_EQ(view.entries[0].series, R"(m{host="a"})");
  EXPECT_EQ(view.entries[0].detail, "of 1970");
  EXPECT_EQ(view.entries[0].count, 2U);
}

TEST_F(IntakePipelineTest, HoldsRequestsToTheLimitsOfItsConfiguration) {
  Build({.limits = {.samples = 5}});
  std::size_t limit = 0;
  Send(1, [&](DecodedRequest& out, Replica&) {
    limit = out.limits().samples;
    Samples(out, 6);
  });
  EXPECT_EQ(limit, 5U);
  EXPECT_EQ(refusal_, "ingest.too_many_samples");
}

TEST_F(IntakePipelineTest, PassesTheStoresRefusalOn) {
  Send(1, [](DecodedRequest& out, Replica&) { Samples(out, 3); });
  store_.Answer(Fail(ErrorCode::kUnavailable, "tsdb.disk_full", "no space"));
  EXPECT_EQ(refusal_, "tsdb.disk_full");
  EXPECT_EQ(response_.headers.Find("Retry-After"), "1");
  EXPECT_THAT(Totals(1), ElementsAre(Pair("tsdb.disk_full", 3)));
}

TEST_F(IntakePipelineTest, HoldsATenantToItsRate) {
  const auto send = [&](int count) {
    Send(1, [count](DecodedRequest& out, Replica&) { Samples(out, count); }, 10, tenancy::Plan::kStarter);
  };
  send(20'000);  // the burst of 20 s
  send(3'000);
  EXPECT_EQ(refusal_, "ingest.rate_limited");
  EXPECT_EQ(response_.headers.Find("Retry-After"), "3");
  EXPECT_THAT(Totals(1), ElementsAre(Pair("ingest.rate_limited", 3'000)));
}

TEST_F(IntakePipelineTest, KeepsRoomForOtherTenants) {
  Build({.max_in_flight_bytes = 1'000});
  const auto decode = [](DecodedRequest& out, Replica&) { Samples(out, 1); };
  Send(2, decode, 10);
  Send(1, decode, 200);
  Send(1, decode, 200);
  EXPECT_EQ(refusal_, "ingest.overloaded");
  Send(3, decode, 200);
  EXPECT_FALSE(refusal_);
  for (int i = 0; i < 3; ++i) store_.Answer(tsdb::AppendOutcome{.stored = 1, .rejected = {}});
  Send(1, decode, 200);
  EXPECT_FALSE(refusal_);
}

TEST_F(IntakePipelineTest, ShedsWhenMemoryIsShort) {
  Build({.memory_limit_bytes = 100, .resident_bytes = [] { return 101; }});
  Send(1, [](DecodedRequest& out, Replica&) { Samples(out, 1); });
  EXPECT_EQ(refusal_, "ingest.overloaded");
  EXPECT_TRUE(store_.waiting.empty());
}

TEST_F(IntakePipelineTest, StoresOneReplicaOfAPair) {
  const auto from = [](std::string name) {
    return [name = std::move(name)](DecodedRequest& out, Replica& replica) {
      replica = {.cluster = "eu", .name = name};
      Samples(out, 2);
    };
  };
  Send(1, from("a"));
  EXPECT_EQ(store_.waiting.size(), 1U);
  Send(1, from("b"));
  ASSERT_TRUE(outcome_);
  EXPECT_TRUE(outcome_->deduplicated);
  EXPECT_EQ(store_.waiting.size(), 1U);
  EXPECT_THAT(Totals(1), ElementsAre(Pair("ingest.replica_not_elected", 2)));
}

TEST_F(IntakePipelineTest, AnImportMayBeInAnyOrderAndHasARateOfItsOwn) {
  const auto send = [this](bool import) {
    Send(1, [](DecodedRequest& out, Replica&) { Samples(out, 20'000); }, 10, tenancy::Plan::kStarter, import);
    return refusal_.value_or("");
  };
  EXPECT_EQ(send(/*import=*/false), "") << "twenty seconds' worth of 1,000";
  EXPECT_FALSE(store_.any_order);
  EXPECT_EQ(send(false), "ingest.rate_limited");
  // Twenty times as much: 400,000 at once.
  for (int i = 0; i < 20; ++i) EXPECT_EQ(send(/*import=*/true), "") << i;
  EXPECT_TRUE(store_.any_order);
  EXPECT_EQ(send(true), "ingest.rate_limited");
  clock_.Advance(std::chrono::seconds{1});
  EXPECT_EQ(send(true), "");
  Send(2, [](DecodedRequest& out, Replica&) { Samples(out, 1); });
  EXPECT_FALSE(store_.any_order) << "a thread's requests do not inherit it";
}

}  // namespace
}  // namespace helios::ingest
