// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/anomaly_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/manual_clock.h"
#include "detection/anomalies.h"
#include "tests/support/scratch_postgres.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");
constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z

class AnomalyWriterTest : public ::testing::Test {
 protected:
  static AnomalyReport Report(std::string metric, TimestampMs start, double value = 160, bool ended = false) {
    AnomalyReport report{.tenant = kAcme, .series = {std::move(metric), {{"host", "a"}}}, .series_key = {}, .span = {}};
    report.series_key = SeriesDigest(report.series);
    report.span = {.start = start,
                   .end = start + 1min,
                   .worst = start,
                   .value = value,
                   .expected = 100,
                   .lower = 90,
                   .upper = 110,
                   .score = 0.8,
                   .severity = ml::Severity::kHigh,
                   .kinds = 3,
                   .samples = 2};
    report.ended = ended;
    report.detected_at = start;
    return report;
  }
  void Write(AnomalyReport report) {
    ASSERT_TRUE(outbox.Put(std::move(report)));
    const auto written = writer->WriteAll(pg::kNoDeadline);
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(outbox.size(), 0U);
  }
  /// As after a restart.
  void NewWriter() {
    writer = std::make_unique<AnomalyWriter>(
        database, clock, random, [this](TenantId) { return AnomalyWriter::Terms{.floor = floor, .zone = zone}; },
        outbox, own_metrics);
  }
  std::vector<std::string> Look(const std::string& query) {
    std::vector<std::string> rows;
    for (const auto& row : root.Must(query).rows) rows.push_back(row.front().value_or("null"));
    return rows;
  }
  std::vector<std::string> Rows() {
    return Look(
        "SELECT metric_name || ' ' || to_char(started_at AT TIME ZONE 'UTC', 'HH24:MI') || ' ' || value || ' ' || "
        "CASE WHEN ended_at IS NULL THEN 'on' ELSE 'over' END FROM shared.anomalies ORDER BY started_at, "
        "metric_name");
  }
  void MarkFalse() { root.Must("UPDATE shared.anomalies SET status = 'false_positive'"); }

  testing::ScratchDatabase scratch = testing::ScratchPostgres::Shared().NewDatabase();
  testing::SqlClient root{scratch.superuser_url};
  obs::Metrics metrics;
  DetectionMetrics own_metrics{metrics};
  pg::Database database{{.url = scratch.app_url}, metrics};
  ManualClock clock{kNoon};
  SystemRandom random;
  ReportOutbox outbox;
  double floor = 0.5;
  std::shared_ptr<const ZoneOfTenant> zone;
  std::unique_ptr<AnomalyWriter> writer = std::make_unique<AnomalyWriter>(
      database, clock, random, [this](TenantId) { return AnomalyWriter::Terms{.floor = floor, .zone = zone}; }, outbox,
      own_metrics);
};

TEST_F(AnomalyWriterTest, OneAnomalyIsOneRowFromItsStartToItsEnd) {
  Write(Report("cpu", kNoon));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 160 on"));
  Write(Report("cpu", kNoon, 170));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 170 on"));
  Write(Report("cpu", kNoon, 170, /*ended=*/true));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 170 over"));
}

TEST_F(AnomalyWriterTest, WhatIsToldAgainAfterACrashChangesNothing) {
  Write(Report("cpu", kNoon, 160, /*ended=*/true));
  NewWriter();
  Write(Report("cpu", kNoon));
  Write(Report("cpu", kNoon + 1min));  // overlaps: it is the same one, seen with a sample that came late
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 160 over"));
  Write(Report("cpu", kNoon + 10min));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 160 over", "cpu 12:10 160 on"));
}

TEST_F(AnomalyWriterTest, WhatAUserDecidedStays) {
  Write(Report("cpu", kNoon));
  root.Must("UPDATE shared.anomalies SET status = 'resolved'");
  Write(Report("cpu", kNoon, 180, /*ended=*/true));
  EXPECT_THAT(Look("SELECT status || ' ' || value FROM shared.anomalies"), ElementsAre("resolved 180"));
}

TEST_F(AnomalyWriterTest, AFalsePositiveStopsItsLikeOfTheSameSeriesAlone) {
  Write(Report("cpu", kNoon, 160, /*ended=*/true));
  MarkFalse();
  const TimestampMs later = kNoon + 8h;
  Write(Report("cpu", later, 165));
  Write(Report("cpu", later, 165, /*ended=*/true));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 160 over"));
  EXPECT_THAT(Look("SELECT repeats FROM shared.anomalies"), ElementsAre("1"));
  Write(Report("memory", later, 165));
  Write(Report("cpu", later + 1h, 300));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 160 over", "memory 20:00 165 on", "cpu 21:00 300 on"));
}

TEST_F(AnomalyWriterTest, AMarkHoldsAtItsHourAlsoAfterTheClockWasPutBack) {
  zone = FindZone("Europe/Berlin");
  const TimestampMs marked = ParseRfc3339("2026-10-24T07:00:00Z").value();  // 09:00 in Berlin
  const TimestampMs later = ParseRfc3339("2026-10-26T09:00:00Z").value();   // 10:00 there, and 2 h later by UTC
  clock.Set(later);
  Write(Report("cpu", marked, 160, /*ended=*/true));
  MarkFalse();
  Write(Report("cpu", later, 115, /*ended=*/true));  // smaller: its like at its hour alone
  EXPECT_EQ(Rows().size(), 1U);
  zone = nullptr;
  Write(Report("cpu", later, 115, /*ended=*/true));
  EXPECT_EQ(Rows().size(), 2U) << "by UTC it is two hours from the mark's";
}

