// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cmath>
#include <functional>
#include <future>
#include <memory>
#include <numbers>
#include <string>
#include <vector>

#include "base/manual_clock.h"
#include "jobs/testing/queue_fixture.h"
#include "objects/directory_store.h"
#include "training/model_artifacts.h"
#include "training/model_registry.h"
#include "training/sweep_artifacts.h"
#include "training/train_metric.h"
#include "training/train_nightly.h"
#include "training/training_job.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::training {

/// Another object store, and what a test has happen when something is put into it.
class WatchedStore final : public objects::ObjectStore {
 public:
  explicit WatchedStore(std::unique_ptr<objects::ObjectStore> inner) : inner_(std::move(inner)) {}

  [[nodiscard]] Result<void> Put(TenantId tenant, const objects::ObjectKey& key, std::string_view bytes) override {
    if (on_put) HELIOS_CHECK(on_put());
    return inner_->Put(tenant, key, bytes);
  }
  [[nodiscard]] Result<std::string> Get(TenantId tenant, const objects::ObjectKey& key) override {
    return inner_->Get(tenant, key);
  }
  [[nodiscard]] Result<std::string> GetRange(TenantId tenant, const objects::ObjectKey& key, std::uint64_t offset,
                                             std::uint64_t length) override {
    return inner_->GetRange(tenant, key, offset, length);
  }
  [[nodiscard]] Result<std::vector<objects::ObjectInfo>> List(TenantId tenant, std::string_view prefix,
                                                              std::string_view after, std::size_t limit) override {
    return inner_->List(tenant, prefix, after, limit);
  }
  [[nodiscard]] Result<void> Delete(TenantId tenant, const objects::ObjectKey& key) override {
    return inner_->Delete(tenant, key);
  }

  std::function<Result<void>()> on_put;

 private:
  std::unique_ptr<objects::ObjectStore> inner_;
};

/// Nothing is left out.
class NothingExcluded final : public ExcludedSpans {
 public:
  [[nodiscard]] Result<SpansBySeries> Find(TenantId, const std::string&, tsdb::TimeRange) const override {
    return SpansBySeries{};
  }
  [[nodiscard]] std::string NameOf(const tsdb::SeriesKey& series) const override { return tsdb::ToString(series); }
};

/// A queue, a sample store and an object store, all real; the clock of the samples is the test's.
class TrainingHandlerTest : public jobs::QueueTest {
 protected:
  /// `days` of a daily sine each five minutes, up to now.
  void Fill(const std::string& metric, const std::string& host, int days) {
    tsdb::KeyedBatch batch({metric, {{"host", host}}});
    for (int i = days * 288 - 1; i >= 0; --i) {
      const TimestampMs time = samples_clock.Now() - i * std::chrono::minutes{5};
      const double turn = 2 * std::numbers::pi * static_cast<double>(ToUnixMs(time) % 86'400'000) / 86'400'000;
      batch.AddSample(0, time, 100 + 40 * std::sin(turn) + (i * 7919 % 13) / 13.0);
    }
    std::promise<Result<tsdb::AppendOutcome>> done;
    samples->Append(jobs::kAcme, {.raw_retention = std::chrono::hours{24 * 30}}, batch.batch(),
                    [&done](Result<tsdb::AppendOutcome> outcome) { done.set_value(std::move(outcome)); });
    const auto outcome = done.get_future().get();
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_TRUE(outcome->rejected.empty()) << outcome->rejected[0].detail;
  }

  /// As a new process would make it: nothing is remembered from the one before.
  std::unique_ptr<jobs::JobHandler> NewTrainMetric() {
    artifacts = std::make_unique<ModelArtifacts>(*objects);
    registry = std::make_unique<ModelRegistry>(database, random);
    return std::make_unique<TrainMetric>(TrainMetric::Needs{.database = database,
                                                            .samples = *samples,
                                                            .artifacts = *artifacts,
                                                            .registry = *registry,
                                                            .excluded = excluded,
                                                            .clock = samples_clock},
                                         2);
  }

  /// Versions with their state and the artifact's length, one a line.
  std::string Models() {
    std::string text;
    for (const auto& row :
         root.Must("SELECT target_metric, version, status, artifact_path, artifact_deleted_at IS NULL "
                   "FROM shared.models ORDER BY target_metric, version")
             .rows) {
      const std::string path = row[3].value_or("");
      std::string length = "none";
      if (!path.empty()) {
        const auto artifact = objects->Get(jobs::kAcme, objects::ObjectKey::Parse(path).value());
        length = artifact ? std::to_string(artifact->size()) : std::string(artifact.error().reason);
      }
      text += fmt::format("{} v{} {} {} {}\n", *row[0], *row[1], *row[2], path, length);
    }
    return text;
  }

  void ForgetEverything() {
    root.Must("DELETE FROM shared.models; DELETE FROM directory.job_queue; DELETE FROM directory.jobs");
    for (const auto& object : objects->List(jobs::kAcme, "", "", 1000).value()) {
      ASSERT_TRUE(objects->Delete(jobs::kAcme, object.key));
    }
  }

  jobs::Job Run(const jobs::NewJob& job) {
    jobs::JobRunner runner(database, TrainingKinds(), nullptr, clock, random, metrics, QuickConfig());
    return AwaitStatus(jobs::kAcme, Enqueue(jobs::kAcme, job, clock.Now()).id, jobs::JobStatus::kSucceeded);
  }

  jobs::JobKinds TrainingKinds() {
    jobs::JobKinds kinds;
    const jobs::KindOptions quick{
        .retry = {.first = std::chrono::milliseconds{5}, .longest = std::chrono::milliseconds{20}}};
    kinds.Add(std::string(kTrainMetric), NewTrainMetric(), quick);
    kinds.Add(std::string(kSweepArtifacts), std::make_unique<SweepArtifacts>(database, *objects, samples_clock), quick);
    kinds.Add(std::string(kTrainNightly), std::make_unique<TrainNightly>(*samples, queue, samples_clock), quick);
    return kinds;
  }

  ManualClock samples_clock{jobs::kNoon};
  tsdb::ScratchDirectory directory;
  std::unique_ptr<tsdb::EmbeddedStore> samples =
      tsdb::OpenEmbeddedStore({.directory = directory.path() / "store", .segment_bytes = 1U << 20U}, samples_clock,
                              metrics)
          .value();
  std::unique_ptr<WatchedStore> objects = std::make_unique<WatchedStore>(
      objects::OpenDirectoryStore(directory.path() / "objects", crypto::SealKey{}, random).value());
  NothingExcluded excluded;
  std::unique_ptr<ModelArtifacts> artifacts;
  std::unique_ptr<ModelRegistry> registry;
};

}  // namespace helios::training
