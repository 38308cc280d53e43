// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <string>
#include <vector>

#include "alerting/alert_rule.h"
#include "alerting/notification_sink.h"
#include "alerting/series_tracker.h"
#include "pg/database.h"

namespace helios::alerting {

/// A series of a rule and how it is with it.
struct TrackedSeries {
  tsdb::SeriesKey key;
  Track track;
};
using TrackedByKey = std::map<std::string, TrackedSeries>;  ///< by SeriesKeyOf()

/// Errors: those of pg::Transaction.
[[nodiscard]] Result<TrackedByKey> ReadTracks(pg::TenantTransaction& tx, const Uuid& rule);

/// What an evaluation of a rule found.
struct Evaluation {
  TrackedByKey before;
  TrackedByKey after;
  std::optional<std::string> error;  ///< why not all of it could be judged
};

/// Writes an evaluation down, with the edges in it, in one transaction: the first series that fires opens the incident
/// of a new stretch, more series join it, and it is resolved when the last one no longer fires. Ids are those of the
/// edge, so that two processes that find the same one make one of it; and where the rule was evaluated or changed since
/// `rule` was read, nothing is written at all. Whether it was. The transaction is left to commit.
[[nodiscard]] Result<bool> WriteEvaluation(pg::TenantTransaction& tx, const AlertRule& rule,
                                           const Evaluation& evaluation, NotificationSink& sink, TimestampMs now);

/// Ends the stretch in progress, if there is one, and forgets the rule's states.
[[nodiscard]] Result<void> EndStretch(pg::TenantTransaction& tx, const AlertRule& rule, NotificationSink& sink,
                                      TimestampMs now);

/// Tells the rule's channels that somebody resolved its incident by hand: what the rule itself would tell at the end of
/// the stretch, which it then does not. Nothing where there is no such rule any more.
[[nodiscard]] Result<void> TellResolvedByHand(pg::TenantTransaction& tx, const Uuid& rule, const Uuid& incident,
                                              NotificationSink& sink, TimestampMs now);

/// hash(rule, edge) of DESIGN rule 22, 32 hex digits: of the rule as it was last changed, what happened to it, and the
/// stretch that it happened to.
[[nodiscard]] std::string EdgeId(const AlertRule& rule, std::string_view edge, TimestampMs since);

}  // namespace helios::alerting
