// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/train_metric.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "http/json.h"
#include "obs/log.h"
#include "training/fit_part.h"
#include "training/training_settings.h"
#include "tsdb/rollup_means.h"

namespace helios::training {
namespace {

constexpr std::size_t kMostSeries = 1'000'000;
constexpr std::size_t kChunk = 64;  ///< series between two looks at whether to stop: half a second's work
constexpr std::chrono::hours kLeastSpan{48};
constexpr std::chrono::hours kActiveFor{1};

struct Subject {
  std::string metric;
  tsdb::SeriesSelector chosen;  ///< with the labels asked for
};

Result<Subject> ParsePayload(const std::string& payload) {
  HELIOS_TRY(const auto json, http::ParseJson(payload));
  if (!json.is_object()) {
    return Fail(ErrorCode::kInvalidArgument, "training.bad_payload", "cannot train: the payload is no JSON object");
  }
  http::ObjectReader reader(json.as_object());
  Subject subject;
  subject.metric = reader.String("metric", tsdb::kMaxMetricNameBytes);
  const auto labels = reader.OptionalStringMap("labels");
  HELIOS_CHECK(reader.Finish());
  subject.chosen.metric = subject.metric;
  for (const auto& [name, value] : labels) {
    subject.chosen.matchers.push_back({.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = value});
  }
  return subject;
}

/// What became of one series.
struct Outcome {
  std::optional<FittedPart> fitted;  ///< none: skipped
};

/// Means of the descriptions of an artifact's parts.
class MeanMetrics {
 public:
  void Add(const ml::ModelDescription& description) {
    Take(mase_, description.metrics.mase);
    Take(smape_, description.metrics.smape);
    Take(mae_, description.metrics.mae);
    Take(coverage_, description.metrics.coverage);
    origins_ = std::max(origins_, description.metrics.origins);
    first_ = series_ == 0 ? description.trained_from : std::min(first_, description.trained_from);
    last_ = series_ == 0 ? description.trained_to : std::max(last_, description.trained_to);
    ++series_;
  }
  [[nodiscard]] std::string Json(std::int64_t promoted) const {
    boost::json::object json;
    const auto set = [&](std::string_view name, const Mean& mean) {
      if (mean.count > 0) json[name] = mean.sum / static_cast<double>(mean.count);
    };
    set("mase", mase_);
    set("smape", smape_);
    set("mae", mae_);
    set("coverage", coverage_);
    json["origins"] = origins_;
    json["series"] = series_;
    json["promoted"] = promoted;
    return boost::json::serialize(json);
  }
  [[nodiscard]] std::int64_t series() const { return series_; }
  [[nodiscard]] TimestampMs first() const { return first_; }
  [[nodiscard]] TimestampMs last() const { return last_; }

 private:
  struct Mean {
    double sum = 0;
    std::int64_t count = 0;
  };
  static void Take(Mean& mean, const std::optional<double>& value) {
    if (!value) return;
    mean.sum += *value;
    ++mean.count;
  }
  Mean mase_;
  Mean smape_;
  Mean mae_;
  Mean coverage_;
  std::size_t origins_ = 0;
  std::int64_t series_ = 0;
  TimestampMs first_{};
  TimestampMs last_{};
};

std::string ResultJson(const Subject& subject, int version, const MeanMetrics& metrics, std::int64_t promoted,
                       std::int64_t skipped) {
  return boost::json::serialize(boost::json::object{{"metric", subject.metric},
                                                    {"version", version},
                                                    {"series", metrics.series()},
                                                    {"promoted", promoted},
                                                    {"carried_over", metrics.series() - promoted},
                                                    {"skipped", skipped}});
}

/// One run: what does not change from series to series.
struct Training {
  TenantId tenant;
  const tsdb::SampleStore& samples;
  const ExcludedSpans& names;
  TrainingSettings settings;
  SpansBySeries excluded;
  std::shared_ptr<const LoadedArtifact> base;  ///< none: no usable active artifact
  bool same_settings = false;                  ///< as the base's
  TimestampMs now;

