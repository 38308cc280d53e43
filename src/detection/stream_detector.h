// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <deque>
#include <functional>

#include "detection/detection_metrics.h"
#include "detection/drift_watch.h"
#include "detection/report_outbox.h"
#include "detection/watch_table.h"
#include "tsdb/embedded_store.h"

namespace helios::detection {

/// Scores every sample that is fed, and tells anomalies to the outbox.
///
/// What a series' state has seen is in the state itself: the time of its newest sample. So nothing is lost and nothing
/// scored twice however it stops: Begin() compares each series with the store, and CatchUp() reads from there what a
/// state has missed. A sample that is not newer than its state's is not scored again.
///
/// Only samples of at most kMostAlertAge on arrival can be, or go on with, an anomaly. Of those read from the store the
/// arrival is not known: the store's newest sample stands for it.
///
/// Counters (counters.h) are scored by their rate a second; a reset is a gap. Days are those of the tenant's time zone.
///
/// One thread at a time. 1.5 KB a series.
class StreamDetector {
 public:
  /// How a tenant's samples are scored.
  struct Manner {
    std::shared_ptr<const ml::Detector> detector;  ///< never null
    std::shared_ptr<const ZoneOfTenant> zone;      ///< null where it is not known yet
  };
  using MannerOf = std::function<Manner(TenantId)>;

  struct Config {
    std::size_t most_series = 150'000;
    std::chrono::hours warm_up{14 * 24};  ///< of history that a series without a state learns from at Begin()
    std::chrono::hours forget_after{24};  ///< of silence, where there is no room for other series
    bool write_scores = true;             ///< as series helios:score
    std::chrono::hours end_after{6};      ///< of silence an anomaly that is under way has ended
  };

  /// All must outlive it. `drift` hears of lasting changes of level in samples that may alert; it may be null.
  StreamDetector(tsdb::EmbeddedStore& store, const Clock& clock, MannerOf manner_of, ReportOutbox& outbox,
                 DetectionMetrics& metrics, const Config& config, DriftWatch* drift = nullptr);

  /// The states, to be filled before Begin() and saved at any time.
  [[nodiscard]] WatchTable& table() { return table_; }
  [[nodiscard]] const WatchTable& table() const { return table_; }
  /// Puts an anomaly back that was under way.
  void RestoreOpen(TenantId tenant, tsdb::SeriesId series, const ml::AnomalyTracker::Memory& memory,
                   TimestampMs detected_at);

  /// Finds out which series have samples that their states have not seen. Call it once the feed is running.
  Result<void> Begin();

  void Take(const tsdb::FedGroup& group);

  /// Reads what is missed, about `samples` of it. False once nothing is.
  bool CatchUp(std::size_t samples);

  /// Ends anomalies of silent series, takes new settings over, writes the scores of five minutes that are over, forgets
  /// silent series where the room is needed.
  void Sweep();

 private:
  struct Behind {
    TenantId tenant;
    tsdb::SeriesId series;
  };

  void Score(TenantId tenant, TenantWatch& watch, tsdb::SeriesId id, SeriesWatch& series, ml::Sample sample,
             bool may_alert);
  [[nodiscard]] bool ByRate(TenantId tenant, TenantWatch& watch, tsdb::SeriesId id, SeriesWatch& series) const;
  void Judge(TenantId tenant, TenantWatch& watch, const std::string& metric, SeriesWatch& series) const;
  void Follow(TenantId tenant, tsdb::SeriesId id, SeriesWatch& series, const ml::Sample& sample,
              const ml::Detection& detection);
  void Tell(TenantId tenant, OpenAnomaly& open, const ml::AnomalySpan& span, bool ended);
  [[nodiscard]] TenantWatch& WatchOf(TenantId tenant);
  void TakeManner(TenantId tenant, TenantWatch& watch) const;
  void NoteNoRoom(std::size_t samples);
  [[nodiscard]] Result<std::size_t> ReadMissed(const Behind& behind, TenantWatch& tenant, SeriesWatch& series);

  const tsdb::EmbeddedStore& store_;
  const Clock& clock_;
  const MannerOf manner_of_;
  ReportOutbox& outbox_;
  DetectionMetrics& metrics_;
  const Config config_;
  DriftWatch* const drift_;
  WatchTable table_;
  ScoreSeries scores_;
  std::deque<Behind> behind_;
  TimestampMs alert_from_{};  ///< samples of the store older than this never alert
  TimestampMs no_room_told_{};
};

}  // namespace helios::detection
