// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Any bytes as a group's payload. What decodes must come out of the encoder as it came in.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <vector>

#include "tsdb/internal/journal_record.h"

namespace {

using helios::Result;
using helios::tsdb::RecordKind;
using helios::tsdb::SamplesDecoder;
using helios::tsdb::SamplesEncoder;

struct Sample {
  std::uint64_t series;
  std::int64_t time_ms;
  std::uint64_t bits;
  bool operator==(const Sample&) const = default;
};

std::vector<Sample> ReadSamples(SamplesDecoder& decoder) {
  std::vector<Sample> samples;
  std::unordered_map<std::uint64_t, std::uint64_t> references;
  while (decoder.Next()) {
    std::uint64_t& reference = references[decoder.series()];
    reference = decoder.Bits(reference);
    samples.push_back({decoder.series(), decoder.time_ms(), reference});
  }
  return samples;
}

void CheckSamples(std::string_view body) {
  auto decoder = SamplesDecoder::Open(body);
  if (!decoder) return;
  const std::size_t count = decoder->count();
  const auto samples = ReadSamples(*decoder);
  if (samples.size() != count) std::abort();
  static SamplesEncoder encoder;
  encoder.Start(decoder->tenant());
  std::unordered_map<std::uint64_t, std::uint64_t> references;
  for (const Sample& sample : samples) {
    std::uint64_t& reference = references[sample.series];
    encoder.Add(sample.series, sample.time_ms, sample.bits, reference);
    reference = sample.bits;
  }
  std::string again;
  encoder.Finish(again);
  auto second = SamplesDecoder::Open(again);
  if (!second || ReadSamples(*second) != samples || !second->Matched()) std::abort();
}

struct Visitor {
  std::uint64_t sum = 0;
  Result<void> OnTenant(const helios::tsdb::TenantRecord& record) { return Add(record.number); }
  Result<void> OnSeries(const helios::tsdb::SeriesRecord& record) { return Add(record.name.size()); }
  Result<void> OnUsage(const helios::tsdb::UsageRecord& record) { return Add(record.count); }
  Result<void> OnDeleteSeries(const helios::tsdb::DeleteSeriesRecord& record) { return Add(record.series); }
  Result<void> OnSealed(const helios::tsdb::SealedRecord& record) { return Add(record.sealed.size()); }
  std::uint64_t Reference(std::uint32_t /*tenant*/, std::uint64_t series) const { return series * sum; }
  void OnSample(std::uint32_t /*tenant*/, std::uint64_t series, std::int64_t /*time_ms*/, std::uint64_t bits) {
    sum += series + bits;
  }
  void OnLostSamples(std::uint32_t /*tenant*/, std::size_t count) { sum += count; }
  void OnLateSample(std::uint32_t tenant, std::uint64_t series, std::int64_t time_ms, std::uint64_t bits) {
    OnSample(tenant, series, time_ms, bits);
  }
  Result<void> Add(std::uint64_t value) {
    sum += value;
    return {};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string payload(reinterpret_cast<const char*>(data), size);  // of its own, so that overruns show
  CheckSamples(payload);
  Visitor visitor;
  static_cast<void>(helios::tsdb::DecodeRecords(payload, /*after_damage=*/false, visitor));
  static_cast<void>(helios::tsdb::DecodeRecords(payload, /*after_damage=*/true, visitor));
  return 0;
}