  [[nodiscard]] std::optional<std::string_view> ActivePart(const tsdb::SeriesInfo& info) const {
    if (!base) return std::nullopt;
    const auto part = base->bundle->Part(PartKey(info.key));
    return part ? std::optional(*part) : std::nullopt;
  }
  [[nodiscard]] Outcome CarryOver(const tsdb::SeriesInfo& info) const {
    const auto part = ActivePart(info);
    if (!part) return {};
    auto description = ml::ReadDescription(*part);
    if (!description) return {};
    return {.fitted =
                FittedPart{.part = std::string(*part), .promoted = false, .description = *std::move(description)}};
  }
  [[nodiscard]] Result<Outcome> Train(const tsdb::SeriesInfo& info) const;
};

Result<Outcome> Training::Train(const tsdb::SeriesInfo& info) const {
  const auto active = ActivePart(info);
  if (active && now - info.last_seen > kActiveFor) return CarryOver(info);
  std::optional<tsdb::BucketShift> shift;
  if (active) {
    if (const auto description = ml::ReadDescription(*active)) shift = tsdb::ShiftOf(description->trained_to);
  }
  HELIOS_TRY(const tsdb::RollupMeans means,
             tsdb::ReadRollupMeans(samples, tenant, info,
                                   {.first = info.last_seen - std::chrono::days{settings.days}, .last = info.last_seen},
                                   shift));
  const auto left_out = excluded.find(names.NameOf(info.key));
  const auto is_left_out = [&](TimestampMs time) {
    return std::ranges::any_of(left_out->second, [&](const tsdb::TimeRange& range) {
      return time >= range.first && time - Width(tsdb::RollupStep::kFiveMinutes) <= range.last;
    });
  };
  std::vector<ml::Sample> history;
  history.reserve(means.times.size());
  for (std::size_t i = 0; i < means.times.size(); ++i) {
    if (left_out != excluded.end() && is_left_out(means.times[i])) continue;
    history.push_back({.time = means.times[i], .value = means.values[i]});
  }
  if (history.empty() || history.back().time - history.front().time < kLeastSpan) return CarryOver(info);

  const ml::ForecastOptions options{.horizons = settings.horizons,
                                    .level = 0.95,
                                    .clock = settings.ClockAround(history.front().time, history.back().time)};
  auto fitted =
      FitPart({.history = history, .active = active, .refit = !same_settings || left_out != excluded.end()}, options);
  if (!fitted) return CarryOver(info);  // too few finite values: nothing to learn from
  return Outcome{.fitted = *std::move(fitted)};
}

/// Trains `series` on `threads` threads, the caller's among them; in their order.
Result<std::vector<Outcome>> TrainChunk(const Training& training, std::span<const tsdb::SeriesInfo> series,
                                        unsigned threads) {
  std::vector<Outcome> outcomes(series.size());
  std::vector<std::optional<Error>> errors(series.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < series.size(); i = next++) {
      auto outcome = training.Train(series[i]);
      if (outcome) {
        outcomes[i] = *std::move(outcome);
      } else {
        errors[i] = std::move(outcome).error();
      }
    }
  };
  {
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < std::min<std::size_t>(threads, series.size()); ++i) others.emplace_back(work);
    work();
  }
  for (std::size_t i = 0; i < series.size(); ++i) {
    if (!errors[i]) continue;
    if (errors[i]->code != ErrorCode::kNotFound) return std::unexpected(*std::move(errors[i]));
    outcomes[i] = {};  // deleted meanwhile
  }
  return outcomes;
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
  HELIOS_TRY(const Subject subject, ParsePayload(context.payload()));
  const TenantId tenant = context.tenant();
  Training training{.tenant = tenant,
                    .samples = needs_.samples,
                    .names = needs_.excluded,
                    .settings = {},
                    .excluded = {},
                    .base = nullptr,
                    .same_settings = false,
                    .now = needs_.clock.Now()};
  std::optional<Model> base;
  int version = 1;
  {
    HELIOS_TRY(auto tx, needs_.database.Begin(tenant));
    HELIOS_TRY(training.settings, ReadSettings(tx));
    HELIOS_TRY(base, ModelRegistry::ReadActive(tx, subject.metric));
    HELIOS_TRY(version, ModelRegistry::NextVersion(tx, subject.metric));
  }
  if (base && base->artifact_path) {
    auto loaded = needs_.artifacts.Load(tenant, *base);
    if (loaded) {
      training.base = *std::move(loaded);
      training.same_settings = training.base->bundle->header().config == training.settings.Config();
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
  HELIOS_TRY(auto writer, ml::BundleWriter::Start(
                              {.created = training.now, .metric = subject.metric, .config = training.settings.Config()},
                              [&artifact](std::string_view bytes) -> Result<void> {
                                artifact += bytes;
                                return {};
                              }));
  MeanMetrics metrics;
  std::int64_t promoted = 0;
  std::int64_t skipped = 0;
  const auto add = [&](const tsdb::SeriesInfo& info, const Outcome& outcome) -> Result<void> {
    if (!outcome.fitted) {
      ++skipped;
      return {};
    }
    promoted += outcome.fitted->promoted ? 1 : 0;
    metrics.Add(outcome.fitted->description);
    return writer.Add(PartKey(info.key), outcome.fitted->part);
  };
  for (std::size_t done = 0; done < chosen.size(); done += kChunk) {
    if (context.stop().stop_requested()) {
      return Fail(ErrorCode::kUnavailable, "training.stopped", "cannot go on training '{}': it was asked to stop",
                  subject.metric);
    }
    const auto chunk = std::span(chosen).subspan(done, std::min(kChunk, chosen.size() - done));
    HELIOS_TRY(const auto outcomes, TrainChunk(training, chunk, threads_));
    for (std::size_t i = 0; i < chunk.size(); ++i) HELIOS_CHECK(add(chunk[i], outcomes[i]));
    context.Report(static_cast<double>(done + chunk.size()) / static_cast<double>(chosen.size()),
                   fmt::format("{} of {} series", done + chunk.size(), chosen.size()));
  }
  for (const auto& info : others) HELIOS_CHECK(add(info, training.CarryOver(info)));
  HELIOS_CHECK(writer.Finish());

  if (promoted == 0) {
    const int serving = base ? base->version : 0;
    HELIOS_TRY(auto tx, context.Begin());
    std::string result = ResultJson(subject, serving, metrics, promoted, skipped);
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
                                        .version = version,
                                        .base = base ? std::optional(base->id) : std::nullopt,
                                        .artifact_path = key.text(),
                                        .metrics = metrics.Json(promoted),
                                        .history_start = metrics.first(),
                                        .history_end = metrics.last()},
                                       needs_.clock.Now()));
  std::string result = ResultJson(subject, version, metrics, promoted, skipped);
  HELIOS_CHECK(context.SucceedIn(tx, result));
  HELIOS_CHECK(tx.Commit());
  needs_.registry.Forget(tenant, subject.metric);
  return result;
}

}  // namespace helios::training
