// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/anomaly_writer.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

#include "detection/alike.h"
#include "detection/sql.h"
#include "obs/log.h"

namespace helios::detection {
namespace {

constexpr std::size_t kBatch = 100;
constexpr std::size_t kMostNameBytes = 100;  // of a metric in a title, which has room for two

std::string LabelsJson(const tsdb::SeriesKey& series) {
  boost::json::object labels;
  for (const tsdb::Label& label : series.labels) labels[label.name] = label.value;
  return boost::json::serialize(labels);
}

bool WillPass(const Error& error) {
  return error.code == ErrorCode::kUnavailable || error.code == ErrorCode::kDeadlineExceeded;
}

/// The worse of two severities, by their names.
std::string Worse(const std::string& a, const std::string& b) {
  constexpr std::array<std::string_view, 4> kOrder = {"low", "medium", "high", "critical"};
  return std::ranges::find(kOrder, a) >= std::ranges::find(kOrder, b) ? a : b;
}

std::string Title(const std::string& one, const std::string& other, std::size_t series) {
  const auto shorter = [](const std::string& name) { return name.size() <= kMostNameBytes ? name : "a long name"; };
  const std::string names = one == other ? shorter(one) : shorter(one) + " and " + shorter(other);
  return series > 2 ? fmt::format("Anomalies in {} and more", names) : fmt::format("Anomalies in {}", names);
}

TimestampMs ToLocal(TimestampMs time, const std::shared_ptr<const ZoneOfTenant>& zone) {
  return zone ? zone->clock.ToLocal(time) : time;
}

}  // namespace

struct AnomalyWriter::Mark {
  Uuid id;
  TimestampMs started_at;
  TimestampMs last_at;
  Deviation deviation;
};

AnomalyWriter::AnomalyWriter(pg::Database& database, const Clock& clock, Random& random, TermsOf terms_of,
                             ReportOutbox& outbox, DetectionMetrics& metrics)
    : database_(database),
      clock_(clock),
      random_(random),
      terms_of_(std::move(terms_of)),
      outbox_(outbox),
      metrics_(metrics) {}

Result<void> AnomalyWriter::WriteAll(pg::Deadline deadline) {
  for (; !orphans_.empty(); orphans_.pop_back()) HELIOS_CHECK(EndOrphansOf(orphans_.back(), deadline));
  for (const TenantId tenant : outbox_.Tenants()) {
    for (auto reports = outbox_.Of(tenant, kBatch); !reports.empty(); reports = outbox_.Of(tenant, kBatch)) {
      HELIOS_CHECK(Write(tenant, reports, deadline));
      if (std::chrono::steady_clock::now() > deadline || reports.size() < kBatch) break;
    }
  }
  metrics_.waiting.Set(static_cast<double>(outbox_.size()));
  return {};
}

Result<void> AnomalyWriter::EndOrphansOf(TenantId tenant, pg::Deadline deadline) {
  HELIOS_TRY(auto tx, database_.Begin(tenant, deadline));
  HELIOS_CHECK(tx.Execute(sql::kEndOrphans, {tx.tenant(), clock_.Now()}));
  return tx.Commit();
}

Result<void> AnomalyWriter::Write(TenantId tenant, const std::vector<ReportOutbox::Pending>& reports,
                                  pg::Deadline deadline) {
  const auto together = WriteBatch(tenant, reports, deadline);
  if (together || WillPass(together.error())) return together;
  // One of them is not to be had: the others need not wait for it.
  for (const ReportOutbox::Pending& report : reports) {
    const auto alone = WriteBatch(tenant, {&report, 1}, deadline);
    if (alone) continue;
    if (WillPass(alone.error())) return alone;
    obs::LogFailure("detection.anomaly_refused", alone.error(), {{"org_id", tenant.ToString()}});
    metrics_.dropped.Increment();
    outbox_.Done(report);
  }
  return {};
}

Result<void> AnomalyWriter::WriteBatch(TenantId tenant, std::span<const ReportOutbox::Pending> reports,
                                       pg::Deadline deadline) {
  const Terms terms = terms_of_(tenant);
  HELIOS_TRY(auto tx, database_.Begin(tenant, deadline));
  HELIOS_TRY(const Marks marks, FindMarks(tx, reports, terms));
  std::vector<bool> written;
  for (const ReportOutbox::Pending& pending : reports) {
    HELIOS_TRY(const bool told, WriteOne(tx, pending.report, marks, terms));
    written.push_back(told);
  }
  HELIOS_CHECK(tx.Commit());
  for (std::size_t i = 0; i < reports.size(); ++i) {
    if (written[i]) Remember(reports[i].report);
    outbox_.Done(reports[i]);
  }
  return {};
}

void AnomalyWriter::Remember(const AnomalyReport& report) {
  const std::tuple key{report.tenant, report.series_key, report.span.start};
  if (report.ended) {
    written_.erase(key);
  } else {
    written_.insert(key);
  }
}

Result<AnomalyWriter::Marks> AnomalyWriter::FindMarks(pg::TenantTransaction& tx,
                                                      std::span<const ReportOutbox::Pending> reports,
                                                      const Terms& terms) {
  std::vector<std::string> keys;
  for (const ReportOutbox::Pending& pending : reports) keys.push_back(pending.report.series_key);
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kFindFalsePositives, {tx.tenant(), keys, TimestampMs(clock_.Now() - kMarkHolds)}));
  Marks marks;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const double value = rows[i].Get<double>("value");
    const double expected = rows[i].Get<std::optional<double>>("expected_value").value_or(value);
    marks.emplace(rows[i].Get<std::string>("series_key"),
                  Mark{.id = rows[i].Get<Uuid>("id"),
                       .started_at = rows[i].Get<TimestampMs>("started_at"),
                       .last_at = rows[i].Get<TimestampMs>("last_at"),
                       .deviation = {.time = ToLocal(rows[i].Get<TimestampMs>("worst_at"), terms.zone),
                                     .value = value,
                                     .expected = expected,
                                     .lower = rows[i].Get<std::optional<double>>("lower").value_or(expected),
                                     .upper = rows[i].Get<std::optional<double>>("upper").value_or(expected)}});
  }
  return marks;
}

