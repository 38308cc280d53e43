// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/meet_predictions.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ml/naive_forecast.h"
#include "predictions/sql.h"

namespace helios::predictions {
namespace {

constexpr std::size_t kPage = 500;
constexpr std::size_t kMostAlike = 10'000;  // series with the labels of one and more
constexpr std::chrono::seconds kTransactionPatience{10};

struct Due {
  Uuid id;
  TimestampMs time;
  std::string metric;
  std::string labels;
  std::chrono::milliseconds step;
};

/// What is known of a due prediction's moment.
enum class Moment : std::uint8_t { kWaits, kMissed, kMet };

pg::Deadline InTime() {
  return std::chrono::steady_clock::now() + kTransactionPatience;
}

Result<std::vector<Due>> ReadDue(pg::Database& database, TenantId tenant, TimestampMs now, const Due& after) {
  HELIOS_TRY(auto tx, database.Begin(tenant, InTime()));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kDuePredictions, {tx.tenant(), now, after.time, after.id, kPage}));
  std::vector<Due> due;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    due.push_back({.id = rows[i].Get<Uuid>("id"),
                   .time = rows[i].Get<TimestampMs>("time"),
                   .metric = rows[i].Get<std::string>("metric_name"),
                   .labels = rows[i].Get<std::string>("labels"),
                   .step = std::chrono::milliseconds{rows[i].Get<std::int64_t>("step_ms")}});
  }
  return due;
}

/// Finds actual values; remembers series, for a page has many predictions of few.
class Actuals {
 public:
  Actuals(const tsdb::SampleStore& store, TenantId tenant, TimestampMs now)
      : store_(store), tenant_(tenant), now_(now) {}

  [[nodiscard]] std::pair<Moment, double> Of(const Due& due) {
    const Moment late = now_ - due.time > kPatience ? Moment::kMissed : Moment::kWaits;
    const auto& series = Find(due.metric, due.labels);
    if (!series || series->last_seen < due.time) return {late, 0};
    const auto samples = Read(series->id, {.first = due.time - due.step, .last = due.time});
    if (!samples) return {late, 0};
    const auto mean = ml::MeanOfStep(*samples, due.time, due.step);
    return mean ? std::pair(Moment::kMet, *mean) : std::pair(Moment::kMissed, 0.0);
  }

 private:
  const std::optional<tsdb::SeriesInfo>& Find(const std::string& metric, const std::string& labels) {
    const auto [known, added] = known_.try_emplace({metric, labels});
    if (!added) return known->second;
    tsdb::SeriesKey key{.metric = metric, .labels = {}};
    tsdb::SeriesSelector selector{.metric = metric, .matchers = {}};
    for (const auto& member : boost::json::parse(labels).as_object()) {
      key.labels.push_back({member.key(), std::string(member.value().as_string())});
      selector.matchers.push_back(
          {.label = key.labels.back().name, .kind = tsdb::Matcher::Kind::kEqual, .value = key.labels.back().value});
    }
    std::ranges::sort(key.labels);
    const auto found = store_.FindSeries(tenant_, selector, kMostAlike);
    if (!found) return known->second;
    const auto same = std::ranges::find(*found, key, &tsdb::SeriesInfo::key);
    if (same != found->end()) known->second = *same;
    return known->second;
  }

  [[nodiscard]] Result<std::vector<ml::Sample>> Read(tsdb::SeriesId series, tsdb::TimeRange range) const {
    HELIOS_TRY(const auto cursor, store_.Read(tenant_, series, range));
    std::vector<ml::Sample> samples;
    for (;;) {
      HELIOS_TRY(const tsdb::SampleColumns run, cursor->Next());
      if (run.times.empty()) return samples;
      for (std::size_t i = 0; i < run.times.size(); ++i) samples.push_back({run.times[i], run.values[i]});
    }
  }

  const tsdb::SampleStore& store_;
  const TenantId tenant_;
  const TimestampMs now_;
  std::map<std::pair<std::string, std::string>, std::optional<tsdb::SeriesInfo>> known_;
};

}  // namespace

Result<MeetOutcome> MeetPredictions(pg::Database& database, const tsdb::SampleStore& store, TenantId tenant,
                                    TimestampMs now, const std::function<bool()>& go_on) {
  MeetOutcome outcome;
  Due after{};
  for (bool more = true; more && go_on();) {
    HELIOS_TRY(const auto due, ReadDue(database, tenant, now, after));
    more = due.size() == kPage;
    if (due.empty()) break;
    after = due.back();
    Actuals actuals(store, tenant, now);
    std::vector<std::string> ids, values;
    for (const Due& one : due) {
      const auto [moment, value] = actuals.Of(one);
      if (moment == Moment::kWaits) continue;
      ids.push_back(one.id.ToString());
      values.push_back(moment == Moment::kMet ? fmt::format("{}", value) : "");
      ++(moment == Moment::kMet ? outcome.met : outcome.missed);
    }
    if (ids.empty()) continue;
    HELIOS_TRY(auto tx, database.Begin(tenant, InTime()));
    HELIOS_CHECK(tx.Execute(sql::kMeetPredictions, {tx.tenant(), ids, values}));
    HELIOS_CHECK(tx.Commit());
  }
  return outcome;
}

}  // namespace helios::predictions
