// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/prometheus_import.h"

#include <algorithm>
#include <utility>

#include "transfer/import_session.h"

namespace helios::transfer {
namespace {

constexpr std::chrono::seconds kSourcePatience{60};
constexpr std::uint64_t kMostTold = 20;

void ReplaceLabels(tsdb::SeriesKey& key, const std::vector<tsdb::Label>& labels) {
  for (const tsdb::Label& label : labels) {
    std::erase_if(key.labels, [&](const tsdb::Label& own) { return own.name == label.name; });
    key.labels.push_back(label);
  }
}

/// Brings what the reader gives to the sender, and counts.
class Carrier {
 public:
  Carrier(const PrometheusSourceOptions& source, ImportSession& session) : source_(source), session_(session) {}

  Result<void> Take(std::vector<RemoteSeries> all, double share, ImportSender& sender) {
    for (RemoteSeries& one : all) {
      ReplaceLabels(one.key, source_.labels);
      if (one.histograms > 0) {
        tally_.bad += one.histograms;
        Tell(fmt::format("{}: {} native histograms were left out", tsdb::ShowSeries(one.key), one.histograms));
      }
      std::string shown = tsdb::ShowSeries(one.key);
      const auto series = session_.book().Enter(std::move(one.key));
      if (!series) {
        tally_.bad += one.samples.size();
        Tell(fmt::format("{}: left out: {}", shown, series.error().message));
        continue;
      }
      for (const ImportSample& sample : one.samples) HELIOS_CHECK(sender.Add(**series, sample));
      tally_.samples += one.samples.size();
    }
    session_.progress().Show({.series = session_.book().size(), .samples = tally_.samples, .share = share});
    return {};
  }

  void Refused(const ImportSender::Refused& refused) {
    if (refused.sample == nullptr) return Tell(fmt::format("{} more samples were refused", Grouped(refused.count)));
    Tell(fmt::format("refused: {} [{}]", refused.detail, refused.code));
  }

  [[nodiscard]] const SourceTally& tally() const { return tally_; }

 private:
  void Tell(const std::string& text) {
    ++told_;
    if (told_ <= kMostTold) session_.progress().Note(text);
    if (told_ == kMostTold) session_.progress().Note("further ones are counted, and not shown");
  }

  const PrometheusSourceOptions& source_;
  ImportSession& session_;
  SourceTally tally_;
  std::uint64_t told_ = 0;
};

}  // namespace

Result<int> ImportPrometheus(const ImportOptions& options, const PrometheusSourceOptions& source) {
  HELIOS_TRY(const auto session, ImportSession::Open(options));
  HELIOS_TRY(http::Headers headers, CredentialHeaders(source.server));
  if (source.way == PrometheusWay::kRemoteRead) {
    headers.Add("Content-Encoding", "snappy");
    headers.Add("X-Prometheus-Remote-Read-Version", "0.1.0");
  }
  http::ClientConfig config;
  config.ca_file = source.server.ca_file;
  config.request_timeout = std::chrono::minutes{3};  // a Prometheus gives a query two
  config.max_response_bytes = PrometheusReader::kMostAnswerBytes;
  HELIOS_TRY(const auto client, http::Client::Create(source.server.url, config));
  PatientClient patient(*client, std::move(headers), session->random(), ImportSession::Sleeping(), kSourcePatience);

  Carrier carrier(source, *session);
  ImportSender sender(session->platform(),
                      [&carrier](const ImportSender::Refused& refused) { carrier.Refused(refused); });
  PrometheusReader reader(patient, source);
  HELIOS_CHECK(reader.Run(
      [&](std::vector<RemoteSeries> series, double share) { return carrier.Take(std::move(series), share, sender); }));
  return session->Finish(sender, carrier.tally());
}

}  // namespace helios::transfer
