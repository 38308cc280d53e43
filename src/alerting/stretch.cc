// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/stretch.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

#include "alerting/alert_rules.h"
#include "alerting/sql.h"
#include "base/hex.h"
#include "crypto/digest.h"

namespace helios::alerting {
namespace {

constexpr int kMostSeriesTold = 20;
constexpr std::string_view kOpened = "incident.opened";
constexpr std::string_view kResolved = "incident.resolved";

Labels LabelsOf(const tsdb::SeriesKey& key) {
  Labels labels;
  for (const auto& [name, value] : key.labels) labels.emplace_back(name, value);
  return labels;
}

bool Fires(const TrackedByKey::value_type& entry) {
  return entry.second.track.state == TrackState::kFiring;
}

bool FiresIn(const TrackedByKey& tracks, const std::string& key) {
  const auto found = tracks.find(key);
  return found != tracks.end() && Fires(*found);
}

Uuid IncidentId(const AlertRule& rule, TimestampMs since) {
  Uuid id;
  static_cast<void>(FromHex(EdgeId(rule, kOpened, since), id.bytes));
  return id;
}

boost::json::value TimeOrNull(const std::optional<TimestampMs>& time) {
  if (!time) return nullptr;
  return boost::json::value(FormatRfc3339(*time));
}

struct IncidentFacts {
  Uuid id;
  std::string title;
  std::string severity;
  TimestampMs started_at;
  std::optional<TimestampMs> resolved_at;
};

IncidentFacts FactsOf(const Uuid& id, const pg::Rows::Row& row, TimestampMs resolved_at) {
  return {.id = id,
          .title = row.Get<std::string>("title"),
          .severity = row.Get<std::string>("severity"),
          .started_at = row.Get<TimestampMs>("started_at"),
          .resolved_at = resolved_at};
}

/// Tells the rule's channels, with the series ranked.
Result<void> Tell(pg::TenantTransaction& tx, const AlertRule& rule, std::string_view type,
                  const IncidentFacts& incident, NotificationSink& sink, TimestampMs now) {
  if (rule.definition.channels.empty()) return {};
  HELIOS_TRY(const auto rows, tx.Execute(sql::kRankIncidentSeries, {tx.tenant(), incident.id, kMostSeriesTold}));
  boost::json::array series;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    boost::json::value value;
    if (const auto number = row.Get<std::optional<double>>("value")) value = *number;
    series.push_back({{"metric", row.Get<std::string>("metric_name")},
                      {"labels", boost::json::parse(row.Get<std::string>("labels"))},
                      {"value", std::move(value)},
                      {"started_at", FormatRfc3339(row.Get<TimestampMs>("started_at"))},
                      {"ended_at", TimeOrNull(row.Get<std::optional<TimestampMs>>("ended_at"))}});
  }
  const boost::json::object body{{"type", type},
                                 {"timestamp", FormatRfc3339(now)},
                                 {"data",
                                  {{"incident",
                                    {{"id", incident.id.ToString()},
                                     {"title", incident.title},
                                     {"severity", incident.severity},
                                     {"status", incident.resolved_at ? "resolved" : "open"},
                                     {"started_at", FormatRfc3339(incident.started_at)},
                                     {"resolved_at", TimeOrNull(incident.resolved_at)}}},
                                   {"alert_rule",
                                    {{"id", rule.id.ToString()},
                                     {"name", rule.definition.name},
                                     {"metric", rule.definition.metric},
                                     {"condition", ConditionName(rule.definition.condition)}}},
                                   {"series", std::move(series)}}}};
  return sink.Put(tx,
                  {.id = EdgeId(rule, type, incident.started_at),
                   .type = std::string(type),
                   .body = boost::json::serialize(body),
                   .channels = rule.definition.channels},
                  now);
}

Result<void> Resolve(pg::TenantTransaction& tx, const AlertRule& rule, NotificationSink& sink, TimestampMs now) {
  HELIOS_CHECK(tx.Execute(sql::kEndIncidentSeries, {tx.tenant(), *rule.incident, std::nullopt, now}));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kResolveIncident, {tx.tenant(), *rule.incident, now}));
  if (rows.empty()) return {};  // somebody did by hand
  return Tell(tx, rule, kResolved, FactsOf(*rule.incident, rows.front(), now), sink, now);
}

/// The rows that differ, in one statement. What is as it would be without a row gets none.
Result<void> WriteTracks(pg::TenantTransaction& tx, const Uuid& rule, const Evaluation& evaluation) {
  std::vector<std::string> keys, metrics, labels, states, since, last_times, values, excesses;
  for (const auto& [key, series] : evaluation.after) {
    const auto before = evaluation.before.find(key);
    const bool known = before != evaluation.before.end();
    if (known ? before->second.track == series.track : series.track.state == TrackState::kOk) continue;
    keys.push_back(key);
    metrics.push_back(series.key.metric);
    labels.push_back(LabelsToJson(LabelsOf(series.key)));
    states.emplace_back(TrackStateName(series.track.state));
    since.push_back(series.track.since ? FormatRfc3339(*series.track.since) : "");
    last_times.push_back(series.track.last_time ? FormatRfc3339(*series.track.last_time) : "");
    values.push_back(fmt::format("{}", series.track.value));
    excesses.push_back(fmt::format("{}", series.track.excess));
  }
  if (keys.empty()) return {};
  HELIOS_CHECK(tx.Execute(sql::kUpsertStates,
                          {tx.tenant(), rule, keys, metrics, labels, states, since, last_times, values, excesses}));
  return {};
}

