// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/sample_store_conformance.h"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <condition_variable>
#include <future>
#include <limits>
#include <mutex>
#include <ostream>
#include <thread>

namespace helios::tsdb {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// 2026-01-03T12:00:00Z.
constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr TimeRange kAlways{TimestampMs::min(), TimestampMs::max()};

ReadSample At(TimestampMs time, double value) {
  return {ToUnixMs(time), std::bit_cast<std::uint64_t>(value)};
}
double Seconds(TimestampMs time) {
  return static_cast<double>(ToUnixMs(time)) / 1000;
}
double FromBits(std::uint64_t bits) {
  return std::bit_cast<double>(bits);
}

const SeriesKey kCpu{"cpu", {{"host", "a"}}};

SeriesKey Numbered(int i) {
  return {"cpu", {{"host", fmt::format("h{:03}", i)}}};
}

}  // namespace

void PrintTo(const ReadSample& sample, std::ostream* out) {
  *out << fmt::format("({} ms, {} = {:#x})", sample.time_ms, FromBits(sample.bits), sample.bits);
}

void PrintTo(const ReadRollup& rollup, std::ostream* out) {
  *out << fmt::format("({} ms, min {}, max {}, sum {}, last {}, count {})", rollup.time_ms, rollup.min, rollup.max,
                      rollup.sum, rollup.last, rollup.count);
}

std::string FactoryName(const testing::TestParamInfo<StoreFactory>& info) {
  return info.param.name;
}

Result<AppendOutcome> AppendAndWait(SampleStore& store, TenantId tenant, const TenantPolicy& policy,
                                    const SampleBatch& batch) {
  std::promise<Result<AppendOutcome>> answer;
  store.Append(tenant, policy, batch,
               [&answer](Result<AppendOutcome> outcome) { answer.set_value(std::move(outcome)); });
  return answer.get_future().get();
}

Result<std::vector<ReadSample>> Drain(Result<std::unique_ptr<SampleCursor>> cursor) {
  if (!cursor) return std::unexpected(cursor.error());
  std::vector<ReadSample> samples;
  for (;;) {
    HELIOS_TRY(const SampleColumns run, (*cursor)->Next());
    EXPECT_EQ(run.times.size(), run.values.size());
    if (run.times.empty()) return samples;
    for (std::size_t i = 0; i < run.times.size(); ++i) samples.push_back(At(run.times[i], run.values[i]));
  }
}

const TenantId SampleStoreConformance::kAcme = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const TenantId SampleStoreConformance::kGlobex = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad92").value();

SampleStoreConformance::SampleStoreConformance() : clock_(kNow), harness_(GetParam().make(clock_)) {}
SampleStoreConformance::~SampleStoreConformance() = default;

KeyedBatch SampleStoreConformance::Batch(const SeriesKey& key, const std::vector<TimestampMs>& times) {
  KeyedBatch batch(key);
  for (const TimestampMs time : times) batch.AddSample(0, time, Seconds(time));
  return batch;
}

KeyedBatch SampleStoreConformance::OneSample(const SeriesKey& key, TimestampMs time, double value) {
  KeyedBatch batch(key);
  batch.AddSample(0, time, value);
  return batch;
}

AppendOutcome SampleStoreConformance::Append(TenantId tenant, const KeyedBatch& batch) {
  auto outcome = AppendAndWait(store(), tenant, policy_, batch.batch());
  if (!outcome) {
    ADD_FAILURE() << outcome.error().message;
    return {};
  }
  return *std::move(outcome);
}

SeriesInfo SampleStoreConformance::Info(TenantId tenant, const SeriesKey& key) {
  SeriesSelector selector{key.metric, {}};
  for (const Label& label : key.labels) selector.matchers.push_back({label.name, Matcher::Kind::kEqual, label.value});
  const auto found = store().FindSeries(tenant, selector, 1000);
  if (found) {
    for (const SeriesInfo& info : *found) {
      if (info.key == key) return info;
    }
  }
  ADD_FAILURE() << "no series " << ToString(key);
  return {};
}

std::vector<ReadSample> SampleStoreConformance::ReadAll(TenantId tenant, const SeriesKey& key) {
  auto samples = Drain(store().Read(tenant, Info(tenant, key).id, kAlways));
  if (!samples) {
    ADD_FAILURE() << samples.error().message;
    return {};
  }
  return *std::move(samples);
}

