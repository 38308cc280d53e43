// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/train_metric.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <utility>
#include <vector>

#include "obs/log.h"
#include "training/custom_models.h"
#include "training/train_series.h"
#include "training/trained_metrics.h"
#include "training/training_job.h"

namespace helios::training {
namespace {

constexpr std::size_t kMostSeries = 1'000'000;
constexpr std::size_t kChunk = 64;  ///< series between two reports

std::string ResultJson(const std::string& metric, int version, const TrainedMetrics& metrics, std::int64_t promoted,
                       std::int64_t skipped) {
  return boost::json::serialize(boost::json::object{{"metric", metric},
                                                    {"version", version},
                                                    {"series", metrics.series()},
                                                    {"promoted", promoted},
                                                    {"carried_over", metrics.series() - promoted},
                                                    {"skipped", skipped}});
}

Result<std::vector<tsdb::SeriesInfo>> SeriesToTrain(const tsdb::SampleStore& samples, TenantId tenant,
                                                    const tsdb::SeriesSelector& selector) {
  HELIOS_TRY(auto found, samples.FindSeries(tenant, selector, kMostSeries));
  if (found.empty()) {
    return Fail(ErrorCode::kNotFound, "training.no_such_series",
                "cannot train '{}': no series has that name and labels", selector.metric);
  }
  return found;
}

}  // namespace

Result<std::string> TrainMetric::Run(jobs::JobContext& context) {
  HELIOS_TRY(const TrainingSubject subject, ParseTrainingPayload(context.payload()));
  const TenantId tenant = context.tenant();
  SeriesTraining training{
      .tenant = tenant, .samples = needs_.samples, .names = needs_.excluded, .now = needs_.clock.Now()};
  std::optional<Model> base;
  int version = 1;
  {
    HELIOS_TRY(auto tx, needs_.database.Begin(tenant));
    HELIOS_TRY(training.settings, ReadSettings(tx));
    if (training.settings.custom_models) {
      HELIOS_TRY(training.custom, ReadCustomModel(tx, subject.metric));
    }
    HELIOS_TRY(base, ModelRegistry::ReadActive(tx, subject.metric));
    HELIOS_TRY(version, ModelRegistry::NextVersion(tx, subject.metric));
  }
  if (base && base->artifact_path) {
    auto loaded = needs_.artifacts.Load(tenant, *base);
    if (loaded) {
      training.base = *std::move(loaded);
      training.same_settings = training.base->bundle->header().config == training.Config();
    } else if (IsLost(loaded.error())) {
      obs::LogFailure("models.artifact_lost", loaded.error(), {{"metric", subject.metric}});
    } else {
      return std::unexpected(std::move(loaded).error());
    }
  }
  HELIOS_TRY(const auto chosen, SeriesToTrain(needs_.samples, tenant, subject.chosen));
  std::vector<tsdb::SeriesInfo> others;
  if (!subject.chosen.matchers.empty() && training.base) {
    HELIOS_TRY(others, needs_.samples.FindSeries(tenant, {.metric = subject.metric, .matchers = {}}, kMostSeries));
    std::erase_if(others, [&](const tsdb::SeriesInfo& info) {
      return std::ranges::binary_search(chosen, info.key, {}, &tsdb::SeriesInfo::key);
    });
  }
  HELIOS_TRY(training.excluded, needs_.excluded.Find(tenant, subject.metric,
                                                     {.first = training.now - std::chrono::days{training.settings.days},
                                                      .last = training.now}));

  std::string artifact;
  HELIOS_TRY(auto writer,
             ml::BundleWriter::Start({.created = training.now, .metric = subject.metric, .config = training.Config()},
                                     [&artifact](std::string_view bytes) -> Result<void> {
                                       artifact += bytes;
                                       return {};
                                     }));
  TrainedMetrics metrics;
  std::int64_t promoted = 0;
  std::int64_t skipped = 0;
  const auto add = [&](const tsdb::SeriesInfo& info, const std::optional<FittedPart>& fitted) -> Result<void> {
    if (!fitted) {
      ++skipped;
      return {};
    }
    promoted += fitted->promoted ? 1 : 0;
    metrics.Add(fitted->description);
    return writer.Add(PartKey(info.key), fitted->part);
  };
  for (std::size_t done = 0; done < chosen.size(); done += kChunk) {
    const auto chunk = std::span(chosen).subspan(done, std::min(kChunk, chosen.size() - done));
    HELIOS_TRY(const auto parts, TrainSeries(training, chunk, threads_, context.stop()));
    for (std::size_t i = 0; i < chunk.size(); ++i) HELIOS_CHECK(add(chunk[i], parts[i]));
    context.Report(static_cast<double>(done + chunk.size()) / static_cast<double>(chosen.size()),
                   fmt::format("{} of {} series", done + chunk.size(), chosen.size()));
  }
  for (const auto& info : others) HELIOS_CHECK(add(info, training.CarryOver(info)));
  HELIOS_CHECK(writer.Finish());

  if (promoted == 0) {
    const int serving = base ? base->version : 0;
    HELIOS_TRY(auto tx, context.Begin());
    std::string result = ResultJson(subject.metric, serving, metrics, promoted, skipped);
    HELIOS_CHECK(context.SucceedIn(tx, result));
    HELIOS_CHECK(tx.Commit());
    return result;
  }
  HELIOS_TRY(const auto key, ArtifactKey(subject.metric, version));
  if (!context.LeaseHeld()) {
    return Fail(ErrorCode::kConflict, "training.superseded", "cannot write '{}': another worker has the job",
                key.text());
  }
  HELIOS_CHECK(needs_.artifacts.objects().Put(tenant, key, artifact));
  HELIOS_TRY(auto tx, context.Begin());
  HELIOS_CHECK(needs_.registry.Promote(tx,
                                       {.metric = subject.metric,
                                        .model_type = training.custom ? "custom" : "automatic",
                                        .version = version,
                                        .base = base ? std::optional(base->id) : std::nullopt,
                                        .artifact_path = key.text(),
                                        .metrics = metrics.Json(promoted),
                                        .history_start = metrics.first(),
                                        .history_end = metrics.last()},
                                       needs_.clock.Now()));
  std::string result = ResultJson(subject.metric, version, metrics, promoted, skipped);
  HELIOS_CHECK(context.SucceedIn(tx, result));
  HELIOS_CHECK(tx.Commit());
  needs_.registry.Forget(tenant, subject.metric);
  return result;
}

}  // namespace helios::training
