// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/uuid.h"
#include "tsdb/sample_batch.h"
#include "tsdb/series.h"

namespace helios::tsdb {

/// The bits of Prometheus' stale marker, a NaN. It is kept bit for bit; compare bits, never values.
inline constexpr std::uint64_t kStaleMarkerBits = 0x7ff0000000000002ULL;
[[nodiscard]] bool IsStaleMarker(double value);

/// Timestamps in UTC milliseconds. Closed: `first` and `last` both belong to it.
struct TimeRange {
  TimestampMs first;
  TimestampMs last;
};

/// How far a tenant's chunks are apart from others'.
enum class Isolation : std::uint8_t {
  kShared,        ///< one database for everyone, the tenant first in every key
  kOwnDirectory,  ///< a database of its own
  kOwnKey,        ///< and a key of its own that seals them
};

/// What a tenant's plan allows of the store. The newest one given with an Append holds for retention.
struct TenantPolicy {
  std::size_t max_active_series = 10'000;
  std::chrono::hours raw_retention{7 * 24};
  std::chrono::hours rollup_retention{90 * 24};  ///< of the 5-minute and hourly rollups; at least raw_retention
  Isolation isolation = Isolation::kShared;
};

enum class RejectReason : std::uint8_t {
  kOutOfOrder,      ///< ingest.out_of_order: over 1 h older than the series' newest sample
  kConflict,        ///< ingest.conflicting_value: the series has another value at that time; the first stays
  kTooFarInFuture,  ///< ingest.future_timestamp: more than 10 min ahead of the clock
  kTooOld,          ///< ingest.too_old: beyond retention
  kSeriesLimit,     ///< ingest.series_limit: a new series over the plan's limit
  kBadSeries,       ///< the name could not be read; the code is the one of SampleBatch::decode's error
};
inline constexpr std::size_t kRejectReasons = 6;

/// The stable code of a reason, such as "ingest.out_of_order"; "ingest.bad_series" for kBadSeries, whose rejections
/// carry a closer one.
[[nodiscard]] std::string_view RejectCode(RejectReason reason);

struct Rejection {
  std::size_t index;  ///< position in SampleBatch::rows
  RejectReason reason;
  std::string_view code;    ///< stable, such as "ingest.out_of_order"
  std::string detail;       ///< for people, naming the series and what would have been accepted
  std::string series = {};  ///< for people, as ShowName() shows it
};

/// What became of a batch.
struct AppendOutcome {
  std::size_t stored = 0;
  std::size_t duplicates = 0;       ///< same series, time and value as one already stored
  std::vector<Rejection> rejected;  ///< rising by index; empty in the common case
};

/// What is counted for the bill.
enum class UsageKind : std::uint8_t {
  kSamples = 1,      ///< stored, duplicates and Helios' own not counted
  kPredictions = 2,  ///< series in a call of /predict
};

using AppendCallback = std::function<void(Result<AppendOutcome>)>;

/// A run of samples, oldest first; both spans have the same length.
struct SampleColumns {
  std::span<const TimestampMs> times;
  std::span<const double> values;
};

/// Walks the samples of one read. Not thread-safe. Must not outlive the store.
class SampleCursor {
 public:
  virtual ~SampleCursor() = default;

  /// The next run of samples, valid until the next call; empty spans at the end.
  /// Errors: kDataCorruption tsdb.bad_checksum; kUnavailable tsdb.read_failed.
  [[nodiscard]] virtual Result<SampleColumns> Next() = 0;
};

/// Widths of rollups.
enum class RollupStep : std::uint8_t { kFiveMinutes, kHour };
[[nodiscard]] constexpr std::chrono::milliseconds Width(RollupStep step) {
  return step == RollupStep::kHour ? std::chrono::hours{1} : std::chrono::minutes{5};
}

/// Rollups, oldest first; all spans have the same length. A bucket holds the samples from its time, a multiple of the
/// step since 1970, up to but not the next one's. NaN, stale markers and infinities are no values of a bucket; one
/// without values is left out.
struct RollupColumns {
  std::span<const TimestampMs> times;
  std::span<const double> min;
  std::span<const double> max;
  std::span<const double> sum;
  std::span<const double> last;
  std::span<const std::uint64_t> count;
};

/// Walks the rollups of one read, as SampleCursor does samples.
class RollupCursor {
 public:
  virtual ~RollupCursor() = default;
  [[nodiscard]] virtual Result<RollupColumns> Next() = 0;
};

/// Durable home of every tenant's raw samples.
///
/// Thread-safe. Every call names the tenant, and sees that tenant's samples alone.
class SampleStore {
 public:
  virtual ~SampleStore() = default;