Result<void> WriteSeries(pg::TenantTransaction& tx, const Uuid& incident, const Evaluation& evaluation,
                         TimestampMs now) {
  for (const auto& [key, series] : evaluation.after) {
    const bool before = FiresIn(evaluation.before, key);
    const bool after = series.track.state == TrackState::kFiring;
    if (!before && after) {
      HELIOS_CHECK(tx.Execute(sql::kInsertIncidentSeries,
                              {tx.tenant(), incident, key, series.key.metric, LabelsToJson(LabelsOf(series.key)),
                               std::min(*series.track.since, now), series.track.value, series.track.excess}));
    } else if (before && !after) {
      HELIOS_CHECK(tx.Execute(sql::kEndIncidentSeries, {tx.tenant(), incident, key, now}));
    }
  }
  return {};
}

}  // namespace

std::string EdgeId(const AlertRule& rule, std::string_view edge, TimestampMs since) {
  const std::string text = fmt::format("{} {} {} {}", rule.id, ToUnixMs(rule.updated_at), edge, ToUnixMs(since));
  return ToHex(crypto::Sha256(text)).substr(0, 32);
}

Result<TrackedByKey> ReadTracks(pg::TenantTransaction& tx, const Uuid& rule) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListStates, {tx.tenant(), rule}));
  TrackedByKey tracks;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    TrackedSeries series;
    series.key.metric = row.Get<std::string>("metric_name");
    for (auto& [name, value] : LabelsFromJson(row.Get<std::string>("labels")))
      series.key.labels.push_back({name, value});
    std::ranges::sort(series.key.labels);
    series.track = {.state = ParseTrackState(row.Get<std::string>("state")),
                    .since = row.Get<std::optional<TimestampMs>>("since"),
                    .last_time = row.Get<std::optional<TimestampMs>>("last_time"),
                    .value = row.Get<std::optional<double>>("value").value_or(0),
                    .excess = row.Get<double>("excess")};
    tracks.emplace(row.Get<std::string>("series_key"), std::move(series));
  }
  return tracks;
}

Result<bool> WriteEvaluation(pg::TenantTransaction& tx, const AlertRule& rule, const Evaluation& evaluation,
                             NotificationSink& sink, TimestampMs now) {
  const bool fires = std::ranges::any_of(evaluation.after, Fires);
  std::optional<TimestampMs> since = rule.firing_since;
  std::optional<Uuid> incident = rule.incident;
  const bool opens = fires && !rule.incident;
  if (opens) {
    since.reset();
    for (const auto& [key, series] : evaluation.after) {
      if (series.track.state == TrackState::kFiring && (!since || series.track.since < since))
        since = series.track.since;
    }
    since = std::min(*since, now);  // a forecast's time lies ahead
    incident = IncidentId(rule, *since);
  }
  if (!fires) since.reset();
  const std::optional<Uuid> kept = fires ? incident : std::nullopt;
  HELIOS_TRY(const auto begun, tx.Execute(sql::kBeginEvaluation, {tx.tenant(), rule.id, rule.state_version, now,
                                                                  evaluation.error, since, kept}));
  if (begun.empty()) return false;
  HELIOS_CHECK(WriteTracks(tx, rule.id, evaluation));
  if (opens) {
    HELIOS_CHECK(tx.Execute(sql::kInsertIncident,
                            {tx.tenant(), *incident, rule.definition.name, rule.definition.severity, rule.id, *since}));
  }
  if (incident) HELIOS_CHECK(WriteSeries(tx, *incident, evaluation, now));
  if (opens) {
    HELIOS_CHECK(Tell(tx, rule, kOpened,
                      {.id = *incident,
                       .title = rule.definition.name,
                       .severity = rule.definition.severity,
                       .started_at = *since,
                       .resolved_at = std::nullopt},
                      sink, now));
  } else if (!fires && rule.incident) {
    HELIOS_CHECK(Resolve(tx, rule, sink, now));
  }
  return true;
}

Result<void> EndStretch(pg::TenantTransaction& tx, const AlertRule& rule, NotificationSink& sink, TimestampMs now) {
  if (rule.incident) {
    HELIOS_CHECK(Resolve(tx, rule, sink, now));
    HELIOS_CHECK(tx.Execute(sql::kForgetStretch, {tx.tenant(), rule.id}));
  }
  HELIOS_CHECK(tx.Execute(sql::kDeleteStates, {tx.tenant(), rule.id}));
  return {};
}

Result<void> TellResolvedByHand(pg::TenantTransaction& tx, const Uuid& rule, const Uuid& incident,
                                NotificationSink& sink, TimestampMs now) {
  const auto found = FindRule(tx, rule);
  if (!found) {
    if (found.error().code == ErrorCode::kNotFound) return {};
    return std::unexpected(found.error());
  }
  HELIOS_TRY(const auto rows, tx.Execute(sql::kReadIncident, {tx.tenant(), incident}));
  if (rows.empty()) return {};
  return Tell(tx, *found, kResolved, FactsOf(incident, rows.front(), now), sink, now);
}

}  // namespace helios::alerting
