// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "alerting/alert_rules.h"
#include "alerting/expectation.h"
#include "alerting/forecast_source.h"
#include "alerting/rule_fields.h"
#include "alerting/stretch.h"
#include "base/time.h"
#include "ml/detector.h"
#include "tsdb/sample_store.h"

namespace helios::alerting {

/// Judges rules on stored series. One thread at a time.
///
/// Samples are judged once, in order of time, for each series up to the first that fires: a spike that is over by the
/// time of the look is an incident too, and resolved with the next one. A sample that is older than kFresh when it is
/// looked at alerts no more, so that late and imported samples never do. A series that falls silent keeps its state:
/// silence is what no_data rules are for; one that is silent for a day, or gone, does not fire any more. Silence is
/// counted by arrival, and only while this process was there to see. What does not fit into memory after a restart
/// (expectations, arrivals) is found again.
///
/// Series of Helios itself (helios:score, helios:forecast) are judged like any other. A forecast has the time that it
/// is of, up to an hour ahead: it is judged as soon as it is made, and its incident begins then.
class RuleEvaluator {
 public:
  /// A rule is about this many series at most; with more, it says so and nothing is judged.
  static constexpr std::size_t kMostSeries = 1000;

  /// All must outlive the evaluator.
  RuleEvaluator(const tsdb::SampleStore& store, ForecastSource& forecasts, MatchParser parse_match,
                CounterCheck is_counter, pg::Database& database, NotificationSink& sink, const Clock& clock)
      : store_(store),
        forecasts_(forecasts),
        parse_match_(std::move(parse_match)),
        is_counter_(std::move(is_counter)),
        database_(database),
        sink_(sink),
        clock_(clock),
        started_at_(clock.Now()) {}

  /// Evaluates the tenant's rules that are due: those not evaluated for `interval`, forecasts for ten times that. How
  /// many were. A rule that cannot be judged keeps its state and says why. Errors: those of pg::Database.
  [[nodiscard]] Result<std::size_t> EvaluateDue(TenantId tenant, std::chrono::milliseconds interval);

 private:
  struct Arrival {
    std::uint64_t revision = 0;
    TimestampMs at;
  };
  struct Expectation {
    ExpectationState known;
    std::string zone;  ///< that its days are of
    TimestampMs used_at;
  };
  using SeriesOfRule = std::pair<Uuid, std::string>;

  [[nodiscard]] Result<void> ReadZone(TenantId tenant);
  [[nodiscard]] Result<void> EvaluateOne(TenantId tenant, const AlertRule& rule, TimestampMs now);
  [[nodiscard]] Result<void> Judge(TenantId tenant, const AlertRule& rule, TrackedByKey& tracks, TimestampMs now);
  [[nodiscard]] Result<void> JudgeSamples(TenantId tenant, const AlertRule& rule, const tsdb::SeriesInfo& info,
                                          Track& track, TimestampMs now);
  [[nodiscard]] Result<void> JudgeExpected(TenantId tenant, const AlertRule& rule, const tsdb::SeriesInfo& info,
                                           const ExpectationJudge& judge, Track& track, TimestampMs now);
  void JudgeSilence(TenantId tenant, const AlertRule& rule, const tsdb::SeriesInfo& info, Track& track,
                    TimestampMs now);
  [[nodiscard]] Result<void> JudgeForecasts(TenantId tenant, const AlertRule& rule,
                                            const tsdb::SeriesSelector& selector, TrackedByKey& tracks,
                                            TimestampMs now);

  const tsdb::SampleStore& store_;
  ForecastSource& forecasts_;
  MatchParser parse_match_;
  CounterCheck is_counter_;
  pg::Database& database_;
  NotificationSink& sink_;
  const Clock& clock_;
  const TimestampMs started_at_;
  std::string zone_ = "UTC";  ///< of the tenant that is looked at
  ml::LocalClock clock_of_zone_;
  std::map<SeriesOfRule, Arrival> arrivals_;
  std::map<SeriesOfRule, Expectation> expectations_;
};

}  // namespace helios::alerting
