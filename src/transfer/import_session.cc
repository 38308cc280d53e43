// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/import_session.h"

#include <cstdio>
#include <set>
#include <thread>
#include <utility>

#include "transfer/training_request.h"

namespace helios::transfer {
namespace {

constexpr std::chrono::seconds kToldWait{5};

std::string DescribeImport(const ImportTally& sent, const SourceTally& source, std::size_t series,
                           std::chrono::duration<double> elapsed) {
  std::string text = fmt::format("imported {} samples of {} series in {}", Grouped(sent.stored), Grouped(series),
                                 DescribeTime(std::chrono::duration_cast<std::chrono::seconds>(elapsed)));
  if (sent.duplicates > 0) text += fmt::format("; {} were stored already", Grouped(sent.duplicates));
  if (source.gaps > 0) text += fmt::format("; {} gaps", Grouped(source.gaps));
  if (source.bad > 0) text += fmt::format("; {} could not be read", Grouped(source.bad));
  if (sent.refused > 0) text += fmt::format("; {} samples were refused", Grouped(sent.refused));
  return text;
}

}  // namespace

ImportSession::ImportSession(const ImportOptions& options) : options_(options), progress_(options.quiet) {}

PatientClient::Sleep ImportSession::Sleeping() {
  return [](std::chrono::milliseconds duration) { std::this_thread::sleep_for(duration); };
}

Result<std::unique_ptr<ImportSession>> ImportSession::Open(const ImportOptions& options) {
  std::unique_ptr<ImportSession> session(new ImportSession(options));
  HELIOS_TRY(http::Headers headers, CredentialHeaders(options.platform));
  headers.Add("Accept", "application/json, application/problem+json");
  http::ClientConfig config;
  config.ca_file = options.platform.ca_file;
  HELIOS_TRY(session->client_, http::Client::Create(options.platform.url, config));
  session->platform_ = std::make_unique<PatientClient>(*session->client_, std::move(headers), session->random_,
                                                       Sleeping(), options.patience);
  session->platform_->on_wait = [progress = &session->progress_](std::string_view why, std::chrono::milliseconds wait) {
    if (wait < kToldWait) return;
    progress->Note(fmt::format("waiting {} s: {}", wait.count() / 1000, why));
  };
  return session;
}

Result<int> ImportSession::Finish(ImportSender& sender, const SourceTally& tally) {
  HELIOS_CHECK(sender.Flush());
  progress_.Finish();
  const std::string summary = DescribeImport(sender.tally(), tally, book_.size(), progress_.elapsed());
  fmt::print("{}\n", summary);
  std::fflush(stdout);
  bool complete = tally.bad == 0 && sender.tally().refused == 0;
  if (options_.train && book_.size() > 0) {
    std::set<std::string> metrics;
    for (const tsdb::SeriesKey& key : book_.keys()) metrics.insert(key.metric);
    HELIOS_TRY(const TrainingTally trained,
               TrainMetrics(*platform_, {metrics.begin(), metrics.end()}, Sleeping(), progress_));
    fmt::print("trained {} metrics: {} series have a model{}\n", Grouped(trained.succeeded), Grouped(trained.series),
               trained.failed > 0 ? fmt::format("; {} failed", Grouped(trained.failed)) : "");
    complete = complete && trained.failed == 0;
  }
  std::fflush(stdout);
  return complete ? kAllDone : kSomeRefused;
}

}  // namespace helios::transfer