std::vector<ReadRollup> SampleStoreConformance::Rollups(const SeriesKey& key, RollupStep step, TimeRange range) {
  std::vector<ReadRollup> rollups;
  const auto cursor = store().ReadRollups(kAcme, Info(kAcme, key).id, range, step);
  if (!cursor) {
    ADD_FAILURE() << cursor.error().message;
    return rollups;
  }
  for (;;) {
    const auto run = (*cursor)->Next();
    if (!run) ADD_FAILURE() << run.error().message;
    if (!run || run->times.empty()) return rollups;
    for (std::size_t i = 0; i < run->times.size(); ++i) {
      rollups.push_back({ToUnixMs(run->times[i]), run->min[i], run->max[i], run->sum[i], run->last[i], run->count[i]});
    }
  }
}

std::vector<std::string> SampleStoreConformance::Names(TenantId tenant, const SeriesSelector& selector,
                                                       std::size_t limit) {
  const auto found = store().FindSeries(tenant, selector, limit);
  if (!found) return {found.error().message};
  std::vector<std::string> names;
  for (const SeriesInfo& info : *found) names.push_back(ToString(info.key));
  return names;
}

TEST_P(SampleStoreConformance, ASampleReadsBackWithItsBits) {
  // Quiet NaN, Prometheus' stale marker, both zeros, infinities, a denormal, and a value of full mantissa.
  const std::vector<std::uint64_t> bits = {0x7ff8000000000001, kStaleMarkerBits,   0x0000000000000000,
                                           0x8000000000000000, 0x7ff0000000000000, 0xfff0000000000000,
                                           0x0000000000000001, 0x3fd5555555555555};
  KeyedBatch batch(kCpu);
  std::vector<ReadSample> expected;
  for (std::size_t i = 0; i < bits.size(); ++i) {
    const TimestampMs time = kNow - 60s + std::chrono::seconds(i);
    batch.AddSample(0, time, FromBits(bits[i]));
    expected.push_back({ToUnixMs(time), bits[i]});
  }
  const auto outcome = Append(batch);
  EXPECT_EQ(outcome.stored, bits.size());
  EXPECT_EQ(ReadAll(kAcme, kCpu), expected);

  Reopen();
  EXPECT_EQ(ReadAll(kAcme, kCpu), expected);
}

TEST_P(SampleStoreConformance, ARangeIsClosedAtBothEnds) {
  Append(Batch(kCpu, {kNow - 30s, kNow - 20s, kNow - 10s, kNow}));
  const SeriesId id = Info(kAcme, kCpu).id;
  const auto read = [&](TimeRange range) { return Drain(store().Read(kAcme, id, range)).value(); };
  EXPECT_THAT(read({kNow - 20s, kNow - 10s}),
              ElementsAre(At(kNow - 20s, Seconds(kNow - 20s)), At(kNow - 10s, Seconds(kNow - 10s))));
  EXPECT_THAT(read({kNow - 19s, kNow - 11s}), IsEmpty());
  EXPECT_THAT(read({kNow, kNow - 30s}), IsEmpty());
  EXPECT_EQ(read(kAlways).size(), 4U);
}