TEST_F(AnomalyWriterTest, OneThatOutgrowsTheMarkIsToldAfterAll) {
  Write(Report("cpu", kNoon, 160, /*ended=*/true));
  MarkFalse();
  Write(Report("cpu", kNoon + 8h, 165));
  Write(Report("cpu", kNoon + 8h, 400));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 160 over", "cpu 20:00 400 on"));
}

TEST_F(AnomalyWriterTest, BelowTheBudgetsScoreNothingIsWritten) {
  floor = 0.81;
  Write(Report("cpu", kNoon, 160, /*ended=*/true));
  EXPECT_THAT(Rows(), IsEmpty());
  EXPECT_DOUBLE_EQ(own_metrics.over_budget.Value(), 1);
}

TEST_F(AnomalyWriterTest, AnomaliesThatBeginTogetherAreAnIncident) {
  Write(Report("cpu", kNoon));
  EXPECT_THAT(Look("SELECT id FROM shared.incidents"), IsEmpty());
  Write(Report("memory", kNoon + 4min));
  Write(Report("disk", kNoon - 1min));
  Write(Report("far", kNoon + 30min));
  EXPECT_THAT(Look("SELECT title || ' ' || to_char(started_at AT TIME ZONE 'UTC', 'HH24:MI') FROM shared.incidents"),
              ElementsAre("Anomalies in cpu and memory 11:59"));
  EXPECT_THAT(Look("SELECT metric_name FROM shared.anomalies WHERE incident_id IS NOT NULL ORDER BY 1"),
              ElementsAre("cpu", "disk", "memory"));
}

TEST_F(AnomalyWriterTest, TenantsHaveIncidentsOfTheirOwn) {
  Write(Report("cpu", kNoon));
  AnomalyReport other = Report("memory", kNoon);
  other.tenant = kGlobex;
  Write(std::move(other));
  EXPECT_THAT(Look("SELECT id FROM shared.incidents"), IsEmpty());
}

TEST_F(AnomalyWriterTest, WhatTheDatabaseRefusesHoldsNobodyElseBack) {
  AnomalyReport bad = Report("cpu", kNoon);
  bad.span.score = 1.5;  // the table wants at most 1
  ASSERT_TRUE(outbox.Put(std::move(bad)));
  Write(Report("memory", kNoon));
  EXPECT_THAT(Rows(), ElementsAre("memory 12:00 160 on"));
  EXPECT_DOUBLE_EQ(own_metrics.dropped.Value(), 1);
}

TEST_F(AnomalyWriterTest, WhereTheDetectorsMemoryIsLostWhatWasUnderWayEnds) {
  Write(Report("cpu", kNoon));
  NewWriter();
  writer->EndOrphans(kAcme);
  ASSERT_TRUE(writer->WriteAll(pg::kNoDeadline));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 160 over"));
}

TEST_F(AnomalyWriterTest, WhileTheDatabaseIsAwayReportsWait) {
  pg::Database away({.url = "host=/nowhere dbname=helios user=helios_app"}, metrics);
  AnomalyWriter waiting(away, clock, random, [](TenantId) { return AnomalyWriter::Terms{}; }, outbox, own_metrics);
  ASSERT_TRUE(outbox.Put(Report("cpu", kNoon)));
  EXPECT_EQ(waiting.WriteAll(pg::kNoDeadline).error().code, ErrorCode::kUnavailable);
  EXPECT_EQ(outbox.size(), 1U);
  ASSERT_TRUE(writer->WriteAll(pg::kNoDeadline));
  EXPECT_THAT(Rows(), ElementsAre("cpu 12:00 160 on"));
}

TEST_F(AnomalyWriterTest, FalsePositivesAreTheStretchesThatTrainingLeavesOut) {
  Write(Report("cpu", kNoon, 160, /*ended=*/true));
  Write(Report("cpu", kNoon + 5h, 160, /*ended=*/true));
  root.Must("UPDATE shared.anomalies SET status = 'false_positive' WHERE started_at < '2026-01-03T13:00:00Z'");
  const auto spans = FindExcludedSpans(database, kAcme, "cpu", {kNoon - 1h, kNoon + 24h}, pg::kNoDeadline);
  ASSERT_TRUE(spans);
  ASSERT_EQ(spans->size(), 1U);
  EXPECT_EQ(spans->front().series_key, SeriesDigest({"cpu", {{"host", "a"}}}));
  EXPECT_EQ(spans->front().range.first, kNoon);
  EXPECT_EQ(spans->front().range.last, kNoon + 1min);
  EXPECT_TRUE(FindExcludedSpans(database, kAcme, "cpu", {kNoon + 1h, kNoon + 24h}, pg::kNoDeadline)->empty());
  EXPECT_TRUE(FindExcludedSpans(database, kGlobex, "cpu", {kNoon, kNoon + 24h}, pg::kNoDeadline)->empty());
}

}  // namespace
}  // namespace helios::detection
