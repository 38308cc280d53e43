// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/decoded_batch.h"

namespace helios::ingest {
namespace {

/// A text that differs wherever two keys do: every part with its length before it.
std::string Fingerprint(const tsdb::SeriesKey& key) {
  std::string text;
  const auto append = [&text](std::string_view part) {
    const auto size = static_cast<std::uint32_t>(part.size());
    text.append(reinterpret_cast<const char*>(&size), sizeof size);
    text.append(part);
  };
  append(key.metric);
  for (const tsdb::Label& label : key.labels) {
    append(label.name);
    append(label.value);
  }
  return text;
}

}  // namespace

Result<std::uint32_t> BatchBuilder::AddSeries(const tsdb::SeriesKey& key) {
  const auto next = static_cast<std::uint32_t>(decoded_.batch.batch().series.size());
  const auto [found, added] = series_by_text_.try_emplace(Fingerprint(key), next);
  if (added) {
    if (next == kMaxSeriesPerRequest) {
      return Fail(ErrorCode::kTooLarge, "ingest.too_many_series",
                  "cannot take the request: it has more than {} series; send it in parts", kMaxSeriesPerRequest);
    }
    decoded_.batch.AddSeries(key);
  }
  return found->second;
}

Result<void> BatchBuilder::Count() {
  if (decoded_.total == kMaxSamplesPerRequest) {
    return Fail(ErrorCode::kTooLarge, "ingest.too_many_samples",
                "cannot take the request: it has more than {} samples; send it in parts", kMaxSamplesPerRequest);
  }
  ++decoded_.total;
  return {};
}

Result<void> BatchBuilder::AddSample(std::uint32_t series, TimestampMs time, double value) {
  HELIOS_CHECK(Count());
  decoded_.batch.AddSample(series, time, value);
  decoded_.positions.push_back(decoded_.total - 1);
  return {};
}

Result<void> BatchBuilder::Reject(std::string_view code, std::string detail) {
  HELIOS_CHECK(Count());
  decoded_.rejected.push_back({.index = decoded_.total - 1, .code = code, .detail = std::move(detail)});
  return {};
}

}  // namespace helios::ingest