TEST_P(SampleStoreConformance, AnUnknownSeriesIsNotFoundAndAForeignOneLooksTheSame) {
  Append(kAcme, Batch(kCpu, {kNow}));
  const SeriesId id = Info(kAcme, kCpu).id;
  const auto foreign = store().Read(kGlobex, id, kAlways);
  ASSERT_FALSE(foreign.has_value());
  EXPECT_EQ(foreign.error().code, ErrorCode::kNotFound);
  EXPECT_EQ(foreign.error().reason, "tsdb.no_such_series");
  Append(kGlobex, Batch(SeriesKey{"mem", {}}, {kNow}));
  EXPECT_EQ(store().Read(kGlobex, id, kAlways).error().message, foreign.error().message);
  EXPECT_EQ(store().Read(kAcme, SeriesId{999'999}, kAlways).error().reason, "tsdb.no_such_series");
}

TEST_P(SampleStoreConformance, TenantsWithTheSameSeriesSeeTheirOwnSamplesAlone) {
  Append(kAcme, OneSample(kCpu, kNow, 1));
  Append(kGlobex, OneSample(kCpu, kNow, 2));
  Append(kGlobex, OneSample({"secret", {}}, kNow, 3));
  EXPECT_THAT(ReadAll(kAcme, kCpu), ElementsAre(At(kNow, 1)));
  EXPECT_THAT(ReadAll(kGlobex, kCpu), ElementsAre(At(kNow, 2)));
  EXPECT_THAT(store().MetricNames(kAcme), ElementsAre("cpu"));
  EXPECT_THAT(Names(kAcme, {}), ElementsAre("cpu{host=\"a\"}"));
  EXPECT_EQ(store().ActiveSeries(kGlobex), 2U);
}

TEST_P(SampleStoreConformance, ACursorIsASnapshot) {
  Append(Batch(kCpu, {kNow - 10s}));
  auto cursor = store().Read(kAcme, Info(kAcme, kCpu).id, kAlways);
  Append(Batch(kCpu, {kNow, kNow - 20s}));
  EXPECT_THAT(Drain(std::move(cursor)).value(), ElementsAre(At(kNow - 10s, Seconds(kNow - 10s))));
}

TEST_P(SampleStoreConformance, ALongSeriesComesBackInOrderAndWhole) {
  std::vector<TimestampMs> times;
  std::vector<ReadSample> expected;
  for (int i = 10'000; i > 0; --i) {
    times.push_back(kNow - std::chrono::milliseconds(i * 100));
    expected.push_back(At(times.back(), Seconds(times.back())));
  }
  EXPECT_EQ(Append(Batch(kCpu, times)).stored, 10'000U);
  EXPECT_EQ(ReadAll(kAcme, kCpu), expected);
}

TEST_P(SampleStoreConformance, OutOfOrderWithinTheHourIsSortedInAndOlderIsRejected) {
  Append(Batch(kCpu, {kNow}));
  const auto outcome = Append(Batch(kCpu, {kNow - 1h, kNow - 1h - 1ms, kNow - 30min}));
  EXPECT_EQ(outcome.stored, 2U);
  ASSERT_EQ(outcome.rejected.size(), 1U);
  EXPECT_EQ(outcome.rejected[0].index, 1U);
  EXPECT_EQ(outcome.rejected[0].reason, RejectReason::kOutOfOrder);
  EXPECT_THAT(outcome.rejected[0].detail, HasSubstr("cpu{host=\"a\"}"));
  EXPECT_EQ(outcome.rejected[0].series, "cpu{host=\"a\"}");
  EXPECT_THAT(outcome.rejected[0].detail, HasSubstr("want 2026-01-03T11:00:00Z or later"));
  EXPECT_THAT(ReadAll(kAcme, kCpu), ElementsAre(At(kNow - 1h, Seconds(kNow - 1h)),
                                                At(kNow - 30min, Seconds(kNow - 30min)), At(kNow, Seconds(kNow))));
}

TEST_P(SampleStoreConformance, OrderIsRelativeToTheSeriesAndNotToTheClock) {
  EXPECT_EQ(Append(Batch(kCpu, {kNow - 48h})).stored, 1U);  // a sender that was away comes back
  EXPECT_EQ(Append(Batch(kCpu, {kNow - 49h, kNow - 47h})).stored, 2U);
}

TEST_P(SampleStoreConformance, OrderHoldsWithinOneBatchToo) {
  const auto outcome = Append(Batch(kCpu, {kNow, kNow - 2h}));
  EXPECT_EQ(outcome.stored, 1U);
  ASSERT_EQ(outcome.rejected.size(), 1U);
  EXPECT_EQ(outcome.rejected[0].reason, RejectReason::kOutOfOrder);
}

TEST_P(SampleStoreConformance, AnImportMayComeInAnyOrder) {
  Append(Batch(kCpu, {kNow}));
  auto import = Batch(kCpu, {kNow - 3h, kNow - 50h, kNow - 5h, kNow - 3h});
  import.AllowAnyOrder();
  const auto outcome = Append(import);
  EXPECT_EQ(outcome.stored, 3U);
  EXPECT_EQ(outcome.duplicates, 1U);
  EXPECT_EQ(Info(kAcme, kCpu).first_seen, kNow - 50h);
  EXPECT_EQ(Info(kAcme, kCpu).last_seen, kNow);
  Reopen();
  EXPECT_EQ(Info(kAcme, kCpu).first_seen, kNow - 50h);
  EXPECT_EQ(ReadAll(kAcme, kCpu).size(), 4U);
}

TEST_P(SampleStoreConformance, ARepeatedSampleIsADuplicateHoweverOldItIs) {
  Append(Batch(kCpu, {kNow - 3h, kNow - 2h, kNow - 30min, kNow}));
  const auto outcome = Append(Batch(kCpu, {kNow, kNow - 30min, kNow - 3h}));
  EXPECT_EQ(outcome.stored, 0U);
  EXPECT_EQ(outcome.duplicates, 3U);
  EXPECT_THAT(outcome.rejected, IsEmpty());
  EXPECT_EQ(ReadAll(kAcme, kCpu).size(), 4U);
}

TEST_P(SampleStoreConformance, TheFirstOfTwoValuesAtOneTimeStays) {
  Append(Batch(kCpu, {kNow - 30min, kNow}));
  for (const bool reopened : {false, true}) {
    if (reopened) Reopen();
    KeyedBatch batch(kCpu);
    batch.AddSample(0, kNow, 7);
    batch.AddSample(0, kNow - 30min, 8);
    const auto outcome = Append(batch);
    ASSERT_EQ(outcome.rejected.size(), 2U);
    EXPECT_EQ(outcome.rejected[0].reason, RejectReason::kConflict);
    EXPECT_EQ(outcome.rejected[1].reason, RejectReason::kConflict);
    EXPECT_THAT(outcome.rejected[0].detail, HasSubstr("got 7"));
  }
  EXPECT_THAT(ReadAll(kAcme, kCpu), ElementsAre(At(kNow - 30min, Seconds(kNow - 30min)), At(kNow, Seconds(kNow))));
}

TEST_P(SampleStoreConformance, DuplicatesAndConflictsWithinOneBatchAreFound) {
  KeyedBatch batch(kCpu);
  batch.AddSeries(kCpu);  // the same series may stand there twice
  batch.AddSample(0, kNow - 1min, 1);
  batch.AddSample(1, kNow - 1min, 1);
  batch.AddSample(0, kNow, 2);
  batch.AddSample(1, kNow, 3);
  batch.AddSample(0, kNow - 1min, 4);
  batch.AddSample(1, kNow - 2min, 5);
  batch.AddSample(0, kNow - 2min, 5);
  const auto outcome = Append(batch);
  EXPECT_EQ(outcome.stored, 3U);
  EXPECT_EQ(outcome.duplicates, 2U);
  ASSERT_EQ(outcome.rejected.size(), 2U);
  EXPECT_EQ(outcome.rejected[0].index, 3U);
  EXPECT_EQ(outcome.rejected[1].index, 4U);
  EXPECT_THAT(ReadAll(kAcme, kCpu), ElementsAre(At(kNow - 2min, 5), At(kNow - 1min, 1), At(kNow, 2)));
  EXPECT_EQ(Names(kAcme, {}).size(), 1U);
}

TEST_P(SampleStoreConformance, DuplicatesAndConflictsAmongBatchesThatWaitTogetherAreFound) {
  // Many batches without waiting in between: some share a commit, and the outcome must not depend on which.
  constexpr int kBatches = 200;
  std::mutex mutex;
  std::condition_variable answered;
  int answers = 0;
  AppendOutcome sum;
  std::size_t conflicts = 0;
  for (int i = 0; i < kBatches; ++i) {
    const double value = i % 2 == 0 ? 1 : 2;  // the first batch is stored, evens repeat it, odds contradict it
    KeyedBatch batch(kCpu);
    batch.AddSample(0, kNow, value);
    batch.AddSample(0, kNow - 1min, value);
    store().Append(kAcme, policy_, batch.batch(), [&](Result<AppendOutcome> outcome) {
      const std::unique_lock lock(mutex);
      sum.stored += outcome.value().stored;
      sum.duplicates += outcome.value().duplicates;
      for (const auto& rejection : outcome.value().rejected) {
        conflicts += rejection.reason == RejectReason::kConflict ? 1 : 0;
      }
      ++answers;
      answered.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  answered.wait(lock, [&] { return answers == kBatches; });
  EXPECT_EQ(sum.stored, 2U);
  EXPECT_EQ(sum.duplicates, 198U);
  EXPECT_EQ(conflicts, 200U);
}

TEST_P(SampleStoreConformance, NansCompareByTheirBits) {
  const double stale = FromBits(kStaleMarkerBits);
  const double other_nan = FromBits(0x7ff8000000000001);
  EXPECT_EQ(Append(OneSample(kCpu, kNow, stale)).stored, 1U);
  EXPECT_EQ(Append(OneSample(kCpu, kNow, stale)).duplicates, 1U);
  EXPECT_EQ(Append(OneSample(kCpu, kNow, other_nan)).rejected.size(), 1U);
  EXPECT_EQ(Append(OneSample(kCpu, kNow - 1s, 0.0)).stored, 1U);
  EXPECT_EQ(Append(OneSample(kCpu, kNow - 1s, -0.0)).rejected.size(), 1U);
}

TEST_P(SampleStoreConformance, AFutureSampleIsRejectedBeyondTenMinutes) {
  const auto outcome = Append(Batch(kCpu, {kNow + 10min, kNow + 10min + 1ms, TimestampMs::max()}));
  EXPECT_EQ(outcome.stored, 1U);
  ASSERT_EQ(outcome.rejected.size(), 2U);
  EXPECT_EQ(outcome.rejected[0].index, 1U);
  EXPECT_EQ(outcome.rejected[0].reason, RejectReason::kTooFarInFuture);
  EXPECT_EQ(outcome.rejected[1].reason, RejectReason::kTooFarInFuture);
}

TEST_P(SampleStoreConformance, ASampleBeyondRetentionIsRejectedAndCreatesNoSeries) {
  policy_.raw_retention = policy_.rollup_retention = std::chrono::hours{24};
  const auto outcome = Append(Batch(kCpu, {kNow - 24h - 1ms, TimestampMs::min()}));
  EXPECT_EQ(outcome.stored, 0U);
  ASSERT_EQ(outcome.rejected.size(), 2U);
  EXPECT_EQ(outcome.rejected[0].reason, RejectReason::kTooOld);
  EXPECT_EQ(outcome.rejected[1].reason, RejectReason::kTooOld);
  EXPECT_THAT(store().MetricNames(kAcme), IsEmpty());
  EXPECT_EQ(Append(Batch(kCpu, {kNow - 24h})).stored, 1U);
}

TEST_P(SampleStoreConformance, SamplesDisappearWhenTheirRetentionIsOver) {
  policy_.raw_retention = policy_.rollup_retention = std::chrono::hours{24};
  Append(Batch(kCpu, {kNow - 10h}));
  Append(Batch(SeriesKey{"old", {}}, {kNow - 20h}));
  Append(Batch(kCpu, {kNow}));
  clock_.Advance(15h);
  EXPECT_THAT(ReadAll(kAcme, kCpu), ElementsAre(At(kNow, Seconds(kNow))));
  EXPECT_THAT(store().MetricNames(kAcme), ElementsAre("cpu"));
  EXPECT_THAT(Names(kAcme, {}), ElementsAre("cpu{host=\"a\"}"));
  Reopen();
  EXPECT_THAT(ReadAll(kAcme, kCpu), ElementsAre(At(kNow, Seconds(kNow))));
}

TEST_P(SampleStoreConformance, AnEndlessRetentionIsOne) {
  policy_.raw_retention = std::chrono::hours::max();
  EXPECT_EQ(Append(Batch(kCpu, {FromUnixMs(0)})).stored, 1U);
  EXPECT_EQ(ReadAll(kAcme, kCpu).size(), 1U);
}

TEST_P(SampleStoreConformance, TheNewestPolicyHoldsForRetention) {
  Append(Batch(kCpu, {kNow - 48h}));
  Append(Batch(kCpu, {kNow}));
  policy_.raw_retention = std::chrono::hours{24};
  Append(OneSample({"other", {}}, kNow, 1));
  EXPECT_EQ(ReadAll(kAcme, kCpu).size(), 1U);
  Reopen();
  EXPECT_EQ(ReadAll(kAcme, kCpu).size(), 1U);
}

TEST_P(SampleStoreConformance, ANewSeriesOverTheLimitIsRejectedWhileExistingOnesPass) {
  policy_.max_active_series = 2;
  KeyedBatch batch;
  for (std::uint32_t i = 0; i < 3; ++i) {
    batch.AddSeries(Numbered(static_cast<int>(i)));
    batch.AddSample(i, kNow - 2s, 1);
    batch.AddSample(i, kNow - 1s, 1);
  }
  const auto outcome = Append(batch);
  EXPECT_EQ(outcome.stored, 4U);
  ASSERT_EQ(outcome.rejected.size(), 2U);
  EXPECT_EQ(outcome.rejected[0].index, 4U);
  EXPECT_EQ(outcome.rejected[0].reason, RejectReason::kSeriesLimit);
  EXPECT_EQ(outcome.rejected[1].reason, RejectReason::kSeriesLimit);
  EXPECT_EQ(store().ActiveSeries(kAcme), 2U);

  EXPECT_EQ(Append(Batch(Numbered(0), {kNow})).stored, 1U);
  EXPECT_EQ(Append(Batch(Numbered(2), {kNow})).stored, 0U);
  EXPECT_EQ(Append(kGlobex, Batch(Numbered(2), {kNow})).stored, 1U);  // each tenant has a limit of its own
  Reopen();
  EXPECT_EQ(Append(Batch(Numbered(2), {kNow})).stored, 0U);
  EXPECT_EQ(Append(Batch(Numbered(1), {kNow})).stored, 1U);
}

TEST_P(SampleStoreConformance, ASeriesThatFellSilentGivesItsPlaceAndPassesWhenItReturns) {
  policy_.max_active_series = 1;
  Append(Batch(Numbered(0), {kNow}));
  clock_.Advance(1h);
  EXPECT_EQ(store().ActiveSeries(kAcme), 1U);  // an hour ago is still within the hour
  clock_.Advance(1ms);
  EXPECT_EQ(store().ActiveSeries(kAcme), 0U);
  clock_.Advance(1s);
  EXPECT_EQ(Append(Batch(Numbered(1), {clock_.Now()})).stored, 1U);
  EXPECT_EQ(Append(Batch(Numbered(0), {clock_.Now()})).stored, 1U);
  EXPECT_EQ(store().ActiveSeries(kAcme), 2U);
  EXPECT_EQ(Append(Batch(Numbered(2), {clock_.Now()})).rejected.size(), 1U);
}

TEST_P(SampleStoreConformance, TheLimitIsNotGotAroundWithOldTimestamps) {
  policy_.max_active_series = 1;
  EXPECT_EQ(Append(Batch(Numbered(0), {kNow - 5h})).stored, 1U);
  EXPECT_EQ(Append(Batch(Numbered(1), {kNow - 5h})).stored, 0U);
}

TEST_P(SampleStoreConformance, HeliosOwnSeriesAreOutsideTheLimit) {
  policy_.max_active_series = 1;
  EXPECT_EQ(Append(Batch({"helios:forecast", {{"of", "cpu"}}}, {kNow})).stored, 1U);
  EXPECT_EQ(Append(Batch(kCpu, {kNow})).stored, 1U);
  EXPECT_EQ(Append(Batch({"helios:score", {}}, {kNow})).stored, 1U);
  EXPECT_EQ(store().ActiveSeries(kAcme), 1U);
}

TEST_P(SampleStoreConformance, SeriesAreFoundByMatchersAndSorted) {
  for (const SeriesKey& key : {SeriesKey{"cpu", {{"host", "b"}, {"mode", "idle"}}}, SeriesKey{"cpu", {{"host", "a"}}},
                               SeriesKey{"cpu", {{"host", "ab"}, {"mode", "user"}}}, SeriesKey{"mem", {}}}) {
    Append(Batch(key, {kNow}));
  }
  using enum Matcher::Kind;
  const auto names = [&](std::vector<Matcher> matchers) { return Names(kAcme, {"cpu", std::move(matchers)}); };
  const std::string a = R"(cpu{host="a"})";
  const std::string ab = R"(cpu{host="ab",mode="user"})";
  const std::string b = R"(cpu{host="b",mode="idle"})";
  EXPECT_THAT(names({}), ElementsAre(a, ab, b));
  EXPECT_THAT(Names(kAcme, {}), ElementsAre(a, ab, b, "mem"));
  EXPECT_THAT(Names(kAcme, {"", {{"__name__", kRegex, "m.m"}}}), ElementsAre("mem"));
  EXPECT_THAT(Names(kAcme, {}, 2), ElementsAre(a, ab));
  EXPECT_THAT(Names(kAcme, {"disk", {}}), IsEmpty());
  EXPECT_THAT(names({{"host", kEqual, "a"}}), ElementsAre(a));
  EXPECT_THAT(names({{"host", kNotEqual, "a"}}), ElementsAre(ab, b));
  EXPECT_THAT(names({{"mode", kEqual, ""}}), ElementsAre(a));
  EXPECT_THAT(names({{"mode", kNotEqual, ""}}), ElementsAre(ab, b));
  EXPECT_THAT(names({{"host", kRegex, "a"}}), ElementsAre(a));  // the whole value
  EXPECT_THAT(names({{"host", kRegex, "a|b"}}), ElementsAre(a, b));
  EXPECT_THAT(names({{"host", kNotRegex, "a.*"}}), ElementsAre(b));
  EXPECT_THAT(names({{"mode", kRegex, ".*"}}), ElementsAre(a, ab, b));
  EXPECT_THAT(names({{"host", kRegex, "a.*"}, {"mode", kEqual, "user"}}), ElementsAre(ab));
  EXPECT_THAT(store().MetricNames(kAcme), ElementsAre("cpu", "mem"));

  const auto bad = store().FindSeries(kAcme, {"cpu", {{"host", kRegex, "("}}}, 10);
  ASSERT_FALSE(bad.has_value());
  EXPECT_EQ(bad.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(bad.error().reason, "query.bad_regex");
}

TEST_P(SampleStoreConformance, InfoTellsThatALateSampleCame) {
  Append(Batch(kCpu, {kNow - 20s, kNow - 10s}));
  const SeriesInfo before = Info(kAcme, kCpu);
  EXPECT_EQ(Info(kAcme, kCpu).revision, before.revision);
  Append(Batch(kCpu, {kNow - 15s}));
  const SeriesInfo after = Info(kAcme, kCpu);
  EXPECT_EQ(after.last_seen, before.last_seen);
  EXPECT_NE(after.revision, before.revision);
}

TEST_P(SampleStoreConformance, InfoTellsFirstAndLastSampleAndIdsSurviveARestart) {
  Append(Batch(kCpu, {kNow - 10s, kNow - 20s}));
  const SeriesInfo before = Info(kAcme, kCpu);
  EXPECT_EQ(before.first_seen, kNow - 20s);
  EXPECT_EQ(before.last_seen, kNow - 10s);
  Reopen();
  const SeriesInfo after = Info(kAcme, kCpu);
  EXPECT_EQ(after.id, before.id);
  EXPECT_EQ(after.first_seen, before.first_seen);
  EXPECT_EQ(after.last_seen, before.last_seen);
  Append(Batch(SeriesKey{"mem", {}}, {kNow}));
  EXPECT_NE(Info(kAcme, SeriesKey{"mem", {}}).id, before.id);
}

TEST_P(SampleStoreConformance, RollupsHoldWhatTheirBucketHad) {
  KeyedBatch batch(kCpu);
  const TimestampMs hour = kNow - 2h;
  batch.AddSample(0, hour, 4);
  batch.AddSample(0, hour + 1min, -2);
  batch.AddSample(0, hour + 2min, FromBits(kStaleMarkerBits));
  batch.AddSample(0, hour + 5min - 1ms, 3);
  batch.AddSample(0, hour + 5min, 10);
  batch.AddSample(0, hour + 70min, 7);
  ASSERT_EQ(Append(batch).stored, 6U);
  for (const bool reopened : {false, true}) {
    if (reopened) Reopen();
    EXPECT_THAT(
        Rollups(kCpu, RollupStep::kFiveMinutes),
        ElementsAre(ReadRollup{ToUnixMs(hour), -2, 4, 5, 3, 3}, ReadRollup{ToUnixMs(hour + 5min), 10, 10, 10, 10, 1},
                    ReadRollup{ToUnixMs(hour + 70min), 7, 7, 7, 7, 1}));
    EXPECT_THAT(Rollups(kCpu, RollupStep::kHour), ElementsAre(ReadRollup{ToUnixMs(hour), -2, 10, 15, 10, 4},
                                                              ReadRollup{ToUnixMs(hour + 1h), 7, 7, 7, 7, 1}));
    // A bucket is read whole where its begin lies in the range.
    EXPECT_THAT(Rollups(kCpu, RollupStep::kFiveMinutes, {hour + 1ms, hour + 5min}),
                ElementsAre(ReadRollup{ToUnixMs(hour + 5min), 10, 10, 10, 10, 1}));
  }
}

TEST_P(SampleStoreConformance, ASampleOlderThanRawRetentionCountsInRollupsAlone) {
  policy_.raw_retention = std::chrono::hours{24};
  policy_.rollup_retention = std::chrono::hours{240};
  EXPECT_EQ(Append(Batch(kCpu, {kNow - 100h, kNow - 99h, kNow - 1h})).stored, 3U);
  EXPECT_EQ(Append(Batch(kCpu, {kNow - 240h - 1ms})).rejected.size(), 1U);
  EXPECT_THAT(ReadAll(kAcme, kCpu), ElementsAre(At(kNow - 1h, Seconds(kNow - 1h))));
  EXPECT_EQ(Rollups(kCpu, RollupStep::kHour).size(), 3U);
  EXPECT_EQ(Info(kAcme, kCpu).first_seen, kNow - 100h);
}

TEST_P(SampleStoreConformance, RollupsOutliveTheirSamples) {
  policy_.raw_retention = std::chrono::hours{24};
  policy_.rollup_retention = std::chrono::hours{240};
  Append(Batch(kCpu, {kNow - 2h, kNow - 1h, kNow}));
  const auto before = Rollups(kCpu, RollupStep::kHour);
  ASSERT_EQ(before.size(), 3U);
  clock_.Advance(100h);
  EXPECT_THAT(ReadAll(kAcme, kCpu), IsEmpty());
  EXPECT_EQ(Rollups(kCpu, RollupStep::kHour), before);
  Reopen();
  EXPECT_EQ(Rollups(kCpu, RollupStep::kHour), before);
  clock_.Advance(240h);
  EXPECT_THAT(Names(kAcme, {}), IsEmpty());
}

TEST_P(SampleStoreConformance, ADeletedSeriesIsGoneWithAllItHadAndItsNameMayComeAgain) {
  Append(Batch(kCpu, {kNow - 3h, kNow - 2h, kNow}));
  Append(Batch(SeriesKey{"mem", {}}, {kNow}));
  Append(kGlobex, Batch(kCpu, {kNow}));
  const SeriesId old = Info(kAcme, kCpu).id;
  Reopen();
  EXPECT_EQ(store().DeleteSeries(kAcme, {"cpu", {}}).value(), 1U);
  EXPECT_EQ(store().DeleteSeries(kAcme, {"cpu", {}}).value(), 0U);
  EXPECT_FALSE(store().DeleteSeries(kAcme, {"", {{"host", Matcher::Kind::kRegex, "("}}}).has_value());
  for (const bool reopened : {false, true}) {
    if (reopened) Reopen();
    EXPECT_THAT(Names(kAcme, {}), ElementsAre("mem"));
    EXPECT_EQ(store().Read(kAcme, old, kAlways).error().reason, "tsdb.no_such_series");
    EXPECT_EQ(Names(kGlobex, {}).size(), 1U);
  }
  EXPECT_EQ(Append(Batch(kCpu, {kNow - 3h})).stored, 1U);
  EXPECT_NE(Info(kAcme, kCpu).id, old);
  EXPECT_EQ(ReadAll(kAcme, kCpu).size(), 1U);
}

TEST_P(SampleStoreConformance, OneSeriesMayHaveManyNames) {
  SampleBatch batch{.format = NameFormat::kParts, .decode = &DecodePartsName, .series = {}, .rows = {}};
  std::vector<std::string> names;
  for (const SeriesKey& key :
       {SeriesKey{"cpu", {{"host", "a"}, {"az", "1"}}}, SeriesKey{"cpu", {{"az", "1"}, {"host", "a"}}},
        SeriesKey{"cpu", {{"az", "1"}, {"empty", ""}, {"host", "a"}}}}) {
    EncodeName(key, names.emplace_back());
  }
  names.emplace_back("broken");
  for (const std::string& name : names) batch.series.push_back(name);
  for (int round = 0; round < 3; ++round) {  // new names, then known ones
    batch.rows = {{0, kNow + std::chrono::seconds(round), 1},
                  {1, kNow + std::chrono::seconds(round), 1},
                  {3, kNow, 1},
                  {2, kNow + std::chrono::seconds(round), 1}};
    const auto outcome = AppendAndWait(store(), kAcme, policy_, batch).value();
    EXPECT_EQ(outcome.stored, 1U);
    EXPECT_EQ(outcome.duplicates, 2U);
    ASSERT_EQ(outcome.rejected.size(), 1U);
    EXPECT_EQ(outcome.rejected[0].index, 2U);
    EXPECT_EQ(outcome.rejected[0].reason, RejectReason::kBadSeries);
    EXPECT_EQ(outcome.rejected[0].code, "ingest.bad_series");
  }
  EXPECT_EQ(Names(kAcme, {}).size(), 1U);
}

TEST_P(SampleStoreConformance, SendersCannotReachHeliosOwnSeriesByTheirBytes) {
  Append(Batch({"helios:forecast", {}}, {kNow}));
  std::string name;
  EncodeName({"helios:forecast", {}}, name);
  const SampleBatch batch{
      .format = NameFormat::kParts, .decode = &DecodePartsName, .series = {name}, .rows = {{0, kNow + 1s, 9}}};
  const auto outcome = AppendAndWait(store(), kAcme, policy_, batch).value();
  ASSERT_EQ(outcome.rejected.size(), 1U);
  EXPECT_EQ(outcome.rejected[0].code, "ingest.bad_metric_name");
}

TEST_P(SampleStoreConformance, AnEmptyBatchIsAnswered) {
  const auto outcome = Append(KeyedBatch{});
  EXPECT_EQ(outcome.stored, 0U);
  EXPECT_THAT(outcome.rejected, IsEmpty());
  EXPECT_TRUE(store().Writable());
}

TEST_P(SampleStoreConformance, ARowWithoutItsSeriesFailsItsBatchAlone) {
  KeyedBatch stray(kCpu);
  stray.AddSample(1, kNow, 1);
  const auto broken = AppendAndWait(store(), kAcme, policy_, stray.batch());
  ASSERT_FALSE(broken.has_value());
  EXPECT_EQ(broken.error().reason, "tsdb.bad_batch");
  EXPECT_EQ(Append(Batch(kCpu, {kNow})).stored, 1U);
}

TEST_P(SampleStoreConformance, ManyThreadsAppendAndReadTogether) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 50;
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int round = 0; round < kRounds; ++round) {
        const auto time = kNow - 10min + std::chrono::seconds(round);
        const auto outcome = AppendAndWait(store(), kAcme, policy_, Batch(Numbered(t), {time}));
        ASSERT_TRUE(outcome.has_value());
        // An acknowledged sample is visible to whoever saw the acknowledgement.
        ASSERT_EQ(ReadAll(kAcme, Numbered(t)).size(), static_cast<std::size_t>(round) + 1);
        ASSERT_FALSE(store().MetricNames(kAcme).empty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store().ActiveSeries(kAcme), static_cast<std::size_t>(kThreads));
}

}  // namespace helios::tsdb
