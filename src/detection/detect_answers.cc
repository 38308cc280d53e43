// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/detect_answers.h"

#include <boost/json/array.hpp>

#include <algorithm>

#include "detection/anomaly_writer.h"
#include "detection/detection_json.h"
#include "detection/history_scan.h"
#include "detection/tenant_settings.h"

namespace helios::detection {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostSeriesOfDetect = 100;
constexpr std::size_t kMostSamplesOfDetect = 2'000'000;
constexpr std::chrono::hours kDefaultWindow{24};
constexpr std::size_t kMostListed = 1'000;
constexpr std::chrono::seconds kLongestScan{5};
constexpr TimestampMs kEarliest{};

std::unexpected<Error> NoSuchSeries(const std::string& metric) {
  return Fail(ErrorCode::kNotFound, "detection.no_such_series",
              "cannot detect: no series of the metric '{}' has these labels; GET /api/v1/series lists them", metric);
}

std::chrono::steady_clock::time_point ScanUntil(const tenancy::RequestContext& context) {
  const auto now = std::chrono::steady_clock::now();
  return std::min(now + kLongestScan, now + (context.deadline - now) / 2);
}

/// What is reported, newest first.
struct Reported {
  std::vector<std::pair<const tsdb::SeriesKey*, const ml::AnomalySpan*>> anomalies;
  std::size_t found = 0;  ///< those below the floor included
  std::size_t incidents = 0;
};

Reported Report(const ScanResult& scan, double floor) {
  Reported reported;
  std::vector<ml::AnomalySpan> spans;
  for (const SeriesAnomalies& series : scan.series) {
    for (const ml::AnomalySpan& span : series.anomalies) {
      ++reported.found;
      if (span.score < floor) continue;
      reported.anomalies.emplace_back(&series.series, &span);
      spans.push_back(span);
    }
  }
  std::ranges::sort(reported.anomalies, [](const auto& a, const auto& b) {
    return a.second->start != b.second->start ? a.second->start > b.second->start : *a.first < *b.first;
  });
  const auto groups = ml::GroupIncidents(spans, kTogether);
  reported.incidents = static_cast<std::size_t>(
      std::ranges::count_if(groups, [](const ml::IncidentGroup& group) { return group.members.size() > 1; }));
  return reported;
}

}  // namespace

Result<json::object> AnswerDetect(const tsdb::SampleStore& store, pg::Database& database,
                                  const tenancy::RequestContext& context, const DetectQuery& query) {
  HELIOS_TRY(TenantSettings settings, ReadSettings(database, context.tenant, context.deadline));
  if (query.sensitivity) settings.sensitivity = *query.sensitivity;
  HELIOS_TRY(const Judge judge, JudgeOf(settings));
  json::array list;
  if (const auto* history = std::get_if<std::vector<ml::Sample>>(&query.subject)) {
    const SeriesAnomalies own{
        .series = {}, .anomalies = FindAnomalies(*history, judge, {kEarliest, TimestampMs::max()}), .judged = {}};
    list.push_back(ToJson(own));
    return json::object{{"series", std::move(list)}};
  }
  const auto& selector = std::get<tsdb::SeriesSelector>(query.subject);
  const TimestampMs end = query.end.value_or(context.now);
  const tsdb::TimeRange window{.first = query.start.value_or(end - kDefaultWindow), .last = end};
  HELIOS_TRY(const auto scan, ScanHistory(store, context.tenant, selector, window, judge,
                                          {.most_series = kMostSeriesOfDetect,
                                           .most_samples = kMostSamplesOfDetect,
                                           .until = ScanUntil(context),
                                           .judged_points = query.judged_points}));
  if (scan.meant == 0) return NoSuchSeries(selector.metric);
  if (scan.meant > kMostSeriesOfDetect) {
    return Fail(ErrorCode::kInvalidArgument, "detection.too_many_series",
                "cannot detect: {} series are meant; want at most {}: name labels", scan.meant, kMostSeriesOfDetect);
  }
  if (!scan.whole()) {
    return Fail(ErrorCode::kInvalidArgument, "detection.too_large",
                "cannot detect: the series have more than {} samples in the range and the two weeks before it, or "
                "reading them takes too long; name labels, or ask for a shorter range",
                kMostSamplesOfDetect);
  }
  for (const SeriesAnomalies& series : scan.series) {
    json::object one = ToJson(series);
    if (query.judged_points > 0) one["judged"] = ToJson(series.judged);
    list.push_back(std::move(one));
  }
  return json::object{{"series", std::move(list)}};
}

Result<json::object> AnswerBacktest(const tsdb::SampleStore& store, pg::Database& database,
                                    const tenancy::RequestContext& context, const BacktestQuery& query) {
  HELIOS_TRY(TenantSettings settings, ReadSettings(database, context.tenant, context.deadline));
  if (query.sensitivity || query.budget_per_week) settings.budget_per_week = query.budget_per_week;
  if (query.sensitivity) settings.sensitivity = *query.sensitivity;
  HELIOS_TRY(const Judge judge, JudgeOf(settings));
  const tsdb::TimeRange window{.first = context.now - std::chrono::days{query.days}, .last = context.now};
  HELIOS_TRY(const auto scan, ScanHistory(store, context.tenant, query.selector, window, judge,
                                          {.most_series = 100'000, .until = ScanUntil(context)}));
  if (scan.meant == 0) return NoSuchSeries(query.selector.metric);
  double floor = ml::kAnomalyScore;
  if (settings.budget_per_week) floor = SolveBudget(scan, BudgetWithin(scan, window, *settings.budget_per_week));
  const Reported reported = Report(scan, floor);

  json::array data;
  for (const auto& [key, span] : reported.anomalies) {
    if (data.size() == kMostListed) break;
    json::object one = ToJson(*span);
    const json::object series = ToJson(SeriesAnomalies{.series = *key, .anomalies = {}, .judged = {}});
    one["metric"] = series.at("metric");
    one["labels"] = series.at("labels");
    data.push_back(std::move(one));
  }
  json::object answer{{"start", FormatRfc3339(window.first)},
                      {"end", FormatRfc3339(window.last)},
                      {"sensitivity", settings.sensitivity},
                      {"budget_per_week", nullptr},
                      {"score_floor", floor},
                      {"series_meant", scan.meant},
                      {"series_examined", scan.series.size()},
                      {"samples", scan.samples},
                      {"anomalies_found", reported.found},
                      {"anomalies_reported", reported.anomalies.size()},
                      {"incidents", reported.incidents},
                      {"per_week", static_cast<double>(reported.anomalies.size()) * 7.0 / query.days},
                      {"data", std::move(data)}};
  if (settings.budget_per_week) answer["budget_per_week"] = *settings.budget_per_week;
  return answer;
}

}  // namespace helios::detection
