// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <gtest/gtest.h>

#include <future>

#include "base/manual_clock.h"
#include "detection/stream_detector.h"
#include "ml/synthetic_series.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::detection {

inline const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
inline const tsdb::SeriesKey kCpu{"cpu", {{"host", "web-1"}}};
inline constexpr std::chrono::minutes kStep{5};

/// A store, and a detector that can be thrown away and made again over it.
class StreamDetectorFixture : public ::testing::Test {
 protected:
  StreamDetectorFixture() : history_(ml::SyntheticSeries{.samples = 1'440, .daily_amplitude = 10, .noise = 1}.Make()) {
    clock_.Set(history_.back().time);
    store_ = tsdb::OpenEmbeddedStore({.directory = directory_.path() / "store", .segment_bytes = 1U << 20U}, clock_,
                                     metrics_)
                 .value();
    StartDetector();
  }

  void StartDetector(std::size_t most_series = 100, DriftWatch* drift = nullptr) {
    detector_.reset();
    outbox_ = std::make_unique<ReportOutbox>();
    feed_ = std::make_shared<tsdb::SampleFeed>(1'000'000);
    detector_ = std::make_unique<StreamDetector>(
        *store_, clock_,
        [this](TenantId) { return StreamDetector::Manner{std::make_shared<const ml::Detector>(), zone_}; }, *outbox_,
        own_metrics_, StreamDetector::Config{.most_series = most_series}, drift);
  }
  void Begin() {
    store_->Follow(feed_);
    ASSERT_TRUE(detector_->Begin());
    while (detector_->CatchUp(1'000)) {
    }
  }

  /// Durable when it returns.
  void Append(const tsdb::SeriesKey& key, std::span<const ml::Sample> samples) {
    tsdb::KeyedBatch batch(key);
    for (const ml::Sample& sample : samples) batch.AddSample(0, sample.time, sample.value);
    std::promise<Result<tsdb::AppendOutcome>> done;
    store_->Append(kAcme, {.raw_retention = std::chrono::hours{24 * 365}}, batch.batch(),
                   [&done](Result<tsdb::AppendOutcome> outcome) { done.set_value(std::move(outcome)); });
    const auto outcome = done.get_future().get();
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_TRUE(outcome->rejected.empty());
  }
  /// As samples come: at their time.
  void Live(const tsdb::SeriesKey& key, double value) {
    clock_.Advance(kStep);
    Append(key, std::vector<ml::Sample>{{clock_.Now(), value}});
  }
  void Score() {
    while (auto group = feed_->Take(std::chrono::milliseconds{0})) detector_->Take(*group);
  }
  double Normal() const { return history_[(1'440 + live_) % 288].value; }

  ManualClock clock_{TimestampMs{}};
  obs::Metrics metrics_;
  DetectionMetrics own_metrics_{metrics_};
  tsdb::ScratchDirectory directory_;
  std::vector<ml::Sample> history_;  ///< five days that end now
  std::unique_ptr<tsdb::EmbeddedStore> store_;
  std::unique_ptr<ReportOutbox> outbox_;
  std::shared_ptr<tsdb::SampleFeed> feed_;
  std::unique_ptr<StreamDetector> detector_;
  std::size_t live_ = 0;
  std::shared_ptr<const ZoneOfTenant> zone_;  ///< of every tenant; null: not known
};

}  // namespace helios::detection