  /// Stores every sample of `batch` that can be stored, and says which could not be and why.
  ///
  /// Never blocks on a disk; `batch` and what its names view are free again when it returns. `done` runs
  /// exactly once, on a thread of the store, after the fsync that covers the batch: when it reports an
  /// outcome, a crash loses nothing of what was stored. It must be quick, and must not call Append.
  ///
  /// Order is relative to the series' newest sample: up to 1 h older is accepted. The same (series,
  /// time, value) again counts as a duplicate, however much older than the newest it is; series that
  /// exist always pass the series limit, and those of Helios itself (metric "helios:…") are outside it.
  /// Errors handed to `done`. Nothing of the batch is acknowledged then; samples of it may be stored all the same, and
  /// a sender that comes again hears of duplicates:
  ///   kUnavailable  tsdb.disk_full    no space left; retry later
  ///   kUnavailable  tsdb.read_only    an fsync failed since start; restart needed
  ///   kUnavailable  tsdb.overloaded   too much waits for the disk; retry later
  ///   kUnavailable  tsdb.closed       the store is stopping; the one answer given on the caller's thread
  ///   kUnavailable  tsdb.read_failed, tsdb.tenant_unavailable, kDataCorruption tsdb.bad_checksum
  ///                                   looking for duplicates, it could not read what is stored
  ///   kInternal     tsdb.bad_batch    a row names no series of the batch: a bug of the caller
  virtual void Append(TenantId tenant, const TenantPolicy& policy, const SampleBatch& batch, AppendCallback done) = 0;

  /// Reads `series` within `range`, oldest sample first, from a snapshot: appends made later stay
  /// invisible. Samples beyond the tenant's retention are not seen.
  ///
  /// A known series with no sample in `range` gives an empty cursor, not an error.
  /// Errors: kNotFound tsdb.no_such_series; kUnavailable tsdb.tenant_unavailable, where the tenant's own database does
  /// not open.
  [[nodiscard]] virtual Result<std::unique_ptr<SampleCursor>> Read(TenantId tenant, SeriesId series,
                                                                   TimeRange range) const = 0;

  /// Rollups of `series` whose buckets begin within `range`: of its samples, and where those are beyond retention, what
  /// was kept of them. Rollups have a retention of their own, so they reach further back than Read().
  /// Errors: those of Read().
  [[nodiscard]] virtual Result<std::unique_ptr<RollupCursor>> ReadRollups(TenantId tenant, SeriesId series,
                                                                          TimeRange range, RollupStep step) const = 0;

  /// Deletes the series that `selector` means, with all that is stored of them; how many there were. What this call
  /// deleted is not read again, also after a crash. A sample that comes later makes a new series.
  /// Errors: kInvalidArgument query.bad_regex; those of Append.
  [[nodiscard]] virtual Result<std::size_t> DeleteSeries(TenantId tenant, const SeriesSelector& selector) = 0;

  /// The series that `selector` means, ordered by key; at most `limit` of them. Series whose samples are all
  /// beyond retention are not seen. A matcher of label "__name__" tests the metric's name.
  /// Errors: kInvalidArgument query.bad_regex.
  [[nodiscard]] virtual Result<std::vector<SeriesInfo>> FindSeries(TenantId tenant, const SeriesSelector& selector,
                                                                   std::size_t limit) const = 0;

  /// Names of the tenant's metrics, sorted.
  [[nodiscard]] virtual std::vector<std::string> MetricNames(TenantId tenant) const = 0;

  /// Series with a sample within the last hour of the clock, Helios' own not counted.
  [[nodiscard]] virtual std::size_t ActiveSeries(TenantId tenant) const = 0;

  /// False once an fsync failed, or while the disk is full; `Append` says which.
  [[nodiscard]] virtual bool Writable() const = 0;
};

}  // namespace helios::tsdb
