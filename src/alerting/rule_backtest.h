// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "alerting/alert_rule.h"
#include "alerting/expectation.h"
#include "alerting/rule_fields.h"
#include "base/result.h"
#include "tsdb/sample_store.h"

namespace helios::alerting {

/// A stretch for which a series would have fired.
struct FiredSpan {
  tsdb::SeriesKey key;
  TimestampMs started_at;
  std::optional<TimestampMs> ended_at;  ///< none: it still would
  double value = 0;
  double excess = 0;
};

/// An incident that a rule would have raised; its series ranked as a real one's.
struct WouldBeIncident {
  TimestampMs started_at;
  std::optional<TimestampMs> ended_at;
  std::vector<FiredSpan> series;
};

struct Backtest {
  TimestampMs from;
  TimestampMs to;
  std::size_t series = 0;                  ///< that were looked at
  std::vector<WouldBeIncident> incidents;  ///< oldest first
};

/// Series at most of a replay, and of one that makes forecasts.
inline constexpr std::size_t kMostReplayed = 100;
inline constexpr std::size_t kMostReplayedForecasts = 5;

/// What a replay goes by. References must outlive it.
struct ReplayNeeds {
  const tsdb::SampleStore& store;
  const MatchParser& parse_match;
  const CounterCheck& is_counter;
  ml::LocalClock clock;  ///< of the tenant's time zone
};

/// What `rule` would have raised within the 14 days before `now`. Each sample is judged with what was stored before it:
/// expectations and forecasts know nothing later. Silence is measured between the samples' times, and a forecast is
/// made each 2 hours, without regard to for_seconds.
/// Errors: kInvalidArgument query.bad_match, query.bad_regex, alerting.too_many_series; kDeadlineExceeded
/// alerting.backtest_too_long; those of tsdb::SampleStore.
[[nodiscard]] Result<Backtest> BacktestRule(const ReplayNeeds& needs, TenantId tenant, const RuleDefinition& rule,
                                            TimestampMs now, std::chrono::steady_clock::time_point deadline);

/// Spans that overlap are one incident.
[[nodiscard]] std::vector<WouldBeIncident> JoinSpans(std::vector<FiredSpan> spans);

}  // namespace helios::alerting
