// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>

#include "obs/metrics.h"
#include "pg/database.h"
#include "scaling/advice_sink.h"
#include "scaling/target.h"
#include "tsdb/sample_store.h"

namespace helios::scaling {

/// Evaluates scaling targets: each at most once a minute, however many processes do.
///
/// A target whose policy is a day old, or was not chosen, gets it chosen anew on its own history (ml::Recommend, 1 to 2
/// s of CPU); else the policy says what it wants now (ml::Advise). The advice is kept, with a row of history where it
/// differs from the one before; of a target whose load is unknown, the reason, and the advice is not served any more.
/// Where the number is another than the target's channels know, they are told, from the same transaction.
/// Not thread-safe.
class Evaluator {
 public:
  /// All must outlive the evaluator.
  Evaluator(const tsdb::SampleStore& store, pg::Database& database, AdviceSink& sink)
      : store_(store), database_(database), sink_(sink) {}

  /// Evaluates the tenant's targets that nobody claimed for the minute of `now`; how many. Targets that need no choice
  /// come first. Ends early where `stopped`; what was claimed comes again with the next minute.
  /// Errors: those of pg::Database; a target's own failure is its row's.
  [[nodiscard]] Result<std::size_t> EvaluateTenant(TenantId tenant, TimestampMs now,
                                                   const std::function<bool()>& stopped);

  /// Forgets advice of over 90 days ago.
  [[nodiscard]] Result<void> Forget(TenantId tenant, TimestampMs now);

 private:
  struct Evaluation {
    ml::ScalingAdvice advice;
    std::optional<std::string> policy;  ///< where it was chosen now
    std::optional<std::string> replay;
  };

  [[nodiscard]] Result<Evaluation> Evaluate(TenantId tenant, const Target& target, TimestampMs now) const;
  [[nodiscard]] Result<void> Keep(TenantId tenant, const Target& target, TimestampMs now,
                                  const Result<Evaluation>& evaluation);

  const tsdb::SampleStore& store_;
  pg::Database& database_;
  AdviceSink& sink_;
};

/// Whether the target's policy is to be chosen again.
[[nodiscard]] bool NeedsChoice(const Target& target, TimestampMs now);

}  // namespace helios::scaling