Result<bool> AnomalyWriter::WriteOne(pg::TenantTransaction& tx, const AnomalyReport& report, const Marks& marks,
                                     const Terms& terms) {
  const ml::AnomalySpan& span = report.span;
  const bool known = written_.contains({report.tenant, report.series_key, span.start});
  const Deviation deviation{.time = ToLocal(span.worst, terms.zone),
                            .value = span.value,
                            .expected = span.expected,
                            .lower = span.lower,
                            .upper = span.upper};
  const Mark* like = nullptr;
  const auto [first, last] = marks.equal_range(report.series_key);
  for (auto at = first; at != last; ++at) {
    const Mark& mark = at->second;
    const bool itself = mark.started_at <= span.end && mark.last_at >= span.start;
    if (itself) {
      like = nullptr;
      break;
    }
    if (like == nullptr && Alike(mark.deviation, deviation)) like = &mark;
  }
  if (!known && like != nullptr) {
    if (!report.ended) return false;
    metrics_.like_false.Increment();
    HELIOS_CHECK(tx.Execute(sql::kCountRepeat, {tx.tenant(), like->id}));
    return false;
  }
  if (!known && span.score < terms.floor) {
    if (report.ended) metrics_.over_budget.Increment();
    return false;
  }

  const TimestampMs now = clock_.Now();
  const auto ended = report.ended ? std::optional(span.end) : std::nullopt;
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kUpsertAnomaly,
                        {tx.tenant(), Uuid::V7(now, random_), report.series_key, report.series.metric,
                         LabelsJson(report.series), span.start, ended, report.detected_at, span.value, span.expected,
                         span.lower, span.upper, span.score, ml::SeverityName(span.severity), unsigned{span.kinds},
                         span.samples, span.worst, span.end, now}));
  if (!rows.front().Get<bool>("is_new")) return true;
  metrics_.written.Increment();
  HELIOS_CHECK(JoinIncident(tx, report, rows.front().Get<Uuid>("id")));
  return true;
}

Result<void> AnomalyWriter::JoinIncident(pg::TenantTransaction& tx, const AnomalyReport& report, const Uuid& id) {
  const TimestampMs start = report.span.start;
  const TimestampMs first = start - kTogether;
  const TimestampMs last = start + kTogether;
  const TimestampMs now = clock_.Now();
  std::string severity(ml::SeverityName(report.span.severity));
  HELIOS_TRY(const auto near, tx.Execute(sql::kFindIncidentNear, {tx.tenant(), first, last}));
  if (!near.empty()) {
    const Uuid incident = near.front().Get<Uuid>("id");
    HELIOS_CHECK(tx.Execute(sql::kJoinIncident, {tx.tenant(), incident, std::vector<std::string>{id.ToString()}}));
    HELIOS_CHECK(
        tx.Execute(sql::kRaiseIncident,
                   {tx.tenant(), incident, Worse(severity, near.front().Get<std::string>("severity")), start, now}));
    return {};
  }
  HELIOS_TRY(const auto others, tx.Execute(sql::kFindLoneAnomalies, {tx.tenant(), first, last, report.series_key}));
  if (others.empty()) return {};
  std::vector<std::string> members = {id.ToString()};
  TimestampMs began = start;
  for (std::size_t i = 0; i < others.size(); ++i) {
    members.push_back(others[i].Get<Uuid>("id").ToString());
    severity = Worse(severity, others[i].Get<std::string>("severity"));
    began = std::min(began, others[i].Get<TimestampMs>("started_at"));
  }
  const Uuid incident = Uuid::V7(now, random_);
  const std::string title = Title(others.front().Get<std::string>("metric_name"), report.series.metric, members.size());
  HELIOS_CHECK(tx.Execute(sql::kInsertIncident, {tx.tenant(), incident, title, severity, began, now}));
  HELIOS_CHECK(tx.Execute(sql::kJoinIncident, {tx.tenant(), incident, members}));
  return {};
}

}  // namespace helios::detection
